"""Measures of plug-ins: asked now and then, never waited for, switched off when they fail or hang."""

import threading
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import pytest

from aios_gui.alerts.model.rules import OffReason
from aios_gui.alerts.watch import custom
from aios_gui.alerts.watch.custom import (
    EVERY_NS,
    LOAD_PATIENCE_NS,
    PATIENCE_NS,
    CustomMeasures,
    SwitchedOff,
    offered,
)
from tests.processes import wait_until


class Plugins:
    """Callables by name, and a clock."""

    def __init__(self, **measures: Callable[[], Any]) -> None:
        self.offered = measures
        self.now_ns = 0
        self.measures = CustomMeasures(self._load, lambda: self.now_ns)
        self.measures.want(measures)

    def _load(self, names: Iterable[str]) -> tuple[dict[str, Callable[[], Any]], list[SwitchedOff]]:
        return {name: self.offered[name] for name in names}, []

    def ask(self) -> dict[str, float]:
        """One round of asking, and what it gave."""
        self.now_ns += EVERY_NS
        assert self.measures.take() == {}
        wait_until(lambda: not self.measures.is_asking, "the measures have answered")
        return self.measures.take()


def test_what_they_give_is_taken_with_a_later_round() -> None:
    plugins = Plugins(queue=lambda: 7, idle=lambda: None, odd=lambda: float("nan"))
    assert plugins.ask() == {"queue": 7.0}
    assert plugins.ask() == {"queue": 7.0}
    assert plugins.measures.switched_off() == []


def test_they_are_asked_every_ten_seconds() -> None:
    plugins = Plugins(queue=lambda: 7)
    plugins.ask()
    plugins.now_ns += EVERY_NS - 1
    assert plugins.measures.take() == {}
    assert not plugins.measures.is_asking


def leave() -> None:
    raise SystemExit(3)


def test_one_that_hangs_when_it_is_loaded_is_left_to_itself_too() -> None:
    entered, released = threading.Event(), threading.Event()

    def load(names: Iterable[str]) -> tuple[dict[str, Callable[[], Any]], list[SwitchedOff]]:
        if "hanging" in names:
            entered.set()
            assert released.wait(30)
        return {name: lambda: 7 for name in names}, []

    now = [EVERY_NS]
    measures = CustomMeasures(load, lambda: now[0])
    measures.want(["hanging", "queue"])
    assert measures.take() == {}
    assert entered.wait(20)
    now[0] += PATIENCE_NS + 1
    assert measures.take() == {}
    assert measures.switched_off() == [], "what is imported may take longer than a measure"
    now[0] += LOAD_PATIENCE_NS
    assert measures.take() == {}
    assert measures.switched_off() == [SwitchedOff("hanging", OffReason.NO_ANSWER)]
    now[0] += EVERY_NS
    try:
        measures.take()
        wait_until(lambda: not measures.is_asking, "the other one has answered")
        assert measures.take() == {"queue": 7.0}
    finally:
        released.set()


@pytest.mark.parametrize("bad", [lambda: 1 / 0, lambda: "7", lambda: True, lambda: [1], leave])
def test_one_that_fails_is_switched_off_and_the_others_go_on(bad: Callable[[], object]) -> None:
    plugins = Plugins(bad=bad, queue=lambda: 7)
    assert plugins.ask() == {"queue": 7.0}
    (off,) = plugins.measures.switched_off()
    assert off.name == "bad"
    assert off.reason in (OffReason.FAILED, OffReason.NO_NUMBER)
    assert off.error
    assert plugins.ask() == {"queue": 7.0}
    assert plugins.measures.switched_off() == []


def test_one_that_hangs_is_left_to_itself_and_the_others_go_on() -> None:
    entered, released = threading.Event(), threading.Event()

    def hang() -> bool:
        entered.set()
        return released.wait(30)

    plugins = Plugins(hanging=hang, queue=lambda: 7)
    plugins.now_ns += EVERY_NS
    plugins.measures.take()
    assert entered.wait(20)
    plugins.now_ns += PATIENCE_NS + 1
    assert plugins.measures.take() == {}
    assert plugins.measures.switched_off() == [SwitchedOff("hanging", OffReason.NO_ANSWER)]
    try:
        assert plugins.ask() == {"queue": 7.0}
    finally:
        released.set()


def test_what_nobody_wants_any_more_is_not_asked() -> None:
    plugins = Plugins(queue=lambda: 7, other=lambda: 8)
    plugins.measures.want(["other"])
    assert plugins.ask() == {"other": 8.0}
    plugins.measures.want([])
    assert plugins.measures.take() == {}


def good() -> float:
    return 3.0


def test_plug_ins_are_found_by_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    points = EntryPoints(
        [
            EntryPoint("good", f"{__name__}:good", custom.GROUP),
            EntryPoint("gone", "there.is.no.such:thing", custom.GROUP),
            EntryPoint("leaves", "tests.alerts.watch.leaves:measure", custom.GROUP),
        ]
    )
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points.select(group=group))
    found, off = offered(["good", "gone", "leaves", "unknown"])
    assert {name: measure() for name, measure in found.items()} == {"good": 3.0}
    assert [(each.name, each.reason) for each in off] == [
        ("gone", OffReason.FAILED),
        ("leaves", OffReason.FAILED),
        ("unknown", OffReason.NOT_OFFERED),
    ]

"""The window refreshes more slowly under load, says why, and comes back by itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.settings.model import Settings
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.throttle import WindowThrottle
from aios_gui.ui.shell.window import Window
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeResident, a_beat, a_snapshot

S = 1_000_000_000
NOW_NS = 1_700_000_000 * S
CALM = a_snapshot(NOW_NS)
BUSY = replace(CALM, beat=replace(a_beat(NOW_NS), cpu_percent=99.0))


class Run:
    """A throttle on a clock of its own; every look is two seconds after the one before."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or DEFAULTS
        self.now_ns = self.cpu_ns = 0
        self.throttle = WindowThrottle(lambda: self.settings, lambda: self.cpu_ns, lambda: self.now_ns)

    def look(self, snapshot: Snapshot, seconds: int, own_percent: float = 1.0) -> list[bool]:
        changed = []
        for _look in range(seconds // 2):
            self.now_ns += 2 * S
            self.cpu_ns += round(2 * S * own_percent / 100)
            changed.append(self.throttle.look(snapshot))
        return changed


def test_a_busy_machine_makes_it_slower_until_it_is_calm_for_a_while() -> None:
    run = Run()
    assert run.throttle.refresh_hz == 2.0
    assert run.look(BUSY, 20).count(True) == 1
    assert (run.throttle.refresh_hz, run.throttle.reason) == (0.5, ThrottleReason.BUSY)
    assert run.look(CALM, 40).count(True) == 1
    assert run.throttle.refresh_hz == 2.0


def test_its_own_cost_makes_it_slower() -> None:
    run = Run()
    run.look(CALM, 20, own_percent=30.0)
    assert run.throttle.reason is ThrottleReason.OWN_COST


def test_the_settings_count_at_once() -> None:
    run = Run(DEFAULTS.with_value("regulation.enabled", False))
    run.look(BUSY, 60)
    assert run.throttle.refresh_hz == 2.0
    run.settings = DEFAULTS
    assert run.look(BUSY, 2) == [True]
    assert run.throttle.reason is ThrottleReason.BUSY
    patient = Run(DEFAULTS.with_value("regulation.machine_cpu_percent", 100.0))
    patient.look(BUSY, 60)
    assert patient.throttle.reason is ThrottleReason.NONE


def _go_easy(controller: Controller, resident: FakeResident, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine is busy, and has been for long enough."""
    settings = controller.settings.with_value("regulation.after_s", 1.0)
    now = [0]
    throttle = WindowThrottle(lambda: settings, lambda: 0, lambda: now[0])
    monkeypatch.setattr(controller, "throttle", throttle)
    resident.feed.snapshot = replace(resident.feed.snapshot, beat=BUSY.beat)
    for _look in range(3):
        now[0] += 2 * S
        controller._every_while()


def test_window_and_panels_follow_and_the_header_says_why(
    controller: Controller,
    resident: FakeResident,
    make_window: Callable[..., Window],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    window = make_window()
    window.show()
    qtbot.waitUntil(lambda: "one" in window.panels)
    assert window._timer.interval() == 500
    with qtbot.waitSignal(
        controller.settings_changed, check_params_cb=lambda name: name == "window.refresh_hz"
    ):
        _go_easy(controller, resident, monkeypatch)
    assert window._timer.interval() == 2000
    assert window.panels["one"].context.refresh_hz == 0.5  # type: ignore[attr-defined]
    below = window.status_bar.sentence.lines[1]
    assert below.startswith("Last hiccup")
    assert below.endswith("slower refresh to leave the CPU to others")

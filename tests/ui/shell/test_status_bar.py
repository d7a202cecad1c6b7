"""The header at every width, and that it paints only what is new."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.model.hour import Hour
from aios_gui.ui.shell.health import RECENT_NS, health_of
from aios_gui.ui.shell.rail import WIDTH_PX
from aios_gui.ui.shell.status_bar import StatusBar, arrange, figure_texts
from aios_gui.ui.theme import Theme
from tests.ui.fakes import PaintCounter, a_beat, a_snapshot

NOW_NS = 1_700_000_000_000_000_000


@pytest.fixture
def bar(theme: Theme, qtbot: QtBot) -> StatusBar:
    made = StatusBar(theme)
    qtbot.addWidget(made)
    made.resize(1280 - WIDTH_PX, made.height())
    made.show_snapshot(a_snapshot(NOW_NS), NOW_NS)
    made.show()  # Qt tells a hidden widget of its new size only once it is shown
    return made


def _shown(bar: StatusBar) -> list[bool]:
    return [figure.isVisibleTo(bar) for figure in bar.tiles]


@pytest.mark.parametrize("window_px", [760, 800, 1000, 1100, 1280, 1920])
def test_nothing_overlaps_or_leaves_the_header(bar: StatusBar, window_px: int) -> None:
    bar.resize(window_px - WIDTH_PX, bar.height())
    parts = [bar.mark, bar.sentence, bar.strip, *(f for f in bar.tiles if f.isVisibleTo(bar))]
    edges = [(part.geometry().left(), part.geometry().right()) for part in parts]
    assert edges[0][0] >= 0
    assert edges[-1][1] < bar.width()
    assert all(before[1] < after[0] for before, after in pairwise(edges))
    assert all(right > left for left, right in edges)


def test_at_1280_everything_is_there_in_full(bar: StatusBar) -> None:
    assert all(_shown(bar))
    assert not bar.sentence.shortened


def test_what_is_told_in_full_of_a_shortened_sentence_is_no_markup(bar: StatusBar) -> None:
    bar.sentence.set_lines("CPU over 80 % for 12 s: <img src=/etc/motd>&", "calm " * 60)
    bar.resize(760 - WIDTH_PX, bar.height())
    assert bar.sentence.shortened
    tip = bar.sentence.toolTip()
    assert tip.startswith("<qt>CPU over 80 % for 12 s: &lt;img src=/etc/motd&gt;&amp;<br>calm")


def test_at_1000_the_sentence_is_shortened_first(bar: StatusBar) -> None:
    long = "Last stutter 14:03, 380 ms: this program itself, in some_module.some_function"
    bar.sentence.set_lines("Calm for 3 h 12 min", long)
    bar.resize(1000 - WIDTH_PX, bar.height())
    assert all(_shown(bar))
    assert bar.sentence.shortened
    assert long in bar.sentence.toolTip()


def test_at_800_the_percentiles_go(bar: StatusBar) -> None:
    bar.resize(800 - WIDTH_PX, bar.height())
    assert _shown(bar) == [True, False, False, False, True]
    bar.resize(1280 - WIDTH_PX, bar.height())
    assert all(_shown(bar))


def test_room_is_never_given_twice() -> None:
    for width in range(400, 2600, 7):
        for wish in (40, 200, 330, 900):
            plan = arrange(width, wish, [50, 50, 50, 50, 130])
            assert plan.sentence >= 0
            assert plan.strip >= 0
            assert plan.sentence <= wish


def test_the_score_is_there_only_where_nothing_gives_way_for_it(bar: StatusBar) -> None:
    for window_px in range(760, 2000, 20):
        bar.resize(window_px - WIDTH_PX, bar.height())
        if bar.score.isVisibleTo(bar):
            assert all(_shown(bar))
            assert not bar.sentence.shortened
            assert bar.sentence.geometry().right() < bar.strip.geometry().left()
            assert bar.strip.geometry().right() < bar.score.geometry().left()
            assert bar.score.geometry().right() < bar.tiles[0].geometry().left()
    assert bar.score.isVisibleTo(bar)
    bar.resize(1000 - WIDTH_PX, bar.height())
    assert not bar.score.isVisibleTo(bar)


def test_the_score_stands_beside_the_figures(bar: StatusBar) -> None:
    assert bar.score.value == "–"
    bar.show_snapshot(replace(a_snapshot(NOW_NS), hour=Hour(3600, duration_ns=3600)), NOW_NS)
    assert bar.score.accessibleName() == "score: 1.00"


def test_going_easy_is_said_below_the_state(bar: StatusBar) -> None:
    bar.show_snapshot(a_snapshot(NOW_NS), NOW_NS, ThrottleReason.BUSY)
    assert bar.sentence.lines[1] == "Refreshing more slowly: the machine is busy"
    bar.show_snapshot(a_snapshot(NOW_NS), NOW_NS)
    assert bar.sentence.lines[1].startswith("Last stutter")


def test_the_same_again_paints_nothing(
    bar: StatusBar, qtbot: QtBot, count_paints: Callable[..., PaintCounter]
) -> None:
    snapshot = a_snapshot(NOW_NS)
    qtbot.waitExposed(bar)
    bar.show_snapshot(snapshot, NOW_NS)
    qtbot.wait(0)
    counter = count_paints(bar, bar.mark, bar.sentence, bar.strip, *bar.tiles)
    for _again in range(5):
        bar.show_snapshot(snapshot, NOW_NS)
        qtbot.wait(0)
    assert counter.count == 0


def test_one_new_figure_moves_nothing(bar: StatusBar) -> None:
    before = [part.geometry() for part in (bar.sentence, bar.strip, *bar.tiles)]
    snapshot = a_snapshot(NOW_NS)
    bar.show_snapshot(replace(snapshot, beat=a_beat(NOW_NS, duration_ns=31_000)), NOW_NS)
    assert bar.tiles[0].value == "31 µs"
    assert [part.geometry() for part in (bar.sentence, bar.strip, *bar.tiles)] == before


def test_a_longer_figure_keeps_its_room(bar: StatusBar) -> None:
    snapshot = a_snapshot(NOW_NS)
    bar.show_snapshot(replace(snapshot, beat=a_beat(NOW_NS, duration_ns=4_210_000_000)), NOW_NS)
    wide = bar.tiles[0].width()
    bar.show_snapshot(snapshot, NOW_NS)
    assert bar.tiles[0].width() == wide


def test_nothing_known_is_a_dash() -> None:
    assert figure_texts(Snapshot()) == ("–", "–", "–", "–", "–")


def test_figures_can_be_heard(bar: StatusBar) -> None:
    assert [figure.accessibleName() for figure in bar.tiles] == [
        "last beat: 24 µs",
        "P50: 23 µs",
        "P95: 31 µs",
        "P99: 40 µs",
        "own cost: 0.1 % · 96 MB",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Severity.OK),
        ({"state": EngineState.LOST}, Severity.CRITICAL),
        ({"state": EngineState.PAUSED}, Severity.INACTIVE),
        ({"state": EngineState.WARMING}, Severity.INACTIVE),
        ({"beat": None}, Severity.INACTIVE),
        ({"store": StoreHealth(False, 3, "disk full")}, Severity.WARNING),
        ({"beat": replace(a_beat(NOW_NS), breached=("cpu",))}, Severity.WARNING),
        ({"beat": replace(a_beat(NOW_NS), failed=True)}, Severity.CRITICAL),
        ({"beat": a_beat(NOW_NS - 60_000_000_000)}, Severity.CRITICAL),
        ({"worst": Level.WARNING}, Severity.WARNING),
        ({"worst": Level.CRITICAL}, Severity.CRITICAL),
        ({"hour": Hour(100, failed=100, alerting=100, over=1)}, Severity.WARNING),
        ({"hour": Hour(100, duration_ns=100 * 131_000_000)}, Severity.WARNING),
    ],
)
def test_mark_tells_the_worst(change: dict[str, Any], expected: Severity) -> None:
    assert health_of(replace(a_snapshot(NOW_NS), **change), NOW_NS) is expected


def test_a_stutter_stays_on_the_mark_for_a_while() -> None:
    snapshot = a_snapshot(NOW_NS)
    assert snapshot.last_hiccup is not None
    fresh = replace(snapshot, last_hiccup=replace(snapshot.last_hiccup, wall_ns=NOW_NS - 1_000_000_000))
    assert health_of(fresh, NOW_NS) is Severity.CRITICAL
    later = replace(snapshot, last_hiccup=replace(snapshot.last_hiccup, wall_ns=NOW_NS - RECENT_NS))
    assert health_of(later, NOW_NS) is Severity.OK

"""The header at every width, and that it paints only what is new."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import IncidentBrief, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.now import now_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.model.hour import Hour
from aios_gui.ui.shell.rail import WIDTH_PX
from aios_gui.ui.shell.sentence import COLUMN_PX
from aios_gui.ui.shell.status_bar import StatusBar, arrange, figure_texts
from aios_gui.ui.theme import Theme
from tests.ui.fakes import PaintCounter, a_beat, a_snapshot

NOW_NS = 1_700_000_000_000_000_000


def show(bar: StatusBar, snapshot: Snapshot) -> None:
    bar.show_snapshot(snapshot, now_of(snapshot, NOW_NS), NOW_NS)


@pytest.fixture
def bar(theme: Theme, qtbot: QtBot) -> StatusBar:
    made = StatusBar(theme)
    qtbot.addWidget(made)
    made.resize(1280 - WIDTH_PX, made.height())
    show(made, a_snapshot(NOW_NS))
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


def test_at_1280_every_figure_is_there(bar: StatusBar) -> None:
    assert all(_shown(bar))


def test_what_is_told_in_full_of_a_shortened_sentence_is_no_markup(bar: StatusBar) -> None:
    bar.sentence.set_lines(("CPU over 80 % for 12 s: <img src=/etc/motd>&",), "calm " * 60)
    bar.resize(760 - WIDTH_PX, bar.height())
    assert bar.sentence.shortened
    tip = bar.sentence.toolTip()
    assert tip.startswith("<qt>CPU over 80 % for 12 s: &lt;img src=/etc/motd&gt;&amp;<br>calm")


FIGURES = [60, 60, 60, 60, 110]


def test_where_it_is_narrow_p50_and_p95_go_first_then_p99_then_the_strip_shrinks() -> None:
    plans = [arrange(width, FIGURES) for width in range(1900, 600, -1)]
    shown = [plan.figures for plan in plans]
    assert list(dict.fromkeys(shown)) == [(0, 1, 2, 3, 4), (0, 3, 4), (0, 4)]
    whole = [plan for plan in plans if len(plan.figures) > 2]
    assert all(plan.sentence >= COLUMN_PX and plan.strip >= 150 for plan in whole)
    assert all(plan.sentence >= COLUMN_PX for plan in plans if plan.strip > 120)
    assert any(plan.strip == 120 for plan in plans)


def test_at_1024_the_headline_has_its_room_and_p99_is_there(bar: StatusBar) -> None:
    bar.resize(1024 - WIDTH_PX, bar.height())
    assert _shown(bar) == [True, False, False, True, True]
    assert bar.sentence.width() >= COLUMN_PX


@pytest.mark.parametrize("window_px", [760, 1024, 1280, 1920])
def test_who_does_it_is_never_cut_off(bar: StatusBar, window_px: int) -> None:
    bar.resize(window_px - WIDTH_PX, bar.height())
    cpu = IncidentBrief(
        1, "cpu", "cpu_percent", Level.CRITICAL, 0, 97.0, 80.0, 1, Silence.NONE, False, "python3", 188.0
    )
    for settling in (False, True):
        lasting = replace(cpu, settling=settling, lasted_ns=59 * 60_000_000_000)
        show(bar, replace(a_snapshot(NOW_NS), open_incidents=(lasting,)))
        assert bar.sentence.first_shown.partition(": ")[2].startswith("python3")
    long = "kworker/u16:3-flush-btrfs-1"
    show(bar, replace(a_snapshot(NOW_NS), open_incidents=(replace(cpu, culprit=long),)))
    assert bar.sentence.first_shown.endswith(long[-8:])


@pytest.mark.parametrize("window_px", [760, 1024, 1280, 1920])
def test_nothing_moves_whatever_it_says(bar: StatusBar, window_px: int) -> None:
    bar.resize(window_px - WIDTH_PX, bar.height())
    before = [(part.geometry(), part.isVisibleTo(bar)) for part in (bar.strip, bar.score, *bar.tiles)]
    snapshot = a_snapshot(NOW_NS)
    slow = Percentiles(3600, 999_000_000, 4_900_000_000, 9_900_000_000, 9_900_000_000)
    for changed in (
        Snapshot(),
        replace(snapshot, state=EngineState.PAUSED, paused_since_ns=NOW_NS),
        replace(snapshot, duration=slow, beat=a_beat(NOW_NS, duration_ns=999_000_000)),
        replace(snapshot, beat=replace(a_beat(NOW_NS), breached=("cpu",)), top_process="make"),
        replace(snapshot, context=ContextSample(NOW_NS, 100.0, 888 << 20)),
    ):
        show(bar, changed)
        assert before == [
            (part.geometry(), part.isVisibleTo(bar)) for part in (bar.strip, bar.score, *bar.tiles)
        ]


def test_the_score_is_there_only_where_nothing_gives_way_for_it(bar: StatusBar) -> None:
    for window_px in range(760, 2000, 20):
        bar.resize(window_px - WIDTH_PX, bar.height())
        if bar.score.isVisibleTo(bar):
            assert all(_shown(bar))
            assert bar.sentence.geometry().right() < bar.strip.geometry().left()
            assert bar.strip.geometry().right() < bar.score.geometry().left()
            assert bar.score.geometry().right() < bar.tiles[0].geometry().left()
    assert bar.score.isVisibleTo(bar)
    bar.resize(1000 - WIDTH_PX, bar.height())
    assert not bar.score.isVisibleTo(bar)


def test_the_score_stands_beside_the_figures(bar: StatusBar) -> None:
    assert bar.score.value == "–"
    show(bar, replace(a_snapshot(NOW_NS), hour=Hour(3600, duration_ns=3600)))
    assert bar.score.accessibleName() == "score: 1.00"


def test_while_it_is_paused_the_score_is_as_pale_as_the_figures(bar: StatusBar) -> None:
    for state, is_stale in ((EngineState.PAUSED, True), (EngineState.RUNNING, False)):
        show(bar, replace(a_snapshot(NOW_NS), state=state))
        assert {each._is_stale for each in (bar.score, *bar.tiles)} == {is_stale}


def test_the_same_again_paints_nothing(
    bar: StatusBar, qtbot: QtBot, count_paints: Callable[..., PaintCounter]
) -> None:
    snapshot = a_snapshot(NOW_NS)
    qtbot.waitExposed(bar)
    show(bar, snapshot)
    qtbot.wait(0)
    counter = count_paints(bar, bar.mark, bar.sentence, bar.strip, *bar.tiles)
    for _again in range(5):
        show(bar, snapshot)
        qtbot.wait(0)
    assert counter.count == 0


def test_one_new_figure_moves_nothing(bar: StatusBar) -> None:
    before = [part.geometry() for part in (bar.sentence, bar.strip, *bar.tiles)]
    snapshot = a_snapshot(NOW_NS)
    show(bar, replace(snapshot, beat=a_beat(NOW_NS, duration_ns=31_000)))
    assert bar.tiles[0].value == "31 µs"
    assert [part.geometry() for part in (bar.sentence, bar.strip, *bar.tiles)] == before


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


def test_a_pause_can_be_ended_beside_it(bar: StatusBar, qtbot: QtBot) -> None:
    assert bar.resume.isHidden()
    fresh = bar.strip.grab().toImage()
    show(bar, replace(a_snapshot(NOW_NS), state=EngineState.PAUSED))
    assert not bar.resume.isHidden()
    assert bar.strip.grab().toImage() != fresh, "what is not of now is pale"
    assert bar.sentence.geometry().right() < bar.resume.geometry().left()
    assert bar.resume.geometry().right() < bar.strip.geometry().left()
    with qtbot.waitSignal(bar.resume_asked):
        bar.resume.click()
    show(bar, a_snapshot(NOW_NS))
    assert bar.resume.isHidden()


def test_what_lasts_is_said_aloud_when_it_begins_and_when_it_is_over(bar: StatusBar) -> None:
    calm = a_snapshot(NOW_NS)
    show(bar, replace(calm, beat=replace(a_beat(NOW_NS), cpu_percent=99.0)))
    assert bar.said == ""  # a strain comes and goes with the beats
    show(bar, replace(calm, state=EngineState.PAUSED))
    assert bar.said.startswith("Paused")
    show(bar, calm)
    assert bar.said == bar.sentence.lines[0]
    assert not bar.said.startswith("Paused")


def test_what_the_targets_of_the_header_leave_out_is_said(bar: StatusBar) -> None:
    show(bar, a_snapshot(NOW_NS))
    assert bar.mark.toolTip().endswith("and for the targets of memory and speed-up.")


def test_of_no_beats_no_tip_says_what_the_last_ones_took(theme: Theme, qtbot: QtBot) -> None:
    made = StatusBar(theme)
    qtbot.addWidget(made)
    assert made.tiles[1].toolTip() == "50 % of beats take at most this; there are none yet"

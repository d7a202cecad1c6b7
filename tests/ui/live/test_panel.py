"""What the Live panel shows: beats as they come, gaps, trouble, nothing yet; and that it leaves nothing behind."""

import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import EngineState, LaunchMode, Mode
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.target_facts import running_facts
from aios_gui.selfcheck.targets.model import TargetState, judge_all
from aios_gui.text.catalogue import use_language
from aios_gui.ui.live.bar import SPARE_S, LiveBar
from aios_gui.ui.live.current_value import duration_foot, lateness_foot
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.crosshair import hiccup_remark
from aios_gui.ui.theme import S
from tests.ui.fakes import Show
from tests.ui.machine import NOW, NS, Machine, gesture, held, hiccup_at, settled
from tests.ui.spoken import unspoken

# What Qt's own platform for running without a display says of every window.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_it_is_filled_from_the_record_at_once(panel: LivePanel) -> None:
    first, last = held(panel)
    assert first == pytest.approx(-899, abs=2)
    assert last == pytest.approx(0, abs=0.01)
    x, y = panel.cards[0].plot._curve.getData()
    assert np.nanmax(x) == pytest.approx(NOW)
    assert np.isfinite(y).sum() > 700


def test_a_new_beat_is_drawn_and_its_value_stands_beside(panel: LivePanel, machine: Machine) -> None:
    machine.beat(duration_ns=61_000, lateness_ns=2_300_000, cpu=88.0, memory=43.0)
    panel.refresh()
    assert held(panel)[1] == pytest.approx(1)
    assert panel.cards[0].value.text == "61 µs, max in view 61 µs, P99 40 µs ✓"
    assert panel.cards[1].value.text.startswith("2.3 ms, ")
    assert panel.cards[2].value.text == "88 %, this program 0.1 % of a core"
    assert panel.cards[3].value.text == "43 %, 10.3 of 24.0 GB, this program 96 MB"
    assert panel.cards[0].plot.frame.end_s == pytest.approx(NOW + 1)


def test_p99_is_judged_by_the_target_that_applies_once_there_are_enough_beats() -> None:
    def foot(mode: Mode, count: int) -> str:
        spread = Percentiles(count, 23_000, 31_000, 90_000, 95_000)
        snapshot = Snapshot(mode=mode, duration=spread)
        facts = running_facts(
            snapshot, LaunchMode.HEADLESS if mode is Mode.SERVICE else LaunchMode.WINDOW, None, {}
        )
        states = {each.target.name: each.state for each in judge_all(facts)}
        assert (TargetState.FAIL in states.values()) is ("over target" in duration_foot(snapshot, 0))
        return duration_foot(snapshot, 0)

    assert foot(Mode.WINDOW, 100) == "P99 90 µs ✓"
    assert foot(Mode.SERVICE, 100) == "P99 90 µs, over target"
    assert foot(Mode.SERVICE, 99) == "P99 90 µs"


def test_nothing_is_repainted_when_nothing_is_new(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    machine.beat()
    panel.refresh()
    scene = panel.plots.scene
    panel.refresh()
    assert panel.plots.scene is scene
    panel.refresh(force=True)
    assert panel.plots.scene is not scene


def test_a_day_is_not_redrawn_for_a_beat_that_changes_nothing(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.source.loaded):
        panel.choose_span(86_400)
    settled(panel, qtbot)
    machine.beat()
    panel.refresh()
    scene = panel.plots.scene
    machine.beat()
    panel.refresh()
    assert panel.plots.scene is scene
    assert panel.cards[0].value.text.startswith("24 µs")


def test_two_plots_stand_beside_two_where_the_window_is_low(panel: LivePanel, qtbot: QtBot) -> None:
    assert len({card.x() for card in panel.cards}) == 1
    panel.setMinimumSize(1, 1)
    panel.resize(826, 344)
    qtbot.waitUntil(lambda: len({card.x() for card in panel.cards}) == 2)
    assert max(card.geometry().bottom() for card in panel.cards) < panel.plots.height() <= 344
    assert all(card.plot.height() >= card.plot.minimumHeight() for card in panel.cards)
    panel.resize(1196, 724)
    qtbot.waitUntil(lambda: len({card.x() for card in panel.cards}) == 1)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_button_above_the_plots_is_cut_where_there_is_little_room(
    qtbot: QtBot, show: Show, language: str
) -> None:
    use_language(language)
    bar = show(LiveBar())
    bar.setMinimumSize(1, 1)
    buttons = bar.findChildren(QPushButton)
    spare = [bar._spans.button(span_s) for span_s in SPARE_S]

    def are_whole() -> bool:
        return all(each.width() >= each.sizeHint().width() for each in buttons if each.isVisible())

    most = sum(each.sizeHint().width() + S for each in buttons)
    least = most - sum(each.sizeHint().width() + S for each in spare)
    for width in (least, (least + most) // 2, 2 * most):
        bar.resize(width, bar.height())
        for live in (False, True):
            bar.show_live(live)
            qtbot.waitUntil(are_whole)
    assert all(each.isVisible() for each in buttons if each is not bar.back)


def test_hiccups_are_counted_in_view(panel: LivePanel, machine: Machine) -> None:
    assert "1 hiccup in view" in panel.cards[1].value.text
    machine.beat(lateness_ns=380_000_000)
    machine.feed.put(hiccup_at(machine.now_s))
    panel.refresh()
    assert "2 hiccups in view" in panel.cards[1].value.text
    assert lateness_foot(1_234) == "1,234 hiccups in view"


def test_a_hiccup_of_a_file_from_elsewhere_may_say_anything_of_itself() -> None:
    made = hiccup_at(NOW)
    odd = replace(made, facts={"lateness_ns": "long", "cause": "none"})
    assert hiccup_remark((odd, made), NOW, 1.0).startswith("hiccup 380 ms")
    assert hiccup_remark((odd,), NOW, 1.0) == "hiccup 0 µs"


def test_the_four_plots_show_the_same_time(panel: LivePanel, qtbot: QtBot) -> None:
    gesture(panel, gestures.Pan(-0.5), card=2)
    settled(panel, qtbot)
    spans = {(card.plot.frame.start_s, card.plot.frame.end_s) for card in panel.cards}
    lefts = {card.plot.frame.rect.left() for card in panel.cards}
    assert len(spans) == len(lefts) == 1


def test_a_pause_shows_as_a_gap_before_it_is_over(panel: LivePanel, machine: Machine) -> None:
    machine.feed.snapshot = replace(machine.feed.snapshot, state=EngineState.PAUSED)
    machine.now_s += 60
    panel.refresh()
    scene = panel.plots.scene
    assert scene is not None
    assert scene.gaps[-1].start_ns == machine.record.beats[-1].wall_ns
    assert scene.gaps[-1].end_ns == machine.now_ns()
    assert panel.time_window.end_s == pytest.approx(machine.now_s)


def test_a_stall_lets_time_go_on_without_a_beat(panel: LivePanel, machine: Machine) -> None:
    machine.now_s += 30
    panel.refresh()
    assert panel.time_window.end_s == pytest.approx(machine.now_s)


def test_lateness_of_zero_is_drawn_on_the_log_axis(panel: LivePanel, machine: Machine) -> None:
    machine.beat(lateness_ns=0)
    panel.refresh()
    _x, y = panel.cards[1].plot._curve.getData()
    assert y[-1] == 0.0
    assert not np.isinf(y).any()


def test_it_looks_as_often_as_the_settings_say(panel: LivePanel) -> None:
    assert panel._timer.interval() == 500
    panel._context.refresh_hz = 4.0  # type: ignore[misc]
    panel.refresh()
    assert panel._timer.interval() == 250


def test_a_record_that_cannot_be_read_is_told_and_beats_are_still_drawn(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.record.broken = "the record cannot be read: disk I/O error"
    with qtbot.waitSignal(panel.source.failed):
        panel.choose_span(3600)
    assert not panel.trouble.isHidden()
    assert "disk I/O error" in panel.trouble.text()
    settled(panel, qtbot)
    machine.beat()
    panel.refresh()
    assert held(panel)[1] == pytest.approx(1)
    machine.record.broken = ""
    with qtbot.waitSignal(panel.source.loaded):
        panel.choose_span(900)
    assert panel.trouble.isHidden()


def test_a_machine_without_any_beat_shows_empty_plots(qtbot: QtBot) -> None:
    machine = Machine(NOW)
    panel = LivePanel(machine.context(), machine.now_ns)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.source.loaded):
        panel.activate()
    assert panel.cards[0].value.text.startswith("–")
    gesture(panel, gestures.ToggleCrosshair())
    gesture(panel, gestures.Step(1))
    panel.grab()
    panel.close()


def test_the_theme_changes_live(panel: LivePanel, machine: Machine) -> None:
    before = panel.cards[0].plot.grab().toImage().pixelColor(2, 2).name().upper()
    machine.theme.darken()
    after = panel.cards[0].plot.grab().toImage().pixelColor(2, 2).name().upper()
    assert (before, after) == ("#FFFFFF", "#1B1F26")


def test_a_gap_is_hatched_and_no_line_crosses_it(panel: LivePanel, machine: Machine) -> None:
    card = panel.cards[3]
    gap = panel.source.buffer.gaps[0]
    image = card.plot.grab().toImage()
    frame = card.plot.frame
    left, right = frame.x(gap.start_ns / NS) + 2, frame.x(gap.end_ns / NS) - 2
    line = machine.theme.tokens.memory.lower()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(int(left), int(right))
        for y in range(int(frame.rect.top()) + 1, int(frame.rect.bottom()))
    }
    assert line not in colours
    assert len(colours) > 2


def test_a_record_that_has_only_begun_fills_the_plots(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    assert panel.time_window.begin_s is None
    with qtbot.waitSignal(panel.source.loaded):
        panel.choose_span(6 * 3600)
    settled(panel, qtbot)
    first_s = machine.record.beats[0].wall_ns / NS
    assert panel.cards[0].plot.frame.start_s == pytest.approx(first_s, abs=40)
    assert panel.bar._spans.checkedId() == 6 * 3600


def test_what_lies_before_the_first_beat_is_hatched(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    first_s = machine.record.beats[0].wall_ns / NS
    gesture(panel, gestures.Pan((first_s - 600 - panel.time_window.start_s) / 900))
    settled(panel, qtbot)
    panel.refresh(force=True)
    assert panel.plots.scene is not None
    first = panel.plots.scene.gaps[-1]
    assert first.start_ns == pytest.approx((first_s - 600) * NS, abs=NS)
    assert first.end_ns == pytest.approx(machine.record.beats[0].wall_ns, abs=NS)


def test_beside_the_plots_the_table_shows_every_column(panel: LivePanel, qtbot: QtBot) -> None:
    panel.resize(1836, 900)
    panel.bar.table.click()
    across = panel.table.horizontalScrollBar()
    qtbot.waitUntil(lambda: panel.table.width() >= panel.table.wish_px and across.maximum() == 0)


def test_an_offer_lies_over_the_plots_and_over_no_card(panel: LivePanel) -> None:
    panel.moments.write_note()
    assert panel.open_ground() is panel.plots
    assert not panel.plots.isAncestorOf(panel.moments.note)


def test_in_a_narrow_window_the_table_does_not_scroll_sideways(panel: LivePanel, qtbot: QtBot) -> None:
    panel.resize(940, 700)
    panel.bar.table.click()
    across = panel.table.horizontalScrollBar()
    qtbot.waitUntil(lambda: panel.table.isVisible() and panel.table.width() < panel.table.wish_px)
    qtbot.waitUntil(lambda: across.maximum() == 0)


def test_everything_has_a_name_for_a_screen_reader(panel: LivePanel) -> None:
    panel.bar.table.click()
    panel.moments.write_note()
    assert unspoken(panel) == []
    assert panel.cards[0].plot.accessibleName() == "Beat duration over time"
    assert panel.cards[1].value.accessibleName().startswith("Lateness: ")
    named = {child.accessibleName() for child in panel.findChildren(QPushButton)}
    assert "Show the last 15 min" in named


def test_no_timer_runs_and_no_thread_stays_after_leaving(panel: LivePanel, qtbot: QtBot) -> None:
    panel.bar.table.click()
    panel.bar.note("x")
    gesture(panel, gestures.Pan(-2.0))
    panel.deactivate()
    assert not any(timer.isActive() for timer in panel.findChildren(QTimer))
    panel.close()
    assert panel._loader._pool.activeThreadCount() == 0
    assert not [
        t
        for t in threading.enumerate()
        if t is not threading.main_thread() and not t.daemon and "Dummy" not in t.name
    ]


def test_it_can_be_left_and_shown_again(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    panel.deactivate()
    for _each in range(30):
        machine.beat()
    with qtbot.waitSignal(panel.source.loaded):
        panel.activate()
    assert held(panel)[1] == pytest.approx(30)
    panel.deactivate()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal here")
def test_repainting_keeps_hold_of_none_and_true(panel: LivePanel, machine: Machine) -> None:
    def repaint(times: int) -> None:
        for _each in range(times):
            machine.beat()
            panel.refresh(force=True)
            QApplication.processEvents()

    repaint(20)
    before = (sys.getrefcount(None), sys.getrefcount(True))
    repaint(100)
    after = (sys.getrefcount(None), sys.getrefcount(True))
    # A binding that drops a reference with each call would have lost thousands.
    assert after[0] > before[0] - 100
    assert after[1] > before[1] - 100

"""The Live panel as a person uses it: watching, going back, reading, freezing, saving, without a mouse too."""

import csv
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aios_gui.core.states import EngineState
from aios_gui.services.paths import find_paths
from aios_gui.services.store.writer import StoreWriter
from aios_gui.ui.panels.live import LivePanel
from aios_gui.ui.plots import gestures
from tests.ui.plots.fakes import NS, Machine, day_of_beats, gap_at, hiccup_at

NOW = 1_741_785_300.0
# What Qt's own platform for running without a display says of every window.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def machine() -> Machine:
    made = Machine(NOW)
    made.remember(day_of_beats(NOW, 7200, stalls=(0.95,), gap=(0.96, 0.97)))
    made.record.gaps.append(gap_at(NOW - 7200 + 0.96 * 7200, NOW - 7200 + 0.97 * 7200))
    return made


@pytest.fixture
def panel(machine: Machine, qtbot: QtBot) -> Iterator[LivePanel]:
    made = LivePanel(machine.context(), machine.now_ns)
    qtbot.addWidget(made)
    made.resize(1196, 724)
    made.show()
    with qtbot.waitSignal(made.source.loaded):
        made.activate()
    # The tests decide when it looks at the feed.
    made._timer.stop()
    yield made
    made.close()


def settled(panel: LivePanel, qtbot: QtBot) -> None:
    """Wait until what a gesture asked of the record has come."""
    qtbot.waitUntil(lambda: panel.source.settled)


def gesture(panel: LivePanel, asked: gestures.Gesture, card: int = 0) -> None:
    panel.cards[card].plot.gesture.emit(asked)


def held(panel: LivePanel) -> tuple[float, float]:
    times = panel.source.buffer.times
    return float(times[0]) - NOW, float(times[-1]) - NOW


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
    assert panel.cards[0].reading.text == "61 µs, max 61 µs · target ✓"
    assert panel.cards[1].reading.text.startswith("2.3 ms, ")
    assert panel.cards[2].reading.text == "88 %, this program 0.1 % of a core"
    assert panel.cards[3].reading.text == "43 %, 10.3 / 24 GB · this program 96 MB"
    assert panel.cards[0].plot.frame.end_s == pytest.approx(NOW + 1)


def test_nothing_is_repainted_when_nothing_is_new(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    machine.beat()
    panel.refresh()
    scene = panel.scene
    panel.refresh()
    assert panel.scene is scene
    panel.refresh(force=True)
    assert panel.scene is not scene


def test_a_day_is_not_redrawn_for_a_beat_that_changes_nothing(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.source.loaded):
        panel.gestures.choose_span(86_400)
    settled(panel, qtbot)
    machine.beat()
    panel.refresh()
    scene = panel.scene
    machine.beat()
    panel.refresh()
    assert panel.scene is scene
    assert panel.cards[0].reading.text.startswith("24 µs")


def test_hiccups_are_counted_in_view(panel: LivePanel, machine: Machine) -> None:
    assert "1 hiccup in view" in panel.cards[1].reading.text
    machine.beat(lateness_ns=380_000_000)
    machine.feed.put(hiccup_at(machine.now_s))
    panel.refresh()
    assert "2 hiccups in view" in panel.cards[1].reading.text


def test_the_four_plots_show_the_same_time(panel: LivePanel, qtbot: QtBot) -> None:
    gesture(panel, gestures.Pan(-0.5), card=2)
    settled(panel, qtbot)
    spans = {(card.plot.frame.start_s, card.plot.frame.end_s) for card in panel.cards}
    lefts = {card.plot.frame.rect.left() for card in panel.cards}
    assert len(spans) == len(lefts) == 1


def test_panning_back_reads_the_record_and_offers_the_way_back(
    panel: LivePanel, qtbot: QtBot, machine: Machine
) -> None:
    assert panel.bar.back.isHidden()
    for _each in range(4):
        gesture(panel, gestures.Pan(-1.0))
    settled(panel, qtbot)
    assert not panel.bar.back.isHidden()
    first, last = held(panel)
    assert first <= -4500
    assert last >= -3600
    scene = panel.scene
    assert scene is not None
    assert len(scene.rows.times) > 800
    machine.beat()
    panel.refresh()
    assert panel.time_window.end_s == pytest.approx(NOW - 3600)
    qtbot.mouseClick(panel.bar.back, Qt.MouseButton.LeftButton)
    settled(panel, qtbot)
    assert panel.bar.back.isHidden()
    assert held(panel)[1] == pytest.approx(1)


def test_dragging_moves_time_with_the_hand(panel: LivePanel, qtbot: QtBot) -> None:
    viewport = panel.cards[0].plot.viewport()
    end_s, pixel_s = panel.time_window.end_s, panel.cards[0].plot.frame.pixel_s
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 40))
    qtbot.mouseMove(viewport, QPoint(400, 40))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(400, 40))
    assert end_s - panel.time_window.end_s == pytest.approx(100 * pixel_s, rel=0.02)
    assert not panel.time_window.following
    settled(panel, qtbot)


def test_the_wheel_zooms_and_the_choice_of_span_is_left(panel: LivePanel, qtbot: QtBot) -> None:
    viewport = panel.cards[0].plot.viewport()
    at = QPointF(400, 40)
    event = QWheelEvent(
        at, viewport.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    assert panel.time_window.span_s == pytest.approx(720)
    assert panel.bar._spans.checkedId() == -1
    settled(panel, qtbot)
    panel.gestures.choose_span(900)
    assert panel.bar._spans.checkedId() == 900
    settled(panel, qtbot)


@pytest.mark.parametrize(
    ("key", "following", "span_s"),
    [
        (Qt.Key.Key_Left, False, 900),
        (Qt.Key.Key_PageUp, False, 900),
        (Qt.Key.Key_Home, False, 900),
        (Qt.Key.Key_Plus, True, 450),
        (Qt.Key.Key_Up, True, 450),
        (Qt.Key.Key_Minus, True, 1800),
        (Qt.Key.Key_Down, True, 1800),
    ],
)
def test_everything_goes_by_keyboard(
    panel: LivePanel, qtbot: QtBot, key: Qt.Key, following: bool, span_s: float
) -> None:
    plot = panel.cards[0].plot
    qtbot.keyClick(plot, key)
    assert (panel.time_window.following, panel.time_window.span_s) == (following, span_s)
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert panel.time_window.following
    settled(panel, qtbot)


def test_the_crosshair_reads_all_four_and_names_the_hiccup(panel: LivePanel) -> None:
    hiccup = panel.source.buffer.hiccups[0]
    gesture(panel, gestures.Point(hiccup.wall_ns / NS), card=3)
    assert "4.0 s" in panel.cards[1].readout.text()
    assert "hiccup 4.0 s: frozen from outside" in panel.cards[1].readout.text()
    assert all("%" in panel.cards[index].readout.text() for index in (2, 3))
    assert all(card.plot._crosshair is not None for card in panel.cards)
    gesture(panel, gestures.Point(None))
    assert all(card.plot._crosshair is None and not card.readout.text() for card in panel.cards)


def test_the_crosshair_in_a_gap_says_why_there_is_nothing(panel: LivePanel) -> None:
    gap = panel.source.buffer.gaps[0]
    gesture(panel, gestures.Point((gap.start_ns + gap.end_ns) / 2 / NS))
    assert panel.cards[0].readout.text().startswith("The machine slept from")


def test_the_crosshair_steps_through_beats_by_keyboard(panel: LivePanel, qtbot: QtBot) -> None:
    plot = panel.cards[0].plot
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    assert panel.gestures.crosshair.at_s == pytest.approx(NOW)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert panel.gestures.crosshair.at_s == pytest.approx(NOW - 2)
    assert panel.time_window.following
    said = plot.accessibleDescription()
    assert "µs" in said
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription() != said
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert panel.gestures.crosshair.at_s is None


def test_freezing_holds_the_picture_and_loses_no_beat(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    panel.bar.freeze.click()
    image = panel.plots.grab().toImage()
    for _each in range(5):
        machine.beat(cpu=99.0)
        panel.refresh()
    assert panel.plots.grab().toImage() == image
    assert not panel._timer.isActive()
    with qtbot.waitSignal(panel.source.loaded):
        panel.bar.freeze.click()
    assert held(panel)[1] == pytest.approx(5)
    assert panel._timer.isActive()


def test_a_pause_shows_as_a_gap_before_it_is_over(panel: LivePanel, machine: Machine) -> None:
    machine.feed.snapshot = replace(machine.feed.snapshot, state=EngineState.PAUSED)
    machine.now_s += 60
    panel.refresh()
    scene = panel.scene
    assert scene is not None
    assert scene.gaps[-1].start_ns == machine.record.beats[-1].wall_ns
    assert scene.gaps[-1].end_ns == machine.now_ns()
    assert panel.time_window.end_s == pytest.approx(machine.now_s)


def test_a_stall_lets_time_go_on_without_a_beat(panel: LivePanel, machine: Machine) -> None:
    machine.now_s += 30
    panel.refresh()
    assert panel.time_window.end_s == pytest.approx(machine.now_s)


def test_log_scale_switches_both_and_back(panel: LivePanel, qtbot: QtBot) -> None:
    assert [card.logarithmic for card in panel.cards] == [False, True, False, False]
    panel.bar.log.click()
    assert [card.logarithmic for card in panel.cards] == [True, True, False, False]
    assert panel.bar.log.isChecked()
    panel.bar.log.click()
    assert [card.logarithmic for card in panel.cards] == [False, False, False, False]
    menu = panel.gestures.menu_for(panel.cards[1])
    next(action for action in menu.actions() if action.text() == "Log scale").trigger()
    assert panel.cards[1].logarithmic
    assert not panel.bar.log.isChecked()


def test_lateness_of_zero_is_drawn_on_the_log_axis(panel: LivePanel, machine: Machine) -> None:
    machine.beat(lateness_ns=0)
    panel.refresh()
    _x, y = panel.cards[1].plot._curve.getData()
    assert y[-1] == 0.0
    assert not np.isinf(y).any()


def test_the_table_shows_the_beats_in_view_and_follows(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    panel.bar.table.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    newest = panel.model.beat(0)
    assert newest.wall_ns == machine.record.beats[-1].wall_ns
    made = machine.beat()
    panel.refresh()
    assert panel.model.beat(0) == made
    panel.table.choose(3)
    assert panel.gestures.crosshair.at_s == pytest.approx(panel.model.beat(3).wall_ns / NS)


def test_the_table_has_the_beats_of_a_freeze_too(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    panel.bar.table.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    panel.bar.freeze.click()
    made = [machine.beat() for _each in range(3)]
    panel.bar.freeze.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0 and panel.model.beat(0) == made[-1])
    assert [panel.model.beat(row) for row in (2, 1, 0)] == made


def test_it_looks_as_often_as_the_settings_say(panel: LivePanel) -> None:
    assert panel._timer.interval() == 500
    panel._context.refresh_hz = 4.0  # type: ignore[misc]
    panel.refresh()
    assert panel._timer.interval() == 250


def test_the_table_of_a_past_span_begins_there(panel: LivePanel, qtbot: QtBot) -> None:
    gesture(panel, gestures.Pan(-2.0))
    panel.bar.table.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    assert panel.model.beat(0).wall_ns / NS == pytest.approx(NOW - 1800, abs=2)
    settled(panel, qtbot)


def written(machine: Machine) -> None:
    """Write what the machine remembers where the command line of a child process finds it."""
    writer = StoreWriter(find_paths().store)
    writer.open()
    session = writer.begin_session(0, "window", {})
    writer.write(machine.record.beats, session)
    writer.end_session(session, machine.now_ns())
    writer.close()


def test_csv_of_the_view_parses_back_to_what_is_drawn(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    written(machine)
    QGuiApplication.clipboard().clear()
    panel.saving.copy_csv()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()))
    rows = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines()))
    drawn = panel.source.buffer.times
    assert float(rows[-1]["time_ms"]) / 1000 == pytest.approx(NOW)
    assert len(rows) == int((drawn >= panel.time_window.start_s).sum())
    assert panel.bar._note.text().startswith("Copied ")


def test_picture_and_csv_are_saved_to_files(
    panel: LivePanel, machine: Machine, qtbot: QtBot, tmp_path: Path
) -> None:
    written(machine)
    panel.saving.choose_file = lambda _title, suffix, _kinds: tmp_path / f"live{suffix}"
    panel.saving.save_picture()
    image = QImage(str(tmp_path / "live.png"))
    assert image.width() == panel.plots.width()
    panel.saving.save_csv()
    qtbot.waitUntil(lambda: panel.bar._note.text().startswith("Saved live.csv"))
    assert (
        (tmp_path / "live.csv")
        .read_text()
        .startswith("time,time_ms,duration_ms,lateness_ms,missed,path,result,")
    )


def test_beats_that_cannot_be_exported_are_told_with_the_reason(panel: LivePanel, qtbot: QtBot) -> None:
    panel.saving.copy_csv()  # there is no record where the child process looks
    qtbot.waitUntil(lambda: not panel._trouble.isHidden())
    assert "there is no record yet" in panel._trouble_text.text()


def test_closing_ends_an_export(panel: LivePanel, machine: Machine, qtbot: QtBot, tmp_path: Path) -> None:
    written(machine)
    (tmp_path / "live.csv").write_text("kept")
    panel.saving.choose_file = lambda *_asked: tmp_path / "live.csv"
    panel.saving.save_csv()
    assert panel.saving._job.running
    panel.close()
    assert not panel.saving._job.running
    assert (tmp_path / "live.csv").read_text() == "kept"
    assert [file.name for file in tmp_path.iterdir() if "live" in file.name] == ["live.csv"]


def test_a_picture_that_cannot_be_written_is_told(panel: LivePanel, tmp_path: Path) -> None:
    panel.saving.choose_file = lambda *_asked: tmp_path / "no" / "such" / "folder.png"
    panel.saving.save_picture()
    assert not panel._trouble.isHidden()
    assert "folder.png" in panel._trouble_text.text()


def test_a_record_that_cannot_be_read_is_told_and_beats_are_still_drawn(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.record.broken = "the record cannot be read: disk I/O error"
    with qtbot.waitSignal(panel.source.failed):
        panel.gestures.choose_span(3600)
    assert not panel._trouble.isHidden()
    assert "disk I/O error" in panel._trouble_text.text()
    settled(panel, qtbot)
    machine.beat()
    panel.refresh()
    assert held(panel)[1] == pytest.approx(1)
    machine.record.broken = ""
    with qtbot.waitSignal(panel.source.loaded):
        panel.gestures.choose_span(900)
    assert panel._trouble.isHidden()


def test_a_machine_without_any_beat_shows_empty_plots(qtbot: QtBot) -> None:
    machine = Machine(NOW)
    panel = LivePanel(machine.context(), machine.now_ns)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.source.loaded):
        panel.activate()
    assert panel.cards[0].reading.text.startswith("–")
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
        panel.gestures.choose_span(6 * 3600)
    settled(panel, qtbot)
    first_s = machine.record.beats[0].wall_ns / NS
    assert panel.cards[0].plot.frame.start_s == pytest.approx(first_s, abs=40)
    assert panel.bar._spans.checkedId() == 6 * 3600


def test_what_lies_before_the_first_beat_is_hatched(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    first_s = machine.record.beats[0].wall_ns / NS
    gesture(panel, gestures.Pan((first_s - 600 - panel.time_window.start_s) / 900))
    settled(panel, qtbot)
    panel.refresh(force=True)
    assert panel.scene is not None
    first = panel.scene.gaps[-1]
    assert first.start_ns == pytest.approx((first_s - 600) * NS, abs=NS)
    assert first.end_ns == pytest.approx(machine.record.beats[0].wall_ns, abs=NS)


def test_everything_has_a_name_for_a_screen_reader(panel: LivePanel) -> None:
    for widget in [
        *panel.findChildren(QPushButton),
        panel.table,
        *(c.plot for c in panel.cards),
        *(c.reading for c in panel.cards),
    ]:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name), widget
    assert panel.cards[0].plot.accessibleName() == "Beat duration over time"
    assert panel.cards[1].reading.accessibleName().startswith("Lateness: ")
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
    repaint(300)
    after = (sys.getrefcount(None), sys.getrefcount(True))
    # A binding that drops a reference with each call would have lost thousands.
    assert after[0] > before[0] - 100
    assert after[1] > before[1] - 100

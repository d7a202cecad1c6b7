"""The Live panel as a person uses it: going back, reading, freezing, saving, without a mouse too."""

import csv
import socket
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aios_gui import __version__
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import find_paths
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.panel import Place
from aios_gui.ui.plots import gestures
from aios_gui.ui.shell.slicing import SliceDialog
from tests.ui.children import PATIENCE_MS, install
from tests.ui.incidents.incidents_made import busy
from tests.ui.machine import NOW, NS, Machine, gesture, held, settled

# What Qt's own platform for running without a display says of every window.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


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
    scene = panel.plots.scene
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
    panel.choose_span(900)
    assert panel.bar._spans.checkedId() == 900
    settled(panel, qtbot)


def test_everything_goes_by_keyboard(panel: LivePanel, qtbot: QtBot) -> None:
    plot, usual_s = panel.cards[0].plot, panel.time_window.span_s
    for key, following, span_s in (
        (Qt.Key.Key_Left, False, 900),
        (Qt.Key.Key_PageUp, False, 900),
        (Qt.Key.Key_Home, False, 900),
        (Qt.Key.Key_Plus, True, 450),
        (Qt.Key.Key_Up, True, 450),
        (Qt.Key.Key_Minus, True, 1800),
        (Qt.Key.Key_Down, True, 1800),
    ):
        qtbot.keyClick(plot, key)
        assert (panel.time_window.following, panel.time_window.span_s) == (following, span_s), key
        qtbot.keyClick(plot, Qt.Key.Key_End)
        assert panel.time_window.following, key
        if panel.time_window.span_s != usual_s:
            qtbot.keyClick(plot, Qt.Key.Key_Minus if span_s < usual_s else Qt.Key.Key_Plus)
        settled(panel, qtbot)


def test_the_crosshair_reads_all_four_and_names_the_hiccup(panel: LivePanel) -> None:
    hiccup = panel.source.buffer.hiccups.events[0]
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
    assert panel.plots.crosshair.at_s == pytest.approx(NOW)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert panel.plots.crosshair.at_s == pytest.approx(NOW - 2)
    assert panel.time_window.following
    said = plot.accessibleDescription()
    assert "µs" in said
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription() != said
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert panel.plots.crosshair.at_s is None


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


def test_each_scale_has_a_switch_that_says_what_it_is(panel: LivePanel) -> None:
    duration, lateness, cpu, _memory = panel.cards
    assert [card.logarithmic for card in panel.cards] == [True, True, False, False]
    assert cpu.log.isHidden()
    before = [tick.label for tick in duration.plot._around.ticks]
    duration.log.click()
    assert (duration.logarithmic, lateness.logarithmic) == (False, True)
    assert [tick.label for tick in duration.plot._around.ticks] != before
    menu = panel.menu_for(duration)
    next(action for action in menu.actions() if action.text() == "Log scale").trigger()
    assert duration.log.isChecked()
    assert [tick.label for tick in duration.plot._around.ticks] == before


def test_beats_of_24_us_are_no_flat_line_beside_one_of_3_ms(panel: LivePanel, machine: Machine) -> None:
    machine.beat(duration_ns=3_000_000)
    panel.refresh()
    _x, y = panel.cards[0].plot._curve.getData()
    assert np.nanmedian(y) > 0.1
    assert panel.cards[0].plot._around.target > 0.1


def test_incidents_are_shaded_on_all_four_with_who_did_it(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.record.incidents = [
        busy(7, machine.now_ns() - 300 * NS, 60.0),
        busy(8, machine.now_ns() - 9_000 * NS),
    ]
    with qtbot.waitSignal(panel.incidents.changed):
        panel.activate()
    for card in panel.cards:
        (span,) = card.plot._around.spans
        assert (span.name, span.tone, round(span.end_s - span.start_s)) == ("cargo", "critical", 60)


def test_the_crosshair_goes_when_its_moment_leaves_the_view(panel: LivePanel, qtbot: QtBot) -> None:
    gesture(panel, gestures.Point(NOW - 800))
    assert panel.cards[0].readout.text()
    gesture(panel, gestures.Zoom(0.25))
    assert [card.readout.text() for card in panel.cards] == [""] * 4
    settled(panel, qtbot)


def test_what_was_said_of_freezing_goes_with_it(panel: LivePanel, qtbot: QtBot) -> None:
    panel.bar.freeze.click()
    assert panel.bar._note.text().startswith("Frozen at ")
    with qtbot.waitSignal(panel.source.loaded):
        panel.bar.freeze.click()
    assert not panel.bar._note.text().startswith("Frozen")


def test_the_ranges_say_where_the_record_begins(panel: LivePanel, qtbot: QtBot) -> None:
    assert panel.bar._note.text() == ""
    with qtbot.waitSignal(panel.source.loaded):
        panel.choose_span(86_400)
    assert panel.bar._note.text().startswith("The record begins at ")
    tips = [button.toolTip() for button in panel.bar._spans.buttons()]
    assert tips[:4] == [""] * 4
    assert tips[4] == panel.bar._note.text()


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
    assert panel.plots.crosshair.at_s == pytest.approx(panel.model.beat(3).wall_ns / NS)


def test_the_table_has_the_beats_of_a_freeze_too(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    panel.bar.table.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    panel.bar.freeze.click()
    made = [machine.beat() for _each in range(3)]
    panel.bar.freeze.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0 and panel.model.beat(0) == made[-1])
    assert [panel.model.beat(row) for row in (2, 1, 0)] == made


def test_the_table_of_a_past_span_begins_there(panel: LivePanel, qtbot: QtBot) -> None:
    gesture(panel, gestures.Pan(-2.0))
    panel.bar.table.click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    assert panel.model.beat(0).wall_ns / NS == pytest.approx(NOW - 1800, abs=2)
    settled(panel, qtbot)


def written(machine: Machine) -> None:
    """Write what the machine remembers where the command line of a child process finds it."""
    writer = SqliteWriter(find_paths().store, RECORD_SCHEMA)
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
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=PATIENCE_MS)
    first, *table = QGuiApplication.clipboard().text().splitlines()
    assert first.startswith(f"# AIOS Heartbeat {__version__} · {socket.gethostname()} · 20")
    rows = list(csv.DictReader(table))
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
    plots = panel.plots.grab().toImage()
    assert image.height() > plots.height() + 20
    below = image.copy(0, 10 + plots.height(), image.width(), image.height() - plots.height() - 10)
    assert any(
        below.pixelColor(x, y) != below.pixelColor(0, 0) for x in range(400) for y in range(below.height())
    )
    panel.saving.save_csv()
    qtbot.waitUntil(lambda: panel.bar._note.text().startswith("Saved live.csv"), timeout=PATIENCE_MS)
    assert (
        (tmp_path / "live.csv")
        .read_text()
        .startswith("time,time_ms,duration_ms,lateness_ms,missed,path,result,")
    )


def test_what_is_in_view_can_be_saved_as_a_slice(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    written(machine)
    panel.saving.save_slice()
    (dialog,) = panel.findChildren(SliceDialog)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=PATIENCE_MS)
    assert "beats" in dialog.contents.toPlainText()
    dialog.close()


def test_what_is_in_view_leads_to_a_report_of_it(panel: LivePanel) -> None:
    asked: list[Place] = []
    panel._context.controller.place_asked.connect(asked.append)
    action = next(each for each in panel.bar.menu.actions() if each.text() == "Report this…")
    action.trigger()
    (place,) = asked
    assert (place.panel, place.template) == ("reports", "production")
    assert place.start_ns <= int(panel.time_window.start_s * 1e9)
    assert place.end_ns > int(panel.time_window.end_s * 1e9)


def test_the_name_of_a_saved_file_says_of_which_machine_it_is(
    panel: LivePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(
        "aios_gui.ui.live.saving.ask_where_to_save",
        lambda _parent, _title, start, _kinds: asked.append(start),
    )
    panel.saving.save_picture()
    assert socket.gethostname() in asked[0].name


def test_beats_that_cannot_be_exported_are_told_with_the_reason(panel: LivePanel, qtbot: QtBot) -> None:
    panel.saving.copy_csv()  # there is no record where the child process looks
    qtbot.waitUntil(lambda: not panel.unsaved.isHidden(), timeout=PATIENCE_MS)
    assert panel.unsaved.text().startswith("Nothing was saved: there is no record yet")


def test_too_many_beats_for_the_clipboard_are_told(
    panel: LivePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "while True:\n    print('a beat' * 1_000_000)\n")
    QGuiApplication.clipboard().setText("kept")
    panel.saving.copy_csv()
    qtbot.waitUntil(lambda: not panel.unsaved.isHidden(), timeout=PATIENCE_MS)
    assert "Save them to a file instead" in panel.unsaved.text()
    assert QGuiApplication.clipboard().text() == "kept"


def test_closing_ends_an_export(panel: LivePanel, machine: Machine, qtbot: QtBot, tmp_path: Path) -> None:
    written(machine)
    (tmp_path / "live.csv").write_text("kept")
    panel.saving.choose_file = lambda *_asked: tmp_path / "live.csv"
    panel.saving.save_csv()
    assert panel.saving._child.running
    panel.close()
    assert not panel.saving._child.running
    assert (tmp_path / "live.csv").read_text() == "kept"
    assert [file.name for file in tmp_path.iterdir() if "live" in file.name] == ["live.csv"]


def test_a_picture_that_cannot_be_written_is_told(panel: LivePanel, tmp_path: Path) -> None:
    panel.saving.choose_file = lambda *_asked: tmp_path / "no" / "such" / "folder.png"
    panel.saving.save_picture()
    assert not panel.unsaved.isHidden()
    assert "folder.png" in panel.unsaved.text()
    panel.saving.choose_file = lambda *_asked: tmp_path / "live.png"
    panel.saving.save_picture()
    assert panel.unsaved.isHidden(), "this time it was saved"

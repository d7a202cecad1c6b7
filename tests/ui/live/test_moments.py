"""A moment of the plots: who ran then, by mouse and by keyboard; notes written, marked, changed and removed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from aios_gui.history.notes.model import Note
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.instance.commands import EditNote, KeepNote, RemoveNote
from aios_gui.text.catalogue import use_language
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.painting import spans_at
from tests.ui.machine import NOW, NS, Machine, gesture, settled

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
CARGO = Ran("cargo", 4711, "bash", "session-2.scope", 3, 180.0, 1 << 30, 2_000_000.0)
FIREFOX = Ran("firefox <b>", 815, "", "", 12, 4.0, 3 << 30, None)
FULL = WhoRan(int((NOW - 300) * NS), 60, (CARGO, FIREFOX, *(Ran(f"idle{each}", each) for each in range(9))))
AT = NOW - 304


@pytest.fixture
def seen(panel: LivePanel, machine: Machine, qtbot: QtBot) -> Iterator[LivePanel]:
    """The panel over a record in which someone ran and something was noted."""
    machine.record.who_ran = [FULL]
    machine.record.notes = [
        Note(int((NOW - 500) * NS), int((NOW - 500) * NS), "disk replaced <b>\nby hand", int(NOW * NS), 3),
        Note(int((NOW - 700) * NS), int((NOW - 600) * NS), "update", int(NOW * NS), 4),
    ]
    with qtbot.waitSignal(panel.moments.changed):
        panel.moments.read()
    yield panel
    panel.deactivate()


def x_of(panel: LivePanel, at_s: float, card: int = 0) -> QPoint:
    plot = panel.cards[card].plot
    return QPoint(round(plot.frame.x(at_s)), plot.height() // 2)


def click(panel: LivePanel, at_s: float, card: int = 0) -> None:
    QTest.mouseClick(
        panel.cards[card].plot.viewport(), Qt.MouseButton.LeftButton, pos=x_of(panel, at_s, card)
    )


def filled(panel: LivePanel, qtbot: QtBot) -> list[str]:
    """The first column of the card, once the answer is there."""
    who = panel.moments.who
    qtbot.waitUntil(lambda: bool(who.said.text()))
    return [row[0].text for row in who.table.facts.rows]


def test_a_click_tells_who_ran_then(seen: LivePanel, qtbot: QtBot) -> None:
    assert seen.moments.who.isHidden()
    click(seen, AT)
    names = filled(seen, qtbot)
    who = seen.moments.who
    assert not who.isHidden()
    assert len(names) == 5
    assert names[0] == "cargo (4711) × 3"
    assert who.said.text() in ("sampled 3 s after, over 1 min", "sampled 4 s after, over 1 min")
    assert [fact.text for fact in who.table.facts.rows[0][1:]] == [
        "180 %",
        "1 GB",
        "1.9 MB/s",
        "bash · session-2.scope",
    ]
    assert who.title.text().startswith("Who ran at ")
    assert "cargo (4711) × 3: CPU 180" in who.accessibleDescription()


def test_a_click_on_memory_puts_the_largest_first(seen: LivePanel, qtbot: QtBot) -> None:
    click(seen, AT, card=3)
    assert filled(seen, qtbot)[0] == "firefox <b> (815) × 12"
    assert seen.moments.who.table.facts.rows[0][3].text == "–"


def test_a_drag_moves_and_tells_nothing(seen: LivePanel, qtbot: QtBot) -> None:
    viewport, start = seen.cards[0].plot.viewport(), x_of(seen, AT)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start + QPoint(40, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 0))
    assert seen.moments.who.isHidden()
    settled(seen, qtbot)


def test_by_keyboard_from_the_crosshair_to_the_card_and_back(seen: LivePanel, qtbot: QtBot) -> None:
    plot = seen.cards[1].plot
    plot.setFocus()
    seen.plots.point_at(AT)
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert filled(seen, qtbot)[0] == "cargo (4711) × 3"
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert seen.moments.who.isHidden()
    assert seen.plots.crosshair.at_s == AT
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert seen.plots.crosshair.at_s is None
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert seen.plots.crosshair.at_s is not None, "without a crosshair it is put there first"


def test_escape_in_the_card_closes_it_and_the_plot_has_the_keyboard_again(
    seen: LivePanel, qtbot: QtBot
) -> None:
    click(seen, AT)
    filled(seen, qtbot)
    seen.moments.who.table.setFocus()
    QTest.keyClick(seen.moments.who.table, Qt.Key.Key_Escape)
    assert seen.moments.who.isHidden()


@pytest.mark.parametrize(
    ("at_s", "said"),
    [(NOW - 7200 + 0.965 * 7200, "The machine slept from "), (NOW - 120, "It was not noted who ran then.")],
)
def test_where_nothing_is_known_it_says_why(seen: LivePanel, qtbot: QtBot, at_s: float, said: str) -> None:
    gesture(seen, gestures.OpenMoment(at_s))
    filled(seen, qtbot)
    assert seen.moments.who.said.text().startswith(said)
    assert seen.moments.who.table.isHidden()


def test_a_record_that_cannot_be_read_is_told(seen: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    machine.record.broken = "disk on fire"
    click(seen, AT)
    filled(seen, qtbot)
    assert "disk on fire" in seen.moments.who.said.text()


def test_it_speaks_chinese(seen: LivePanel, qtbot: QtBot) -> None:
    click(seen, AT)
    filled(seen, qtbot)
    use_language("zh_CN")
    seen.retranslate()
    assert seen.moments.who.title.text().isascii() is False
    assert seen.moments.who.said.text().isascii() is False


# Notes


def tip_at(panel: LivePanel, at_s: float) -> str:
    plot = panel.cards[2].plot
    at = x_of(panel, at_s, 2)
    event = QHelpEvent(QEvent.Type.ToolTip, at, plot.viewport().mapToGlobal(at))
    QApplication.sendEvent(plot.viewport(), event)
    return QToolTip.text()


def test_notes_are_marked_and_told_as_plain_text(seen: LivePanel) -> None:
    scene = seen.plots.scene
    assert scene is not None
    assert [(each.name, each.note) for each in scene.spans] == [("update", 4), ("disk replaced <b> …", 3)]
    assert "disk replaced &lt;b&gt;<br>by hand" in tip_at(seen, NOW - 500)
    assert "update" in tip_at(seen, NOW - 650)
    frame = seen.cards[0].plot.frame
    assert spans_at(frame, scene.spans, frame.x(NOW - 800), 6) == []


def test_n_writes_a_note_at_the_crosshair(seen: LivePanel, machine: Machine) -> None:
    plot, note = seen.cards[0].plot, seen.moments.note
    plot.setFocus()
    seen.plots.point_at(AT)
    QTest.keyClick(plot, Qt.Key.Key_N)
    assert not note.isHidden()
    note.editor.text.setPlainText("fan\x07 cleaned\ntwice")
    note.length.setText("10 min")
    QTest.keyClick(note.editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (sent,) = machine.controller.sent
    assert isinstance(sent, KeepNote)
    assert (sent.text, sent.start_ns) == ("fan  cleaned\ntwice", int(AT * NS))
    assert sent.end_ns - sent.start_ns == 600 * NS
    assert note.isHidden()
    assert "fan cleaned" in tip_at(seen, AT), "it is shown before the record has it"


def test_n_writes_a_note_on_the_span_that_was_marked_with_shift(seen: LivePanel, machine: Machine) -> None:
    plot = seen.cards[2].plot
    shift, left = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
    first, last = x_of(seen, NOW - 200, 2), x_of(seen, NOW - 260, 2)
    QTest.mousePress(plot.viewport(), left, shift, first)
    QTest.mouseMove(plot.viewport(), last)
    QTest.mouseRelease(plot.viewport(), left, shift, last)
    assert seen.moments.who.isHidden()
    assert seen.plots.marked == (pytest.approx(NOW - 260, abs=2), pytest.approx(NOW - 200, abs=2))
    scene = seen.plots.scene
    assert scene is not None
    assert any(each.note == 0 and not each.tip for each in scene.spans)
    QTest.keyClick(plot, Qt.Key.Key_N)
    seen.moments.note.editor.text.setPlainText("a burst")
    seen.moments.note.editor.keep.click()
    (sent,) = machine.controller.sent
    assert isinstance(sent, KeepNote)
    assert sent.end_ns - sent.start_ns == pytest.approx(60 * NS, abs=3 * NS)
    assert seen.plots.marked is None
    gesture(seen, gestures.Mark(NOW - 5, NOW - 9))
    assert seen.plots.marked == (NOW - 9, NOW - 5)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert seen.plots.marked is None


def test_n_without_a_crosshair_is_on_the_newest_moment_and_escape_writes_nothing(
    seen: LivePanel, machine: Machine
) -> None:
    QTest.keyClick(seen.cards[0].plot, Qt.Key.Key_N)
    note = seen.moments.note
    note.editor.text.setPlainText("never mind")
    assert note._note.start_ns == int(seen.time_window.end_s * NS)
    QTest.keyClick(note.editor.text, Qt.Key.Key_Escape)
    assert note.isHidden()
    assert machine.controller.sent == []


def test_a_click_on_a_flag_changes_the_note_or_removes_it(seen: LivePanel, machine: Machine) -> None:
    click(seen, NOW - 700)
    note = seen.moments.note
    assert note.editor.text.toPlainText() == "update"
    assert note.length.text() == "100 s"
    note.length.clear()
    QTest.keyClicks(note.length, "2h")
    note.editor.keep.click()
    assert machine.controller.sent == [EditNote(4, "update", int((NOW - 700) * NS), 7200 * NS)]
    click(seen, NOW - 500)
    note.remove.click()
    assert machine.controller.sent[1:] == [RemoveNote(3)]
    assert [each.id for each in seen.moments.notes] == [4]


@pytest.mark.parametrize("length_ns", [400_000_000, 2_700_000_000])
def test_a_length_that_nobody_typed_over_is_kept_to_the_nanosecond(
    seen: LivePanel, machine: Machine, length_ns: int
) -> None:
    note = seen.moments.note
    note.edit(Note(int(AT * NS), int(AT * NS) + length_ns, "a burst", 1, 9))
    note.editor.text.setPlainText("a short burst")
    note.editor.keep.click()
    assert machine.controller.sent == [EditNote(9, "a short burst", int(AT * NS), length_ns)]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("start", "soon", "“soon” is not a time"),
        ("start", "1960-05-01", "a note is on a moment of the years 1970 to 2115"),
        ("length", "ever", "“ever” is not a length of time"),
        ("text", "", "The note has no text"),
    ],
)
def test_what_cannot_be_kept_is_told_and_can_be_mended(
    seen: LivePanel, machine: Machine, field: str, typed: str, said: str
) -> None:
    seen.moments.edit_note(3)
    note = seen.moments.note
    if field == "text":
        note.editor.text.setPlainText(typed)
    else:
        getattr(note, field).setText(typed)
        getattr(note, field).textEdited.emit(typed)
    note.editor.keep.click()
    assert note.wrong.text().startswith(said)
    assert machine.controller.sent == []
    note.editor.text.setPlainText("mended")
    note.start.setText("2025-03-12 14:03")
    note.length.setText("")
    note.editor.keep.click()
    assert len(machine.controller.sent) == 1


def test_the_menu_offers_both_and_names_the_notes_that_are_read(seen: LivePanel) -> None:
    seen.plots.point_at(NOW - 500)
    menu = seen.menu_for(seen.cards[0])
    texts = [each.text() for each in menu.actions()]
    assert (
        texts.index("Who ran then")
        < texts.index("Write a note…")
        < texts.index("Change the note “disk replaced <b> …”…")
    )
    menu.deleteLater()


def test_what_was_typed_of_its_time_is_discarded_too_and_a_length_without_end_is_cut(
    seen: LivePanel, machine: Machine
) -> None:
    seen.moments.edit_note(4)
    note = seen.moments.note
    note.length.clear()
    QTest.keyClicks(note.length, "999999999w")
    note.editor.drop.click()
    assert (note.length.text(), note.editor.keep.isHidden()) == ("100 s", True)
    note.length.clear()
    QTest.keyClicks(note.length, "999999999w")
    note.editor.keep.click()
    start_ns = int((NOW - 700) * NS)
    assert machine.controller.sent == [EditNote(4, "update", start_ns, 2**62 - 1 - start_ns)]

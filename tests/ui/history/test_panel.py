"""History over a record: strip, brush, smoke and lanes; a moment by click and key; ranges, links, notes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget, QTableView, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.instance.commands import KeepNote
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import TimeRange, parse_view
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.text.catalogue import use_language
from aios_gui.ui.history.calendar import CalendarPopup
from aios_gui.ui.history.panel import HistoryPanel
from aios_gui.ui.history.plots import SmokePlots
from aios_gui.ui.history.strip import day_of
from aios_gui.ui.history.words import field_text, range_text
from aios_gui.ui.panel import Place
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.widgets.fact_table import Column, Fact
from tests.ui.fakes import FakeResident, Show, a_beat
from tests.ui.history.analysed import two_weeks
from tests.ui.history.conftest import CHANGED, FIRST_HICCUP, GAP, LAST_HICCUP, NOTED, settled
from tests.ui.machine import NOW, NS, day_of_beats
from tests.ui.spoken import unspoken

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
LEFT = Qt.MouseButton.LeftButton
MakeHistory = Callable[..., HistoryPanel]


def seconds(span: TimeRange) -> tuple[int, int]:
    """Begin and end, as seconds before now."""
    return round(NOW - span.start_ns / NS), round(NOW - span.end_ns / NS)


def on_plot(panel: HistoryPanel, at_s: float, plot: int = 1) -> QPoint:
    """Where a moment lies on a plot."""
    return QPoint(round(panel.plots.plots[plot].frame.x(at_s)), 40)


def drag(widget: QWidget, *places: QPoint) -> None:
    """Drag with the left button from place to place."""
    QTest.mousePress(widget, LEFT, pos=places[0])
    for each in places[1:]:
        QTest.mouseMove(widget, each)
    QTest.mouseRelease(widget, LEFT, pos=places[-1])


def compared(panel: HistoryPanel) -> list[tuple[int, int]]:
    """The two spans in the fields of Compare, each as seconds before now."""
    assert panel.compare is not None
    return [seconds(each) for each in panel.compare.spans.spans() or ()]


def programs(panel: HistoryPanel, qtbot: QtBot) -> list[str]:
    """Who ran, once the answer is there."""
    qtbot.waitUntil(lambda: bool(panel.moments.who.said.text()))
    return [row[0].text for row in panel.moments.who.table.facts.rows]


def broken(_self: object, *_arguments: object) -> None:
    """What stands in for a question to the record."""
    raise OSError("the disk is gone")


def refuse() -> History:
    """What stands in for opening the record."""
    raise StoreError("it is being moved")


def is_read(plots: SmokePlots, at_s: object) -> bool:
    """Whether the moment is the one that is read."""
    return plots.at_s == at_s


def test_it_opens_on_all_of_a_short_record_and_each_plot_says_itself(history: HistoryPanel) -> None:
    assert history.state.live
    assert history.state.span == history.state.whole
    assert seconds(history.state.whole) == (7199, 0)
    scene = history.plots.scene
    assert scene is not None
    assert len(scene.incidents) == 1
    assert scene.incidents[0].name
    assert [each.count for each in scene.changes] == [2]
    assert [each.text for each in scene.notes] == ["disk replaced"]
    assert not history.state.can_go_back
    for plot in history.plots.plots:
        assert plot.accessibleName().endswith("over time")
        assert "P50 mostly" in plot.accessibleDescription()
        assert "highest" in plot.accessibleDescription()
    assert history.plots.lanes.accessibleDescription() == "1 incident, 2 changes, 1 note"
    assert "to now (1 h 59 min)" in history.strip.accessibleDescription()


def test_it_opens_on_the_last_week_of_a_long_record(
    make_history: MakeHistory, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    writer = SqliteWriter(tmp_path / "heartbeat.sqlite3", RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(round((NOW - 864_060) * NS), "window", {"interval_ns": NS})
    writer.write([*day_of_beats(NOW - 864_000, 60), *day_of_beats(NOW, 60)], session)
    writer.close()
    # A while after the last beat, as where the program did not run meanwhile.
    panel = show(
        make_history(lambda: History(RecordReader(tmp_path / "heartbeat.sqlite3")), now_s=NOW + 7200)
    )
    panel.plots.resize(1280, 600)
    panel.activate()
    panel.source._timer.stop()
    settled(panel, qtbot)
    assert panel.plots.scene is not None
    assert panel.plots.scene.span == panel.state.span
    assert seconds(panel.state.span) == (604_800, 0), "and not read, nor told, of all of it"


def test_of_beats_that_could_not_measure_the_machine_it_does_not_say_that_there_are_none(
    make_history: MakeHistory, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    writer = SqliteWriter(tmp_path / "heartbeat.sqlite3", RECORD_SCHEMA)
    writer.open()
    beats = day_of_beats(NOW, 60)
    session = writer.begin_session(beats[0].wall_ns, "window", {"interval_ns": NS})
    writer.write(
        [replace(each, failed=True, cpu_percent=None, memory_percent=None) for each in beats], session
    )
    writer.close()
    panel = show(make_history(lambda: History(RecordReader(tmp_path / "heartbeat.sqlite3"))))
    panel.activate()
    panel.source._timer.stop()
    settled(panel, qtbot)
    told = [plot._summary for plot in panel.plots.plots]
    assert all(each.startswith("P50 mostly") for each in told[:2])
    assert told[2:] == ["Not known", "Not known"]


def test_the_brush_is_dragged_and_everything_follows_at_once(history: HistoryPanel, qtbot: QtBot) -> None:
    strip, frame = history.strip, history.strip.frame
    history.state.go(TimeRange(round((NOW - 1800) * NS), history.state.whole.end_ns))
    middle = QPoint(round(frame.x(NOW - 900)), 20)
    earlier = QPoint(round(frame.x(NOW - 4500)), 20)
    QTest.mousePress(strip, LEFT, pos=middle)
    QTest.mouseMove(strip, earlier)
    assert not history.state.live
    assert not history.state.is_settled
    for plot in history.plots.plots:
        assert plot.frame.start_s == pytest.approx(history.state.span.start_ns / NS)
    assert history.bar.field.text() == field_text(history.state.span, history.state.live)
    QTest.mouseRelease(strip, LEFT, pos=earlier)
    assert history.state.is_settled
    assert not history.state.live
    begin, end = seconds(history.state.span)
    assert begin - end == pytest.approx(1800, abs=1)
    assert begin == pytest.approx(5400, abs=15)
    settled(history, qtbot)
    assert history.plots.scene is not None
    assert history.plots.scene.span == history.state.span


def test_what_is_dragged_is_painted_so_often_and_read_where_it_rests(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    plots, strip, frame = history.plots, history.strip, history.strip.frame
    history.state.go(TimeRange(round((NOW - 1800) * NS), history.state.whole.end_ns))
    settled(history, qtbot)
    qtbot.waitUntil(lambda: not plots._frame.isActive())
    plots._frame.setInterval(3_600_000)
    history.source._rest.setInterval(3_600_000)
    painted: list[object] = []
    first = plots.plots[0]
    first.paintEvent = lambda event: painted.append(event)  # type: ignore[method-assign, assignment]
    QTest.mousePress(strip, LEFT, pos=QPoint(round(frame.x(NOW - 900)), 20))
    for minutes in range(20, 70, 5):
        QTest.mouseMove(strip, QPoint(round(frame.x(NOW - 60 * minutes)), 20))
        QTest.qWait(0)
        assert history.source.is_settled
    assert len(painted) == 1
    assert first.frame.start_s == history.state.span.start_ns / NS
    plots._frame.timeout.emit()
    qtbot.waitUntil(lambda: len(painted) == 2)
    history.source._rest.timeout.emit()
    settled(history, qtbot)
    assert not history.state.is_settled
    assert plots.scene is not None
    assert plots.scene.span == history.state.span


def test_the_brush_and_its_edges_are_dragged_a_new_one_is_drawn_and_a_stretch_is_marked_on_a_plot(
    history: HistoryPanel,
) -> None:
    strip, frame, state = history.strip, history.strip.frame, history.state
    state.go(TimeRange(round((NOW - 3600) * NS), round((NOW - 1800) * NS)))

    def at(ago_s: float) -> QPoint:
        return QPoint(round(frame.x(NOW - ago_s)), 20)

    drag(strip, at(3600), at(5000))
    assert seconds(state.span)[0] == pytest.approx(5000, abs=10)
    drag(strip, at(1800), at(3000))
    assert seconds(state.span)[1] == pytest.approx(3000, abs=10)
    drag(strip, at(600), at(1500), at(1200))
    assert seconds(state.span) == (pytest.approx(1200, abs=10), pytest.approx(600, abs=10))
    QTest.mouseClick(strip, LEFT, pos=at(4000))
    assert sum(seconds(state.span)) / 2 == pytest.approx(4000, abs=10)
    for _step in range(5):
        state.back()
    assert not state.can_go_back
    plot = history.plots.plots[0]
    drag(
        plot,
        on_plot(history, NOW - 3000, 0),
        on_plot(history, NOW - 2500, 0),
        on_plot(history, NOW - 2000, 0),
    )
    begin, end = seconds(history.state.span)
    assert (begin, end) == (pytest.approx(3000, abs=10), pytest.approx(2000, abs=10))
    assert history.plots.marked is None
    QTest.keyClick(plot, Qt.Key.Key_Backspace)
    assert history.state.span == history.state.whole


def test_a_click_tells_who_ran_what_changed_and_the_beats_and_in_a_gap_why_nothing_is_known(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    QTest.mouseClick(history.plots.plots[1], LEFT, pos=on_plot(history, LAST_HICCUP))
    assert programs(history, qtbot) == ["cargo (4711) × 3"]
    cards = history.cards
    qtbot.waitUntil(lambda: bool(cards.beats.table.facts.rows))
    assert len(cards.beats.table.facts.rows) == 7
    assert [row[0].strong for row in cards.beats.table.facts.rows].count(True) == 1
    changed = [row[1].text for row in cards.changes.table.facts.rows]
    assert changed == ["openssl: 1.0 → 1.1", "libc6: 1.0 → 1.1"], "the latest first"
    QTest.keyClick(history.plots.plots[1], Qt.Key.Key_Escape)
    assert cards.isHidden()
    at_s = sum(GAP) / 2
    history.plots.point_at(at_s)
    assert "slept" in history.plots.plots[0].accessibleDescription()
    history.moments.show_who(at_s)
    qtbot.waitUntil(lambda: "slept" in history.moments.who.said.text())
    assert programs(history, qtbot) == []
    qtbot.waitUntil(lambda: bool(history.cards.beats.said.text()))


def test_that_the_record_could_not_be_read_is_no_reason_to_say_that_nothing_is_there(
    history: HistoryPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(History, "changes", broken)
    QTest.mouseClick(history.plots.plots[1], LEFT, pos=on_plot(history, LAST_HICCUP))
    cards = history.cards.changes, history.cards.beats
    qtbot.waitUntil(lambda: all(card.said.text() for card in cards))
    assert {card.said.text() for card in cards} == {"The record could not be read: the disk is gone"}


def test_by_keyboard_from_bucket_to_bucket_to_the_card_and_from_hiccup_to_hiccup(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    plot = history.plots.plots[2]
    QTest.keyClick(plot, Qt.Key.Key_Space)
    first = history.plots.at_s
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert first is not None
    assert history.plots.at_s is not None
    assert history.plots.at_s < first
    assert "P50" in plot.accessibleDescription()
    QTest.keyClick(plot, Qt.Key.Key_Return)
    programs(history, qtbot)
    assert not history.cards.isHidden()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert history.cards.isHidden()
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert history.plots.at_s is None
    plots = history.plots
    history.state.go(TimeRange(round((NOW - 600) * NS), history.state.whole.end_ns))
    for key, wanted in (
        (Qt.Key.Key_P, LAST_HICCUP),
        (Qt.Key.Key_P, FIRST_HICCUP),
        (Qt.Key.Key_N, LAST_HICCUP),
    ):
        QTest.keyClick(plot, key)
        near = pytest.approx(wanted, abs=0.001)
        qtbot.waitUntil(partial(is_read, plots, near))
        assert history.state.span.start_ns <= wanted * NS <= history.state.span.end_ns
        assert seconds(history.state.span)[0] - seconds(history.state.span)[1] == 600
    QTest.keyClick(plot, Qt.Key.Key_N)
    settled(history, qtbot)
    assert plots.at_s == pytest.approx(LAST_HICCUP, abs=0.001), "there is none later"


def test_a_range_is_typed_and_what_is_none_is_said_and_changes_nothing(history: HistoryPanel) -> None:
    field = history.bar.field
    for typed, span in (
        ("30m", (1800, 0)),
        ("all", (7199, 0)),
        ("1 h ago", (3900, 3300)),
        ("昨天 到 今天", (7199, 0)),
    ):
        field.setFocus()
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert seconds(history.state.span) == span, typed
        assert history.state.live == (span[1] == 0), typed
        assert history.bar.wrong.isHidden(), typed
    before = history.state.span
    field.setFocus()
    field.setText("the other day")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "the other day" in history.bar.wrong.text()
    assert not history.bar.wrong.isHidden()
    assert history.state.span == before
    field.textEdited.emit("")
    assert history.bar.wrong.isHidden()


def test_a_moment_typed_is_told_of(history: HistoryPanel, qtbot: QtBot) -> None:
    history.bar.compare.click()
    assert history.compare is not None
    assert history.pages.currentIndex() == 1
    history.look_at(parse_view("20m ago", round(NOW * NS)))
    assert programs(history, qtbot) == ["cargo (4711) × 3"]
    assert history.plots.at_s == pytest.approx(NOW - 1200)
    assert history.pages.currentIndex() == 0, "it is read on the plots"


def test_the_range_in_the_field_is_read_as_the_same_in_both_languages() -> None:
    span = TimeRange(round((NOW - 3000) * NS) // NS * NS, round((NOW - 600) * NS) // NS * NS)
    now_ns = round(NOW * NS)
    for language in ("en", "zh_CN"):
        use_language(language)
        assert parse_view(field_text(span, live=False), now_ns).span == span
        live = parse_view(field_text(TimeRange(span.start_ns, now_ns), live=True), now_ns).span
        assert live == TimeRange(span.start_ns, now_ns // 1000 * 1000)


def test_quick_ranges_days_and_places_lead_here_and_to_live(history: HistoryPanel) -> None:
    bar = history.bar
    hour = bar.spans.button(3600)
    assert hour is not None
    hour.click()
    assert seconds(history.state.span) == (3600, 0)
    assert hour.isChecked()
    popup = CalendarPopup(history.state.span, history.state.whole, bar._theme, bar)
    chosen: list[TimeRange] = []
    popup.chosen.connect(chosen.append)
    popup.show_days.click()
    first, last = day_of(history.state.span.start_ns), day_of(history.state.span.end_ns - 1)
    assert chosen == [TimeRange(first.start_ns, last.end_ns)]
    history.go_to(Place("history", round((NOW - 3000) * NS), round((NOW - 600) * NS)))
    assert seconds(history.state.span) == (3000, 600)
    asked: list[Place] = []
    history._context.controller.place_asked.connect(asked.append)
    history.plots.point_at(NOW - 1000)
    menu = history.menu_for(history.plots.plots[0])
    names = [each.text() for each in menu.actions() if each.text()]
    assert names[:4] == [
        "Who ran then",
        "Write a note…",
        "Copy command for this moment",
        "Show these beats in Live",
    ]
    next(each for each in menu.actions() if each.text() == "Show these beats in Live").trigger()
    assert [each.panel for each in asked] == ["live"]
    menu.deleteLater()


def test_a_calendar_shows_all_its_weeks_and_has_no_colour_of_its_own(history: HistoryPanel) -> None:
    theme = history._context.theme
    popup = CalendarPopup(history.state.span, history.state.whole, theme, history.bar)
    popup.open_below(history.bar.days)
    for calendar in (popup.first, popup.last):
        table = calendar.findChild(QTableView)
        assert table is not None
        last = table.model().index(table.model().rowCount() - 1, 1)
        assert table.visualRect(last).bottom() < table.viewport().height()
        assert table.accessibleName() in ("From", "Through")
        assert calendar.weekdayTextFormat(Qt.DayOfWeek.Sunday).foreground().color() != QColor("red")
    popup.close()


def test_a_range_is_seen_whole_in_its_field_and_a_link_opens_exactly_it(history: HistoryPanel) -> None:
    history.state.go(TimeRange(round((NOW - 7_000) * NS), round((NOW - 600) * NS)))
    field = history.bar.field
    for width in (676, 900, 1_024, 1_196, 1_400):
        history.resize(width, history.height())
        assert field.fontMetrics().horizontalAdvance("2025-12-31 14:00 .. 2025-12-31 15:00") < field.width()
    for language in ("zh_CN", "en"):
        use_language(language)
        history.retranslate()
        if language == "zh_CN":  # of shorter words
            history.resize(1_196, history.height())
    QApplication.processEvents()
    assert field.fontMetrics().horizontalAdvance("2025-12-31 14:00 .. 2025-12-31 15:00") < field.width()
    span = TimeRange(round((NOW - 3000) * NS) // 1000 * 1000, round((NOW - 600.5) * NS) // 1000 * 1000)
    history.state.go(span)
    history.bar.link.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("aios-gui --panel history --range ")
    assert parse_view(copied.rpartition(" ")[2], 0).span == span
    assert " " not in range_text(span)


def test_while_two_spans_are_compared_the_bar_and_the_keys_choose_the_second(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    bar = history.bar
    bar.compare.click()
    hour = bar.spans.button(3600)
    assert hour is not None
    assert history.compare is not None
    hour.click()
    assert compared(history) == [(7199, 3600), (3600, 0)]
    history.compare.spans.edits[0].setText("yesterday")
    QTest.keyClick(history.strip, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: history.state.is_settled)
    assert compared(history) == [(7199, 5399), (5399, 3599)], "its halves: there is nothing before it"
    assert not bar.table.isEnabled()
    assert "once Compare is closed" in bar.table.toolTip()
    bar.link.click()
    assert " compare " in QGuiApplication.clipboard().text(), "and not of the page that is hidden"
    QTest.keyClick(history.strip, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: history.plots.moment_read() is not None)
    assert not bar.compare.isChecked(), "a hiccup is to be seen on the plots"
    assert bar.table.isEnabled()
    assert compared(history) == [(7199, 5399), (5399, 3599)], "and they are compared when it is opened again"


def test_a_live_view_goes_on_and_one_that_does_not_end_now_is_never_read_again(
    history: HistoryPanel, resident: FakeResident, qtbot: QtBot
) -> None:
    scene = history.plots.scene
    resident.feed.put(a_beat(round((NOW + 120) * NS)))
    history.source.look()
    settled(history, qtbot)
    assert history.plots.scene is not scene
    assert history.state.span.end_ns == round((NOW + 120) * NS) + 1000
    past = TimeRange(round((NOW - 3000) * NS), round((NOW - 600) * NS))
    history.state.go(past)
    settled(history, qtbot)
    scene = history.plots.scene
    resident.feed.put(a_beat(round((NOW + 240) * NS)))
    history.source.look()
    settled(history, qtbot)
    assert history.state.whole.end_ns == round((NOW + 240) * NS) + 1000, (
        "but it is known that the record goes on"
    )
    assert history.plots.scene is scene
    assert history.state.span == past
    QTest.keyClick(history.strip, Qt.Key.Key_End)
    history.navigation.stop()
    assert history.state.live


def test_a_note_is_written_on_the_moment_that_is_read(
    history: HistoryPanel, resident: FakeResident, qtbot: QtBot
) -> None:
    history.moments.show_who(NOTED)
    programs(history, qtbot)
    history.moments.who.note.click()
    assert history.cards.isHidden()
    history.moments._keep(Note(round(NOTED * NS), round(NOTED * NS), "and a fan", 0))
    assert [each.text for each in resident.commands if isinstance(each, KeepNote)] == ["and a fan"]
    history.moments.stop()


def test_the_plots_do_not_move_when_what_was_found_comes(history: HistoryPanel, qtbot: QtBot) -> None:
    history.resize(history.width(), 3_000)
    history.findings.setFixedHeight(0)
    history.grab()
    frame = history.plots.lanes.frame
    history.findings.setFixedHeight(4_000)
    qtbot.waitUntil(lambda: history.page.height() > 4_000)
    assert history.plots.lanes.frame == frame


def test_a_bar_of_two_rows_has_its_room_where_the_panel_is_opened_in_a_small_window(
    make_history: MakeHistory, show: Show, qtbot: QtBot
) -> None:
    window = show(QStackedWidget())
    window.addWidget(QWidget())
    window.resize(944, 600)
    window.grab()
    panel = make_history()
    window.addWidget(panel)
    window.setCurrentWidget(panel)
    qtbot.waitUntil(lambda: panel.bar._is_narrow)
    qtbot.waitUntil(lambda: panel.bar.height() >= panel.bar.minimumSizeHint().height(), timeout=3_000)
    panel.close()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_sentence_has_its_place_from_the_first_picture(
    language: str, make_history: MakeHistory, show: Show
) -> None:
    use_language(language)
    panel = show(make_history())
    seen = []
    for width in (1_020, 690):
        panel.resize(width, 700)
        QApplication.processEvents()
        seen.append((width, panel.plots.y(), panel.plots.height()))
        assert panel.page.height() > 2 * panel.pages.height(), "the scroll bar says that there is more"
    panel.complete()
    panel.findings.head.show()
    panel.findings.head.show_analysis(two_weeks())
    for width, top, height in seen:
        panel.resize(width, 700)
        QApplication.processEvents()
        assert (panel.plots.y(), panel.plots.height()) == (top, height)
    panel.close()


def test_a_sentence_on_the_span_is_not_of_the_whole_record(history: HistoryPanel) -> None:
    assert all("P50 mostly" in plot._summary for plot in history.plots.plots)
    whole, history.plots.scene = history.plots.scene, None
    assert whole is not None
    history.plots.show_whole(whole)
    assert not any(plot._summary for plot in history.plots.plots)


def test_on_the_lanes_what_changed_is_told_where_the_mouse_rests_and_a_note_is_opened(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    lanes = history.plots.lanes
    x = lanes.frame.x(CHANGED)
    assert lanes._tip_of(x, 27) == ""
    qtbot.waitUntil(lambda: lanes._tip_of(x, 27) != "")
    assert "libc6: 1.0 → 1.1" in lanes._tip_of(x, 27)
    assert "disk replaced" in lanes._tip_of(lanes.frame.x(NOTED), 45)
    assert lanes._tip_of(lanes.frame.x(LAST_HICCUP), 9)
    history.moments.read()
    asked: list[int] = []
    history.plots.note_asked.connect(asked.append)
    QTest.mouseClick(lanes, LEFT, pos=QPointF(lanes.frame.x(NOTED), 45).toPoint())
    assert asked == [1]


def test_the_table_says_what_the_plots_draw_and_a_screen_reader_is_told_of_every_picture(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    history.bar.table.click()
    rows = history.table.table.facts
    qtbot.waitUntil(lambda: bool(rows.rows))
    assert not history.table.isHidden()
    assert 20 <= len(rows.rows) <= 100
    assert len(rows.rows[0]) == len(rows.columns) == 11
    history.bar.table.click()
    assert history.table.isHidden()
    history.bar.table.click()
    history.moments.show_who(CHANGED)
    settled(history, qtbot)
    assert unspoken(history) == []


def test_in_the_other_language_and_theme_all_is_said_and_painted_again(
    history: HistoryPanel, qtbot: QtBot
) -> None:
    use_language("zh_CN")
    history.retranslate()
    assert history.bar.link.text() == "复制命令"
    assert "P50 大多" in history.plots.plots[0].accessibleDescription()
    settled(history, qtbot)
    assert history.plots.scene is not None
    assert "Hiccup" not in history.plots.scene.incidents[0].name
    still = history.plots.plots[0].grab().toImage()
    history._context.theme.choose("dark")
    assert history.plots.plots[0].grab().toImage() != still
    history._context.theme.choose("light")


def test_a_moment_that_is_out_of_sight_is_read_no_more(history: HistoryPanel, qtbot: QtBot) -> None:
    history.plots.point_at(FIRST_HICCUP - 60)
    history.state.go(TimeRange(round((NOW - 3000) * NS), round((NOW - 60) * NS)))
    assert history.plots.moment_read() is None
    QTest.keyClick(history.strip, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: history.plots.moment_read() is not None)
    assert history.plots.moment_read() == pytest.approx(LAST_HICCUP), "the next one from what is shown"


def test_a_record_that_cannot_be_read_is_told(
    history: HistoryPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(History, "smoke", broken)
    history.state.go(TimeRange(round((NOW - 3000) * NS), round((NOW - 600) * NS)))
    settled(history, qtbot)
    assert not history.trouble.isHidden()
    assert "the disk is gone" in history.trouble.text()
    monkeypatch.undo()
    history.source._again_s = 0.0
    history.source.look()
    settled(history, qtbot)
    assert history.trouble.isHidden(), "it is read again by itself"


def test_a_record_that_could_not_be_opened_at_first_is_shown_once_it_can(
    make_history: MakeHistory, open_record: Callable[[], History], show: Show, qtbot: QtBot
) -> None:
    ways: list[Callable[[], History]] = [refuse, open_record]
    panel = show(make_history(lambda: ways[0]()))
    qtbot.waitUntil(lambda: not panel.trouble.isHidden())
    ways.pop(0)
    panel.source._again_s = 0.0
    panel.source.look()
    settled(panel, qtbot)
    assert panel.trouble.isHidden()
    panel.deactivate()


def test_the_name_of_an_incident_within_a_longer_one_is_not_painted_over_its_bar(
    history: HistoryPanel,
) -> None:
    lanes, scene = history.plots.lanes, history.plots.scene
    assert scene is not None
    long, short = Span(NOW - 6_000, NOW - 600, "warning"), Span(NOW - 4_000, NOW - 3_990, "warning")
    pictures = []
    for inner in (short, replace(short, name="cargo")):
        lanes.show_scene(replace(scene, incidents=(long, inner)))
        pictures.append(lanes.grab().toImage())
    assert pictures[0] == pictures[1]


def test_the_beat_that_was_asked_for_is_read_whole_to_the_millisecond(history: HistoryPanel) -> None:
    history.moments.show_who(CHANGED)
    beats = history.cards.beats
    columns = (Column("Time", right=False), *map(Column, ("Duration", "Lateness", "CPU")))
    row = tuple(Fact(text, strong=True) for text in ("23:51:00.888", "888 µs", "888 ms", "100 %"))
    beats.tell(columns, [row], "")
    QApplication.processEvents()
    widths = [beats.table.columnWidth(place) for place in range(len(columns))]
    assert all(width >= wished for width, wished in zip(widths, beats.table._wished, strict=True))

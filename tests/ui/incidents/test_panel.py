"""What the Incidents panel shows: the record and what has just happened, by filter, and the one that is chosen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, IncidentBrief
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.incidents.filter import DAY_S, Course, IncidentFilter
from aios_gui.ui.incidents.panel import IncidentsPanel
from aios_gui.ui.incidents.source import MOST
from aios_gui.ui.incidents.table_model import LASTED, WHAT, WHEN
from aios_gui.ui.panel import Place
from aios_gui.ui.plots import gestures
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.theme import LABEL, STRONG, TEXT, font
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeFeed, FakeResident, PaintCounter, context_of, local_source
from tests.ui.incidents.incidents_made import S, busy, hiccup
from tests.ui.machine import Machine

HOSTILE = "<b>evil</b>\x1b[2J\n| `rm` &"


def shown(panel: IncidentsPanel, column: int = WHAT) -> list[str]:
    model = panel.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def text_of(label: QLabel) -> str:
    return label.text().replace("\u00a0", " ")


def feed_of(panel: IncidentsPanel) -> FakeFeed:
    feed = panel._controller.feed._feed
    assert isinstance(feed, FakeFeed)
    return feed


def chart_drawn(panel: IncidentsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.detail.chart._rows is not None)


def test_the_week_is_shown_newest_first_and_the_newest_is_open(incidents: IncidentsPanel) -> None:
    assert shown(incidents) == [
        "Hiccup 380 ms",
        "CPU over 80 %",
        "Memory over 85 %",
        "Hiccup 1.9 s",
        "CPU over 80 %",
        "Memory over 85 %",
        "Free disk space under 5.0 %",
        "4 hiccups, longest 71 ms",
    ]
    assert shown(incidents, LASTED)[0] == "380 ms"
    assert len(shown(incidents, WHEN)[0]) == len("14:03:07")
    detail = incidents.detail
    assert detail.incident is not None
    assert detail.incident.id == 80
    assert text_of(detail.sentence) == (
        "97 % of the delay was waiting for a free core; cargo (4 processes) kept 1.9 cores busy"
    )
    assert "worst 380 ms · limit 50 ms · rule “Hiccup”" in text_of(detail.figures)


def test_the_chart_shows_before_during_and_after_with_the_limit(
    incidents: IncidentsPanel, qtbot: QtBot
) -> None:
    chart_drawn(incidents, qtbot)
    chart = incidents.detail.chart
    around = chart.plot._around
    assert around.target_label == "limit 50 ms"
    (span,) = around.spans
    assert chart.plot.frame.start_s < span.start_s - 59
    assert chart.plot.frame.end_s > span.end_s + 59
    assert len(around.hiccups) == 1
    assert text_of(chart.title) == "Lateness around it"
    chart.plot.gesture.emit(gestures.ToggleCrosshair())
    assert chart.readout.text()
    incidents.detail.grab()


def test_gaps_are_hatched_and_nothing_recorded_is_said(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    incidents.list.choose(20)
    chart_drawn(incidents, qtbot)
    chart = incidents.detail.chart
    assert text_of(chart.title) == "Free disk space around it"
    assert text_of(chart.readout) == "Nothing is recorded of that time."
    assert len(chart.plot._around.gaps) == 1
    chart.grab()


def test_where_the_delay_went(machine: Machine, incidents: IncidentsPanel, qtbot: QtBot) -> None:
    chart_drawn(incidents, qtbot)
    assert "this system does not tell" in text_of(incidents.detail.delay.caption)
    event = machine.record.hiccups[0]
    parts = {"run_queue_ns": 369_000_000, "frozen_ns": 11_000_000, "self_inflicted_ns": 0}
    machine.record.hiccups[0] = replace(event, facts={**event.facts, "lateness_ns": 380_000_000, **parts})
    incidents.detail.chart._ask()
    delay = incidents.detail.delay
    qtbot.waitUntil(lambda: bool(delay.parts.text()))
    assert text_of(delay.parts) == "no free core 369 ms · frozen 11 ms · own doing 0 µs"
    assert delay.accessibleName().startswith("Where the 380 ms went")
    told = delay._delay
    assert told is not None
    delay.show_delay(replace(told, lateness_ns=28_000_000_000))
    assert text_of(delay.parts).endswith("own doing 0 µs · not known 28 s"), "and the bar is mostly empty"
    delay.grab()
    incidents.list.choose(70)
    assert not delay.isVisible()


def test_culprits_movers_evidence_and_actions_stand_below(incidents: IncidentsPanel) -> None:
    incidents.list.choose(70)
    detail = incidents.detail
    rows = detail.culprits.facts.rows
    assert [fact.text for fact in rows[0] if fact.text] == ["cargo ×4", "21408", "142 %", "1.9 GB"]
    assert rows[0][3].bar == 1.0
    assert rows[0][0].tip.splitlines()[0] == "cargo"
    assert [row[0].text for row in detail.movers.facts.rows] == ["cargo ×4"]
    assert "other processes may be missing" in text_of(detail.unread)
    assert detail.evidence.facts.rows[0][0].text == "CPU of the machine"
    assert [row.name.text() for row in detail.done.rows] == ["Notify", "Lower the priority of cargo"]
    assert [row.undo.isVisibleTo(detail) for row in detail.done.rows] == [False, True]
    incidents.list.choose(20)
    assert not detail.culprits.isVisibleTo(detail)
    assert not detail.done.isVisibleTo(detail)
    assert detail.note.text.toPlainText() == "The old backups are gone now."


def test_a_whole_command_line_is_shown_once_the_settings_say_so(incidents: IncidentsPanel) -> None:
    detail, tips = incidents.detail, []
    for wanted in (False, True, False):
        incidents._controller.set_value("diagnosis.command_lines", wanted)
        detail.copy_markdown()
        copied = "--release" in QGuiApplication.clipboard().text()
        tips.append((detail.culprits.facts.rows[0][0].tip.splitlines()[0], copied))
    assert tips == [("cargo", False), ("cargo build --release --jobs 4", True), ("cargo", False)]


def test_silence_and_flapping_are_said(incidents: IncidentsPanel) -> None:
    incidents.list.choose(40)
    assert text_of(incidents.detail.remark) == "Silent: within the quiet hours of its rule."
    incidents.list.choose(10)
    assert "came back 3 times" in text_of(incidents.detail.remark)
    assert incidents.model.remark(incidents.model.row_of(10)) == "", "its title counts the hiccups"
    assert incidents.model.remark(incidents.model.row_of(40)) == "quiet hours"


def test_what_has_just_happened_comes_on_top_and_the_choice_stays(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    incidents.list.choose(60)
    feed = feed_of(incidents)
    new = busy(90, machine.now_ns() - 40 * S, None, finding=None, actions=(), over_ns=40 * S)
    feed.snapshot = replace(feed.snapshot, open_incidents=(IncidentBrief.of(new),))
    incidents.refresh()
    assert shown(incidents)[0] == "CPU over 80 %"
    assert shown(incidents, LASTED)[0] == "40 s so far"
    assert incidents.list.number == 60
    assert incidents.list.currentIndex().row() == 3
    incidents.list.choose(90)
    assert text_of(incidents.detail.sentence).endswith("Looking for the cause…")
    machine.record.incidents.append(replace(new, finding=busy(90, 0).finding))
    machine.now_s += 2
    incidents.refresh()
    qtbot.waitUntil(lambda: "cargo" in incidents.detail.sentence.text())
    assert text_of(incidents.detail.sentence) == "cargo and rust-analyzer together kept 1.6 cores busy"


def test_an_incident_that_clears_stays_open_before_the_eyes(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    feed = feed_of(incidents)
    new = busy(90, machine.now_ns() - 40 * S, None)
    machine.record.incidents.append(new)
    feed.snapshot = replace(feed.snapshot, open_incidents=(IncidentBrief.of(new),))
    incidents.filters.set_filter(IncidentFilter(course=Course.OPEN))
    incidents.refresh()
    incidents.list.choose(90)
    machine.record.incidents[-1] = replace(new, cleared_ns=machine.now_ns())
    feed.snapshot = replace(feed.snapshot, open_incidents=())
    machine.now_s += 2
    incidents.refresh()
    qtbot.waitUntil(lambda: getattr(incidents.detail.incident, "cleared_ns", None) is not None)
    assert [each.id for each in incidents.model.incidents] == [90]
    incidents.filters.set_filter(IncidentFilter(course=Course.UNSEEN))
    assert incidents.list.number == 90


def test_what_is_older_than_the_span_goes_also_while_the_panel_stays_open(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    incidents.filters.set_filter(IncidentFilter(DAY_S))
    qtbot.waitUntil(lambda: not incidents.source.reading)
    before = [each.id for each in incidents.model.incidents]
    assert before[-2:] == [50, 40]
    machine.now_s += 0.5 * DAY_S
    incidents.refresh()
    qtbot.waitUntil(lambda: not incidents.source.reading)
    assert [each.id for each in incidents.model.incidents] == before[:-1]
    incidents.refresh()
    assert not incidents.source.reading


def test_nothing_is_painted_when_nothing_has_changed(
    incidents: IncidentsPanel, qtbot: QtBot, count_paints: Callable[..., PaintCounter]
) -> None:
    chart_drawn(incidents, qtbot)
    incidents.refresh()
    qtbot.waitUntil(lambda: incidents._loader._pool.activeThreadCount() == 0)
    qtbot.waitExposed(incidents)
    incidents.grab()
    viewports = [incidents.list.viewport(), incidents.detail.culprits.viewport()]
    counter = count_paints(*viewports, incidents.detail.chart.plot.viewport(), incidents.detail.sentence)
    incidents.refresh()
    incidents.refresh()
    assert counter.count == 0


@pytest.mark.parametrize(
    ("rules_on", "broken", "said"),
    [
        (True, "", "No incidents in the last 7 days. "),
        (False, "", "Every rule is off, so nothing is watched."),
        (True, "disk I/O error", "The record could not be read: disk I/O error"),
    ],
)
def test_an_empty_list_says_why(
    machine: Machine, make_incidents: Callable[..., IncidentsPanel], rules_on: bool, broken: str, said: str
) -> None:
    machine.record.broken = broken
    settings = DEFAULTS
    if not rules_on:
        settings = with_rules(settings, tuple(replace(rule, enabled=False) for rule in rules_of(settings)))
    panel = make_incidents(settings=settings)
    assert text_of(panel.card.empty).startswith(said)
    # One of the two says it: the list where the record cannot be read, and what stands in its place else.
    assert panel.card.isVisible() == bool(broken)
    assert panel.detail.blank.isVisible() != bool(broken)
    if not broken:
        assert text_of(panel.detail.blank.heading).startswith(said)
    assert panel.detail.incident is None
    assert not panel.card.clear.isVisible()
    use_language("zh_CN")
    panel.retranslate()
    assert "。 " not in text_of(panel.card.empty)


def test_what_could_not_be_read_is_read_again_by_itself_and_nothing_is_said_of_its_moment_before(
    machine: Machine, make_incidents: Callable[..., IncidentsPanel], qtbot: QtBot
) -> None:
    machine.record.broken = "disk I/O error"
    panel = make_incidents()
    panel.go_to(Place("incidents", at_ns=machine.now_ns() - 3600 * S))
    qtbot.waitUntil(lambda: not panel.source.reading)
    panel.refresh()
    assert panel._remark == ""
    machine.record.broken = ""
    machine.now_s += 11
    panel.refresh()
    qtbot.waitUntil(lambda: not panel.source.reading)
    assert text_of(panel.card.empty).startswith("No incidents in the last 7 days.")
    assert "no incident of that moment" in panel._remark


def test_a_heading_sorts_the_list_and_again_the_other_way_round(incidents: IncidentsPanel) -> None:
    header = incidents.list.horizontalHeader()
    chosen = incidents.list.number
    newest_first = [each.id for each in incidents.model.incidents]
    header.setSortIndicator(LASTED, Qt.SortOrder.DescendingOrder)
    lengths = [each.lasted_ns for each in incidents.model.incidents]
    assert lengths == sorted(lengths, reverse=True)
    assert incidents.list.number == chosen
    header.setSortIndicator(LASTED, Qt.SortOrder.AscendingOrder)
    assert lengths == [each.lasted_ns for each in incidents.model.incidents][::-1]
    header.setSortIndicator(WHEN, Qt.SortOrder.DescendingOrder)
    assert [each.id for each in incidents.model.incidents] == newest_first
    tips = [
        incidents.model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for place in range(4)
    ]
    assert all(tips)


def test_no_title_is_cut_while_another_column_has_room(incidents: IncidentsPanel) -> None:
    shown = incidents.list
    spare = shown.columnWidth(LASTED) - QFontMetrics(font(TEXT)).horizontalAdvance(
        incidents.model.longest(LASTED)
    )
    assert spare < 60


def test_hostile_names_are_shown_as_they_are(
    machine: Machine, make_incidents: Callable[..., IncidentsPanel]
) -> None:
    evil = Culprit(HOSTILE, 1, 90.0, 1, None, HOSTILE * 9, HOSTILE, (HOSTILE,))
    finding = Finding(
        FindingKind.ONE_PROCESS, {"name": HOSTILE, "cpu_percent": 90.0}, (evil,), (), {HOSTILE: HOSTILE}
    )
    machine.record.incidents = [
        busy(5, machine.now_ns() - 60 * S, 20.0, rule=HOSTILE, finding=finding, note=HOSTILE)
    ]
    panel = make_incidents()
    detail = panel.detail
    for label in (detail.sentence, detail.figures, detail.unread):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "<b>evil</b>" in label.text()
        assert "\x1b" not in label.text()
    cell = detail.culprits.facts.rows[0][0]
    assert cell.text.startswith("<b>evil</b>")
    tip = detail.culprits.facts.data(detail.culprits.facts.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;evil&lt;/b&gt;" in str(tip)
    assert "<b>" not in str(tip)
    tip = panel.model.index(0, WHAT).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    detail.copy_markdown()
    copied = QGuiApplication.clipboard().text()
    assert r"\<b\>evil\</b\>" in copied
    assert "<b>" not in copied.replace(r"\<b\>", "")
    panel.grab()


def test_a_real_record_is_read(
    paths: Paths, make_controller: Callable[..., Controller], qtbot: QtBot
) -> None:
    now_ns = time.time_ns()
    paths.data.mkdir(parents=True, exist_ok=True)
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    writer.write([hiccup(3, now_ns - 90 * S), busy(4, now_ns - 60 * S, None)], 0)
    writer.close()
    controller = make_controller(local_source(FakeResident()))
    context = context_of(controller)
    panel = IncidentsPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.activate()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    assert shown(panel) == ["CPU over 80 %", "Hiccup 380 ms"]
    assert panel.detail.incident is not None
    assert panel.detail.incident.finding == busy(4, 0).finding
    panel.close()
    assert panel._loader._pool.activeThreadCount() == 0


def test_somebody_is_led_to_an_incident_by_its_number_or_a_moment(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    incidents.filters.set_filter(IncidentFilter(DAY_S, level=Level.CRITICAL))
    incidents.go_to(Place("incidents", at_ns=machine.record.hiccups[0].wall_ns))
    qtbot.waitUntil(lambda: incidents.list.number == 80)
    assert incidents.filters.filter == IncidentFilter(DAY_S)
    incidents.go_to(Place("incidents", at_ns=machine.now_ns() - 5 * DAY_S * S - 3_900 * S))
    qtbot.waitUntil(lambda: incidents.list.number == 10)
    assert incidents.filters.filter.span_s == 7 * DAY_S
    incidents.go_to(Place("incidents", at_ns=machine.now_ns() - 3_000 * S))
    qtbot.waitUntil(lambda: "no incident of that moment" in text_of(incidents.card.foot))
    incidents.list.choose(70)
    assert not incidents.card.foot.isVisible()


def test_a_list_that_was_cut_says_so(incidents: IncidentsPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    incidents.source.complete = False
    incidents._show_empty()
    assert text_of(incidents.card.foot) == "Only the newest 2,000 are shown."


def test_it_speaks_another_language_and_puts_on_another_theme(incidents: IncidentsPanel) -> None:
    assert (incidents.title(), shown(incidents)[0]) == ("Incidents", "Hiccup 380 ms")
    use_language("zh_CN")
    incidents.retranslate()
    assert (incidents.title(), shown(incidents)[0]) == ("事件", "卡顿 380 ms")
    incidents._context.theme.choose("dark")
    incidents.grab()
    assert incidents.detail.chart.plot._tokens is incidents._context.theme.tokens


def test_it_keeps_its_type_within_the_stack_of_a_window(
    machine: Machine, make_controller: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = make_controller(local_source(FakeResident()))
    controller.theme.dress()
    machine.record.incidents = [busy(70, machine.now_ns() - 600 * S)]
    context = context_of(controller, machine.record.open)
    window = QWidget()
    qtbot.addWidget(window)
    stack = QStackedWidget(window)
    stack.addWidget(QWidget())
    window.show()
    panel = IncidentsPanel(context, machine.now_ns)
    stack.addWidget(panel)
    stack.setCurrentWidget(panel)
    panel.activate()
    qtbot.waitUntil(lambda: panel.detail.incident is not None)
    assert panel.detail.sentence.font().pixelSize() == STRONG
    assert panel.detail.sentence.font().bold() or panel.detail.sentence.font().weight() > 500
    qtbot.waitUntil(panel.list.isVisible)
    assert panel.list.horizontalHeader().viewport().font().pixelSize() == LABEL
    panel.close()


def test_a_small_panel_puts_the_filter_and_the_detail_below(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    incidents.setMinimumSize(676, 480)
    incidents.resize(676, 480)
    assert incidents.splitter.orientation() is Qt.Orientation.Vertical
    qtbot.waitUntil(lambda: incidents.filters.y() > incidents.open_rules.y())
    box = incidents.filters.span
    assert box.width() >= box.sizeHint().width()
    incidents.resize(1196, 724)
    assert incidents.splitter.orientation() is Qt.Orientation.Horizontal
    qtbot.waitUntil(lambda: incidents.filters.y() <= incidents.open_rules.y() + 4)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_button_is_cut_where_there_is_little_room(
    incidents: IncidentsPanel, qtbot: QtBot, language: str
) -> None:
    use_language(language)
    incidents.retranslate()
    detail = incidents.detail
    buttons = (detail.live, detail.copy, detail.more, detail.mute, detail.acknowledge)

    def are_whole() -> bool:
        return all(button.width() >= button.sizeHint().width() for button in buttons if button.isVisible())

    for width in (690, 780, 876, 1196):
        incidents.resize(width, 480)
        qtbot.waitUntil(are_whole)
        assert width < 1196 or all(button.isVisible() for button in buttons)
        assert [each.text() for each in detail.send_on.actions()[:2]] == [
            detail.live.text(),
            detail.copy.text(),
        ]
        detail.acknowledge.click()
        incidents.refresh()
        qtbot.waitUntil(are_whole)


def test_its_timer_runs_only_while_shown(incidents: IncidentsPanel) -> None:
    incidents.activate()
    assert incidents._timer.isActive()
    incidents.deactivate()
    assert not incidents._timer.isActive()


def test_on_the_next_day_none_is_told_as_of_today(incidents: IncidentsPanel, machine: Machine) -> None:
    before = shown(incidents, WHEN)
    machine.now_s += DAY_S
    incidents.refresh()
    assert before[0] != shown(incidents, WHEN)[0]


def test_what_is_shown_already_is_not_composed_again(incidents: IncidentsPanel, machine: Machine) -> None:
    model = incidents.model
    before = list(model._texts)
    model.show([replace(model.incidents[0], note="seen"), *model.incidents[1:]], machine.now_ns())
    assert [new is old for new, old in zip(model._texts, before, strict=True)] == [
        False,
        *[True] * (len(before) - 1),
    ]


def test_of_a_panel_that_stays_open_only_the_newest_are_held(incidents: IncidentsPanel) -> None:
    source = incidents.source
    source._known |= {number: hiccup(number, number * S) for number in range(1, MOST + 9)}
    source.stir()
    assert (len(source.incidents), len(source._known), source.complete) == (MOST, MOST, False)


def test_the_chart_of_what_samples_tell_has_those_of_all_its_days(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    disk = next(each for each in incidents.model.incidents if each.measure == Measure.DISK_FREE)
    disk = replace(disk, started_ns=machine.now_ns() - 3 * DAY_S * S, cleared_ns=machine.now_ns())
    first_ns, last_ns = disk.started_ns, disk.started_ns + 2 * DAY_S * S
    machine.record.context[:] = [
        ContextSample(at_ns, None, None, disk_free_percent=4.0) for at_ns in (first_ns, last_ns)
    ]
    chart = incidents.detail.chart
    chart.show_incident(disk)
    qtbot.waitUntil(lambda: chart._rows is not None)
    assert chart._rows is not None
    assert list(chart._rows.times) == [first_ns / S, last_ns / S]


def test_in_a_narrow_list_what_it_was_is_not_cut_for_how_long_it_lasted(incidents: IncidentsPanel) -> None:
    shown = incidents.list
    for width, is_hidden in ((300, True), (500, False)):
        shown.setFixedWidth(width)
        QApplication.processEvents()
        assert shown.isColumnHidden(LASTED) is is_hidden
        names = QFontMetrics(font(TEXT, strong=True)).horizontalAdvance(incidents.model.longest(WHAT))
        assert shown.columnWidth(WHAT) >= min(names, 170)

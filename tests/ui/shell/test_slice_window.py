"""A window on a slice shows what is in it, neither beats nor changes anything, and refuses what is no slice."""

import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from aios_gui import app
from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.instance.commands import AcknowledgeIncident
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.settings import settings_file
from aios_gui.record.model.timerange import TimeRange, parse_view
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from aios_gui.ui.history.panel import HistoryPanel
from aios_gui.ui.incidents.actions import ActionList
from aios_gui.ui.incidents.panel import IncidentsPanel
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.panel import Place
from aios_gui.ui.reports.panel import PLAN, ReportsPanel
from aios_gui.ui.shell.controller import Controller, Kit
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.slice_window import make_window
from aios_gui.ui.shell.sources import SliceSource
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import Theme
from tests.defaults import DEFAULTS
from tests.fakes import WALL, S, recorded_beat
from tests.ui.children import PATIENCE_MS

SPAN = TimeRange(WALL, WALL + 600 * S)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stall.aiosrec"
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(WALL, "service", {})
    incident = Incident(7, "cpu", "cpu_percent", Level.WARNING, WALL + 5 * S, 97.0, 80.0, WALL + 60 * S)
    writer.write([*(recorded_beat(seq) for seq in range(600)), incident], session)
    writer.close()
    return path


@pytest.fixture
def controller(qtbot: QtBot, paths: Paths, file: Path) -> Controller:
    def beats() -> None:
        raise AssertionError("it is not to beat")

    kit = Kit(paths, settings_file(paths), Theme(), Language(), beats, record=file)  # type: ignore[arg-type]
    return Controller(kit, DEFAULTS, SliceSource())


def opened(qtbot: QtBot, controller: Controller, file: Path) -> tuple[Window, LivePanel]:
    """The window on the slice, and its Live, which shows the span of it."""
    window = make_window(controller, file, SPAN)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "live" in window.panels)
    live = window.panels["live"]
    assert isinstance(live, LivePanel)
    qtbot.waitUntil(lambda: live.time_window.start_s == SPAN.start_ns / S)
    return window, live


def opened_incidents(qtbot: QtBot, controller: Controller, file: Path) -> tuple[Window, IncidentsPanel]:
    """The window on the slice, and its Incidents."""
    window = make_window(controller, file, SPAN)
    qtbot.addWidget(window)
    window.show()
    window.open_panel("incidents")
    qtbot.waitUntil(lambda: "incidents" in window.panels)
    incidents = window.panels["incidents"]
    assert isinstance(incidents, IncidentsPanel)
    return window, incidents


def test_it_shows_the_beats_and_incidents_of_the_file_and_changes_nothing(
    qtbot: QtBot, controller: Controller, file: Path
) -> None:
    before = file.read_bytes()
    window, live = opened(qtbot, controller, file)
    assert not live.bar.back.isVisible(), "there is nothing live to go back to"
    assert not live.bar.freeze.isVisible()
    assert not window.status_bar.isVisible()
    assert "stall.aiosrec" in window.windowTitle()
    live.moments.write_note()
    assert live.moments.note.isHidden(), "none could be kept"
    assert live.moments.who.note.isHidden()
    live.plots.point_at(SPAN.start_ns / S + 100)
    menu = live.menu_for(live.cards[0])
    assert "Write a note…" not in [each.text() for each in menu.actions()]
    menu.deleteLater()
    window.open_panel("incidents")
    qtbot.waitUntil(lambda: "incidents" in window.panels)
    incidents = window.panels["incidents"]
    assert isinstance(incidents, IncidentsPanel)
    qtbot.waitUntil(lambda: incidents.list.model().rowCount() == 1)
    refused: list[Notice] = []
    controller.notice_raised.connect(refused.append)
    controller.send(AcknowledgeIncident(7, WALL))
    qtbot.waitUntil(lambda: len(refused) == 1)
    assert "only looked at" in refused[0].text()
    window.go_to(Place("history", SPAN.start_ns + 60 * S, SPAN.end_ns - 60 * S))
    qtbot.waitUntil(lambda: "history" in window.panels)
    history = window.panels["history"]
    assert isinstance(history, HistoryPanel)
    qtbot.waitUntil(lambda: history.source.is_known and history.source.is_settled)
    assert history.state.span.start_ns == SPAN.start_ns + 60 * S
    assert history.plots.scene is not None
    assert [each.name for each in history.plots.scene.incidents] == ["CPU over 80 %"]
    history.state.go(SPAN)
    assert "now" not in history.bar.field.text()
    history.state.go(TimeRange(SPAN.start_ns + 60 * S, SPAN.end_ns - 60 * S))
    history.copy_link()
    program, looked_at, *rest = shlex.split(QGuiApplication.clipboard().text())
    assert (program, looked_at) == ("aios-gui", str(file))
    assert parse_view(rest[-1], 0).span == history.state.span
    window.leave()
    controller.shutdown()
    assert file.read_bytes() == before


@pytest.mark.parametrize("of_slice", [False, True])
def test_nothing_that_was_done_is_taken_back_in_a_slice(theme: Theme, qtbot: QtBot, of_slice: bool) -> None:
    done = ActionList(theme, of_slice=of_slice)
    qtbot.addWidget(done)
    done.show_results((ActionResult("run:x", ActionState.DONE, "", WALL, undo="run:y"),))
    assert done.rows[0].undo.isHidden() is of_slice


def test_what_is_looked_at_is_reported_from_the_slice(
    qtbot: QtBot, controller: Controller, file: Path
) -> None:
    window = make_window(controller, file, SPAN)
    qtbot.addWidget(window)
    window.show()
    window.go_to(Place("history", SPAN.start_ns + 300 * S, SPAN.end_ns))
    qtbot.waitUntil(lambda: "history" in window.panels)
    history = window.panels["history"]
    assert isinstance(history, HistoryPanel)
    qtbot.waitUntil(lambda: history.source.is_known and history.source.is_settled)
    history.bar.compare.setChecked(True)
    history.bar.report_asked.emit()
    qtbot.waitUntil(lambda: "reports" in window.panels)
    reports = window.panels["reports"]
    assert isinstance(reports, ReportsPanel)
    qtbot.waitUntil(lambda: bool(reports.templates.offers), timeout=PATIENCE_MS)
    order = reports.form.order
    assert (order.template, order.slice) == ("comparison", str(file))
    assert history.compare is not None
    compared = tuple(parse_view(each, 0).span for each in (order.against, order.span))
    assert compared == history.compare.spans.spans()
    assert compared[1].start_ns == SPAN.start_ns + 300 * S
    assert reports.pages.button(PLAN) is None
    assert [reports.form.span.box.itemData(place) for place in range(reports.form.span.box.count())] == [
        "all"
    ]
    reports.preview.make()
    qtbot.waitUntil(lambda: not reports.preview.view.isHidden(), timeout=PATIENCE_MS)
    assert "15 June 2025" in reports.preview.view.toPlainText()
    reports.form.span.box.setEditText("1m")
    reports.form.span.settle()
    assert parse_view(reports.form.order.span, 0).span.start_ns == SPAN.end_ns - 60 * S
    window.leave()
    controller.shutdown()


def test_children_read_the_slice_and_not_the_record_here(
    qtbot: QtBot, controller: Controller, file: Path, tmp_path: Path
) -> None:
    window, live = opened(qtbot, controller, file)
    live.saving.choose_file = lambda *_words: tmp_path / "beats.csv"
    live.saving.save_csv()
    qtbot.waitUntil((tmp_path / "beats.csv").exists, timeout=PATIENCE_MS)
    assert len((tmp_path / "beats.csv").read_text().splitlines()) > 600
    window.leave()
    controller.shutdown()


def test_without_incidents_it_tells_of_no_rules_and_makes_up_none(
    qtbot: QtBot, controller: Controller, file: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM incident")
    window, incidents = opened_incidents(qtbot, controller, file)
    blank = incidents.detail.blank
    qtbot.waitUntil(blank.isVisible)
    qtbot.waitUntil(lambda: blank.heading.text() == "No incidents in the last 7 days of this slice.")
    assert not any(each.isVisible() for each in (blank.example, blank.title, blank.table, blank.unwatched))
    window.leave()
    controller.shutdown()


def test_an_incident_without_an_end_was_open_when_the_recording_ended(
    qtbot: QtBot, controller: Controller, file: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE incident SET cleared_us = NULL")
    window, incidents = opened_incidents(qtbot, controller, file)
    qtbot.waitUntil(lambda: incidents.detail.incident is not None)
    assert incidents.model.remark(0) == "open when the recording ended"
    assert "open when the recording ended" in incidents.detail.figures.text()
    assert "not looked into" in incidents.detail.sentence.text()
    detail = incidents.detail
    for part in (detail.mute, detail.acknowledge, detail.note, incidents.open_rules):
        assert not part.isVisible(), "it is only looked at"
    window.leave()
    controller.shutdown()


def test_what_is_no_slice_is_refused_in_words(
    tmp_path: Path, paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    (tmp_path / "no.aiosrec").write_text("no", encoding="utf-8")
    assert app.main([str(tmp_path / "no.aiosrec")]) == 2
    assert "is not a record of AIOS Heartbeat" in capsys.readouterr().err

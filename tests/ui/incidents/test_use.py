"""What a person does in the Incidents panel, here and over the record of a background service."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from aios_gui import __version__
from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.demonstration import demonstration
from aios_gui.instance.commands import AcknowledgeIncident, AddNote, Command, MuteRule, UndoAction
from aios_gui.text import figures
from aios_gui.ui.incidents.detail import FOR_EVER_NS
from aios_gui.ui.incidents.panel import IncidentsPanel
from aios_gui.ui.incidents.table_model import WHAT
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.panel import Place
from aios_gui.ui.plots import gestures
from aios_gui.ui.shell.slicing import SliceDialog
from aios_gui.ui.widgets.toast import Toast
from tests.ui.fakes import FakeRemote, FakeResident, local_source, remote_source
from tests.ui.incidents.incidents_made import S, a_week
from tests.ui.machine import NS, Machine, settled

HOUR_NS = 3_600 * S
MakePanel = Callable[[], tuple[IncidentsPanel, list[Command[Any]]]]


@pytest.fixture(params=["here", "service"])
def make(
    request: pytest.FixtureRequest, machine: Machine, make_incidents: Callable[..., IncidentsPanel]
) -> MakePanel:
    """Builds a panel; returns it with the commands that reach what watches the rules, in this process or another."""

    def build() -> tuple[IncidentsPanel, list[Command[Any]]]:
        machine.record.incidents = a_week(machine.now_ns(), machine.record.hiccups[0].wall_ns)
        if request.param == "here":
            resident = FakeResident()
            return make_incidents(local_source(resident)), resident.commands
        remote = FakeRemote()
        return make_incidents(remote_source(remote)), remote.commands

    return build


def choose_in_menu(panel: IncidentsPanel, place: int) -> None:
    panel.detail.mutes.menu.actions()[place].trigger()


def test_acknowledge_note_and_undo_reach_whoever_watches(
    make: MakePanel, machine: Machine, qtbot: QtBot
) -> None:
    panel, said = make()
    panel.list.choose(70)
    detail = panel.detail
    qtbot.keyClick(detail.acknowledge, Qt.Key.Key_Space)
    assert said == [AcknowledgeIncident(70, machine.now_ns())]
    assert detail.acknowledge.text() == "Undo acknowledge"
    assert "not acknowledged" in detail.acknowledge.toolTip()  # the header still counts it as seen
    assert panel.model.remark(1) == "acknowledged"
    qtbot.keyClick(detail.acknowledge, Qt.Key.Key_Space)
    assert said[-1] == AcknowledgeIncident(70, 0)
    assert (detail.acknowledge.text(), panel.model.remark(1)) == ("Acknowledge", "")
    detail.note.text.setPlainText("cargo again ")
    qtbot.keyClick(detail.note.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said[-1] == AddNote(70, "cargo again")
    assert panel.model.incidents[1].note == "cargo again"
    assert not detail.note.keep.isVisible()
    undo = detail.done.rows[1].undo
    undo.click()
    assert said[-1] == UndoAction(70, "renice:cargo")
    assert not undo.isEnabled()


def test_the_record_has_the_last_word(make: MakePanel, machine: Machine, qtbot: QtBot) -> None:
    panel, _said = make()
    panel.detail.acknowledge.click()
    assert panel.model.incidents[0].acknowledged_ns is not None
    machine.now_s += 6
    panel.source.load(panel.filters.filter.span_s)
    qtbot.waitUntil(lambda: not panel.source.reading)
    assert panel.model.incidents[0].acknowledged_ns is None
    assert panel.detail.acknowledge.isEnabled()


def test_a_rule_is_muted_for_as_long_as_one_likes(make: MakePanel, machine: Machine) -> None:
    panel, said = make()
    now_ns = machine.now_ns()
    texts = [action.text() for action in panel.detail.mutes.menu.actions()]
    assert texts == ["For 1 h", "For 8 h", "For a day", "Until unmuted"]
    for place in range(4):
        choose_in_menu(panel, place)
    assert said == [
        MuteRule("hiccup", now_ns + HOUR_NS),
        MuteRule("hiccup", now_ns + 8 * HOUR_NS),
        MuteRule("hiccup", now_ns + 24 * HOUR_NS),
        MuteRule("hiccup", FOR_EVER_NS),
    ]


def test_a_muted_rule_says_until_when_and_can_be_unmuted(incidents: IncidentsPanel, machine: Machine) -> None:
    choose_in_menu(incidents, 3)
    incidents.refresh()
    detail = incidents.detail
    assert detail.remark.text() == "The rule is muted until somebody unmutes it."
    assert detail.mute.text() == "Muted…"
    incidents.list.choose(70)
    assert detail.mute.text() == "Mute rule…"
    incidents.list.choose(80)
    choose_in_menu(incidents, -1)
    incidents.refresh()
    assert not detail.remark.isVisible()
    choose_in_menu(incidents, 0)
    incidents.refresh()
    until = figures.clock_time(machine.now_ns() + HOUR_NS, machine.now_ns())
    assert detail.remark.text() == f"The rule is muted until {until}."


def test_what_the_service_refuses_is_taken_back(
    machine: Machine, make_incidents: Callable[..., IncidentsPanel], qtbot: QtBot
) -> None:
    machine.record.incidents = a_week(machine.now_ns(), machine.record.hiccups[0].wall_ns)
    remote = FakeRemote()
    remote.refusal = "the disk is full"
    panel = make_incidents(remote_source(remote))
    with qtbot.waitSignal(panel._controller.notice_raised):
        panel.detail.acknowledge.click()
    assert panel.model.incidents[0].acknowledged_ns is None
    assert panel.detail.acknowledge.isEnabled()


def test_what_is_being_typed_stays_while_the_incident_changes(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    note = incidents.detail.note
    note.text.setPlainText("half a sen")
    changed = replace(machine.record.incidents[-1], count=2)
    machine.record.incidents[-1] = changed
    incidents.source.load(None)
    qtbot.waitUntil(lambda: incidents.detail.incident == changed)
    assert note.text.toPlainText() == "half a sen"
    other = next(each.id for each in incidents.model.incidents if each.id != changed.id)
    incidents.list.choose(other)
    assert note.text.toPlainText() == next(e.note for e in incidents.model.incidents if e.id == other)
    incidents.list.choose(changed.id)
    assert note.text.toPlainText() == "half a sen", "it was lost"
    note.drop.click()
    assert note.text.toPlainText() == ""
    note.text.setPlainText("x" * 2_001)
    assert not note.keep.isEnabled()
    assert note.left.text().startswith("1 character too many")


def test_what_keeps_a_note_comes_into_view_as_it_is_typed(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    detail = incidents.detail
    detail.view.ensureWidgetVisible(detail.note.text, 0, 0)
    detail.view.verticalScrollBar().setValue(detail.view.verticalScrollBar().value() // 2)
    detail.note.text.setPlainText("seen")
    qtbot.waitUntil(lambda: detail.note.keep.visibleRegion().boundingRect() == detail.note.keep.rect())


def test_copy_as_markdown(incidents: IncidentsPanel) -> None:
    incidents.detail.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("# Hiccup 380 ms (warning)\n\n97 % of the delay")
    assert "| cargo | 21408 | 187 % |" in text
    assert re.search(r"^- 20\d\d\\?-\d\d\\?-\d\d \d\d:\d\d:\d\d to \d\d:\d\d:\d\d \\?\(", text, re.MULTILINE)
    last = text.splitlines()[-1].replace("\\", "")
    assert last.startswith(f"AIOS Heartbeat {__version__} · {socket.gethostname()} · 20")
    assert re.search(r"UTC[+-]\d\d:\d\d$", last)
    assert [(each.isVisible(), each.text()) for each in incidents.window().findChildren(Toast)] == [
        (True, "Copied as Markdown")
    ]


def test_show_in_live_leads_to_that_time(incidents: IncidentsPanel, machine: Machine, qtbot: QtBot) -> None:
    started_ns = machine.record.hiccups[0].wall_ns
    with qtbot.waitSignal(incidents._controller.place_asked) as asked:
        incidents.detail.live.click()
    assert asked.args == [Place("live", started_ns - 60 * S, started_ns + 60 * S, started_ns)]
    incidents.list.choose(70)
    with qtbot.waitSignal(incidents._controller.place_asked) as asked:
        incidents.detail.chart.plot.gesture.emit(gestures.Follow())
    start_ns, end_ns = incidents.detail.chart.span_ns
    assert (asked.args[0].start_ns, asked.args[0].end_ns) == (start_ns, end_ns)


def test_an_incident_leads_to_a_report_and_to_a_slice_of_it(incidents: IncidentsPanel) -> None:
    asked: list[Place] = []
    incidents._controller.place_asked.connect(asked.append)
    incident = incidents.detail.incident
    assert incident is not None
    ways = {action.text(): action for action in incidents.detail.send_on.actions()}
    ways["Report this…"].trigger()
    (place,) = asked
    assert (place.panel, place.template, place.incident) == ("reports", "incident", incident.id)
    assert place.start_ns < incident.started_ns <= place.end_ns
    ways["Save this as a slice…"].trigger()
    (dialog,) = incidents.findChildren(SliceDialog)
    assert dialog.child.running
    dialog.reject()
    assert not dialog.child.running


def test_live_goes_there_and_a_hiccup_leads_back(panel: LivePanel, machine: Machine, qtbot: QtBot) -> None:
    at_ns = machine.record.hiccups[0].wall_ns
    panel.go_to(Place("live", at_ns - 60 * NS, at_ns + 60 * NS, at_ns))
    settled(panel, qtbot)
    panel.draw()
    window = panel.time_window
    assert not window.following
    assert (window.start_s, window.end_s) == (at_ns / NS - 60, at_ns / NS + 60)
    plot = panel.cards[1].plot
    assert "hiccup" in panel.cards[1].readout.text()
    x = plot.frame.x(at_ns / NS)
    place = plot.mapFromScene(x, plot.frame.rect.center().y())
    with qtbot.waitSignal(machine.controller.place_asked) as asked:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [Place("incidents", at_ns=at_ns)]
    menu = panel.menu_for(panel.cards[1])
    panel.plots.point_at(at_ns / NS)
    menu = panel.menu_for(panel.cards[1])
    show = next(action for action in menu.actions() if action.text() == "Show the incident")
    with qtbot.waitSignal(machine.controller.place_asked):
        show.trigger()


def test_a_moment_that_has_just_been_is_waited_for_until_the_record_has_it(
    incidents: IncidentsPanel, machine: Machine, qtbot: QtBot
) -> None:
    now_ns = machine.now_ns()
    incidents.go_to(Place("incidents", at_ns=now_ns))
    qtbot.waitUntil(lambda: not incidents.source.reading)
    assert not incidents.card.foot.isVisible()
    machine.record.incidents.append(replace(demonstration(now_ns, 50_000_000), id=90))
    machine.now_s += 1
    incidents.refresh()
    qtbot.waitUntil(lambda: incidents.list.number == 90)
    detail = incidents.detail
    assert incidents.model.index(0, WHAT).data() == "Made-up hiccup 380 ms"
    assert "made up: nothing stalled" in detail.sentence.text()
    assert "no figure, score or notification counts it" in detail.remark.text()
    assert [fact.text for fact in detail.culprits.facts.rows[0][:2]] == ["made-up-build ×4", "–"]
    assert not detail.mute.isVisible()


def test_an_action_that_was_undone_says_so(incidents: IncidentsPanel, machine: Machine, qtbot: QtBot) -> None:
    incidents.list.choose(70)
    before = machine.record.incidents[-2]
    undone = replace(before.actions[1], state=ActionState.UNDONE)
    machine.record.incidents[-2] = replace(before, actions=(before.actions[0], undone))
    row = incidents.detail.done.rows[1]
    incidents.source.load(None)
    qtbot.waitUntil(lambda: row.state.text().startswith("taken back"))
    assert not row.undo.isVisible()

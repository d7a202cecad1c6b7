"""Stalls that no beat felt are marked in Live, named after what was waited for."""

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.history.notes.model import Note
from aios_gui.ui.live.panel import LivePanel
from tests.ui.incidents.incidents_made import busy
from tests.ui.machine import NOW, NS, Machine

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def stall(at_s: float, length_s: float, resource: str) -> Event:
    facts = {"lateness_ns": int(length_s * NS), "resource": resource, "seen_by": "kernel"}
    return Event(EventKind.RESOURCE_STALL, int(at_s * NS), None, facts)  # type: ignore[arg-type]


def test_each_is_a_marked_time_in_the_colour_of_stalls(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.record.stalls = [stall(NOW - 40, 2.5, "io"), stall(NOW - 20, 0.5, "new")]
    with qtbot.waitSignal(panel.stalls.changed):
        panel.stalls.read()
    found = {span.name: (span.start_s - NOW, span.end_s - NOW, span.tone) for span in panel._spans()}
    assert found["waiting for the disk"] == (pytest.approx(-42.5), pytest.approx(-40), "lateness")
    assert found[""] == (pytest.approx(-20.5), pytest.approx(-20), "lateness")
    panel.deactivate()


def test_what_is_read_now_and_then_is_read_on_where_the_clock_was_set_back(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.now_s -= 3600
    machine.record.stalls = [stall(NOW - 40, 2.5, "io")]
    machine.record.notes = [Note(int(NOW - 60) * NS, int(NOW - 60) * NS, "set back", 1, 1)]
    machine.record.incidents = [busy(90, machine.now_ns() - 40 * NS)]
    with qtbot.waitSignals([panel.stalls.changed, panel.moments.changed, panel.incidents.changed]):
        panel.stalls.look()
        panel.moments.look()
        panel.incidents.look(machine.feed.snapshot)
    panel.deactivate()

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
        panel.stalls.look(())
        panel.moments.look()
        panel.incidents.look(machine.feed.snapshot)
    panel.deactivate()


def test_a_new_one_is_marked_as_the_feed_tells_it_and_all_are_read_once_a_minute(
    panel: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    machine.record.stalls = [stall(NOW - 40, 2.5, "io")]
    with qtbot.waitSignal(panel.stalls.changed):
        panel.stalls.read()
    asked = panel.stalls._ticket
    machine.now_s += 5
    new = stall(machine.now_s - 1 + 1e-7, 0.5, "cpu")
    with qtbot.assertNotEmitted(panel.stalls.changed):  # the panel draws anyway, and would twice
        assert panel.stalls.look([new])
    assert [span.name for span in panel.stalls.spans()] == ["waiting for the disk", "waiting for a core"]
    assert panel.stalls._ticket == asked, "it was read again, with every row of it"
    machine.record.stalls.append(stall(NOW - 3, 9.0, "memory"))
    with qtbot.waitSignal(panel.stalls.changed):
        panel.stalls.read()  # which the record has, but not yet the newest
    assert [span.name for span in panel.stalls.spans()] == [
        "waiting for memory",
        "waiting for the disk",
        "waiting for a core",
    ]
    machine.now_s += 60
    machine.record.stalls.append(stall(new.wall_ns // 1000 / 1e6, 0.5, "cpu"))
    with qtbot.waitSignal(panel.moments._loader.done):
        panel.stalls.look(())
    assert panel.stalls._ticket != asked
    assert len(panel.stalls.spans()) == 3, "one was taken twice"
    panel.deactivate()

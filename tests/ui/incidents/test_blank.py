"""What stands where an incident would, while none is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rules import Comparison, Level, Measure, Rule
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.instance.commands import Demonstrate
from aios_gui.ui.incidents.filter import IncidentFilter
from aios_gui.ui.incidents.panel import IncidentsPanel
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeResident, local_source

ACTIVE = sum(rule.enabled for rule in rules_of(DEFAULTS))
MakePanel = Callable[..., IncidentsPanel]


def text_of(label: QLabel) -> str:
    return label.text().replace("\u00a0", " ")


def watched(panel: IncidentsPanel) -> list[tuple[str, ...]]:
    return [tuple(fact.text for fact in row) for row in panel.detail.blank.table.facts.rows]


def test_with_no_incident_it_says_what_one_shows_and_what_is_watched(make_incidents: MakePanel) -> None:
    panel = make_incidents()
    blank = panel.detail.blank
    assert blank.isVisible()
    assert text_of(blank.heading) == f"No incidents in the last 7 days. {ACTIVE} rules are active."
    assert not panel.card.isVisible()
    assert [name.text() for name in blank.names] == [
        "What happened",
        "Around it",
        "Who did it",
        "What was done",
    ]
    assert watched(panel)[0] == ("CPU", "50 % or more for 5 min", "80 % or more for 30 s")
    assert ("Free disk space", "5.0 % or less for 1 min", "2.0 % or less for 1 min") in watched(panel)
    assert ("Lateness", "50 ms or more", "–") in watched(panel)
    panel.grab()


def test_rules_that_are_off_are_not_watched(make_incidents: MakePanel) -> None:
    cpu = Rule("cpu", Measure.CPU, 80.0, level=Level.CRITICAL, for_s=0.0)
    worse = replace(cpu, name="worse", limit=95.0)
    idle = replace(cpu, name="idle", comparison=Comparison.BELOW, limit=1.0, level=Level.WARNING)
    rules = cpu, worse, idle, replace(cpu, name="off", enabled=False)
    panel = make_incidents(settings=with_rules(DEFAULTS, rules))
    assert watched(panel) == [("CPU", "–", "80 % or more · 95 % or more"), ("CPU", "1.0 % or less", "–")]
    assert not panel.detail.blank.unwatched.isVisible()
    panel._controller.set_rules(tuple(replace(each, enabled=False) for each in (cpu, worse)))
    assert not panel.detail.blank.table.isVisible()
    assert text_of(panel.detail.blank.unwatched) == "Every rule is off, so nothing is watched."


def test_an_example_is_asked_for_by_keyboard(make_incidents: MakePanel, qtbot: QtBot) -> None:
    panel = make_incidents(local_source(resident := FakeResident()))
    with qtbot.waitSignal(panel._controller.place_asked) as asked:
        qtbot.keyClick(panel.detail.blank.example, Qt.Key.Key_Space)
    assert resident.commands[-1] == Demonstrate()
    assert asked.args[0].panel == "incidents"


def test_a_filter_that_hides_all_says_so_once(incidents: IncidentsPanel) -> None:
    assert not incidents.detail.blank.isVisible()
    incidents.filters.set_filter(IncidentFilter(text="nothing is called this"))
    assert incidents.card.empty.isVisible()
    assert not incidents.detail.blank.isVisible()
    incidents.card.clear.click()
    assert incidents.detail.incident is not None


def test_while_the_record_is_read_it_says_nothing(incidents: IncidentsPanel) -> None:
    incidents.source.incidents = ()
    incidents.source.reading = True
    incidents._show(strictly=True)
    assert not incidents.detail.blank.isVisible()
    assert incidents.detail.incident is None

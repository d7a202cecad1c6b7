"""Puts an event into the record: a rule fired."""

from __future__ import annotations

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.model.action import ActionState
from aios_gui.heartbeat.model.items import Event, EventKind

LIMIT_S = 1.0


def do(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Hand the event to the recorder."""
    incident, finding = request.question.incident, request.finding
    facts: dict[str, int | float | str] = {
        "rule": incident.rule,
        "level": str(incident.level),
        "measure": str(incident.measure),
        "value": incident.peak,
        "limit": incident.limit,
        "incident": incident.id,
    }
    if finding is not None and finding.culprits:
        facts["culprit"] = finding.culprits[0].name
    ports.record_event(Event(EventKind.RULE_FIRED, ports.wall_ns(), None, facts))
    return ActionOutcome(ActionState.DONE)

"""Tells the person at the machine: what happened, and who did it."""

from __future__ import annotations

from aios_gui.alerts.actions.request import Deed, Means, Notification, Outcome
from aios_gui.alerts.model.action import ActionState, Why

LIMIT_S = 5.0
_TITLE_CHARACTERS, _TEXT_CHARACTERS = 100, 300


def do(deed: Deed, means: Means) -> Outcome:
    """Have it shown; refused where there is nothing to show it by."""
    problem = means.notifier(notification_of(deed))
    if not problem:
        return Outcome(ActionState.DONE)
    state = ActionState.REFUSED if problem in (Why.NO_NOTIFIER, Why.SWITCHED_OFF) else ActionState.FAILED
    return Outcome(state, problem)


def notification_of(deed: Deed) -> Notification:
    """The words, in the language of the user."""
    from dataclasses import replace

    from aios_gui.alerts.words import incidents as incident_words
    from aios_gui.alerts.words.findings import finding_sentence
    from aios_gui.text.plain import plain

    incident = replace(deed.question.incident, finding=deed.finding)
    text = finding_sentence(deed.finding) if deed.finding is not None else ""
    title = incident_words.what_happened(incident)
    return Notification(
        plain(title, _TITLE_CHARACTERS), plain(text, _TEXT_CHARACTERS), incident.level, incident.id
    )

"""Incidents in words: what happened, how it stands, who was at it, what was done."""

from __future__ import annotations

from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import Culprit, Incident, IncidentState, Silence
from aios_gui.alerts.words.findings import finding_sentence
from aios_gui.alerts.words.rules import figure, measure_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain


def what_happened(incident: Incident) -> str:
    """What was measured and how far it went: ``CPU of the machine went to 95 %, the limit is 80 %``."""
    return _("{measure} went to {peak}, the limit is {limit}").format(
        measure=measure_name(incident.measure),
        peak=figure(incident.measure, incident.peak),
        limit=figure(incident.measure, incident.limit),
    )


def conclusion(incident: Incident) -> str:
    """What is known of the cause, or what happened where nothing is."""
    return finding_sentence(incident.finding) if incident.finding is not None else what_happened(incident)


def culprit_phrase(culprit: Culprit) -> str:
    """A process by name and number, with what it used: ``make (4711): CPU 320 %, memory 1.2 GB``."""
    parts = []
    if culprit.cpu_percent is not None:
        parts.append(_("CPU {figure}").format(figure=figures.percent(culprit.cpu_percent)))
    if culprit.memory_bytes is not None:
        parts.append(_("memory {figure}").format(figure=figures.size(culprit.memory_bytes)))
    name = f"{plain(culprit.name, 60)} ({culprit.pid})"
    return _("{name}: {used}").format(name=name, used=", ".join(parts)) if parts else name


def state_phrase(incident: Incident) -> str:
    """How it stands, in a word."""
    return {IncidentState.FIRING: _("firing"), IncidentState.CLEARED: _("over")}[incident.state]


def silence_phrase(silence: Silence) -> str:
    """Why it alerts nobody; empty where it does."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("quiet hours"),
        Silence.MUTED: _("muted"),
        Silence.ALLOWED: _("by a process that the rule allows"),
    }[silence]


def action_state(state: ActionState) -> str:
    """How far an action is."""
    return {
        ActionState.WAITING: _("waiting"),
        ActionState.RUNNING: _("running"),
        ActionState.DONE: _("done"),
        ActionState.FAILED: _("failed"),
        ActionState.REFUSED: _("refused"),
        ActionState.TIMED_OUT: _("not done in time"),
        ActionState.UNDONE: _("taken back"),
    }[state]


def span_phrase(incident: Incident, now_ns: int) -> str:
    """From when to when, and how long: ``14:03:07 to 14:05:11 (2 min)``, ``since 14:03:07 (2 min)``."""
    start = figures.clock_time(incident.started_ns, now_ns, seconds=True)
    if incident.cleared_ns is None:
        length = figures.span(max(0, now_ns - incident.started_ns))
        return _("since {start} ({span})").format(start=start, span=length)
    return _("{start} to {end} ({span})").format(
        start=start,
        end=figures.clock_time(incident.cleared_ns, now_ns, seconds=True),
        span=figures.span(incident.cleared_ns - incident.started_ns),
    )


def facts(incident: Incident, now_ns: int) -> list[str]:
    """Everything else that there is to say of it, a line each."""
    lines = [what_happened(incident), span_phrase(incident, now_ns)]
    if incident.count > 1:
        times = ngettext("Fired {count} time", "Fired {count} times", incident.count)
        lines.append(times.format(count=figures.count(incident.count)))
    if incident.silence:
        lines.append(_("Alerts nobody: {reason}").format(reason=silence_phrase(incident.silence)))
    if incident.acknowledged_ns is not None:
        at = figures.clock_time(incident.acknowledged_ns, now_ns, seconds=True)
        lines.append(_("Acknowledged at {time}").format(time=at))
    if incident.note:
        lines.append(_("Note: {text}").format(text=plain(incident.note, 2000)))
    return lines

"""An incident in few words: what it is, when, how long, how bad, and whether it alerts anybody."""

from __future__ import annotations

import time

from aios_gui.alerts.model.incident import Incident, IncidentState, Silence
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.words import rules as rule_words
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_NAME_LENGTH = 60


def title(incident: Incident) -> str:
    """What it is, as ``Hiccup 380 ms`` or ``CPU over 80 %``."""
    if incident.measure == Measure.LATENESS:
        return _("Hiccup {duration}").format(duration=rule_words.figure(incident.measure, incident.peak))
    way = _("{measure} over {limit}") if is_above(incident) else _("{measure} under {limit}")
    return way.format(
        measure=short_measure(incident.measure), limit=rule_words.figure(incident.measure, incident.limit)
    )


def short_measure(measure: str) -> str:
    """What is measured, in a word or two; a plug-in's by its own name."""
    names = {
        Measure.CPU: _("CPU"),
        Measure.MEMORY: _("Memory"),
        Measure.SWAP: _("Swap"),
        Measure.DISK_FREE: _("Free disk space"),
        Measure.DISK_BUSY: _("Disk active time"),
        Measure.DURATION_MEAN: _("Mean beat duration"),
        Measure.DURATION_P95: _("P95 of beat durations"),
        Measure.DURATION_P99: _("P99 of beat durations"),
        Measure.LATENESS: _("Lateness"),
        Measure.MISSED: _("Missed beats"),
        Measure.OWN_CPU: _("Own CPU"),
        Measure.OWN_MEMORY: _("Own memory"),
    }
    return names[Measure(measure)] if measure in names else rule_words.measure_name(measure)


def is_above(incident: Incident) -> bool:
    """Whether its limit is one that the measure went over, rather than under."""
    if incident.peak == incident.limit:
        return incident.measure != Measure.DISK_FREE
    return incident.peak > incident.limit


def when(wall_ns: int, now_ns: int) -> str:
    """When it began: ``14:03:07`` today, ``03-10 22:41`` on another day, with its year where that is another."""
    at_s, now_s = wall_ns // 1_000_000_000, now_ns // 1_000_000_000
    try:
        at, now = time.localtime(at_s), time.localtime(now_s)
    except (OverflowError, OSError, ValueError):
        return figures.NONE
    if at[:3] == now[:3]:
        return time.strftime("%H:%M:%S", at)
    return time.strftime("%m-%d %H:%M" if at.tm_year == now.tm_year else "%Y-%m-%d", at)


def lasted(incident: Incident, now_ns: int) -> str:
    """How long it lasted, or lasts so far; of a single hiccup how late the beat was."""
    if incident.measure == Measure.LATENESS and incident.count == 1:
        return rule_words.figure(incident.measure, incident.peak)
    if incident.cleared_ns is None:
        return _("{span} so far").format(span=figures.span(max(0, now_ns - incident.started_ns)))
    return figures.span(max(0, incident.cleared_ns - incident.started_ns))


def state_name(state: IncidentState) -> str:
    """Whether it goes on, in a word or two."""
    return {IncidentState.FIRING: _("goes on"), IncidentState.CLEARED: _("over")}[state]


def mark_phrase(level: Level, state: IncidentState) -> str:
    """What the mark of an incident says: how bad, and whether it goes on."""
    return _("{level}, {state}").format(level=rule_words.level_name(level), state=state_name(state))


def silence_phrase(silence: Silence) -> str:
    """Why it alerts nobody, in a word or two; "" where it does."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("quiet hours"),
        Silence.MUTED: _("muted"),
        Silence.ALLOWED: _("allowed"),
    }[silence]


def silence_sentence(silence: Silence) -> str:
    """Why it alerts nobody; "" where it does."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("Silent: within the quiet hours of its rule."),
        Silence.MUTED: _("Silent: its rule is muted."),
        Silence.ALLOWED: _("Silent: its rule allows the process that caused it."),
    }[silence]


def remarks(incident: Incident) -> list[str]:
    """What is to be said beside its title: how often it fired, that it is silent, that somebody has seen it."""
    found = []
    if incident.count > 1:
        found.append(f"×{figures.count(incident.count)}")
    if incident.silence:
        found.append(silence_phrase(incident.silence))
    if incident.acknowledged_ns is not None:
        found.append(_("acknowledged"))
    return found


def figures_line(incident: Incident, now_ns: int) -> str:
    """The second line of an incident: when, how long, its worst figure against the limit, how often, its rule."""
    measure = incident.measure
    parts = [
        figures.clock_time(incident.started_ns, now_ns, seconds=True),
        lasted(incident, now_ns)
        if incident.cleared_ns is None
        else _("lasted {span}").format(span=figures.span(max(0, incident.cleared_ns - incident.started_ns))),
        _("worst {figure}").format(figure=rule_words.figure(measure, incident.peak)),
        _("limit {figure}").format(figure=rule_words.figure(measure, incident.limit)),
        _("rule “{name}”").format(name=plain(incident.rule, _NAME_LENGTH)),
    ]
    return " · ".join(parts)


def flapping_sentence(count: int) -> str:
    """That it fired again and again; "" where it fired once."""
    if count <= 1:
        return ""
    again = ngettext(
        "It came back {count} time within the cooldown of its rule, and counts as one incident.",
        "It came back {count} times within the cooldown of its rule, and counts as one incident.",
        count - 1,
    )
    return again.format(count=figures.count(count - 1))

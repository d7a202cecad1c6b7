"""Incidents and actions in words: what happened, when, how long, how it stands, who was at it, what was done."""

from __future__ import annotations

import time

from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why
from aios_gui.alerts.model.incident import Culprit, Incident, IncidentBrief, IncidentState, Silence
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.words.findings import cores, finding_sentence
from aios_gui.alerts.words.rules import figure, level_name, measure_name, rule_title
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_LINES = 3
_SHORT_NS = 10_000_000_000


def title(incident: Incident) -> str:
    """What it is, as ``Hiccup 380 ms``, ``4 hiccups, longest 380 ms`` or ``CPU over 80 %``."""
    if incident.measure == Measure.LATENESS:
        if incident.silence is Silence.MADE_UP:
            way = _("Made-up hiccup {duration}")
        elif incident.count == 1:
            way = _("Hiccup {duration}")
        else:
            way = ngettext(
                "{count} hiccup, longest {duration}", "{count} hiccups, longest {duration}", incident.count
            )
        return way.format(
            count=figures.count(incident.count), duration=figure(incident.measure, incident.peak)
        )
    way = _("{measure} over {limit}") if is_above(incident) else _("{measure} under {limit}")
    return way.format(measure=short_measure(incident.measure), limit=figure(incident.measure, incident.limit))


def short_measure(measure: str) -> str:
    """What is measured, in a word or two; a plug-in's by its own name."""
    names = {
        Measure.CPU: _("CPU"),
        Measure.MEMORY: _("Memory"),
        Measure.SWAP: _("Swap"),
        Measure.DISK_FREE: _("Free disk space"),
        Measure.DISK_BUSY: _("Disk active time"),
        Measure.CPU_STALLED: _("Waiting for a core"),
        Measure.IO_STALLED: _("Waiting for the disk"),
        Measure.MEMORY_STALLED: _("Waiting for memory"),
        Measure.DURATION_MEAN: _("Mean beat duration"),
        Measure.DURATION_P95: _("P95 of beat durations"),
        Measure.DURATION_P99: _("P99 of beat durations"),
        Measure.LATENESS: _("Lateness"),
        Measure.MISSED: _("Number of missed beats"),
        Measure.OWN_CPU: _("Own CPU"),
        Measure.OWN_MEMORY: _("Own memory"),
    }
    return names[Measure(measure)] if measure in names else measure_name(measure)


def is_above(incident: Incident | IncidentBrief) -> bool:
    """Whether its limit is one that the measure went over, rather than under."""
    return incident.measure != Measure.DISK_FREE and incident.peak >= incident.limit


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


def lasted(incident: Incident) -> str:
    """For how long it was over its limit, or is so far; of a single hiccup how long that was."""
    if incident.measure == Measure.LATENESS and incident.count == 1:
        return figure(incident.measure, incident.peak)
    if incident.cleared_ns is not None:
        return length(incident)
    if incident.over_ns is None:
        return state_name(incident.state)
    if incident.state is IncidentState.LEFT_OPEN:
        way = _("{span}, open when the recording ended")
    else:
        way = _("{span}, settling") if incident.settling else _("{span} so far")
    return way.format(span=length(incident))


def length(incident: Incident | IncidentBrief) -> str:
    """For how long it was over its limit in all: the one length that is told of it everywhere."""
    if incident.measure == Measure.LATENESS and incident.lasted_ns < _SHORT_NS:
        # Beside its worst stall, which has a decimal, it must not read as shorter.
        return figures.spoken_duration(incident.lasted_ns)
    return figures.span(incident.lasted_ns)


def state_name(state: IncidentState) -> str:
    """Whether it goes on, in a word or two."""
    return {
        IncidentState.FIRING: _("ongoing"),
        IncidentState.CLEARED: _("over"),
        IncidentState.LEFT_OPEN: _("open when the recording ended"),
    }[state]


def mark_phrase(level: Level, state: IncidentState) -> str:
    """What the mark of an incident says: how bad, and whether it goes on."""
    return _("{level}, {state}").format(level=level_name(level), state=state_name(state))


def silence_word(silence: Silence) -> str:
    """Why it is silent, in a word or two; "" where it is not."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("quiet hours"),
        Silence.MUTED: _("muted"),
        Silence.ALLOWED: _("allowed"),
        Silence.MADE_UP: _("example"),
    }[silence]


def silence_sentence(silence: Silence) -> str:
    """Why it is silent; "" where it is not."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("Silent: within the quiet hours of its rule."),
        Silence.MUTED: _("Silent: its rule is muted."),
        Silence.ALLOWED: _("Silent: its rule allows the process that caused it."),
        Silence.MADE_UP: _("Made up: it did not happen, and no figure, score or notification counts it."),
    }[silence]


def remarks(incident: Incident) -> list[str]:
    """What is to be said beside its title: how often it fired, how it was left, that it is silent or acknowledged."""
    found = []
    if incident.state is IncidentState.LEFT_OPEN:
        found.append(state_name(incident.state))
    if incident.count > 1 and incident.measure != Measure.LATENESS:
        found.append(f"×{figures.count(incident.count)}")
    if incident.silence:
        found.append(silence_word(incident.silence))
    if incident.acknowledged_ns is not None:
        found.append(_("acknowledged"))
    return found


def figures_line(incident: Incident, now_ns: int) -> str:
    """The second line of an incident: when, how long, its worst figure against the limit, how often, its rule."""
    measure = incident.measure
    parts = [
        figures.clock_time(incident.started_ns, now_ns, seconds=True),
        _lasted_phrase(incident),
        _("worst {figure}").format(figure=figure(measure, incident.peak)),
        _("limit {figure}").format(figure=figure(measure, incident.limit)),
        _("rule “{name}”").format(name=rule_title(incident.rule)),
    ]
    return " · ".join(parts)


def _lasted_phrase(incident: Incident) -> str:
    if incident.cleared_ns is None:
        return lasted(incident)
    way = _("lasted {span}") if incident.count == 1 else _("{span} in all")
    return way.format(span=lasted(incident))


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


def more_phrase(count: int) -> str:
    """How many notifications were kept back since the last one; "" for none."""
    if not count:
        return ""
    return ngettext(
        "{count} more since the last notification", "{count} more since the last notification", count
    ).format(count=figures.count(count))


def hiccup_sentence(length_ns: float) -> str:
    """That the machine stalled, and for how long."""
    return _("Hiccup of {duration}").format(duration=figures.spoken_duration(length_ns))


def what_happened(incident: Incident) -> str:
    """What was measured and how far it went: ``CPU of the machine went to 95 %, the limit was 80 %``.

    The limit is the one that held when it began, here and wherever an incident is told of.
    """
    return _("{measure} went to {peak}, the limit was {limit}").format(
        measure=measure_name(incident.measure),
        peak=figure(incident.measure, incident.peak),
        limit=figure(incident.measure, incident.limit),
    )


def conclusion(incident: Incident) -> str:
    """What is known of the cause, or what happened where nothing is."""
    return finding_sentence(incident.finding) if incident.finding is not None else what_happened(incident)


def culprit_name(culprit: Culprit) -> str:
    """The name of a culprit, and that it has ended where it has."""
    name = plain(culprit.name, 60) or figures.NONE
    return _("{name}, ended").format(name=name) if culprit.gone else name


def culprit_phrase(culprit: Culprit) -> str:
    """A process by name and number, with what it used: ``make (4711): CPU 320 %, memory 1.2 GB``."""
    parts = []
    if culprit.cpu_percent is not None:
        parts.append(_("CPU {figure}").format(figure=figures.percent(culprit.cpu_percent)))
    if culprit.memory_bytes is not None:
        parts.append(_("memory {figure}").format(figure=figures.size(culprit.memory_bytes)))
    name = f"{culprit_name(culprit)} ({culprit.pid})"
    return _("{name}: {used}").format(name=name, used=_(", ").join(parts)) if parts else name


def state_phrase(incident: Incident) -> str:
    """How it stands, in a word."""
    if incident.state is not IncidentState.FIRING:
        return state_name(incident.state)
    return _("settling") if incident.settling else _("firing")


def silence_phrase(silence: Silence) -> str:
    """Why it is silent; empty where it is not."""
    return {
        Silence.NONE: "",
        Silence.QUIET_HOURS: _("quiet hours"),
        Silence.MUTED: _("muted"),
        Silence.ALLOWED: _("by a process that the rule allows"),
        Silence.MADE_UP: _("made up as an example"),
    }[silence]


def action_state(state: ActionState) -> str:
    """How far an action is."""
    return {
        ActionState.WAITING: _("waiting"),
        ActionState.RUNNING: _("running"),
        ActionState.DONE: _("done"),
        ActionState.PASSED_ON: _("passed on"),
        ActionState.FAILED: _("failed"),
        ActionState.REFUSED: _("skipped"),
        ActionState.TIMED_OUT: _("not done in time"),
        ActionState.UNDONE: _("taken back"),
    }[state]


def span_phrase(incident: Incident, now_ns: int, dated: bool = False) -> str:
    """From when to when, and for how long of it: ``14:03:07 to 14:05:11 (2 min)``, ``since 14:03:07 (2 min)``.

    What fired more than once was not over its limit between: ``14:03:07 to 14:05:11 (7.8 s in all)``.

    ``dated``: with the date in any case, for a reader on another day. The end has one where it is of another day.
    """
    end_ns = incident.started_ns if incident.cleared_ns is None else incident.cleared_ns
    start, end = figures.clock_times(incident.started_ns, end_ns, 0 if dated else now_ns, seconds=True)
    if incident.cleared_ns is None:
        return _("since {start} ({span})").format(start=start, span=lasted(incident))
    way = _("{start} to {end} ({span})") if incident.count == 1 else _("{start} to {end} ({span} in all)")
    return way.format(start=start, end=end, span=lasted(incident))


def facts(incident: Incident, now_ns: int, dated: bool = False) -> list[str]:
    """Everything else that there is to say of it, a line each; ``dated`` as of ``span_phrase``."""
    lines = [what_happened(incident), span_phrase(incident, now_ns, dated)]
    if incident.count > 1:
        times = ngettext("Fired {count} time", "Fired {count} times", incident.count)
        lines.append(times.format(count=figures.count(incident.count)))
    if incident.silence:
        lines.append(_("Silent: {reason}").format(reason=silence_phrase(incident.silence)))
    if incident.acknowledged_ns is not None:
        at = figures.clock_time(incident.acknowledged_ns, 0 if dated else now_ns, seconds=True)
        lines.append(_("Acknowledged at {time}").format(time=at))
    if incident.note:
        lines.append(_("Note: {text}").format(text=plain(incident.note, 2000)))
    return lines


_ARGUMENT, _DETAIL = 80, 500


def action_name(action: str) -> str:
    """What an action of the settings does, in a few words."""
    kind, _colon, argument = action.partition(":")
    shown = plain(argument, _ARGUMENT)
    names = {
        ActionKind.NOTIFY: _("Notify"),
        ActionKind.CAPTURE: _("Find the cause"),
        ActionKind.EVENT: _("Write an event"),
        ActionKind.RUN: _("Run {command}").format(command=shown),
        ActionKind.RENICE: _("Lower the priority of {names}").format(names=shown),
        ActionKind.CONFINE: _("Keep {names} off one core").format(names=shown),
        ActionKind.PAUSE_OWN: _("Pause this program's own heavy work"),
    }
    return names[ActionKind(kind)] if kind in tuple(ActionKind) else plain(action, _ARGUMENT)


def action_detail(result: ActionResult) -> str:
    """What came of it, beside its state; "" where there is nothing to say."""
    if result.detail in tuple(Why):
        return _why(Why(result.detail))
    return plain(result.detail, _DETAIL)


def can_take_back(result: ActionResult) -> bool:
    """Whether it was done and can be undone."""
    return result.state is ActionState.DONE and bool(result.undo)


def _why(why: Why) -> str:
    return {
        Why.NO_NOTIFIER: _("There is nothing here to show a notification by; on Linux install notify-send"),
        Why.SWITCHED_OFF: _("Notifications are switched off in the settings"),
        Why.TRAY: _("The tray shows it unless the window is in front, and does not say whether it did"),
        Why.SHORT_STALL: _("Too short for a notification, by the settings"),
        Why.TOLD_LATELY: _("So soon after the last notification of this rule; the next one counts it"),
        Why.FULL_SCREEN: _("A program used the whole screen"),
        Why.QUIET_HOURS: _("It was in quiet hours"),
        Why.NOT_READ: _("The system did not tell in time which processes ran"),
        Why.NO_LISTED_CULPRIT: _("None of the programs that the action names had a part in it"),
        Why.PROTECTED: _("The machine lives by these programs; they are left alone"),
        Why.NOT_TO_BE_UNDONE: _(
            "This user could not raise the priority again, so it was not lowered; “confine” can be taken back"
        ),
        Why.NOT_ON_THIS_SYSTEM: _("This system does not let a program be kept off a core"),
        Why.NOTHING_TO_PAUSE: _("No heavy work of this program was running"),
        Why.ONE_CORE: _("They run on one core already"),
        Why.TOO_MANY: _("Too many processes have that name; none was touched"),
        Why.NO_ANSWER: _("It did not answer in time"),
        Why.NO_RULE: _("No rule of today may do this, so it is not undone either"),
        Why.CHANGED_SINCE: _("What was done is not on record, so it cannot be undone"),
    }[why]


def incident_sentence(incident: IncidentBrief) -> str:
    """An incident in one line, without who did it: how long it has lasted, or lasted before it was over."""
    if incident.measure == Measure.LATENESS:
        return hiccup_sentence(incident.peak * 1e6)
    return _("{breach} for {span}").format(breach=breach_phrase(incident), span=length(incident))


def breach_phrase(incident: IncidentBrief) -> str:
    """Which limit is breached, or was: ``CPU over 80 %``, ``CPU was over 80 %``."""
    above = is_above(incident)
    if incident.settling or incident.cleared_ns is not None:
        way = _("{measure} was over {limit}") if above else _("{measure} was under {limit}")
    else:
        way = _("{measure} over {limit}") if above else _("{measure} under {limit}")
    return way.format(measure=short_measure(incident.measure), limit=figure(incident.measure, incident.limit))


def by_whom(sentence: str, process: str) -> str:
    """``sentence`` with who did it, where that is known."""
    if not process:
        return sentence
    return _("{sentence}: {process}").format(sentence=sentence, process=plain(process, 60))


def whose(incident: IncidentBrief) -> str:
    """Who did it, as far as that is known: a name, or that it was many together; else ""."""
    return _("many programs together") if incident.of_many else incident.culprit


def using(name: str, percent: float | None) -> str:
    """What a process uses of the machine: ``python3 is using 1.9 cores``, under a core in percent of it."""
    if not percent:
        return _("{process} is using the most").format(process=plain(name, 60))
    return _("{process} is using {cores}").format(process=plain(name, 60), cores=cores(percent))


def message_title(incidents: tuple[IncidentBrief, ...]) -> str:
    """Over a message of the system that tells of these."""
    if len(incidents) == 1:
        return incident_sentence(incidents[0])
    return ngettext("{count} incident", "{count} incidents", len(incidents)).format(count=len(incidents))


def message_text(incidents: tuple[IncidentBrief, ...]) -> str:
    """Who did it; of several a line an incident, the worst first, and of many the first few."""
    if len(incidents) == 1:
        return _culprit_line(incidents[0])
    lines = [by_whom(incident_sentence(each), whose(each)) for each in incidents[:_LINES]]
    more = len(incidents) - len(lines)
    if more > 0:
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=more))
    return "\n".join(lines)


def _culprit_line(incident: IncidentBrief) -> str:
    if incident.of_many:
        return whose(incident)
    if not incident.culprit:
        return _("worst {figure}").format(figure=figure(incident.measure, incident.peak))
    if incident.culprit_percent is None or incident.measure not in _OF_CPU:
        return _("{process} is the likely cause").format(process=plain(incident.culprit, 60))
    return using(incident.culprit, incident.culprit_percent)


_OF_CPU = (Measure.CPU, Measure.CPU_STALLED)

"""How it is now in words: the headline, shorter forms of it, and what stands below."""

from __future__ import annotations

from aios_gui.alerts.model.incident import MOST_UNSEEN, IncidentBrief
from aios_gui.alerts.model.rules import Measure
from aios_gui.alerts.words.incidents import (
    breach_phrase,
    by_whom,
    hiccup_sentence,
    incident_sentence,
    short_measure,
    using,
    whose,
)
from aios_gui.alerts.words.score import over_hour, reason_sentence
from aios_gui.heartbeat.model.items import Event, RecordedBeat, hiccup_length_ns
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.thresholds import CPU, MEMORY
from aios_gui.instance.model.now import Condition, Now
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.instance.words import blame_phrase, parts_sentence, store_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_CLOSE_TO_ZERO_NS = 1_000_000_000


def headline(now: Now, snapshot: Snapshot, now_ns: int) -> str:
    """How it is in one sentence, with who does it; ``now_ns`` is the wall clock."""
    return headlines(now, snapshot, now_ns)[0]


def headlines(now: Now, snapshot: Snapshot, now_ns: int) -> tuple[str, ...]:
    """The headline, and shorter forms of it for where there is less room. None is without who does it."""
    match now.condition:
        case Condition.ALARM if now.incident is not None:
            return _of_incident(now.incident, now.culprit)
        case Condition.SETTLING if now.incident is not None:
            whole, shorter, *_shortest = _of_incident(now.incident, now.culprit)
            short = _("{measure} settling").format(measure=short_measure(now.incident.measure))
            settling = _("{sentence} · settling").format(sentence=whole)
            return settling, whole, shorter, by_whom(short, now.culprit or whose(now.incident))
        case Condition.STRAINED if snapshot.beat is not None:
            return _of_breach(snapshot.beat, snapshot, now.culprit)
        case Condition.HICCUP if snapshot.last_hiccup is not None:
            return _of_hiccup(snapshot.last_hiccup)
        case Condition.CALM:
            # Whole seconds, so that the sentence stands still between them.
            calm_ns = max(_CLOSE_TO_ZERO_NS, now_ns - now.since_ns)
            return (_("Calm for {span}").format(span=figures.span(calm_ns)),)
        case Condition.DEGRADED:
            return (_degraded(snapshot),)
        case Condition.NO_BEAT:
            return (_("No beat for {span}").format(span=figures.span(now_ns - now.since_ns)),)
        case Condition.WAITING:
            return (
                _("Waiting for the first beat") if snapshot.beat is None else _("Waiting for the next beat"),
            )
        case Condition.PAUSED if now.since_ns:
            return _since(_("Paused since {time}"), now, now_ns)
        case Condition.STOPPED if now.since_ns:
            return _since(_("Not running since {time}"), now, now_ns)
        case Condition.NOT_RECORDING if now.since_ns:
            return _since(_("Not recording since {time}"), now, now_ns)
    return (_plain_condition(now.condition),)


def second_line(now: Now, snapshot: Snapshot, now_ns: int) -> str:
    """What stands below the headline: who does it and how much, or what happened last, and what the program does."""
    if now.condition is Condition.NOT_RECORDING:
        return store_sentence(snapshot.store)
    if now.condition in (Condition.STOPPED, Condition.LOST) and snapshot.beat is None:
        return ""  # nothing is known of it
    parts = [_what(now, snapshot, now_ns)]
    if now.own_load:
        parts.append(_("AIOS Heartbeat itself keeps the CPU busy"))
    parts.append(throttle_phrase(now.throttled))
    return " · ".join(filter(None, parts))


def tooltip(now: Now, snapshot: Snapshot, now_ns: int) -> str:
    """Headline, what stands below, score and what is not seen yet, and what of the program is broken, a line each."""
    lines = (
        headline(now, snapshot, now_ns),
        second_line(now, snapshot, now_ns),
        standing(now, snapshot),
        parts_sentence(snapshot.broken_parts),
    )
    return "\n".join(filter(None, lines))


def standing(now: Now, snapshot: Snapshot) -> str:
    """Score and what no one has seen, as far as there is either: ``Score 0.93 · 1 incident not seen yet``."""
    parts = []
    if snapshot.score is not None:
        parts.append(_("Score {score}").format(score=figures.score(snapshot.score.value)))
    parts.append(unseen_phrase(now.unseen))
    return " · ".join(filter(None, parts))


def unseen_phrase(count: int) -> str:
    """How many incidents no one has looked at yet; "" for none."""
    if not count:
        return ""
    if count >= MOST_UNSEEN:
        return _("{count} or more incidents not seen yet").format(count=figures.count(MOST_UNSEEN))
    return ngettext("{count} incident not seen yet", "{count} incidents not seen yet", count).format(
        count=figures.count(count)
    )


def throttle_phrase(reason: ThrottleReason) -> str:
    """That the window refreshes more slowly, and why; "" where it does not."""
    return {
        ThrottleReason.NONE: "",
        ThrottleReason.BUSY: _("slower refresh to leave the CPU to others"),
        ThrottleReason.OWN_COST: _("slower refresh to use less CPU"),
    }[reason]


def severity_phrase(severity: Severity) -> str:
    """How bad it is, in a word or two."""
    return {
        Severity.OK: _("Fine"),
        Severity.WARNING: _("Warning"),
        Severity.CRITICAL: _("Critical"),
        Severity.INACTIVE: _("No beats"),
    }[severity]


def cell_sentence(cell: Severity, moment: tuple[int, int] | None, now_ns: int) -> str:
    """A cell of the strip: when, how long the beat took, and how it was: ``23:13:20 · 24 µs · OK``."""
    phrase = {
        Severity.OK: _("OK"),
        Severity.WARNING: _("over a limit, or beats missed"),
        Severity.CRITICAL: _("hiccup, or figures that cannot be read"),
        Severity.INACTIVE: _("no beats"),
    }[cell]
    if moment is None:
        return phrase
    at_ns, length_ns = moment
    length = figures.span(length_ns) if cell is Severity.INACTIVE else figures.spoken_duration(length_ns)
    return " · ".join((figures.clock_time(at_ns, now_ns, seconds=True), length, phrase))


def _since(way: str, now: Now, now_ns: int) -> tuple[str, ...]:
    time = figures.clock_time(now.since_ns, now_ns)
    return way.format(time=time), _plain_condition(now.condition)


def _of_incident(incident: IncidentBrief, culprit: str) -> tuple[str, ...]:
    phrases = (incident_sentence(incident), breach_phrase(incident), short_measure(incident.measure))
    return tuple(by_whom(each, culprit or whose(incident)) for each in phrases)


def _of_breach(beat: RecordedBeat, snapshot: Snapshot, culprit: str) -> tuple[str, ...]:
    limits = snapshot.thresholds
    cpu = figures.percent_beside(beat.cpu_percent, limits.cpu_percent)
    memory = figures.percent_beside(beat.memory_percent, limits.memory_percent)
    if CPU in beat.breached and MEMORY in beat.breached:
        whole = _("CPU at {cpu} and memory at {memory}, both over their limits").format(
            cpu=cpu, memory=memory
        )
        short = _("CPU {cpu}, memory {memory}").format(cpu=cpu, memory=memory)
    elif MEMORY in beat.breached:
        whole = _("Memory at {memory}, over {limit}").format(
            memory=memory, limit=figures.percent(limits.memory_percent)
        )
        short = _("Memory {memory}").format(memory=memory)
    else:
        whole = _("CPU at {cpu}, over {limit}").format(cpu=cpu, limit=figures.percent(limits.cpu_percent))
        short = _("CPU {cpu}").format(cpu=cpu)
    return by_whom(whole, culprit), by_whom(short, culprit)


def _of_hiccup(event: Event) -> tuple[str, ...]:
    length = figures.spoken_duration(hiccup_length_ns(event))
    whole = _("Hiccup of {duration}: {cause}").format(duration=length, cause=blame_phrase(event))
    return whole, hiccup_sentence(hiccup_length_ns(event))


def _degraded(snapshot: Snapshot) -> str:
    score, health = snapshot.score, snapshot.health
    if score is not None and score.is_degraded:
        return _("Degraded: score {score} {hour}").format(
            score=figures.score(score.value), hour=over_hour(snapshot.hour)
        )
    return reason_sentence(health.reasons[0]) if health is not None else ""


def _plain_condition(condition: Condition) -> str:
    return {
        Condition.LOST: _("No contact with the recorder"),
        Condition.PAUSED: _("Paused"),
        Condition.STOPPED: _("Not running"),
        Condition.STARTING: _("Starting"),
        Condition.WARMING: _("Warming up"),
        Condition.NOT_RECORDING: _("Not recording"),
        Condition.UNREADABLE: _("The CPU and memory figures cannot be read"),
    }.get(condition, "")


def _what(now: Now, snapshot: Snapshot, now_ns: int) -> str:
    """Of the moment where there is more to say of it than the headline, else of what happened last."""
    if now.condition is Condition.HICCUP and snapshot.last_hiccup is not None:
        began_ns = snapshot.last_hiccup.wall_ns - hiccup_length_ns(snapshot.last_hiccup)
        return _("It began at {time} and is over").format(
            time=figures.clock_time(began_ns, now_ns, seconds=True)
        )
    is_at_work = now.condition in (Condition.ALARM, Condition.STRAINED)
    if is_at_work and snapshot.top_process:
        of_memory = (
            now.incident.measure == Measure.MEMORY
            if now.incident is not None
            else snapshot.beat is not None and snapshot.beat.breached == (MEMORY,)
        )
        return using(snapshot.top_process, None if of_memory else snapshot.top_process_percent)
    return _last(now.last, now_ns)


def _last(last: Event | IncidentBrief | None, now_ns: int) -> str:
    if last is None:
        return _("No hiccup so far")
    if isinstance(last, Event):
        return _("Last hiccup {time}, {duration}: {cause}").format(
            time=figures.clock_time(last.wall_ns, now_ns),
            duration=figures.spoken_duration(hiccup_length_ns(last)),
            cause=blame_phrase(last),
        )
    until = figures.clock_time(last.last_over_ns or last.cleared_ns or last.started_ns, now_ns)
    sentence = by_whom(incident_sentence(last), whose(last))
    return _("{sentence} · until {time}").format(sentence=sentence, time=until)

"""Score and health in words: the parts of the one, the reasons of the other, and why this program throttles itself."""

from __future__ import annotations

from aios_gui.alerts.model.health import Health, HealthState, Reason, ReasonKind
from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.model.score import FEWEST_BEATS, WEIGHTS, Part, Score
from aios_gui.alerts.words.rules import figure
from aios_gui.alerts.words.titles import short_measure
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_LINES = 3


def part_name(part: Part) -> str:
    """What a part of the score is called."""
    return {
        Part.SUCCESS: _("Success"),
        Part.LATENCY: _("Latency"),
        Part.STABILITY: _("Stability"),
        Part.MARGIN: _("Resources to spare"),
    }[part]


def part_weight(part: Part) -> str:
    """How much of the score it makes up at most."""
    return figures.percent(WEIGHTS[part] * 100)


def part_reason(part: Part, score: Score) -> str:
    """What the part was made from."""
    hour = score.hour
    match part:
        case Part.SUCCESS:
            return _("{made} of {due} beats were made and could read their figures").format(
                made=figures.count(hour.beats - hour.failed), due=figures.count(hour.due)
            )
        case Part.LATENCY:
            return _("a beat took {duration} on average; up to 100 ms costs nothing").format(
                duration=figures.spoken_duration(hour.mean_ns)
            )
        case Part.STABILITY:
            sentence = ngettext(
                "{count} of {beats} beats over a threshold or with a stutter",
                "{count} of {beats} beats over a threshold or with a stutter",
                hour.alerting,
            )
            return sentence.format(count=figures.count(hour.alerting), beats=figures.count(hour.beats))
        case Part.MARGIN:
            if not hour.over:
                return _("CPU and memory stayed within their thresholds")
            sentence = ngettext(
                "{count} beat found CPU or memory over a threshold",
                "{count} beats found CPU or memory over a threshold",
                hour.over,
            )
            return sentence.format(count=figures.count(hour.over))


def score_sentence(score: Score | None) -> str:
    """The score and what it is over, or why there is none."""
    if score is None:
        return _("No score yet: it takes {count} beats within an hour").format(count=FEWEST_BEATS)
    return _("Score {score} over the last hour").format(score=figures.score(score.value))


def health_sentence(health: Health | None) -> str:
    """How the last hour was."""
    if health is None:
        return _("Health is not known yet")
    return {
        HealthState.HEALTHY: _("Healthy over the last hour"),
        HealthState.WARNING: _("With a warning over the last hour"),
        HealthState.DEGRADED: _("Degraded over the last hour"),
    }[health.state]


def reason_sentence(reason: Reason) -> str:
    """A figure that is over its limit."""
    if reason.kind is ReasonKind.ALERTS:
        sentence = ngettext(
            "{count} alert, more than {limit}", "{count} alerts, more than {limit}", round(reason.actual)
        )
        return sentence.format(count=figures.count(round(reason.actual)), limit=round(reason.limit))
    way = {
        ReasonKind.MEAN: _("Beats took {actual} on average, over {limit}"),
        ReasonKind.P95: _("The P95 of beats is {actual}, over {limit}"),
        ReasonKind.CPU: _("CPU was at {actual} on average, over {limit}"),
        ReasonKind.MEMORY: _("Memory was at {actual} on average, over {limit}"),
    }[reason.kind]
    shown = figures.percent if reason.kind in (ReasonKind.CPU, ReasonKind.MEMORY) else _ms
    return way.format(actual=shown(reason.actual), limit=shown(reason.limit))


def _ms(ms: float) -> str:
    return figures.spoken_duration(ms * 1e6)


def throttle_sentence(reason: ThrottleReason) -> str:
    """Why the window refreshes more slowly; empty where it does not."""
    return {
        ThrottleReason.NONE: "",
        ThrottleReason.BUSY: _("Refreshing more slowly: the machine is busy"),
        ThrottleReason.OWN_COST: _("Refreshing more slowly: this program costs more than it may"),
    }[reason]


def open_sentence(incident: IncidentBrief, now_ns: int) -> str:
    """An open incident in one line, with who is at it where that is known; ``now_ns`` is the wall clock."""
    if incident.measure == Measure.LATENESS:
        sentence = _("Stutter of {peak}").format(peak=figure(incident.measure, incident.peak))
    else:
        way = (
            _("{measure} under {limit} for {span}")
            if _is_below(incident)
            else _("{measure} over {limit} for {span}")
        )
        sentence = way.format(
            measure=short_measure(incident.measure),
            limit=figure(incident.measure, incident.limit),
            span=figures.span(max(1_000_000_000, now_ns - incident.started_ns)),
        )
    if not incident.culprit:
        return sentence
    return _("{sentence}: {process}").format(sentence=sentence, process=plain(incident.culprit, 60))


def _is_below(incident: IncidentBrief) -> bool:
    return incident.peak < incident.limit or incident.measure == Measure.DISK_FREE


def standing(snapshot: Snapshot) -> str:
    """The score and how many incidents alert somebody, as far as there is either: ``Score 0.93 · 2 incidents open``."""
    parts = []
    score, count = snapshot.score, len(snapshot.alerting)
    if score is not None:
        parts.append(_("Score {score}").format(score=figures.score(score.value)))
    if count:
        parts.append(ngettext("{count} incident open", "{count} incidents open", count).format(count=count))
    return " · ".join(parts)


def message_title(incidents: tuple[IncidentBrief, ...]) -> str:
    """Over a message of the system that tells of these."""
    critical = any(each.level is Level.CRITICAL for each in incidents)
    if len(incidents) == 1:
        return _("Critical") if critical else _("Warning")
    return ngettext("{count} incident", "{count} incidents", len(incidents)).format(count=len(incidents))


def message_text(incidents: tuple[IncidentBrief, ...], now_ns: int) -> str:
    """A line an incident, the worst first; of many the first few."""
    lines = [open_sentence(each, now_ns) for each in incidents[:_LINES]]
    more = len(incidents) - len(lines)
    if more > 0:
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=more))
    return "\n".join(lines)

"""Score and health in words: the parts of the one, the reasons of the other."""

from __future__ import annotations

from aios_gui.alerts.model.health import Health, HealthState, Reason, ReasonKind
from aios_gui.alerts.model.score import FEWEST_BEATS, WEIGHTS, Part, Score, allowance
from aios_gui.record.model.hour import Hour
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_WHOLE_HOUR = 59
"""Whole minutes; the current one is the sixtieth."""


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
                "{count} of {beats} beats over a limit or with a hiccup",
                "{count} of {beats} beats over a limit or with a hiccup",
                hour.alerting,
            )
            return sentence.format(count=figures.count(hour.alerting), beats=figures.count(hour.beats))
        case Part.MARGIN:
            if not hour.over:
                return _("CPU and memory stayed within their limits")
            sentence = ngettext(
                "{count} beat found CPU or memory over a limit",
                "{count} beats found CPU or memory over a limit",
                hour.over,
            )
            sentence = sentence.format(count=figures.count(hour.over))
            if hour.over > allowance(hour):
                return sentence
            return _("{sentence}; so few cost nothing").format(sentence=sentence)


def score_sentence(score: Score | None) -> str:
    """The score and what it is over, or why there is none."""
    if score is None:
        return _("No score yet: it takes {count} beats within an hour").format(count=FEWEST_BEATS)
    return _("Score {score} {hour}").format(score=figures.score(score.value), hour=over_hour(score.hour))


def over_hour(hour: Hour) -> str:
    """What span the figures of an hour are of: all of it, or as much as there is."""
    if hour.minutes >= _WHOLE_HOUR:
        return _("over the last hour")
    count = max(1, hour.minutes)
    return ngettext("over {count} min of the last hour", "over {count} min of the last hour", count).format(
        count=count
    )


def health_sentence(health: Health | None, hour: Hour, missed: int = 0) -> str:
    """How the last hour was. Nothing is called healthy where ``missed`` targets stand beside it."""
    if health is None:
        return _("Health is not known yet")
    state = {
        HealthState.HEALTHY: _("No limit of health was exceeded {hour}") if missed else _("Healthy {hour}"),
        HealthState.WARNING: _("Strained {hour}"),
        HealthState.DEGRADED: _("Degraded {hour}"),
    }[health.state]
    return state.format(hour=over_hour(hour))


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
    if reason.kind in (ReasonKind.CPU, ReasonKind.MEMORY):
        actual, limit = figures.percent_beside(reason.actual, reason.limit), figures.percent(reason.limit)
    else:
        actual, limit = _ms(reason.actual), _ms(reason.limit)
    return way.format(actual=actual, limit=limit)


def _ms(ms: float) -> str:
    return figures.spoken_duration(ms * 1e6)

"""What is to be said of an analysis: which facts matter, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.history.analysis.model.analysis import (
    UNUSUAL_SCORE,
    Advice,
    AdviceKind,
    AdviceLevel,
    Analysis,
    ChangePoint,
    Stalls,
)

SHORT_BEATS = 300
"""With fewer beats nothing can be said of the slowest in a hundred."""
MEAN_GOAL_NS = 100_000_000
"""The program's first version held a beat to this."""
_STUTTERS_PER_100H, _STUTTERS_ACT_PER_100H = 5.0, 50.0
_LEAST_STUTTERS = 5
_CULPRIT_SHARE = 0.2
_BAD_HOUR = 1.5
"""An hour of the week is bad if its slowest in a hundred take this many times as long as in the middle one."""
_BAD_HOUR_NS = 1_000_000
_CPU_PERCENT, _MEMORY_PERCENT = 80.0, 85.0
_AVAILABILITY = 0.999
"""Of the beats due those made, and of those made the ones that could measure the machine."""
_NOT_RECORDED_SHARE = 0.1
_CHANGE_ACT = 1.25
_SAME_NS = 86_400 * 1_000_000_000
_MOST_OF_A_KIND = 3
_LEVELS = (AdviceLevel.ACT, AdviceLevel.NOTE, AdviceLevel.FINE)


def is_often(stalls: Stalls) -> bool:
    """Whether a machine stutters so often that it calls for action."""
    return stalls.count >= _LEAST_STUTTERS and (stalls.per_100h or 0.0) >= _STUTTERS_ACT_PER_100H


def advice_of(analysis: Analysis) -> tuple[Advice, ...]:
    """What to say, what matters most first; one at least."""
    if not analysis.count:
        return (Advice(AdviceKind.NO_BEATS, AdviceLevel.NOTE),)
    found = [*_now(analysis), *_over_time(analysis), *_of_record(analysis)]
    if not any(each.level is AdviceLevel.ACT for each in found) and analysis.count >= SHORT_BEATS:
        timing = analysis.distributions
        figures: dict[str, int | float | str] = {
            "count": analysis.count,
            "duration_p99_ns": timing.duration.raw.at(0.99),
            "lateness_p99_ns": timing.lateness.raw.at(0.99),
        }
        found.append(Advice(AdviceKind.ALL_WELL, AdviceLevel.FINE, figures))
    return tuple(sorted(found, key=lambda each: _LEVELS.index(each.level)))


def _now(analysis: Analysis) -> Iterator[Advice]:
    if analysis.count < SHORT_BEATS:
        yield Advice(AdviceKind.TOO_SHORT, AdviceLevel.NOTE, {"count": analysis.count, "needed": SHORT_BEATS})
    mean_ns = analysis.distributions.duration.raw.mean_ns or 0.0
    if mean_ns >= MEAN_GOAL_NS:
        yield Advice(AdviceKind.SLOW_BEATS, AdviceLevel.ACT, {"mean_ns": mean_ns, "goal_ns": MEAN_GOAL_NS})
    stalls = analysis.stalls
    if stalls.count and (stalls.per_100h or 0.0) >= _STUTTERS_PER_100H:
        is_bad = is_often(stalls)
        yield Advice(
            AdviceKind.STUTTERS,
            AdviceLevel.ACT if is_bad else AdviceLevel.NOTE,
            {"count": stalls.count, "per_100h": stalls.per_100h or 0.0, "worst_ns": stalls.worst_ns},
        )
        for culprit in stalls.culprits[:1]:
            if culprit.hiccups >= max(2, _CULPRIT_SHARE * stalls.newest):
                yield Advice(
                    AdviceKind.CULPRIT,
                    AdviceLevel.ACT if is_bad else AdviceLevel.NOTE,
                    {"name": culprit.name, "hiccups": culprit.hiccups, "count": stalls.newest},
                )
    for kind, shares, limit in (
        (AdviceKind.CPU_BUSY, analysis.cpu, _CPU_PERCENT),
        (AdviceKind.MEMORY_FULL, analysis.memory, _MEMORY_PERCENT),
    ):
        if shares.mean_percent is not None and shares.mean_percent >= limit:
            yield Advice(kind, AdviceLevel.ACT, {"mean_percent": shares.mean_percent, "limit_percent": limit})


def _over_time(analysis: Analysis) -> Iterator[Advice]:
    for place in _newest_changes(analysis.change_points)[:_MOST_OF_A_KIND]:
        is_worse = analysis.change_points[place].ratio >= _CHANGE_ACT
        yield Advice(AdviceKind.CHANGED, AdviceLevel.ACT if is_worse else AdviceLevel.NOTE, {"place": place})
    for place, _drift in enumerate(analysis.drifts[:_MOST_OF_A_KIND]):
        yield Advice(AdviceKind.DRIFTS, AdviceLevel.NOTE, {"place": place})
    for kind, scores in (
        (AdviceKind.UNUSUAL_MEASURE, [each.score for each in analysis.unusual.measures]),
        (AdviceKind.UNUSUAL_PROGRAM, [each.score for each in analysis.unusual.programs]),
    ):
        high = [place for place, score in enumerate(scores) if score >= UNUSUAL_SCORE]
        for place in high[:_MOST_OF_A_KIND]:
            yield Advice(kind, AdviceLevel.NOTE, {"place": place})
    yield from _bad_hour(analysis)


def _newest_changes(points: tuple[ChangePoint, ...]) -> list[int]:
    """The places of the change points, the newest first; of several within a day the largest stands for all."""
    found: list[int] = []
    for place in sorted(range(len(points)), key=lambda each: -abs(log(points[each].ratio))):
        if all(abs(points[place].at_ns - points[other].at_ns) >= _SAME_NS for other in found):
            found.append(place)
    return sorted(found, key=lambda each: -points[each].at_ns)


def _bad_hour(analysis: Analysis) -> Iterator[Advice]:
    """The worst hour of the week, where there are at least seven whole days and it stands out."""
    known = [
        (p99_ns, weekday, hour)
        for weekday, row in enumerate(analysis.heat_map.lateness_p99_ns)
        for hour, p99_ns in enumerate(row)
        if p99_ns is not None
    ]
    if len(analysis.days) < 14 or len(known) < 100:
        return
    known.sort()
    usual_ns, (worst_ns, weekday, hour) = known[len(known) // 2][0], known[-1]
    if worst_ns >= _BAD_HOUR * usual_ns and worst_ns >= _BAD_HOUR_NS:
        figures: dict[str, int | float | str] = {
            "weekday": weekday, "hour": hour, "lateness_p99_ns": worst_ns, "usual_ns": usual_ns,
        }  # fmt: skip
        yield Advice(AdviceKind.BAD_HOUR, AdviceLevel.NOTE, figures)


def _of_record(analysis: Analysis) -> Iterator[Advice]:
    coverage = analysis.coverage
    if coverage.availability is not None and coverage.availability < _AVAILABILITY:
        yield Advice(
            AdviceKind.MISSED,
            AdviceLevel.ACT,
            {"missed": coverage.missed, "due": coverage.due, "availability": coverage.availability},
        )
    # Where the sample of a beat failed neither is known; of a run's first beat only the CPU is not.
    if analysis.memory.unknown_beats > (1 - _AVAILABILITY) * analysis.count:
        yield Advice(
            AdviceKind.NOT_MEASURED,
            AdviceLevel.ACT,
            {"beats": analysis.memory.unknown_beats, "count": analysis.count},
        )
    gap = coverage.gaps.get(GapKind.NOT_RECORDED)
    length_ns = coverage.end_ns - coverage.start_ns
    if gap is not None and length_ns > 0 and gap.length_ns >= _NOT_RECORDED_SHARE * length_ns:
        share = gap.length_ns / length_ns
        yield Advice(
            AdviceKind.NOT_RECORDED,
            AdviceLevel.NOTE,
            {"share": share, "length_ns": gap.length_ns, "count": gap.count},
        )

"""An analysis as plain values for scripts: times in ms and ISO 8601, shares from 0 to 1, unknown as None."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.analysis.model.analysis import (
    Advice,
    Analysis,
    Anomalies,
    ChangePoint,
    Day,
    HeatMap,
    Shares,
    Stalls,
    Tracked,
    Trend,
    Unusual,
)
from aios_gui.history.analysis.words import advice_basis, advice_sentence, change_sentence, headline
from aios_gui.history.changes.model import Change
from aios_gui.history.model.distribution import Distribution, Timing
from aios_gui.text.figures import iso_time

_PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99_9": 0.999}
_TIMES = (Tracked.DURATION_P50, Tracked.DURATION_P99, Tracked.LATENESS_P50, Tracked.LATENESS_P99)


def analysis_facts(analysis: Analysis) -> dict[str, Any]:
    """All of it; keys stay."""
    coverage, times = analysis.coverage, analysis.distributions
    return {
        "range": {"start": iso_time(analysis.span.start_ns), "end": iso_time(analysis.span.end_ns)},
        "sentence": headline(analysis),
        "count": analysis.count,
        "missed": coverage.missed,
        "coverage": coverage.share,
        "availability": coverage.availability,
        "interval_ms": _ms(analysis.interval_ns or None),
        "duration_ms": _times(times.duration),
        "lateness_ms": _times(times.lateness),
        "bands": analysis.bands,
        "lateness_bands": analysis.lateness_bands,
        "seed_bands": analysis.seed_bands,
        "cpu_percent": _shares(analysis.cpu),
        "memory_percent": _shares(analysis.memory),
        "hiccups": _stalls(analysis.stalls),
        "gaps": [
            {"kind": each.kind, "start": iso_time(each.start_ns), "end": iso_time(each.end_ns)}
            for each in analysis.gaps
        ],
        "days": [_day(each) for each in analysis.days],
        "heat_map": _heat_map(analysis.heat_map),
        "trend": _trend(analysis.trend),
        "change_points": [_change_point(each) for each in analysis.change_points],
        "drift": [
            {
                "measure": each.tracked,
                "ratio_in_30_days": each.ratio,
                "low": each.low,
                "high": each.high,
                "days": each.days,
            }
            for each in analysis.drifts
        ],
        "anomalies": [_anomalies(each) for each in analysis.anomalies],
        "unusual": _unusual(analysis.unusual),
        "last_beats": [_beat(each) for each in analysis.last_beats],
        "advice": [_advice(each, analysis) for each in analysis.advice],
    }


def _ms(value_ns: float | None) -> float | None:
    return None if value_ns is None else value_ns / 1e6


def _times(timing: Timing) -> dict[str, Any]:
    return {**_distribution(timing.raw), "corrected": _distribution(timing.corrected)}


def _distribution(times: Distribution) -> dict[str, float | None]:
    is_any = times.count > 0
    return {
        "mean": _ms(times.mean_ns),
        "min": _ms(times.least_ns) if is_any else None,
        "max": _ms(times.most_ns) if is_any else None,
        **{name: _ms(times.at(share)) if is_any else None for name, share in _PERCENTILES.items()},
    }


def _shares(shares: Shares) -> dict[str, float | None]:
    return {"mean": shares.mean_percent, "max": shares.most_percent}


def _stalls(stalls: Stalls) -> dict[str, Any]:
    return {
        "count": stalls.count,
        "per_100h": stalls.per_100h,
        "worst_ms": _ms(stalls.worst_ns),
        "worst_at": None if stalls.worst_at_ns is None else iso_time(stalls.worst_at_ns),
        "culprits": [asdict(each) for each in stalls.culprits],
    }


def _day(day: Day) -> dict[str, Any]:
    times = {
        f"{name}_ms": _ms(getattr(day, f"{name}_ns"))
        for name in (
            "duration_mean", "duration_min", "duration_p50", "duration_p95", "duration_p99", "duration_max",
            "lateness_p50", "lateness_p99", "lateness_max", "worst_stall",
        )
    }  # fmt: skip
    return {
        "date": day.date.isoformat(),
        "is_whole": day.is_whole,
        "count": day.count,
        "missed": day.missed,
        "coverage": day.coverage,
        **times,
        "hiccups": day.hiccups,
        "band": day.band,
    }


def _heat_map(heat_map: HeatMap) -> dict[str, Any]:
    return {
        "beats": heat_map.beats,
        "duration_p99_ms": [[_ms(each) for each in row] for row in heat_map.duration_p99_ns],
        "lateness_p99_ms": [[_ms(each) for each in row] for row in heat_map.lateness_p99_ns],
        "hiccups": heat_map.hiccups,
    }


def _trend(trend: Trend | None) -> dict[str, Any] | None:
    if trend is None:
        return None
    return {
        "first": trend.first.date.isoformat(),
        "last": trend.last.date.isoformat(),
        "duration_mean_ratio": trend.duration_mean_ratio,
        "duration_p99_ratio": trend.duration_p99_ratio,
        "lateness_p99_ratio": trend.lateness_p99_ratio,
    }


def _figure(tracked: Tracked, value: float | None) -> float | None:
    return _ms(value) if tracked in _TIMES else value


def _change_point(point: ChangePoint) -> dict[str, Any]:
    return {
        "measure": point.tracked,
        "date": point.date.isoformat(),
        "at": iso_time(point.at_ns),
        "precision_ms": _ms(point.precision_ns),
        "before": _figure(point.tracked, point.before),
        "after": _figure(point.tracked, point.after),
        "ratio": point.ratio,
        "low": point.low,
        "high": point.high,
        "p_value": point.p_value,
        "preceding": [
            {"before_ms": _ms(each.before_ns), "changes": [_change(change) for change in each.burst.changes]}
            for each in point.preceding
        ],
        "sentence": change_sentence(point),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "at": iso_time(change.at_ns),
        "kind": change.kind,
        "subject": change.subject,
        "from": change.before,
        "to": change.after,
    }


def _anomalies(found: Anomalies) -> dict[str, Any]:
    return {
        "measure": found.timed,
        "median_ms": _ms(found.median_ns),
        "mad_ms": _ms(found.mad_ns),
        "limit_ms": _ms(found.limit_ns),
        "count": found.count,
        "share": found.share,
        "mean_ms": _ms(found.mean_ns),
        "mean_limit_ms": _ms(found.mean_limit_ns),
        "mean_count": found.mean_count,
        "mean_share": found.mean_share,
        "limits_apart": found.apart,
        "worst": [{"at": iso_time(each.at_ns), "ms": _ms(each.value_ns)} for each in found.worst],
    }


def _unusual(unusual: Unusual) -> dict[str, Any]:
    return {
        "weeks": unusual.weeks,
        "hours": unusual.hours,
        "measures": [
            {
                "measure": each.tracked,
                **{
                    name: _figure(each.tracked, getattr(each, name))
                    for name in ("value", "usual", "low", "high")
                },
                "score": each.score,
            }
            for each in unusual.measures
        ],
        "programs": [asdict(each) for each in unusual.programs],
    }


def _beat(beat: RecordedBeat) -> dict[str, Any]:
    return {
        "at": iso_time(beat.wall_ns),
        "result": beat.outcome,
        "duration_ms": _ms(beat.duration_ns),
        "lateness_ms": _ms(beat.lateness_ns),
        "cpu_percent": beat.cpu_percent,
        "memory_percent": beat.memory_percent,
    }


def _advice(advice: Advice, analysis: Analysis) -> dict[str, Any]:
    figures = {
        f"{name[:-3]}_ms" if name.endswith("_ns") else name: value / 1e6
        if name.endswith("_ns") and not isinstance(value, str)
        else value
        for name, value in advice.figures.items()
    }
    return {
        "kind": advice.kind,
        "level": advice.level,
        "figures": figures,
        "sentence": advice_sentence(advice, analysis),
        "basis": advice_basis(advice, analysis),
    }

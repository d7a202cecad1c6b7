"""Compares two spans by their hours: matched, resampled, held against the noise of this very machine.

Beats depend on their neighbours, so that tests which count beats find a difference everywhere. Here the unit is the
hour: the interval comes from a stratified bootstrap over hours (Rao and Wu 1988: one fewer is drawn than there are),
widened by how much hours resemble their neighbours; Holm's method reckons with the number of measures; and a difference
must also exceed what pairs of earlier spans show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import ceil, exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aios_gui.history.comparison.model import (
    RESOLUTION,
    TESTED,
    Comparison,
    Condition,
    Measure,
    MeasureResult,
    Verdict,
    overall,
)
from aios_gui.history.model.student import t_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_COVERED_S = 1800.0
_RESAMPLES = 1000
_NOISE_PAIRS = 200
_LEAST_PAIRS = 20
_NOISE_LEVEL = 0.02
_LEAST_HOURS = 6
_LEAST_FREEDOM = 3
_LAGS = 24
_ALPHA = 0.05
_GRAIN = log(1.02)
"""Bins are 1 % wide: what differs by less than two of them is no difference."""
_BLUNT = log(2)
"""Where not even twice as much would be seen, there is not enough to say anything."""
_RANKS = {
    Measure.DURATION_P50: 0.5,
    Measure.DURATION_P99: 0.99,
    Measure.LATENESS_P50: 0.5,
    Measure.LATENESS_P99: 0.99,
    Measure.LATENESS_P99_9: 0.999,
}
_PLANNED = (Measure.DURATION_P99, Measure.LATENESS_P99)
"""The number of hours that are needed is worked out for these: the rarer figures would ask for months."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of beats, oldest first, one row each.

    ``hour`` is counted from the Unix epoch. ``kind`` tells hours apart that are not like each other, as by part of the
    day. ``condition`` is the place in ``conditions``, each of which has a value for each ``Condition``. ``duration``
    and ``lateness`` count beats, a column for each bin from ``lower`` to ``upper`` (ns).
    """

    hour: Ints
    kind: Ints
    condition: Ints
    covered_s: Floats
    hiccups: Floats
    worst_stall_ns: Floats
    duration: Floats
    lateness: Floats
    lower: Floats
    upper: Floats
    conditions: tuple[tuple[object, ...], ...] = ((),)

    def rows(self, chosen: Any) -> Hours:
        """Some of the hours: a slice, a mask or places."""
        kept = {each.name: getattr(self, each.name)[chosen] for each in fields(self)[:8]}
        return replace(self, **kept)

    def __len__(self) -> int:
        return len(self.hour)


@dataclass(frozen=True, slots=True)
class _Side:
    """The matched hours of one span: the row of each stratum and block, and the weight of a stratum's hours."""

    hours: Hours
    stratum: Ints
    weight: Floats


@dataclass(frozen=True, slots=True)
class _Spread:
    """The standard error of the logarithm of a ratio."""

    error: float
    freedom: int

    def half(self, level: float) -> float:
        """Half of the interval that misses in ``level`` of all cases."""
        return t_quantile(1 - level / 2, self.freedom) * self.error


_Spreads = dict[Measure, _Spread]


def compare(a: Hours, b: Hours, before: Hours | None = None, seed: int = 1) -> Comparison:
    """``b`` against ``a``; ``before`` are hours of the weeks before both, for the noise of this machine.

    ``a``, ``b`` and ``before`` have the same bins and the same ``conditions``.
    """
    whole_a, whole_b = (each.rows(each.covered_s >= HALF_COVERED_S) for each in (a, b))
    left_out = len(a) - len(whole_a), len(b) - len(whole_b)
    side_a, side_b = _match(whole_a, whole_b)
    matched = len(side_a.hours), len(side_b.hours)
    result = Comparison(
        Verdict.NOT_ENOUGH,
        matched_hours=matched,
        left_out_hours=left_out,
        unmatched_hours=(len(whole_a) - matched[0], len(whole_b) - matched[1]),
        shared_hours=len(np.intersect1d(side_a.hours.hour, side_b.hours.hour)),
        seed=seed,
    )
    differing = _differing(whole_a, whole_b)
    if differing:
        return replace(result, verdict=Verdict.NOT_COMPARABLE, differing=differing)
    if min(matched) < _LEAST_HOURS:
        return replace(result, hours_needed=_LEAST_HOURS, measures=_unjudged(side_a, side_b))
    random = np.random.default_rng(seed)
    figures = _figures(side_a), _figures(side_b)
    spreads = _spreads(side_a, side_b, before, random)
    noise, pairs = _noise(a, b, before, random)
    measures = _judge(figures, _logs(side_a, side_b), spreads, noise)
    widest = max(spreads[measure].half(_ALPHA / len(TESTED)) for measure in _PLANNED)
    hours_needed = ceil(min(matched) * (widest / log(RESOLUTION)) ** 2)
    with_delta = tuple(
        replace(each, cliffs_delta=_cliffs_delta(side_a, side_b, each.measure)) for each in measures
    )
    return replace(
        result, verdict=overall(measures), measures=with_delta, noise_pairs=pairs, hours_needed=hours_needed
    )


def _differing(a: Hours, b: Hours) -> tuple[Condition, ...]:
    """The conditions that no hour of one span shares with one of the other, where no hours are under the same."""
    mine, others = ({each.conditions[place] for place in set(each.condition.tolist())} for each in (a, b))
    if not mine or not others or mine & others:
        return ()
    apart = [
        condition
        for place, condition in enumerate(Condition)
        if not {each[place] for each in mine} & {each[place] for each in others}
    ]
    return tuple(apart) or tuple(Condition)


def _match(a: Hours, b: Hours) -> tuple[_Side, _Side]:
    """The hours of both whose stratum (kind and conditions) the other has too, each stratum with the same weight."""
    keys = [each.kind * len(each.conditions) + each.condition for each in (a, b)]
    common, sizes = [], []
    for stratum in np.intersect1d(keys[0], keys[1]):
        common.append(stratum)
        sizes.append(min(int((key == stratum).sum()) for key in keys))
    sides = []
    for each, key in zip((a, b), keys, strict=True):
        places = np.isin(key, common)
        stratum = np.searchsorted(np.array(common, np.int64), key[places])
        sides.append(_Side(each.rows(places), stratum, np.array(sizes, np.float64)))
    return sides[0], sides[1]


def _row_weights(side: _Side) -> Floats:
    """The weight of each hour, so that a stratum weighs the same on both sides."""
    counts = np.bincount(side.stratum, minlength=len(side.weight))
    weights: Floats = side.weight[side.stratum] / counts[side.stratum]
    return weights


def _figures(side: _Side) -> dict[Measure, float | None]:
    """Each measure of the span, all strata by their weight; None where there are no beats."""
    weights = _row_weights(side)[None, :]
    found = {measure: float(value[0]) for measure, value in _tested(side.hours, weights).items()}
    figures: dict[Measure, float | None] = {
        measure: exp(value) if value == value else None for measure, value in found.items()
    }
    hours = float((weights[0] * side.hours.covered_s).sum()) / 3600
    figures[Measure.HICCUPS] = float(weights[0] @ side.hours.hiccups) / hours * 100
    figures[Measure.WORST_STALL] = float(side.hours.worst_stall_ns.max())
    return figures


def _tested(hours: Hours, weights: Floats | None = None) -> dict[Measure, Floats]:
    """The logarithm of each tested measure, for each row of ``weights`` (rows × hours); without any, for each hour."""

    def weighed(of_hours: Floats) -> Floats:
        return of_hours if weights is None else weights @ of_hours

    durations, latenesses = weighed(hours.duration), weighed(hours.lateness)
    found = {}
    for measure, rank in _RANKS.items():
        counts = durations if measure in (Measure.DURATION_P50, Measure.DURATION_P99) else latenesses
        found[measure] = np.log(_percentile(counts, rank, hours.lower, hours.upper))
    # Half a hiccup more, so that a span without any has a logarithm.
    found[Measure.HICCUPS] = np.log((weighed(hours.hiccups) + 0.5) / weighed(hours.covered_s))
    return found


def _logs(a: _Side, b: _Side) -> dict[Measure, float]:
    """The logarithm of the ratio of each tested measure, of those that both spans have."""
    one, other = (_tested(side.hours, _row_weights(side)[None, :]) for side in (a, b))
    logs = {measure: float(other[measure][0] - one[measure][0]) for measure in TESTED}
    return {measure: value for measure, value in logs.items() if value == value}


def _percentile(counts: Floats, rank: float, lower: Floats, upper: Floats) -> Floats:
    """The value at ``rank`` in each row of counts, between the edges of its bin by proportion; NaN in an empty row."""
    summed = np.cumsum(counts, axis=1)
    wanted = summed[:, -1] * rank
    place = np.minimum((summed < wanted[:, None]).sum(axis=1), counts.shape[1] - 1)
    rows = np.arange(len(counts))
    inside = counts[rows, place]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (wanted - (summed[rows, place] - inside)) / inside
    found: Floats = lower[place] + share * (upper[place] - lower[place])
    return found


def _spreads(a: _Side, b: _Side, others: Hours | None, random: np.random.Generator) -> _Spreads:
    """The standard error of the logarithm of each ratio, and its degrees of freedom."""
    resampled = [_tested(side.hours, _resample(side, random)) for side in (a, b)]
    series = _residuals([each for each in (a.hours, b.hours, others) if each is not None and len(each)])
    hours = len(a.hours) + len(b.hours)
    found: _Spreads = {}
    for measure in TESTED:
        persistence = _persistence(series[measure])
        variance = persistence * sum(float(np.nanvar(each[measure])) for each in resampled)
        freedom = max(_LEAST_FREEDOM, round(hours / persistence) - 2 * len(a.weight))
        found[measure] = _Spread(variance**0.5, freedom)
    return found


def _resample(side: _Side, random: np.random.Generator) -> Floats:
    """Weights of the hours in each resample."""
    weights = np.zeros((_RESAMPLES, len(side.hours)))
    for stratum, weight in enumerate(side.weight):
        rows = np.flatnonzero(side.stratum == stratum)
        count = len(rows)
        if count == 1:
            weights[:, rows] = weight
        else:
            drawn = random.multinomial(count - 1, np.full(count, 1 / count), _RESAMPLES)
            weights[:, rows] = drawn * (weight / (count - 1))
    return weights


def _residuals(spans: list[Hours]) -> dict[Measure, list[Floats]]:
    """Each hour's measures less those of its span and of its kind, by the hour; NaN where there is no hour."""
    found: dict[Measure, list[Floats]] = {}
    kinds = np.concatenate([each.kind for each in spans])
    tested = [_tested(each) for each in spans]
    for measure in TESTED:
        values = [np.nan_to_num(each[measure] - np.nanmean(each[measure])) for each in tested]
        usual = np.bincount(kinds, np.concatenate(values)) / np.maximum(np.bincount(kinds), 1)
        found[measure] = []
        for span, of_span in zip(spans, values, strict=True):
            place = span.hour - span.hour[0]
            series = np.full(int(place[-1]) + 1, np.nan)
            series[place] = of_span - usual[span.kind]
            found[measure].append(series)
    return found


def _persistence(series: list[Floats]) -> float:
    """By how much the variance of a mean grows since hours resemble their neighbours; 1 or more.

    With the flat-top weights of Politis and Romano (1995).
    """
    longest = max(len(each) for each in series)
    lags = min(_LAGS, longest // 4)
    variance = float(np.concatenate([each[~np.isnan(each)] ** 2 for each in series]).mean())
    if not variance:
        return 1.0
    total = 1.0
    for lag in range(1, lags + 1):
        products = np.concatenate([each[lag:] * each[:-lag] for each in series])
        products = products[~np.isnan(products)]
        if len(products):
            total += 2 * min(1.0, 2 - 2 * lag / (lags + 1)) * float(products.mean()) / variance
    return max(1.0, total)


def _noise(
    a: Hours, b: Hours, before: Hours | None, random: np.random.Generator
) -> tuple[dict[Measure, float], int]:
    """How far another pair of spans may well differ, by those before: the logarithm of each ratio; how many pairs."""
    if before is None or not len(before):
        return {}, 0
    before = before.rows(before.covered_s >= HALF_COVERED_S)
    lengths = [int(each.hour[-1] - each.hour[0]) + 1 for each in (a, b)]
    lag = max(lengths[0], abs(int(b.hour[0] - a.hour[0]))) if b.hour[0] >= a.hour[0] else lengths[0]
    if not len(before) or before.hour[-1] - before.hour[0] + 1 < lag + lengths[1]:
        lag = lengths[0]
    room = int(before.hour[-1] - before.hour[0]) + 1 - lag - lengths[1] if len(before) else -1
    if room < 0:
        return {}, 0
    found: dict[Measure, list[float]] = {measure: [] for measure in TESTED}
    pairs = 0
    for start in random.integers(0, room + 1, _NOISE_PAIRS) + before.hour[0]:
        first = _cut(before, start, lengths[0])
        second = _cut(before, start + lag, lengths[1])
        sides = _match(first, second)
        if min(len(side.hours) for side in sides) < _LEAST_HOURS:
            continue
        pairs += 1
        for measure, value in _logs(*sides).items():
            found[measure].append(value)
    if pairs < _LEAST_PAIRS:
        return {}, 0
    apart = 1 + room // lag  # pairs that do not overlap
    bar = t_quantile(1 - _NOISE_LEVEL, max(_LEAST_FREEDOM, apart))
    return {
        measure: bar * float(np.mean(np.square(values))) ** 0.5 for measure, values in found.items()
    }, pairs


def _cut(hours: Hours, start: int, length: int) -> Hours:
    first, last = np.searchsorted(hours.hour, (start, start + length))
    return hours.rows(slice(int(first), int(last)))


def _judge(
    figures: tuple[dict[Measure, float | None], dict[Measure, float | None]],
    logs: dict[Measure, float],
    spreads: _Spreads,
    noise: dict[Measure, float],
) -> tuple[MeasureResult, ...]:
    """The verdict on each measure, by Holm's method: the clearest difference first, each against a lower bar."""
    order = sorted(logs, key=lambda each: -abs(logs[each]) / max(spreads[each].half(_ALPHA), 1e-12))
    results = {}
    is_open, level = True, _ALPHA
    for place, measure in enumerate(order):
        if is_open:
            level = _ALPHA / (len(order) - place)
        half = spreads[measure].half(level)
        is_open = is_open and abs(logs[measure]) > half
        least = max(_GRAIN, noise.get(measure, 0.0))
        verdict = Verdict.NO_DIFFERENCE
        if half > _BLUNT and not is_open:
            verdict = Verdict.NOT_ENOUGH
        elif is_open and abs(logs[measure]) > least:
            verdict = Verdict.WORSE if logs[measure] > 0 else Verdict.BETTER
        results[measure] = MeasureResult(
            measure,
            figures[0][measure],
            figures[1][measure],
            exp(logs[measure]),
            exp(logs[measure] - half),
            exp(logs[measure] + half),
            exp(noise[measure]) if measure in noise else None,
            verdict,
        )
    return tuple(results.get(measure) or _shown(measure, figures) for measure in Measure)


def _shown(
    measure: Measure, figures: tuple[dict[Measure, float | None], dict[Measure, float | None]]
) -> MeasureResult:
    """A measure that is shown without a verdict of its own."""
    one, other = (each.get(measure) for each in figures)
    ratio = other / one if one and other else None
    return MeasureResult(measure, one, other, ratio, None, None, None, Verdict.NOT_ENOUGH)


def _unjudged(a: _Side, b: _Side) -> tuple[MeasureResult, ...]:
    if not len(a.hours) or not len(b.hours):
        return ()
    figures = _figures(a), _figures(b)
    return tuple(_shown(measure, figures) for measure in Measure)


def _cliffs_delta(a: _Side, b: _Side, measure: Measure) -> float | None:
    """Cliff's delta of the beats of both spans (Cliff 1993); None where the measure is not one of beats."""
    if measure not in _RANKS:
        return None
    pick: Callable[[Hours], Floats] = (
        (lambda hours: hours.duration) if "duration" in measure else (lambda hours: hours.lateness)
    )
    shares = []
    for side in (a, b):
        counts = _row_weights(side) @ pick(side.hours)
        shares.append(counts / counts.sum())
    below = np.cumsum(shares[0]) - shares[0]
    above = 1 - np.cumsum(shares[0])
    return float(shares[1] @ (below - above))

"""When a daily figure became another one, and how it slowly changes beside: over series of one value a day.

Change points by E-divisive (Matteson and James 2014) with a t-test in the place of permutations, as it is used on
series of benchmarks (Daly et al. 2020, Hunter 2023); drift by Theil and Sen. Days resemble their neighbours, so that
both reckon with fewer days than there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aios_gui.history.model.student import t_probability, t_quantile

Floats = NDArray[np.float64]

LEAST_DAYS = 10
"""With fewer days nothing is looked for."""
_SHORTEST = 4
"""Days that a new level must last, as must the one before."""
_LEVEL = 0.001
_SLOPE_LEVEL = 0.01
"""Of chance, since five figures are looked at."""
_MOST_DAYS = 1200
"""Of longer series these newest are looked at: all pairs of days are compared."""
_GRAIN = np.log(1.02)
"""What is smaller than the grain of the histograms is no change."""
_WEEK = 7
_LEAST_WEEKS = 4
_DRIFT_DAYS = 21
_MONTH = 30


@dataclass(frozen=True, slots=True)
class Step:
    """From ``place`` on the series has another level; ``low`` to ``high`` is the 95 % interval of ``difference``."""

    place: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much a series grows in 30 days, with its 95 % interval, over ``days`` days."""

    a_month: float
    low: float
    high: float
    days: int


def steps_of(values: Floats, days: NDArray[np.integer[Any]]) -> tuple[Step, ...]:
    """The steps of a series, in order. ``days`` are the numbers of its days, which need not follow each other."""
    first = max(0, len(values) - _MOST_DAYS)
    values, days = values[first:], days[first:]
    if len(values) < LEAST_DAYS:
        return ()
    even = without_weekdays(values, days)
    bounds = _divided(even)
    bounds = _without_chance(even, days, bounds)
    return tuple(_step(even, bounds, place, first) for place in range(1, len(bounds) - 1))


def slope_of(values: Floats, days: NDArray[np.integer[Any]], steps: tuple[Step, ...]) -> Slope | None:
    """How the series drifts between its steps, where that is more than chance; None otherwise."""
    first = max(0, len(values) - _MOST_DAYS)
    values, days = values[first:], days[first:]
    if len(values) < _DRIFT_DAYS:
        return None
    even = without_weekdays(values, days)
    bounds = [0, *(step.place - first for step in steps if step.place > first), len(values)]
    slopes, variance, used = [], 0.0, 0
    for start, end in pairwise(bounds):
        count = end - start
        if count < 2 * _WEEK:
            continue
        one, other = np.triu_indices(count, 1)
        apart = days[start + other] - days[start + one]
        slopes.append((even[start + other] - even[start + one])[apart > 0] / apart[apart > 0])
        variance += count * (count - 1) * (2 * count + 5) / 18
        used += count
    if used < _DRIFT_DAYS:
        return None
    found = np.sort(np.concatenate(slopes))
    persistence = _persistence(_flattened(even, days, bounds))
    spread = (variance * persistence) ** 0.5

    def bounds_at(probability: float) -> tuple[float, float]:
        reach = t_quantile(probability, used / persistence) * spread
        low, high = (round((len(found) + sign * reach) / 2) for sign in (-1, 1))
        return float(found[max(0, low)]), float(found[min(len(found) - 1, high)])

    middle = float(np.median(found))
    span = float(days[-1] - days[0])
    surely = bounds_at(1 - _SLOPE_LEVEL / 2)
    if surely[0] <= 0 <= surely[1] or abs(middle) * span < _GRAIN:
        return None
    low, high = bounds_at(0.975)
    return Slope(middle * _MONTH, low * _MONTH, high * _MONTH, used)


def without_weekdays(values: Floats, days: NDArray[np.integer[Any]]) -> Floats:
    """The series without what is usual of a weekday against the days around it; as it is, if it is too short."""
    if len(values) < _LEAST_WEEKS * _WEEK:
        return values
    half = _WEEK // 2
    padded = np.pad(values, half, mode="reflect")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, _WEEK), axis=1)
    weekday = days % _WEEK
    usual = np.zeros(_WEEK)
    for each in range(_WEEK):
        apart = (values - around)[weekday == each]
        usual[each] = np.median(apart) if len(apart) >= _LEAST_WEEKS else 0.0
    found: Floats = values - (usual - usual.mean())[weekday]
    return found


def _divided(values: Floats) -> list[int]:
    """Where the series divides, its begin and its end too: the clearest division first, as long as one is clear."""
    apart = np.abs(values[:, None] - values[None, :])
    sums = np.zeros((len(values) + 1, len(values) + 1))
    sums[1:, 1:] = apart.cumsum(0).cumsum(1)
    bounds, open_parts = [0, len(values)], [(0, len(values))]
    while open_parts:
        start, end = open_parts.pop()
        place = _best(sums, start, end)
        if place is None or _difference(values, start, place, end)[3] > _LEVEL:
            continue
        bounds.append(place)
        open_parts += [(start, place), (place, end)]
    return sorted(bounds)


def _best(sums: Floats, start: int, end: int) -> int | None:
    """Where both parts differ most by the energy distance; None where they would be too short."""
    places = np.arange(start + _SHORTEST, end - _SHORTEST + 1)
    if not len(places):
        return None
    one, other = places - start, end - places
    whole = sums[end, end] - 2 * sums[start, end] + sums[start, start]
    within_one = sums[places, places] - 2 * sums[start, places] + sums[start, start]
    within_other = sums[end, end] - 2 * sums[places, end] + sums[places, places]
    across = (whole - within_one - within_other) / 2
    distance = 2 * across / (one * other) - within_one / one**2 - within_other / other**2
    return int(places[np.argmax(distance * one * other / (one + other))])


def _difference(
    values: Floats, start: int, place: int, end: int, persistence: float = 1.0
) -> tuple[float, float, float, float]:
    """How much the second part is above the first, its standard error and freedom, how often chance does as much."""
    one, other = values[start:place], values[place:end]
    least = (_GRAIN / 4) ** 2
    shares = [max(float(part.var(ddof=1)), least) * persistence / len(part) for part in (one, other)]
    difference, error = float(other.mean() - one.mean()), sum(shares) ** 0.5
    freedoms = [
        share**2 / max(1.0, len(part) / persistence - 1)
        for share, part in zip(shares, (one, other), strict=True)
    ]
    freedom = max(1.0, sum(shares) ** 2 / sum(freedoms))
    return difference, error, freedom, t_probability(difference / error, freedom)


def _without_chance(values: Floats, days: NDArray[np.integer[Any]], bounds: list[int]) -> list[int]:
    """The bounds without those that chance, or a slow drift, explains as well; the least certain goes first."""
    while len(bounds) > 2:
        persistence = _persistence(_flattened(values, days, bounds))
        doubts = []
        for start, place, end in zip(bounds, bounds[1:], bounds[2:], strict=False):
            difference, *_errors, p_value = _difference(values, start, place, end, persistence)
            slope = _step_beside_slope(values, days, start, place, end, persistence)
            doubts.append(max(p_value / _LEVEL, slope / _LEVEL, 2.0 if abs(difference) < _GRAIN else 0.0))
        worst = int(np.argmax(doubts))
        if doubts[worst] <= 1:
            break
        del bounds[worst + 1]
    return bounds


def _step_beside_slope(
    values: Floats, days: NDArray[np.integer[Any]], start: int, place: int, end: int, persistence: float
) -> float:
    """How often chance gives as large a step where the series may also grow evenly."""
    count = end - start
    grows = (days[start:end] - days[start]) / max(1, days[end - 1] - days[start])
    columns = np.column_stack((np.ones(count), grows, np.arange(start, end) >= place))
    solution, *_rest = np.linalg.lstsq(columns, values[start:end], rcond=None)
    apart = values[start:end] - columns @ solution
    freedom = max(1.0, count / persistence - 3)
    variance = max(float(apart @ apart) / max(1, count - 3), (_GRAIN / 4) ** 2) * persistence
    error = (variance * np.linalg.pinv(columns.T @ columns)[2, 2]) ** 0.5
    return t_probability(float(solution[2]) / float(error), freedom)


def _flattened(values: Floats, days: NDArray[np.integer[Any]], bounds: list[int]) -> Floats:
    """What is left of the series without its levels and its drift between the bounds."""
    found = values.copy()
    for start, end in pairwise(bounds):
        part = found[start:end]
        if end - start >= 2 * _WEEK:
            grows = np.column_stack((np.ones(end - start), days[start:end] - days[start]))
            part -= grows @ np.linalg.lstsq(grows, part, rcond=None)[0]
        else:
            part -= part.mean()
    return found


def _persistence(rest: Floats) -> float:
    """By how much the variance of a mean grows since days resemble the days before; 1 or more."""
    variance = float(rest @ rest)
    if variance <= 0 or len(rest) < LEAST_DAYS:
        return 1.0
    # An estimate out of few days is too low by about (1 + 4 r) / n.
    alike = float(rest[1:] @ rest[:-1]) / variance
    alike = min(0.8, alike + (1 + 4 * max(alike, 0.0)) / len(rest))
    return max(1.0, (1 + alike) / (1 - alike))


def _step(values: Floats, bounds: list[int], number: int, first: int) -> Step:
    start, place, end = bounds[number - 1 : number + 2]
    days = np.arange(len(values))
    persistence = _persistence(_flattened(values, days, bounds))
    difference, error, freedom, p_value = _difference(values, start, place, end, persistence)
    half = t_quantile(0.975, max(3.0, freedom)) * error
    before, after = float(values[start:place].mean()), float(values[place:end].mean())
    return Step(first + place, before, after, difference, difference - half, difference + half, p_value)

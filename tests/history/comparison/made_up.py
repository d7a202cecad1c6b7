"""Made-up hours of beats for comparisons: drift, a daily pattern, and hours that resemble their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from aios_gui.history.comparison.verdict import Hours

BINS = np.geomspace(1e3, 1e9, 600)
_LOWER, _UPPER = BINS[:-1], BINS[1:]
_DAY_H = 24


def _normal_cdf(x: NDArray[np.float64]) -> NDArray[np.float64]:
    # Abramowitz and Stegun 7.1.26: to 1.5e-7, far below what 3,600 beats show.
    z = np.abs(x) / sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = 0.5 * poly * np.exp(-z * z)
    return np.where(x >= 0, 1 - tail, tail)


@dataclass(frozen=True)
class World:
    """How a made-up machine behaves; spreads are of the logarithm of a value."""

    median_ns: float = 80_000.0
    daily: float = 0.10
    resemblance: float = 0.8
    spread: float = 0.06
    tail_spread: float = 0.08
    drift_a_day: float = 0.004
    hiccups_per_hour: float = 0.3


def _chain(random: np.random.Generator, count: int, resemblance: float, spread: float) -> NDArray[np.float64]:
    """A series whose neighbours resemble each other (AR(1)), of the given spread."""
    values = np.empty(count)
    value = random.normal(0, spread)
    for place in range(count):
        value = resemblance * value + random.normal(0, spread * sqrt(1 - resemblance**2))
        values[place] = value
    return values


def hours(
    random: np.random.Generator,
    count: int,
    world: World | None = None,
    first_hour: int = 480_000,
    raised_from: int | None = None,
    raised: float = 1.0,
) -> Hours:
    """``count`` hours; from hour ``raised_from`` on the slowest tenth is slower: P99 by the factor ``raised``."""
    world = world or World()
    hour = first_hour + np.arange(count)
    drift = np.cumsum(random.normal(0, world.drift_a_day / sqrt(_DAY_H), count))
    daily = world.daily * np.sin(2 * np.pi * (hour % _DAY_H) / _DAY_H)
    middle = np.log(world.median_ns) + drift + daily + _chain(random, count, world.resemblance, world.spread)
    tail = 1.0 + _chain(random, count, world.resemblance, world.tail_spread)
    counts = {}
    for name, scale in (("duration", -1.2), ("lateness", 0.0)):
        rows = np.empty((count, len(_LOWER)))
        for place in range(count):
            edges = np.log(BINS) - middle[place] - scale
            share = 0.93 * _normal_cdf(edges / 0.15) + 0.07 * _normal_cdf((edges - 0.5) / (0.7 * tail[place]))
            if raised_from is not None and place >= raised_from and name == "lateness":
                slower = edges + np.log(raised) * np.clip((share - 0.93) / 0.05, 0, 1)
                share = np.interp(edges, slower, share)
            chances = np.diff(share, prepend=0.0)[1:]
            chances[-1] += max(0.0, 1 - chances.sum())
            rows[place] = random.multinomial(3600, chances / chances.sum())
        counts[name] = rows
    return Hours(
        hour=hour,
        kind=(hour // _DAY_H % 7 >= 5) * 4 + hour % _DAY_H // 6,
        condition=np.zeros(count, np.int64),
        covered_s=np.full(count, 3600.0),
        hiccups=random.poisson(world.hiccups_per_hour * np.exp(2 * (tail - 1))).astype(np.float64),
        worst_stall_ns=60e6 * np.exp(random.exponential(0.8, count)),
        duration=counts["duration"],
        lateness=counts["lateness"],
        lower=_LOWER,
        upper=_UPPER,
    )

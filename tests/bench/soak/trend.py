"""How fast a figure rises, and how sure that is; how two spans of beats compare: pure arithmetic."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bench.arithmetic import percentile

_NORMAL = 1.959964
_FEWEST = 6
"""Of fewer values no trend can be told."""
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of the interval that holds the true one in 95 of 100 cases."""

    value: float
    low: float
    high: float


def slope(times: Sequence[float], values: Sequence[float]) -> Estimate | None:
    """The rise of ``values`` in one unit of ``times``, by least squares; None where there are too few.

    What follows upon one another is alike, so the interval reckons with as few independent values as the residuals show
    by their likeness to the ones before.
    """
    count = len(values)
    if count < _FEWEST:
        return None
    middle_time, middle_value = sum(times) / count, sum(values) / count
    spread = sum((time - middle_time) ** 2 for time in times)
    if spread == 0:
        return None
    rise = sum((t - middle_time) * (v - middle_value) for t, v in zip(times, values, strict=True)) / spread
    residuals = [v - middle_value - rise * (t - middle_time) for t, v in zip(times, values, strict=True)]
    squares = sum(each * each for each in residuals)
    if squares <= 1e-18 * max(1.0, middle_value**2) * count:
        return Estimate(rise, rise, rise)
    likeness = sum(a * b for a, b in pairwise(residuals)) / squares
    likeness = min(max(likeness, 0.0), 0.99)
    freedom = count * (1 - likeness) / (1 + likeness) - 2
    if freedom < 1:
        return Estimate(rise, -math.inf, math.inf)
    reach = student(freedom) * math.sqrt(squares / freedom / spread)
    return Estimate(rise, rise - reach, rise + reach)


def student(freedom: float) -> float:
    """The two-sided 95 % quantile of Student's distribution, to a hundredth from three degrees of freedom on."""
    z = _NORMAL
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms))


Blocks = Sequence[Sequence[float]]


def ratio_of_percentiles(above: Sequence[Blocks], below: Sequence[Blocks], share: float) -> Estimate | None:
    """The product of the percentiles of the blocks ``above`` over that of those ``below``; None where one has no value.

    The interval comes from drawing whole blocks again and again, since the values of one block are alike.
    """
    chance = random.Random(1)
    above, below = ([[each for each in blocks if each] for blocks in side] for side in (above, below))

    def of(blocks: Blocks) -> float:
        return percentile([value for block in blocks for value in block], share)

    def drawn(blocks: Blocks) -> float:
        return of(chance.choices(blocks, k=len(blocks)))

    if not all((*above, *below)) or min(map(of, below)) <= 0:
        return None
    draws = sorted(math.prod(map(drawn, above)) / math.prod(map(drawn, below)) for _ in range(_DRAWS))
    value = math.prod(map(of, above)) / math.prod(map(of, below))
    return Estimate(value, min(value, draws[_DRAWS // 40]), max(value, draws[-_DRAWS // 40 - 1]))

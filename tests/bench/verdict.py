"""``python -m tests.bench.verdict``: how often a comparison is right, over made-up pairs of spans.

Pairs without any change should show no demonstrable difference in 95 of 100, pairs of a week each whose P99 was raised
by 15 % should be worse in 90 of 100.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from aios_gui.history.comparison.model import Measure, Verdict
from aios_gui.history.comparison.verdict import compare
from tests.history.comparison.made_up import hours

_WEEK_H = 168


def verdicts(
    pairs: int, raised: float, weeks_before: int, seed: int
) -> tuple[Counter[Verdict], Counter[Measure]]:
    """The verdict on each pair of weeks, and which measures gave it."""
    found: Counter[Verdict] = Counter()
    by: Counter[Measure] = Counter()
    before_h = weeks_before * _WEEK_H
    for pair in range(pairs):
        random = np.random.default_rng((seed, pair))
        made = hours(random, before_h + 2 * _WEEK_H, raised_from=before_h + _WEEK_H, raised=raised)
        a, b = (made.rows(slice(start, start + _WEEK_H)) for start in (before_h, before_h + _WEEK_H))
        result = compare(a, b, made.rows(slice(0, before_h)), seed=pair)
        found[result.verdict] += 1
        by.update(each.measure for each in result.measures if each.verdict in (Verdict.WORSE, Verdict.BETTER))
    return found, by


def main() -> int:
    """Print the table; exit status 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--weeks-before", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        f"{options.pairs} pairs of a week each, {options.weeks_before} weeks before them, seed {options.seed}"
    )
    same, by_same = verdicts(options.pairs, 1.0, options.weeks_before, options.seed)
    raised, by_raised = verdicts(options.pairs, 1.15, options.weeks_before, options.seed)
    print("no change:      ", dict(same), dict(by_same))
    print("P99 up by 15 %: ", dict(raised), dict(by_raised))
    is_reached = (
        same[Verdict.NO_DIFFERENCE] >= 0.95 * options.pairs and raised[Verdict.WORSE] >= 0.9 * options.pairs
    )
    print("reached" if is_reached else "missed")
    return not is_reached


if __name__ == "__main__":
    raise SystemExit(main())

"""The beat with fifty rules beside the beat with two: what is watched must not show in what a beat takes."""

from __future__ import annotations

from itertools import cycle, islice

from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Measure, Rule
from tests.bench.arithmetic import Goal, ratio
from tests.bench.group import run_group
from tests.bench.headless import pair
from tests.bench.members import Product
from tests.bench.plan import Plan
from tests.bench.rows import TIMES, Row

FEW, MANY = 2, 50
INTERVAL_NS = 50_000_000
"""Twenty beats a second: the P99 of a hundred beats would be their slowest one."""
NEVER = {Measure.DISK_FREE: (0.0, Comparison.BELOW)}
ALWAYS_BELOW = 1e9, Comparison.ABOVE


def rules(count: int) -> tuple[Rule, ...]:
    """The rules on CPU and on stutters, and others that never fire, over all measures in turn."""
    first = tuple(rule for rule in DEFAULT_RULES if rule.name in ("cpu", "hiccup"))
    others = (
        Rule(f"{measure} {number}", measure, limit, comparison, clear=limit)
        for number, measure in enumerate(cycle(Measure))
        for limit, comparison in (NEVER.get(measure, ALWAYS_BELOW),)
    )
    return (*first, *islice(others, count - len(first)))


def measure(plan: Plan) -> list[Row]:
    """The row of the two."""
    members = [Product(f"{count} rules", INTERVAL_NS, rules=rules(count)) for count in (FEW, MANY)]
    results = run_group("rules", members, INTERVAL_NS, plan.settle_s, plan.seconds)
    few, many = (results[member.name].beats for member in members)
    return [
        Row(
            "rules.p99",
            f"beat at {1e9 / INTERVAL_NS:g} Hz: P99 with {MANY} rules ÷ with {FEW}",
            TIMES,
            ratio(many.duration.p99, few.duration.p99),
            Goal(1.10),
            "",
            pair(few.duration, f"{FEW} rules"),
            f"({pair(many.duration)}; n={many.duration.count})",
        )
    ]

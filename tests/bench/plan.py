"""How much is measured: seconds, interval, numbers of starts."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of a run."""

    seconds: float
    settle_s: float
    interval_ns: int
    starts: int
    commands: int
    blocking: int

    @property
    def is_at_one_hertz(self) -> bool:
        """Whether the goals, which are for one beat a second, apply."""
        return self.interval_ns == 1_000_000_000


def plan_of(arguments: argparse.Namespace) -> Plan:
    """The plan for parsed options."""
    quick: bool = arguments.quick
    return Plan(
        seconds=arguments.seconds or (15.0 if quick else 120.0),
        settle_s=4.0 if quick else 10.0,
        interval_ns=round(arguments.interval * 1e9),
        starts=4 if quick else 20,
        commands=7 if quick else 20,
        blocking=1 if quick else 3,
    )

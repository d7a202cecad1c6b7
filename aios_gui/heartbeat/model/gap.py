"""Spans without beats that no one is to blame for, and how they are told from a stall."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SUSPEND_THRESHOLD_NS = 250_000_000
CLOCK_JUMP_THRESHOLD_NS = 1_000_000_000


class GapKind(StrEnum):
    """Why there are no beats."""

    NOT_RECORDED = "not_recorded"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    CLOCK_JUMP = "clock_jump"


@dataclass(frozen=True, slots=True)
class Gap:
    """A span without beats, by the wall clock, ns since the Unix epoch.

    A clock jump has ``end_ns`` before ``start_ns`` where the clock was set back.
    ``unrecorded_beats`` counts beats that were made but could not be written.
    """

    kind: GapKind
    start_ns: int
    end_ns: int
    unrecorded_beats: int = 0


@dataclass(frozen=True, slots=True)
class ClockReading:
    """Three clocks read at one moment, in ns: monotonic, wall, and time spent asleep since boot."""

    now_ns: int
    wall_ns: int
    suspended_ns: int


def gaps_between(before: ClockReading, after: ClockReading, monotonic_counts_sleep: bool) -> tuple[Gap, ...]:
    """The gaps that lie between two readings, in their order; as a rule none.

    Suspended: the clock of time asleep grew. Clock jump: the wall clock moved against the others by over a
    second, also while the machine was asleep. Where the monotonic clock runs on in sleep, the time asleep is already
    in it.
    """
    asleep_ns = after.suspended_ns - before.suspended_ns
    expected_ns = before.wall_ns + (after.now_ns - before.now_ns)
    if not monotonic_counts_sleep:
        expected_ns += asleep_ns
    jump = clock_jump(expected_ns, after.wall_ns)
    if asleep_ns < SUSPEND_THRESHOLD_NS:
        return () if jump is None else (jump,)
    woke_ns = after.wall_ns if jump is None else expected_ns
    sleep = Gap(GapKind.SUSPENDED, woke_ns - asleep_ns, woke_ns)
    return (sleep,) if jump is None else (sleep, jump)


def clock_jump(expected_ns: int, wall_ns: int) -> Gap | None:
    """The jump of a wall clock that should say ``expected_ns``; None under a second."""
    if abs(wall_ns - expected_ns) < CLOCK_JUMP_THRESHOLD_NS:
        return None
    return Gap(GapKind.CLOCK_JUMP, expected_ns, wall_ns)

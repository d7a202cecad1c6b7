"""Spans without beats that no one is to blame for, and how they are told from a stall."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    ``unrecorded_beats`` counts beats that were made but could not be written. ``is_rest`` tells the further parts of a
    gap into which beats fell after the clock was set back.
    """

    kind: GapKind
    start_ns: int
    end_ns: int
    unrecorded_beats: int = 0
    is_rest: bool = False

    @property
    def is_set_back(self) -> bool:
        """Whether the clock went back, so that time went by again."""
        return self.end_ns < self.start_ns


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


def without_recorded(found: Sequence[Gap], first_ns: int, last_ns: int) -> list[Gap]:
    """Gaps without what was recorded of their time before the clock was set back, or after; no time is in two of them.

    ``found`` is all gaps of a record in the order in which they were found, ``first_ns`` and ``last_ns`` the moments
    of the first and the last beat in the order in which they were made. Where a clock was never set back, beats lie
    in no gap. One of which nothing is left stays as a moment, since it happened.
    """
    if not any(gap.is_set_back for gap in found):
        return list(found)
    edges: list[int] = []
    reached_ns = first_ns
    for gap in found:
        _take(edges, reached_ns, gap.start_ns)
        reached_ns = gap.end_ns if gap.is_set_back else max(reached_ns, gap.end_ns)
    _take(edges, reached_ns, last_ns)
    left: list[list[Gap]] = []
    for gap in reversed(found):
        left.append([gap] if gap.is_set_back else list(_outside_of(gap, edges)))
        _take(edges, gap.start_ns, gap.end_ns)
    return [part for parts in reversed(left) for part in parts]


def _take(edges: list[int], start_ns: int, end_ns: int) -> None:
    """Add a span to those that are taken, of which ``edges`` has where each begins and ends, in order."""
    if start_ns < end_ns:
        first, last = bisect_left(edges, start_ns), bisect_right(edges, end_ns)
        edges[first:last] = [start_ns][first % 2 :] + [end_ns][last % 2 :]


def _outside_of(gap: Gap, edges: list[int]) -> Iterator[Gap]:
    """The parts of a gap that lie in no span of those taken."""
    first, last = bisect_right(edges, gap.start_ns), bisect_left(edges, gap.end_ns)
    bounds = [gap.start_ns][first % 2 :] + edges[first:last] + [gap.end_ns][last % 2 :]
    parts = [part for part in zip(bounds[::2], bounds[1::2], strict=False) if part[0] < part[1]]
    for place, (start_ns, end_ns) in enumerate(parts):
        yield Gap(gap.kind, start_ns, end_ns, 0 if place else gap.unrecorded_beats, place > 0)
    if not parts:
        yield replace(gap, end_ns=gap.start_ns)

"""Stalls that the beat's own thread does not feel: told by the kernel's account of stalled time, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stall import SeenBy

MS, S = 1_000_000, 1_000_000_000
THRESHOLD_NS = {"cpu": 150 * MS, "io": 50 * MS, "memory": 50 * MS}
"""This much stalled time in a second beyond the usual is a stall. For a core something waits on every busy machine."""
USUAL_NS, SPREADS = 60_000_000_000, 4.0
"""How fast it is forgotten what is usual; a stall is this many times further from it than the machine is on average."""
LEAST_KNOWN_NS = 5_000_000_000
"""With less known of what is usual, as after the start on a busy machine, nothing is beyond it."""
NEARLY = 0.25
"""Above this share of the threshold, a round may hold the first part of a stall that the next one holds the rest of."""
LONGEST_NS = 60_000_000_000
"""One that goes on is told of at least this often; by then it is on its way to becoming usual."""
_APART_NS = 1_000
"""What is found of a stall is kept by its µs: of two that end with one round, each has its own."""
LONGEST_ROUND_NS = 10_000_000_000
"""A longer one was no round: the machine slept, or the recorder was held up."""


@dataclass(slots=True)
class StalledRound:
    """How long the machine waited for each resource from one moment to another, ns (the moments by the wall clock)."""

    start_ns: int
    end_ns: int
    stalled_ns: Mapping[str, int]

    def percent(self, resource: str) -> float:
        """The same for one of them as a share of the round, 0 to 100."""
        return min(100.0, self.stalled_ns[resource] / max(1, self.end_ns - self.start_ns) * 100)


@dataclass(slots=True)
class _Run:
    """A stall that may go on."""

    begin_ns: int
    end_ns: int
    stalled_ns: int


class _Resource:
    """What is usual of one resource, as a share of the time, and its stall in course."""

    __slots__ = (
        "_known_ns",
        "_nearly_ns",
        "_run",
        "_since_ns",
        "_spread",
        "_threshold_ns",
        "_usual",
        "nearly_ns",
    )

    def __init__(self, threshold_ns: int) -> None:
        self._threshold_ns = threshold_ns
        self.nearly_ns = round(NEARLY * threshold_ns)
        self._usual = self._spread = 0.0
        self._known_ns = 0
        self._nearly_ns = 0
        """What the round before had beyond the usual, where that was nearly a stall."""
        self._run: _Run | None = None
        self._since_ns = 0
        """Since when it has been stalled, also where that was told of already."""

    @property
    def is_stalled(self) -> bool:
        """Whether a stall is in course."""
        return self._run is not None

    def take(self, start_ns: int, end_ns: int, stalled_ns: int, felt_ns: int) -> _Run | None:
        """Take a round in; the stall that is over with it."""
        length_ns, run = end_ns - start_ns, self._run
        if not 0 < length_ns <= LONGEST_ROUND_NS:
            self._run, self._nearly_ns = None, 0
            return run
        stalled_ns = min(stalled_ns, length_ns)
        over_ns = round(stalled_ns - self._usual * length_ns)
        goes_on = run is not None and over_ns >= self._least_ns(length_ns)
        if run is not None and goes_on and end_ns - run.begin_ns <= LONGEST_NS:
            run.end_ns = start_ns + stalled_ns
            run.stalled_ns += stalled_ns
            if end_ns - self._since_ns > LONGEST_NS:
                self._learn(stalled_ns, length_ns)
            return None
        if not goes_on:  # what was felt is no part of what begins, but does not divide what goes on
            stalled_ns, over_ns = stalled_ns - felt_ns, over_ns - felt_ns
        is_known = self._known_ns >= LEAST_KNOWN_NS
        self._run = self._beginning(start_ns, end_ns, stalled_ns, over_ns) if is_known else None
        if self._run is None and not felt_ns:
            self._learn(stalled_ns, length_ns)
        elif self._run is not None and not goes_on:
            self._since_ns = self._run.begin_ns
        return run

    def _least_ns(self, length_ns: int) -> int:
        spread_ns = round(SPREADS * self._spread * length_ns)
        return max(round(self._threshold_ns * max(1.0, length_ns / S)), spread_ns)

    def _beginning(self, start_ns: int, end_ns: int, stalled_ns: int, over_ns: int) -> _Run | None:
        """The stall that begins with this round, or began at the end of the one before."""
        before_ns, self._nearly_ns = self._nearly_ns, 0
        least_ns = self._least_ns(end_ns - start_ns)
        if over_ns >= least_ns:
            # When in its first round it began is not told: it is taken to have gone on into the next.
            return _Run(end_ns - stalled_ns, end_ns, stalled_ns)
        if (
            before_ns
            and over_ns > 0
            and over_ns + before_ns >= max(least_ns, round(2 * SPREADS * self._spread * S))
        ):
            return _Run(start_ns - before_ns, start_ns + over_ns, over_ns + before_ns)
        if over_ns >= NEARLY * least_ns:
            self._nearly_ns = over_ns
        return None

    def _learn(self, stalled_ns: int, length_ns: int) -> None:
        """All that is known counts the same, until it is older than it may be."""
        share = stalled_ns / length_ns
        self._known_ns += length_ns
        weight = max(1 - exp(-length_ns / USUAL_NS), length_ns / self._known_ns)
        self._spread += weight * (abs(share - self._usual) - self._spread)
        self._usual += weight * (share - self._usual)


class StallSpotter:
    """Makes one hiccup of rounds one after the other in which a resource was short for longer than usual."""

    def __init__(self) -> None:
        self._resources = {name: _Resource(threshold_ns) for name, threshold_ns in THRESHOLD_NS.items()}

    @property
    def is_stalled(self) -> bool:
        """Whether there is a stall that may go on."""
        return any(each.is_stalled for each in self._resources.values())

    def is_little(self, before: Mapping[str, int], now: Mapping[str, int]) -> bool:
        """Whether no stall is in course, and what grew from one second to the next is not even part of one, ns."""
        for name, resource in self._resources.items():
            if resource.is_stalled or now.get(name, 0) - before.get(name, 0) >= resource.nearly_ns:
                return False
        return True

    def take(self, current: StalledRound, felt: Iterable[Event] = ()) -> list[Event]:
        """The hiccups that a round ends. What was ``felt`` in it by the beat's thread is told of already."""
        felt_ns = sum(map(hiccup_length_ns, felt))
        found: list[Event] = []
        for name, resource in self._resources.items():
            run = resource.take(current.start_ns, current.end_ns, current.stalled_ns.get(name, 0), felt_ns)
            if run is not None:
                found.append(_hiccup(name, run, run.end_ns - len(found) * _APART_NS))
        return found


def _hiccup(resource: str, run: _Run, ended_ns: int) -> Event:
    facts: dict[str, int | float | str] = {
        "lateness_ns": run.end_ns - run.begin_ns,
        "missed": 0,
        "seen_by": SeenBy.KERNEL,
        "resource": resource,
        "stalled_ns": run.stalled_ns,
    }
    return Event(EventKind.RESOURCE_STALL, ended_ns, None, facts)

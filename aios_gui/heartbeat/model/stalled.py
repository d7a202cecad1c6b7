"""Stalls that the beat's own thread does not feel: told by the kernel's account of stalled time, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stall import SeenBy

MS = 1_000_000
THRESHOLD_NS = {"cpu": 250 * MS, "io": 100 * MS, "memory": 100 * MS}
"""From this much stalled time in a second on it is a stall. For a core something waits on every busy machine."""
LONGEST_NS = 60_000_000_000
"""One that goes on is told of at least this often."""
LONGEST_ROUND_NS = 10_000_000_000
"""A longer one was no round: the machine slept, or the recorder was held up."""


@dataclass(frozen=True, slots=True)
class StalledRound:
    """How long the machine waited for each resource from one moment to another, ns (the moments by the wall clock)."""

    start_ns: int
    end_ns: int
    stalled_ns: Mapping[str, int]

    @property
    def percent(self) -> dict[str, float]:
        """The same as shares of the round, 0 to 100."""
        length_ns = max(1, self.end_ns - self.start_ns)
        return {name: min(100.0, ns / length_ns * 100) for name, ns in self.stalled_ns.items()}


@dataclass(slots=True)
class _Run:
    """Rounds one after the other that were stalled."""

    begin_ns: int
    end_ns: int
    stalled_ns: int


class StallSpotter:
    """Makes one hiccup of rounds one after the other in which a resource was short for too long."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}

    def take(self, current: StalledRound, felt: Iterable[Event] = ()) -> list[Event]:
        """The hiccups that a round ends. What was ``felt`` in it by the beat's thread is told of already."""
        length_ns = current.end_ns - current.start_ns
        felt_ns = sum(map(hiccup_length_ns, felt))
        found = []
        for name, threshold_ns in THRESHOLD_NS.items():
            stalled_ns = min(current.stalled_ns.get(name, 0), max(0, length_ns)) - felt_ns
            is_over = 0 < length_ns <= LONGEST_ROUND_NS and stalled_ns >= threshold_ns * max(
                1.0, length_ns / 1_000_000_000
            )
            run = self._runs.get(name)
            if run is not None and (not is_over or current.end_ns - run.begin_ns > LONGEST_NS):
                found.append(_hiccup(name, self._runs.pop(name)))
                run = None
            if is_over and run is None:
                # When in its first round it began is not told: it is taken to have gone on into the next.
                self._runs[name] = _Run(current.end_ns - stalled_ns, current.end_ns, stalled_ns)
            elif is_over and run is not None:
                run.end_ns = current.start_ns + stalled_ns
                run.stalled_ns += stalled_ns
        return found


def _hiccup(resource: str, run: _Run) -> Event:
    facts: dict[str, int | float | str] = {
        "lateness_ns": run.end_ns - run.begin_ns,
        "missed": 0,
        "seen_by": SeenBy.KERNEL,
        "resource": resource,
        "stalled_ns": run.stalled_ns,
    }
    return Event(EventKind.RESOURCE_STALL, run.end_ns, None, facts)

"""Runs programs side by side, their beats spread over the interval so that they never meet."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.bench.members import Member, Product
from tests.bench.process import Busy, Cost
from tests.bench.progress import say
from tests.bench.record import Beats

_PLACING_TRIES = 6
_SHARED = "libQt6Core"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a program recorded in the span and what it cost in that time."""

    beats: Beats
    cpu_percent: float
    rss_bytes: int
    uss_bytes: int
    phase_share: float
    """Where in the interval it beat, 0 to 1, from the first member on."""
    sharers: int = 0
    """Other processes that shared Qt's libraries with it when it was weighed."""


def distance_ns(first_ns: int, second_ns: int, interval_ns: int) -> int:
    """How far two phases are apart on the circle of the interval."""
    apart = (first_ns - second_ns) % interval_ns
    return min(apart, interval_ns - apart)


def place(members: Sequence[Member], interval_ns: int) -> list[int]:
    """Start all members, spread evenly over the interval; returns their phases."""
    first = members[0].start_at(None)
    phases = [first]
    slot_ns = interval_ns // len(members)
    for number, member in enumerate(members[1:], start=1):
        wanted_ns = (first + number * slot_ns) % interval_ns
        phase_ns = member.start_at(wanted_ns)
        tries = 1
        while (
            isinstance(member, Product)
            and distance_ns(phase_ns, wanted_ns, interval_ns) > slot_ns // 4
            and tries < _PLACING_TRIES
        ):
            phase_ns = member.restart_at(wanted_ns)
            tries += 1
        phases.append(phase_ns)
    return phases


def run_group(
    title: str, members: Sequence[Member], interval_ns: int, settle_s: float, seconds: float
) -> dict[str, Measured]:
    """Start the members, let them settle, measure for ``seconds``, end them; results by name.

    Memory is right for the last member only, which is weighed after the others have ended.
    """
    say(f"{title}: {', '.join(member.name for member in members)}")
    with contextlib.ExitStack() as stack:
        for member in members:
            stack.callback(member.remove)
        phases = place(members, interval_ns)
        time.sleep(settle_s)
        before, start_ns = [member.child.cost() for member in members], time.time_ns()
        busy = Busy()
        time.sleep(seconds)
        say(f"{title}: the machine was {busy.percent():.0f} % busy, all of it counted")
        after, end_ns = [member.child.cost() for member in members], time.time_ns()
        for member in members[:-1]:
            member.child.end()
        # What two programs share counts for neither: the last is weighed once it is alone.
        alone = members[-1].child.cost()
        after[-1] = replace(after[-1], rss_bytes=alone.rss_bytes, uss_bytes=alone.uss_bytes)
        sharers = members[-1].child.sharers(_SHARED)
        if sharers:
            say(f"{title}: {sharers} other processes have {_SHARED} loaded, so USS comes out too small")
        members[-1].child.end()
        results = {}
        for member, first, last, phase in zip(members, before, after, phases, strict=True):
            share = (phase - phases[0]) % interval_ns / interval_ns
            results[member.name] = _measured(member.beats(start_ns, end_ns), first, last, share, sharers)
        return results


def _measured(beats: Beats, before: Cost, after: Cost, phase_share: float, sharers: int) -> Measured:
    return Measured(
        beats, after.cpu_percent_since(before), after.rss_bytes, after.uss_bytes, phase_share, sharers
    )

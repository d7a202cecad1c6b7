"""How long before it is due a beat is woken: a margin learnt from recent wake-ups.

A thread that slept for a second wakes with cold caches. Run once, unrecorded, shortly before it is due, the same
path is warm for the beat that counts. The margin has to hold the wake-up itself and the rehearsal.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.heartbeat.model.percentiles import Percentiles

MINIMUM_MARGIN_NS = 200_000
MAXIMUM_MARGIN_NS = 2_000_000
COARSE_TIMER_MAXIMUM_MARGIN_NS = 4_000_000
"""Windows wakes a thread less exactly."""
RECENT_WAKEUPS = 32
FIRST_WAKEUPS = 8
PERCENTILE = 0.95
HEADROOM_NS = 60_000
FIRST_MARGIN_NS = 500_000
FIRST_REHEARSAL_NS = 150_000


_SLEPT_FROM_NS = 1_000_000
_REHEARSED_FROM_NS = 450_000


class RehearsalMode(StrEnum):
    """Whether beats are rehearsed: always, never, or while it fits the interval."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


def margin_limit_ns(platform: str) -> int:
    """The greatest margin on a platform as ``sys.platform`` names it."""
    return COARSE_TIMER_MAXIMUM_MARGIN_NS if platform == "win32" else MAXIMUM_MARGIN_NS


def slept_before_rehearsal_ns(early_ns: int) -> int:
    """How much of the time that a beat woke before it is due is slept once more; the rest goes to the rehearsal.

    None of an ordinary margin. All of the long one that holds while a load goes on, and for a while after it, would
    cost a tenth of a percent of a core if it were spent awake.
    """
    return early_ns - _REHEARSED_FROM_NS if early_ns > _SLEPT_FROM_NS else 0


class MarginLearner:
    """Keeps the last 32 wake-ups (lateness plus rehearsal time, ns) and derives the margin from them.

    The margin is their 95th percentile and 60 µs of headroom, clamped to 0.2 … 2 ms. A wake-up later than the
    greatest margin is no guide to the next one and counts as that margin. It begins as if 8 wake-ups had needed
    the 0.5 ms that suit most machines, so that one quick wake-up does not make the next beat come too late.
    """

    __slots__ = ("_maximum_ns", "_order", "_ranked", "_rehearsal_ns", "margin_ns")

    def __init__(self, maximum_ns: int = MAXIMUM_MARGIN_NS) -> None:
        self._maximum_ns = maximum_ns
        self.margin_ns = min(FIRST_MARGIN_NS, maximum_ns)
        self._order: deque[int] = deque([self.margin_ns - HEADROOM_NS] * FIRST_WAKEUPS)
        self._ranked: list[int] = list(self._order)
        self._rehearsal_ns = FIRST_REHEARSAL_NS

    def learn(self, lateness_ns: int, rehearsal_ns: int | None) -> None:
        """Take one wake-up into account and set ``margin_ns`` by it.

        ``rehearsal_ns`` is None where there was no time for one: it would have taken what the last one took.
        """
        if rehearsal_ns is None:
            rehearsal_ns = self._rehearsal_ns
        self._rehearsal_ns = rehearsal_ns
        need_ns = min(lateness_ns + rehearsal_ns, self._maximum_ns)
        self._order.append(need_ns)
        insort(self._ranked, need_ns)
        if len(self._order) > RECENT_WAKEUPS:
            del self._ranked[bisect_left(self._ranked, self._order.popleft())]
        wanted_ns = self._ranked[int(PERCENTILE * (len(self._ranked) - 1))] + HEADROOM_NS
        self.margin_ns = max(MINIMUM_MARGIN_NS, min(wanted_ns, self._maximum_ns))


@dataclass(frozen=True, slots=True)
class RehearsalStatus:
    """The rehearsal as it is now: mode, learnt margin, and whether the last beat had one.

    ``unrehearsed`` is what the last 600 rehearsed beats would have cost without: the first run of each rehearsal, ns.
    """

    mode: RehearsalMode = RehearsalMode.AUTO
    margin_ns: int = 0
    rehearsed: bool = False
    unrehearsed: Percentiles = Percentiles()

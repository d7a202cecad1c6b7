"""Tells from the clocks what happened while no beats were made: sleep of the machine, a pause, a clock that was set."""

from __future__ import annotations

from dataclasses import replace

from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import (
    SUSPEND_THRESHOLD_NS,
    ClockReading,
    Gap,
    GapKind,
    clock_jump,
    gaps_between,
)

READING_NS = 10_000_000
"""Clocks read further apart than this, as around a stall, are read again."""


class ClockWatch:
    """Compares all clocks with what they said when it last looked. Use it on the beat's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ClockReading(0, 0, 0)
        self.beat: Beat | None = None
        """The last beat: it read the wall clock as well, some time after a look."""

    @property
    def looked_ns(self) -> int:
        """When it last looked, monotonic ns."""
        return self._last.now_ns

    def look(self) -> None:
        """Remember what the clocks say."""
        self._last = self._read()

    def gaps(self) -> tuple[Gap, ...]:
        """The gaps since the last look; as a rule none. The last beat lies in none of them."""
        before, after = self._last, self._read()
        self._last = after
        found = gaps_between(before, after, self._clock.monotonic_counts_sleep)
        if found and self.beat is not None:
            at_beat = replace(after, now_ns=self.beat.started_ns, wall_ns=self.beat.wall_ns)
            if _is_between(before, at_beat, after):
                return gaps_between(before, at_beat, self._clock.monotonic_counts_sleep)
        return found

    def paused(self) -> list[Gap]:
        """The pause since the last look by its true length, and apart from it whatever the wall clock did."""
        before, after = self._last, self._read()
        self._last = after
        length_ns = after.now_ns - before.now_ns
        if not self._clock.monotonic_counts_sleep:
            length_ns += after.suspended_ns - before.suspended_ns
        jump = clock_jump(before.wall_ns + length_ns, after.wall_ns)
        end_ns = after.wall_ns if jump is None else jump.start_ns
        pause = Gap(GapKind.PAUSED, before.wall_ns, end_ns)
        return [pause] if jump is None else [pause, jump]

    def _read(self) -> ClockReading:
        """All clocks as of one moment: a stall between two of them would look like sleep or a set clock."""
        clock = self._clock
        while True:
            reading = ClockReading(clock.now_ns(), clock.wall_ns(), clock.suspended_ns())
            if clock.now_ns() - reading.now_ns < READING_NS:
                return reading


def _is_between(before: ClockReading, at_beat: ClockReading, after: ClockReading) -> bool:
    """Whether what happened to the clocks between two looks did so before a beat that was made between them.

    A beat follows a look within milliseconds: its wall clock had moved by far more, and agrees with the second look.
    """
    if at_beat.now_ns < before.now_ns:
        return False
    since_ns = after.wall_ns - at_beat.wall_ns - (after.now_ns - at_beat.now_ns)
    return abs(at_beat.wall_ns - before.wall_ns) >= SUSPEND_THRESHOLD_NS > abs(since_ns)

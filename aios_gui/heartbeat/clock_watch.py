"""Tells from the clocks what happened while no beats were made: sleep of the machine, a pause, a clock that was set."""

from __future__ import annotations

from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import ClockReading, Gap, GapKind, clock_jump, gaps_between

READING_NS = 10_000_000
"""Clocks read further apart than this, as around a stall, are read again."""


class ClockWatch:
    """Compares all clocks with what they said when it last looked. Use it on the beat's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ClockReading(0, 0, 0)

    @property
    def looked_ns(self) -> int:
        """When it last looked, monotonic ns."""
        return self._last.now_ns

    def look(self) -> None:
        """Remember what the clocks say."""
        self._last = self._read()

    def gaps(self) -> tuple[Gap, ...]:
        """The gaps since the last look; as a rule none."""
        before, self._last = self._last, self._read()
        return gaps_between(before, self._last, self._clock.monotonic_counts_sleep)

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

"""The path of every beat: sample, compare, build the result, append; rehearsed unrecorded, then run for good."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from aios_gui.heartbeat.model.beat import Beat, Sample, Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.sampling import Meter, Sampler
from aios_gui.heartbeat.model.stall import Stall
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.sampling import Choice

FAILURES_BEFORE_NEW_SAMPLER = 3

Output = Beat | Gap | Event | Stall


class Rehearsed(NamedTuple):
    """The first run of a rehearsal, ns: how long it kept the thread, and what it cost measured as a beat is."""

    took_ns: int
    unrehearsed_ns: int


class BeatPath:
    """Owns the sampler and its baseline. Use it on the beat's thread; counted beats go to ``output``.

    At first, and after ``cool``, nothing is open: the next run opens the sampler itself and pays for it.
    """

    def __init__(self, clock: Clock, output: deque[Output], choose: Callable[[], Choice]) -> None:
        self.sampler_name = ""
        self._clock = clock
        self._now_ns = clock.now_ns
        self._output = output
        self._choose = choose
        self._scratch: deque[Output] = deque(maxlen=1)
        self._failures = 0
        self._sampler: Sampler | None = None
        self._meter: Meter | _ColdMeter = _ColdMeter(self)

    @property
    def is_cold(self) -> bool:
        """Whether the next run has to open the sampler."""
        return self._sampler is None

    @property
    def has_baseline(self) -> bool:
        """Whether the next run can tell CPU."""
        return self._meter.has_baseline

    def open(self) -> Meter:
        """Open the best sampler, and tell why faster ones were passed over; again changes nothing.

        Whatever the last resort raises comes through, and the path stays cold.
        """
        if self._sampler is not None and isinstance(self._meter, Meter):
            return self._meter
        choice = self._choose()
        meter = self._take(choice.sampler)
        self._tell_fallback(choice.passed_over, 0)
        return meter

    def close(self) -> None:
        """Let go of the sampler."""
        self._scratch.clear()
        if self._sampler is not None:
            self._sampler.close()

    def cool(self) -> None:
        """Let go of everything that is held for the next run."""
        self.close()
        self._failures = 0
        self._sampler = None
        self._meter = _ColdMeter(self)

    def forget(self) -> None:
        """Drop the CPU baseline: the next beat has no CPU figure, the one after it is right."""
        self._meter.forget()

    def warm(self, thresholds: Thresholds) -> Beat:
        """Run the path apart from the record. It makes a baseline only where there is none."""
        now_ns = self._now_ns()
        keep = not self._meter.has_baseline
        return self._run(self._scratch, Wakeup(now_ns, now_ns, now_ns), 0, None, thresholds, keep)

    def rehearse(self, wakeup: Wakeup, thresholds: Thresholds) -> Rehearsed:
        """Run the path unrecorded until ``wakeup`` is due.

        The first run fetches code and data into the caches. It runs again instead of idling while that fits, which
        brings the processor up to speed: the second takes under a third of the first, the fourth half of that. Past
        due, it runs once. No baseline moves.
        """
        due_ns = wakeup.due_ns
        before_ns = self._now_ns()
        first = self._run(self._scratch, wakeup, 0, None, thresholds, False)
        after_ns = self._now_ns()
        first_ns = after_ns - before_ns
        expected_ns = first_ns // 3
        while after_ns + expected_ns < due_ns:
            before_ns = after_ns
            self._run(self._scratch, wakeup, 0, None, thresholds, False)
            after_ns = self._now_ns()
            expected_ns = after_ns - before_ns
        while self._now_ns() < due_ns:
            pass
        return Rehearsed(first_ns, first.duration_ns)

    def beat(self, wakeup: Wakeup, seq: int, unrehearsed_ns: int | None, thresholds: Thresholds) -> Beat:
        """Make the beat that counts. After three failed ones in a row the sampler is chosen again."""
        beat = self._run(self._output, wakeup, seq, unrehearsed_ns, thresholds, True)
        if not beat.sample.error:
            self._failures = 0
            return beat
        self._failures += 1
        if self._failures == FAILURES_BEFORE_NEW_SAMPLER:
            self._replace_sampler(beat)
        return beat

    def _run(
        self,
        target: deque[Output],
        wakeup: Wakeup,
        seq: int,
        unrehearsed_ns: int | None,
        thresholds: Thresholds,
        keep: bool,
    ) -> Beat:
        wall_ns = self._clock.wall_ns()
        started_ns = self._now_ns()
        sample = self._meter.take(keep)
        breached = thresholds.breached_by(sample)
        beat = Beat(seq, wakeup, started_ns, self._now_ns(), wall_ns, unrehearsed_ns, breached, sample)
        target.append(beat)
        return beat

    def _take(self, sampler: Sampler) -> Meter:
        self._sampler = sampler
        self.sampler_name = sampler.name
        self._meter = meter = Meter(sampler)
        return meter

    def _replace_sampler(self, beat: Beat) -> None:
        before = self.sampler_name
        self.cool()
        try:
            self._take(self._choose().sampler)
        except (OSError, ValueError, RuntimeError):
            return  # still cold: every beat tries again, and says why it cannot
        if self.sampler_name != before:
            self._tell_fallback(beat.sample.error, beat.seq)

    def _tell_fallback(self, error: str, seq: int) -> None:
        if error:
            facts: dict[str, int | float | str] = {"sampler": self.sampler_name, "error": error[:200]}
            self._output.append(Event(EventKind.SAMPLER_FALLBACK, self._clock.wall_ns(), seq, facts))


class _ColdMeter:
    """Stands where the meter will be: the first sample taken opens the sampler."""

    has_baseline = False

    def __init__(self, path: BeatPath) -> None:
        self._path = path

    def take(self, keep: bool) -> Sample:
        """As of the meter, after it was made; a sample that says why where it cannot be."""
        try:
            meter = self._path.open()
        except (OSError, ValueError, RuntimeError) as error:
            return Sample(None, None, f"{type(error).__name__}: {error}")
        return meter.take(keep)

    def forget(self) -> None:
        """There is nothing to forget."""

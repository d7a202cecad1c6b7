"""The path of every beat: sample, compare, build the result, append; rehearsed unrecorded, then run for good."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from aios_gui.core.beat import Beat, Wakeup
from aios_gui.core.clock import Clock
from aios_gui.core.gap import Gap
from aios_gui.core.record import Event, EventKind
from aios_gui.core.sampling import Meter, Sampler
from aios_gui.core.thresholds import Thresholds
from aios_gui.services.sampling import Choice

FAILURES_BEFORE_NEW_SAMPLER = 3

Output = Beat | Gap | Event


class BeatPath:
    """Owns the sampler and its baseline. Use it on the beat's thread; counted beats go to ``output``."""

    def __init__(self, clock: Clock, output: deque[Output], choose: Callable[[], Choice]) -> None:
        self.sampler_name = ""
        self._clock = clock
        self._now_ns = clock.now_ns
        self._output = output
        self._choose = choose
        self._scratch: deque[Output] = deque(maxlen=1)
        self._failures = 0

    def open(self) -> None:
        """Open the best sampler, and tell why faster ones were passed over."""
        choice = self._choose()
        self._take(choice.sampler)
        self._tell_fallback(choice.passed_over, 0)

    def close(self) -> None:
        """Let go of the sampler."""
        self._scratch.clear()
        self._sampler.close()

    def forget(self) -> None:
        """Drop the CPU baseline: the next beat has no CPU figure, the one after it is right."""
        self._meter.forget()

    def warm(self, thresholds: Thresholds) -> int:
        """Run the path apart from the record; returns what it cost, ns."""
        now_ns = self._now_ns()
        return self._run(
            self._scratch, Wakeup(now_ns, now_ns, now_ns), 0, False, thresholds, True
        ).duration_ns

    def rehearse(self, wakeup: Wakeup, thresholds: Thresholds) -> int:
        """Run the path unrecorded until ``wakeup`` is due; returns what the first run took, ns.

        The first run fetches code and data into the caches. It runs again instead of idling while that fits, which
        brings the processor up to speed: the second takes under a third of the first, the fourth half of that. Past
        due, it runs once. No baseline moves.
        """
        due_ns = wakeup.due_ns
        before_ns = self._now_ns()
        first_ns = expected_ns = 0
        while not first_ns or before_ns + expected_ns < due_ns:
            self._run(self._scratch, wakeup, 0, True, thresholds, False)
            after_ns = self._now_ns()
            expected_ns = after_ns - before_ns if first_ns else (after_ns - before_ns) // 3
            first_ns = first_ns or after_ns - before_ns
            before_ns = after_ns
        while self._now_ns() < due_ns:
            pass
        return first_ns

    def beat(self, wakeup: Wakeup, seq: int, rehearsed: bool, thresholds: Thresholds) -> Beat:
        """Make the beat that counts. After three failed ones in a row the sampler is chosen anew."""
        beat = self._run(self._output, wakeup, seq, rehearsed, thresholds, True)
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
        rehearsed: bool,
        thresholds: Thresholds,
        keep: bool,
    ) -> Beat:
        wall_ns = self._clock.wall_ns()
        started_ns = self._now_ns()
        sample = self._meter.take(keep)
        breached = thresholds.breached_by(sample)
        beat = Beat(seq, wakeup, started_ns, self._now_ns(), wall_ns, rehearsed, breached, sample)
        target.append(beat)
        return beat

    def _take(self, sampler: Sampler) -> None:
        self._sampler = sampler
        self.sampler_name = sampler.name
        self._meter = Meter(sampler)

    def _replace_sampler(self, beat: Beat) -> None:
        before = self.sampler_name
        self._sampler.close()
        self._take(self._choose().sampler)
        if self.sampler_name != before:
            self._tell_fallback(beat.sample.error, beat.seq)

    def _tell_fallback(self, error: str, seq: int) -> None:
        if error:
            facts: dict[str, int | float | str] = {"sampler": self.sampler_name, "error": error[:200]}
            self._output.append(Event(EventKind.SAMPLER_FALLBACK, self._clock.wall_ns(), seq, facts))

"""When a beat counts as warm: two consecutive windows of beats agree, or a cap is reached."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_BEATS = 16
MAXIMUM_BEATS = 256
TOLERANCE = 0.10


@dataclass(frozen=True, slots=True)
class WarmupReport:
    """What a warm-up found: beats run, medians of the last two windows, whether it gave up at the cap."""

    beats: int
    cold_ns: int
    before_ns: int
    after_ns: int
    capped: bool
    took_ns: int


def _median(values: list[int]) -> int:
    # The standard library's statistics module would load OpenSSL, 4 MB of it, by way of random.
    return sorted(values)[(len(values) - 1) // 2]


class Stability:
    """Watches the durations of warm-up beats (ns).

    Stable when the medians of the last two windows of 16 differ by at most a tenth; given up after 256 beats.
    """

    def __init__(self) -> None:
        self._durations: list[int] = []

    def add(self, duration_ns: int) -> None:
        """Take one more beat into account."""
        self._durations.append(duration_ns)

    @property
    def medians_ns(self) -> tuple[int, int] | None:
        """Medians of the last two windows, once there are as many beats."""
        if len(self._durations) < 2 * WINDOW_BEATS:
            return None
        tail = self._durations[-2 * WINDOW_BEATS :]
        return _median(tail[:WINDOW_BEATS]), _median(tail[WINDOW_BEATS:])

    @property
    def capped(self) -> bool:
        """Whether the cap is reached."""
        return len(self._durations) >= MAXIMUM_BEATS

    @property
    def done(self) -> bool:
        """Whether warm-up is over: stable at the end of a window, or capped."""
        if self.capped:
            return True
        medians = self.medians_ns if len(self._durations) % WINDOW_BEATS == 0 else None
        return medians is not None and abs(medians[0] - medians[1]) <= TOLERANCE * medians[0]

    def report(self, took_ns: int) -> WarmupReport:
        """The evidence, after at least two windows."""
        before_ns, after_ns = self.medians_ns or (0, 0)
        agreed = abs(before_ns - after_ns) <= TOLERANCE * before_ns
        return WarmupReport(
            len(self._durations), self._durations[0], before_ns, after_ns, self.capped and not agreed, took_ns
        )

"""What a warm-up is: its steps and their states, when a beat counts as warm, and the evidence that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

WINDOW_BEATS = 16
MAXIMUM_BEATS = 256
TOLERANCE = 0.10


class Warmth(StrEnum):
    """How ready the path of the beat is; ``cold``: nothing is open, and the next beat pays for all of it."""

    COLD = "cold"
    WARMING = "warming"
    WARM = "warm"


class WarmupReason(StrEnum):
    """Why it was warmed up; the words are stored."""

    START = "start"
    SLEEP = "sleep"
    PAUSE = "pause"
    ASKED = "asked"
    COOLED_DOWN = "cooled_down"
    """By itself, some beats after the user had it cooled down."""


class StepState(StrEnum):
    """Where one step of a warm-up stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step: its name, where it stands, what it took, why it failed, and how many beats it ran, if any."""

    name: str
    state: StepState = StepState.WAITING
    took_ns: int = 0
    error: str = ""
    beats: int = 0


class StepBoard:
    """Where every step stands, in order. Each step is written by the thread that does it, and read by any."""

    def __init__(self, names: Iterable[str]) -> None:
        self._reports = {name: StepReport(name) for name in names}
        self.on_post: Callable[[StepReport], object] | None = None
        """Called with every report, on the thread that does the step."""

    def post(self, report: StepReport) -> None:
        """Note where a step stands; KeyError for one that is not on the board."""
        self._reports[self._reports[report.name].name] = report
        if self.on_post is not None:
            self.on_post(report)

    def of(self, name: str) -> StepReport:
        """Where one step stands; KeyError for one that is not on the board."""
        return self._reports[name]

    @property
    def reports(self) -> tuple[StepReport, ...]:
        """Every step."""
        return tuple(self._reports.values())


@dataclass(frozen=True, slots=True)
class WarmupReport:
    """What a warm-up found: beats run, medians of the last two windows, all in ns.

    ``cold_ns`` is what the first beat would have cost without it: the first run, and opening what it reads from.
    ``capped`` tells that it gave up before the two agreed. ``wall_ns`` is when it ended, since the Unix epoch.
    """

    beats: int
    cold_ns: int
    before_ns: int
    after_ns: int
    capped: bool
    took_ns: int
    reason: WarmupReason = WarmupReason.START
    wall_ns: int = 0


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
    def durations_ns(self) -> tuple[int, ...]:
        """Every beat so far, in order."""
        return tuple(self._durations)

    @property
    def medians_ns(self) -> tuple[int, int] | None:
        """Medians of the last two windows, once there are as many beats."""
        if len(self._durations) < 2 * WINDOW_BEATS:
            return None
        tail = self._durations[-2 * WINDOW_BEATS :]
        return _median(tail[:WINDOW_BEATS]), _median(tail[WINDOW_BEATS:])

    @property
    def agreed(self) -> bool:
        """Whether the last two windows agree."""
        medians = self.medians_ns
        return medians is not None and abs(medians[0] - medians[1]) <= TOLERANCE * medians[0]

    @property
    def done(self) -> bool:
        """Whether warm-up is over: stable at the end of a window, or at the cap."""
        count = len(self._durations)
        return count >= MAXIMUM_BEATS or (count % WINDOW_BEATS == 0 and self.agreed)

    def report(self, took_ns: int, reason: WarmupReason, wall_ns: int, opening_ns: int = 0) -> WarmupReport:
        """The evidence; a warm-up that was ended before two windows were full has no medians."""
        before_ns, after_ns = self.medians_ns or (0, 0)
        durations = self._durations
        return WarmupReport(
            len(durations),
            opening_ns + durations[0] if durations else 0,
            before_ns,
            after_ns,
            not self.agreed,
            took_ns,
            reason,
            wall_ns,
        )

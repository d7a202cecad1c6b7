"""The values of one run of the heartbeat: beat, sample, path, lateness by cause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Path(StrEnum):
    """Which way a beat took: everything within its thresholds, or something to look at."""

    FAST = "fast"
    SLOW = "slow"


class Cause(IntEnum):
    """Who was at fault for most of a late wake-up; the numbers are stored, so they never change."""

    NONE = 0
    RUN_QUEUE = 1
    SELF_INFLICTED = 2
    FROZEN = 3
    UNKNOWN = 4
    STOLEN = 5
    """The host of a virtual machine gave it no processor."""


class Outcome(StrEnum):
    """The words that a beat returns; scripts parse them."""

    OK = "HEARTBEAT_OK"
    ALERT = "AIOS_ALERT"
    DEGRADED = "AIOS_DEGRADED"
    AUTO_FIXED = "AIOS_AUTO_FIXED"
    ERROR = "HEARTBEAT_ERROR"


@dataclass(frozen=True, slots=True)
class Sample:
    """CPU and memory of the whole machine, 0 to 100; None where the system did not tell."""

    cpu_percent: float | None
    memory_percent: float | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class LatenessSplit:
    """A late wake-up divided by cause; the parts add up to the lateness.

    ``culprit`` names the function of this program that held the interpreter, where it was caught.
    """

    run_queue_ns: int
    self_inflicted_ns: int
    frozen_ns: int
    cause: Cause
    culprit: str = ""
    stolen_ns: int = 0


@dataclass(frozen=True, slots=True)
class Wakeup:
    """One waking of the beat's thread, ns of the monotonic clock.

    ``missed`` counts the grid points that passed since ``due_ns``; ``split`` is there where it woke late.
    """

    due_ns: int
    alarm_ns: int
    woke_ns: int
    missed: int = 0
    split: LatenessSplit | None = None

    @property
    def lateness_ns(self) -> int:
        """How late the machine (or this program) woke the thread; never negative."""
        return max(0, self.woke_ns - self.alarm_ns)


@dataclass(frozen=True, slots=True)
class Beat:
    """One run of the heartbeat. Times in ns of the monotonic clock, ``wall_ns`` since the Unix epoch.

    ``finished_ns`` is taken when the result is known, right before it is put into this form. ``unrehearsed_ns`` is
    what the same path took moments before, when its rehearsal ran it the first time; None where it had none.
    """

    seq: int
    wakeup: Wakeup
    started_ns: int
    finished_ns: int
    wall_ns: int
    unrehearsed_ns: int | None
    breached: tuple[str, ...]
    sample: Sample

    @property
    def duration_ns(self) -> int:
        """What the beat itself cost."""
        return self.finished_ns - self.started_ns

    @property
    def rehearsed(self) -> bool:
        """Whether the path was run right before, unrecorded."""
        return self.unrehearsed_ns is not None

    @property
    def lateness_ns(self) -> int:
        """How late the machine (or this program) woke the beat; never negative."""
        return self.wakeup.lateness_ns

    @property
    def missed(self) -> int:
        """Grid points that passed while the beat was late."""
        return self.wakeup.missed

    @property
    def split(self) -> LatenessSplit | None:
        """The lateness by cause, where it was late."""
        return self.wakeup.split

    @property
    def start_offset_ns(self) -> int:
        """How far from its grid point the beat started."""
        return self.started_ns - self.wakeup.due_ns

    @property
    def path(self) -> Path:
        """The fast path unless a threshold was breached or the sample failed."""
        return path_of(self.breached, bool(self.sample.error))

    @property
    def outcome(self) -> Outcome:
        """The word for this beat's result."""
        return outcome_of(self.breached, bool(self.sample.error))

    @property
    def cause(self) -> Cause:
        """Who was at fault for most of the lateness; ``NONE`` for an ordinary wake-up."""
        return self.split.cause if self.split is not None else Cause.NONE


def path_of(breached: tuple[str, ...], failed: bool) -> Path:
    """The fast path unless a threshold was breached or the sample failed."""
    return Path.SLOW if breached or failed else Path.FAST


def outcome_of(breached: tuple[str, ...], failed: bool) -> Outcome:
    """The word for a beat with these breaches, or one whose sample failed."""
    if failed:
        return Outcome.ERROR
    return Outcome.ALERT if breached else Outcome.OK


def result_text(outcome: Outcome, duration_ns: int, details: tuple[str, ...] = (), error: str = "") -> str:
    """The line that agents parse, as ``HEARTBEAT_OK (0.08ms)`` or ``AIOS_ALERT:cpu,memory (0.09ms)``."""
    if outcome is Outcome.ERROR:
        return f"{outcome}:{error}"
    detail = ":" + ",".join(details) if details and outcome is not Outcome.OK else ""
    return f"{outcome}{detail} ({duration_ns / 1e6:.2f}ms)"

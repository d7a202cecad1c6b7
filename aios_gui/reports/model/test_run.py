"""What a test run found, as its result file tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The tests of one class or file; ``seconds`` is what they took together."""

    name: str
    tests: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FailedTest:
    """One that failed, and the first line of why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run; ``seconds`` is what its tests took together."""

    suites: tuple[SuiteResult, ...]
    failures: tuple[FailedTest, ...] = ()
    at: str = ""

    @property
    def tests(self) -> int:
        """How many there were."""
        return sum(suite.tests for suite in self.suites)

    @property
    def failed(self) -> int:
        """How many failed, or could not be run."""
        return sum(suite.failed for suite in self.suites)

    @property
    def skipped(self) -> int:
        """How many were left out."""
        return sum(suite.skipped for suite in self.suites)

    @property
    def passed(self) -> int:
        """How many did what they should."""
        return self.tests - self.failed - self.skipped

    @property
    def seconds(self) -> float:
        """What they took together."""
        return sum(suite.seconds for suite in self.suites)

"""What reads a form of file, and the checks that all forms share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import isfinite

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.record.importing.model import RESULT_CHARACTERS, ImportedBeat, Skip, SkipReason
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.system.local_time import LocalTimes

_LONGEST_NS = 1e16
"""A hundred days: nothing that a beat measures is longer."""
_HIGHEST = 2**53
_LATEST_US = 2**52
_CAUSES = {cause.name.lower(): int(cause) for cause in Cause}


class BeatReader(ABC):
    """Reads one file, line by line. ``latest_us`` is the last moment that a beat can have."""

    name = ""

    def __init__(self, times: LocalTimes, latest_us: int) -> None:
        self.times = times
        self.latest_us = latest_us
        self.re_encoded = 0

    @classmethod
    @abstractmethod
    def can_read(cls, first: list[bytes]) -> bool:
        """Whether a file that begins with these lines is of its form."""

    @abstractmethod
    def read(self, line: bytes) -> ImportedBeat | None:
        """The beat of a line; None for one that has none and should not, as a heading. Skip, for what is to be told."""

    def moment_us(self, text: str) -> int:
        """The moment of an ISO time, local where it has no offset."""
        if not text:
            raise Skip(SkipReason.NO_TIME)
        try:
            return self.checked_us(self.times.moment_us(text))
        except ValueError as error:
            raise Skip(SkipReason.NOT_A_TIME) from error

    def moment_of_ms(self, unix_ms: float) -> int:
        """The moment of a Unix time in ms."""
        if not isfinite(unix_ms) or not 0 <= unix_ms * 1000 < _LATEST_US:
            raise Skip(SkipReason.NOT_A_TIME)
        return self.checked_us(round(unix_ms * 1000))

    def checked_us(self, at_us: int) -> int:
        """The moment, if it can be one of a beat."""
        if at_us > self.latest_us:
            raise Skip(SkipReason.IN_THE_FUTURE)
        if at_us < 0:
            raise Skip(SkipReason.NOT_A_TIME)
        return at_us


def ns_of(ms: float | None, is_signed: bool = False) -> int:
    """A length in ms as whole ns, ``UNKNOWN`` for None."""
    if ms is None:
        return UNKNOWN
    ns = ms * 1e6
    if not (-_LONGEST_NS if is_signed else 0) <= ns <= _LONGEST_NS:  # also what is no number
        raise Skip(SkipReason.OUT_OF_RANGE)
    return round(ns)


def hundredths_of(percent: float | None) -> int:
    """A share in percent as whole hundredths, ``UNKNOWN`` for None."""
    if percent is None:
        return UNKNOWN
    if not 0 <= percent <= 100:
        raise Skip(SkipReason.OUT_OF_RANGE)
    return round(percent * 100)


def whole_of(number: float | None) -> int:
    """A number that counts something, ``UNKNOWN`` for None."""
    if number is None:
        return UNKNOWN
    if not 0 <= number < _HIGHEST:
        raise Skip(SkipReason.OUT_OF_RANGE)
    return int(number)


def cause_of(word: str) -> int:
    """The number of a cause, ``UNKNOWN`` for a word of another version."""
    return _CAUSES.get(word, UNKNOWN)


def result_of(text: str) -> str:
    """What a beat returned, without its duration, which is a figure of its own."""
    word = text.partition(" (")[0].strip()[:RESULT_CHARACTERS]
    return word if word.isprintable() else "".join(each if each.isprintable() else " " for each in word)

"""Ranges of the record as people type them: ``15m``, ``24h``, ``7d``, ``all``, or ``START..END``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

END_OF_TIME_NS = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"([0-9]{1,9})([smhdw])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RangeFault(StrEnum):
    """What is wrong with a range."""

    NOT_A_RANGE = "not_a_range"
    NOT_A_TIME = "not_a_time"
    NOTHING_IN_IT = "nothing_in_it"


class RangeError(ValueError):
    """A range that cannot be understood: why, and the part of it that is at fault."""

    def __init__(self, fault: RangeFault, part: str) -> None:
        super().__init__(f"{fault}: {part!r}")
        self.fault = fault
        self.part = part


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From ``start_ns`` to before ``end_ns``, wall clock, ns since the Unix epoch; never empty."""

    start_ns: int
    end_ns: int


def parse_range(text: str, now_ns: int) -> TimeRange:
    """The span that ``text`` names; RangeError otherwise.

    Lengths reach back from ``now_ns``. A time without an offset is local; a date as an end takes in its
    whole day; either side of ``..`` may be left open.
    """
    text = text.strip()
    if text.lower() == "all":
        return TimeRange(0, END_OF_TIME_NS)
    length = _LENGTH.fullmatch(text.lower())
    if length:
        length_ns = int(length[1]) * _SECONDS[length[2]] * 1_000_000_000
        # One microsecond on, so that a beat made just now is in it.
        return _span(max(0, now_ns - length_ns), now_ns + 1000 if length_ns else now_ns, text)
    first, dots, last = text.partition("..")
    if not dots or not (first.strip() or last.strip()):
        raise RangeError(RangeFault.NOT_A_RANGE, text)
    start_ns = _moment_ns(first.strip(), end=False) if first.strip() else 0
    end_ns = _moment_ns(last.strip(), end=True) if last.strip() else END_OF_TIME_NS
    return _span(start_ns, end_ns, text)


def _span(start_ns: int, end_ns: int, text: str) -> TimeRange:
    if start_ns >= end_ns:
        raise RangeError(RangeFault.NOTHING_IN_IT, text)
    return TimeRange(start_ns, end_ns)


def _local(at: datetime) -> datetime:
    try:
        return at.astimezone()
    except (OSError, OverflowError):
        return at.replace(tzinfo=UTC)  # Windows knows no local time before 1970 or after 3000


def _moment_ns(text: str, end: bool) -> int:
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            at = datetime.combine(day + timedelta(days=1) if end else day, datetime.min.time())
        else:
            at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = _local(at)
        microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError, OSError) as error:
        raise RangeError(RangeFault.NOT_A_TIME, text) from error
    return min(max(0, microseconds * 1000), END_OF_TIME_NS)

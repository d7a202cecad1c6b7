"""Moments, lengths and ranges as people type them: ``yesterday 14:03``, ``3 h ago``, ``15m``, ``START..END``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from aios_gui.record.model.range_words import in_english

END_OF_TIME_NS = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86_400, "day": 86_400, "days": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800,
}  # fmt: skip
_PART = r"([0-9]{1,9}) ?([a-z]+)"
_LENGTH = re.compile(rf"{_PART}(?: ?{_PART}){{0,3}}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = timedelta(days=7)
_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_AROUND_NS = 300_000_000_000
T = TypeVar("T")


class RangeFault(StrEnum):
    """What is wrong with a range, a time or a length."""

    NOT_A_RANGE = "not_a_range"
    NOT_A_TIME = "not_a_time"
    NOT_A_LENGTH = "not_a_length"
    NOTHING_IN_IT = "nothing_in_it"
    TWICE = "twice"
    """The clocks went back: there are two such moments, which ``choices`` has with their offsets."""
    NEVER = "never"
    """The clocks went forward, and passed over it."""


class RangeError(ValueError):
    """What cannot be understood: why, the part of it that is at fault, and what it may have meant."""

    def __init__(self, fault: RangeFault, part: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(f"{fault}: {part!r}")
        self.fault = fault
        self.part = part
        self.choices = choices


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From ``start_ns`` to before ``end_ns``, wall clock, ns since the Unix epoch; never empty."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class View:
    """What is to be looked at: a span, and a moment of it, 0 for none."""

    span: TimeRange
    at_ns: int = 0


def parse_length(text: str) -> int:
    """A length of time in ns: ``90s``, ``15 min``, ``1h 30m``, ``2 days``; RangeError otherwise."""
    length_ns = _length_ns(_tidy(text))
    if length_ns is None:
        raise RangeError(RangeFault.NOT_A_LENGTH, text.strip())
    return length_ns


def parse_moment(text: str, now_ns: int) -> int:
    """The moment that ``text`` names, ns since the epoch; RangeError otherwise.

    It may be ``now``, ``3 h ago``, ``14:03``, ``yesterday 14:03``, ``monday 9:30``, or a date and time of ISO 8601.
    What has no offset is local; a time of day alone, or on a weekday, is the last one that has passed. A local time
    that the clocks showed twice or never is refused.
    """
    return _read_in_english(text, lambda tidy: _Moment(tidy, now_ns).ns())


def parse_range(text: str, now_ns: int) -> TimeRange:
    """The span that ``text`` names; RangeError otherwise.

    Lengths reach back from ``now_ns``. A day, as ``yesterday``, is all of it, also as an end. Either side of ``..`` is
    a moment or left open; a time of day alone as an end is the first one after the start. A month, as ``2026-03``, a
    year, and ``this`` or ``last`` ``week``, ``month`` or ``year`` are all of it. Of a local time that the clocks showed
    twice, a span takes in both.
    """
    return _read_in_english(text, lambda tidy: _range(tidy, now_ns))


def parse_view(text: str, now_ns: int) -> View:
    """What ``text`` names to be looked at: a span, or a moment with five minutes around it; RangeError."""
    try:
        return View(parse_range(text, now_ns))
    except RangeError as error:
        if error.fault is not RangeFault.NOT_A_RANGE or ".." in text:
            raise
        try:
            at_ns = parse_moment(text, now_ns)
        except RangeError as moment_error:
            raise (error if moment_error.fault is RangeFault.NOT_A_TIME else moment_error) from None
    return View(TimeRange(max(0, at_ns - _AROUND_NS), at_ns + _AROUND_NS), at_ns)


def _read_in_english(text: str, read: Callable[[str], T]) -> T:
    """What ``read`` makes of the text in the words that are read; a fault names the part as it was typed."""
    typed = text.strip()
    tidy = in_english(typed)
    try:
        return read(tidy)
    except RangeError as error:
        if tidy == typed or error.part in typed:
            raise
        raise RangeError(error.fault, typed, error.choices) from None


def _range(text: str, now_ns: int) -> TimeRange:
    if text.lower() == "all":
        return TimeRange(0, END_OF_TIME_NS)
    length_ns = _length_ns(_tidy(text))
    if length_ns is not None:
        # One microsecond on, so that a beat made just now is in it.
        return _span(max(0, now_ns - length_ns), now_ns + 1000 if length_ns else now_ns, text)
    first, dots, last = text.partition("..")
    if not dots:
        return _period(text, now_ns) or _day(text, now_ns)
    if not (first.strip() or last.strip()):
        raise RangeError(RangeFault.NOT_A_RANGE, text)
    start_ns = _Moment(first, now_ns).start_ns() if first.strip() else 0
    after_ns = start_ns if first.strip() else None
    end_ns = _Moment(last, now_ns).end_ns(after_ns) if last.strip() else END_OF_TIME_NS
    return _span(start_ns, end_ns, text)


def _tidy(text: str) -> str:
    return " ".join(text.lower().split())


def _length_ns(tidy: str) -> int | None:
    if not _LENGTH.fullmatch(tidy):
        return None
    parts = re.findall(_PART, tidy)
    if any(unit not in _UNITS for _number, unit in parts):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in parts) * 1_000_000_000


def _day(text: str, now_ns: int) -> TimeRange:
    try:
        day = _Moment(text, now_ns)
        if day.is_day:
            return _span(day.start_ns(), day.end_ns(None), text)
    except RangeError:
        pass
    raise RangeError(RangeFault.NOT_A_RANGE, text)


def _period(text: str, now_ns: int) -> TimeRange | None:
    """A month, a year, or this or the last week, month or year; None where it is none of these."""
    today = _Moment("today", now_ns).day
    named, tidy = _MONTH.fullmatch(text), _tidy(text)
    try:
        if named is not None:
            first = date(int(named[1]), int(named[2] or 1), 1)
            unit = "month" if named[2] else "year"
        else:
            which, _blank, unit = tidy.partition(" ")
            if which not in ("this", "last") or unit not in ("week", "month", "year"):
                return None
            first = _first_of(unit, today)
            if which == "last":
                first = _first_of(unit, first - timedelta(days=1))
        after = _first_of(unit, first + timedelta(days={"week": 7, "month": 31, "year": 366}[unit]))
        start_ns, end_ns = (_Moment(each.isoformat(), now_ns).start_ns() for each in (first, after))
    except (ValueError, OverflowError):
        return None
    return _span(start_ns, end_ns, text)


def _first_of(unit: str, day: date) -> date:
    """The first day of the week, month or year that a day lies in."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _span(start_ns: int, end_ns: int, text: str) -> TimeRange:
    if start_ns >= end_ns:
        raise RangeError(RangeFault.NOTHING_IN_IT, text)
    return TimeRange(start_ns, end_ns)


class _Moment:
    """What a text says of a moment: a length ago, a day, a time of day, or both; resolved by what it is asked as."""

    def __init__(self, text: str, now_ns: int) -> None:
        self._text, self._now_ns = text.strip(), now_ns
        tidy = _tidy(text)
        self._day: date | None = None
        self._is_weekday = False
        self._clock: time | None = None
        self._exact: datetime | None = None
        self._ago_ns = 0 if tidy == "now" else None
        if tidy.endswith("ago") and (length_ns := _length_ns(tidy[:-3].strip())) is not None:
            self._ago_ns = length_ns
        if self._ago_ns is None and not self._read_words(tidy):
            self._read_iso()

    @property
    def day(self) -> date:
        """The day that it is on, where it is a day."""
        return self._day or self._today

    @property
    def is_day(self) -> bool:
        """Whether it is a whole day."""
        return self._day is not None and self._clock is None

    def ns(self) -> int:
        """The one moment that it is."""
        return self._resolved(None)

    def start_ns(self) -> int:
        """As the start of a span: the earlier one of two."""
        return self._resolved(0)

    def end_ns(self, after_ns: int | None) -> int:
        """As the end of a span that begins at ``after_ns``: a day to its end, the later one of two."""
        if self._day is not None and self._clock is None:
            day, was = self._day, self._day
            try:
                self._day = day + timedelta(days=1)
                return self._resolved(1)
            except OverflowError as error:
                raise self._fault() from error
            finally:
                self._day = was
        if self._clock is None or self._day is not None or after_ns is None:
            return self._resolved(1)
        first = self._local(after_ns).date()
        found_ns = self._at(datetime.combine(first, self._clock), 1)
        if found_ns > after_ns:
            return found_ns
        return self._at(datetime.combine(first, self._clock) + timedelta(days=1), 1)

    def _read_words(self, tidy: str) -> bool:
        """Take in a day and a time of day in words; whether it is such a text."""
        words = tidy.replace(" at ", " ").split()
        before_today = bool(words) and words[0] == "last"
        words = words[before_today:]
        if not 1 <= len(words) <= 2:
            return False
        for word in words:
            clock, day = _clock_of(word), self._day_of(word, before_today)
            if clock is not None and self._clock is None:
                self._clock = clock
            elif day is not None and self._day is None:
                self._day = day
            else:
                self._clock = self._day = None
                return False
        if before_today and not self._is_weekday:
            self._clock = self._day = None
            return False
        if self._is_weekday and self._day == self._today and self._clock is not None and self._is_future():
            self._day -= _WEEK
        return True

    def _day_of(self, word: str, before_today: bool) -> date | None:
        today = self._today
        if word in ("today", "yesterday"):
            return today - timedelta(days=word == "yesterday")
        if _DATE.fullmatch(word):
            try:
                return date.fromisoformat(word)
            except ValueError as error:
                raise self._fault() from error
        if len(word) < 3 or (found := [i for i, name in enumerate(_WEEKDAYS) if name.startswith(word)]) == []:
            return None
        self._is_weekday = True
        back = (today.weekday() - found[0]) % 7
        return today - timedelta(days=7 if before_today and not back else back)

    def _read_iso(self) -> None:
        try:
            self._exact = datetime.fromisoformat(self._text)
        except ValueError as error:
            raise self._fault() from error

    @property
    def _today(self) -> date:
        return self._local(self._now_ns).date()

    def _is_future(self) -> bool:
        assert self._day is not None
        return self._at(datetime.combine(self._day, self._clock or time()), 0) > self._now_ns

    def _resolved(self, fold: int | None) -> int:
        if self._ago_ns is not None:
            return max(0, self._now_ns - self._ago_ns)
        if self._exact is not None:
            return self._at(self._exact, fold)
        day, clock = self._day, self._clock or time()
        if day is not None:
            return self._at(datetime.combine(day, clock), fold)
        today = datetime.combine(self._today, clock)
        if self._at(today, 0) > self._now_ns:
            today -= timedelta(days=1)
        return self._at(today, fold)

    def _at(self, at: datetime, fold: int | None) -> int:
        """The ns of a moment. Of two that the clocks show alike ``fold`` chooses; None refuses, and what never was."""
        try:
            if at.tzinfo is None:
                earlier, later = (_local(at.replace(fold=each)) for each in (0, 1))
                if fold is None and earlier.utcoffset() != later.utcoffset():
                    if earlier.astimezone().replace(tzinfo=None) != at:
                        raise RangeError(RangeFault.NEVER, self._text)
                    choices = tuple(each.isoformat(timespec="seconds") for each in (earlier, later))
                    raise RangeError(RangeFault.TWICE, self._text, choices)
                at = later if fold else earlier
            microseconds = (at - _EPOCH) // timedelta(microseconds=1)
        except (OverflowError, OSError) as error:
            raise self._fault() from error
        return min(max(0, microseconds * 1000), END_OF_TIME_NS)

    def _local(self, wall_ns: int) -> datetime:
        try:
            return datetime.fromtimestamp(wall_ns // 1_000_000_000)
        except (OverflowError, OSError, ValueError) as error:
            raise self._fault() from error

    def _fault(self) -> RangeError:
        return RangeError(RangeFault.NOT_A_TIME, self._text)


def _clock_of(word: str) -> time | None:
    parts = _CLOCK.fullmatch(word)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59 or int(parts[3] or 0) > 59:
        return None
    return time(int(parts[1]), int(parts[2]), int(parts[3] or 0), int((parts[4] or "0").ljust(6, "0")))


def _local(at: datetime) -> datetime:
    try:
        return at.astimezone()
    except (OSError, OverflowError, ValueError):
        return at.replace(tzinfo=UTC)  # Windows knows no local time before 1970 or after 3000

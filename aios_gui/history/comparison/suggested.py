"""Which spans are worth comparing with the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aios_gui.history.changes.model import Burst, Change, ChangeKind, bursts
from aios_gui.record.model.timerange import TimeRange

_DAY_NS = 86_400_000_000_000
_WEEK = timedelta(days=7)
_AROUND_NS = 7 * _DAY_NS
_LEAST_NS = 6 * 3_600_000_000_000
"""Shorter spans are too little to say anything."""
_MOST_CHANGES = 6
_PASSING = (ChangeKind.BOOT, ChangeKind.RESUME, ChangeKind.SETTING)
"""What happens so often that hardly anyone wants to know what it did."""


class Why(StrEnum):
    """What makes two spans worth comparing."""

    JUST_BEFORE = "just_before"
    WEEK_BEFORE = "week_before"
    SAME_WEEKDAY = "same_weekday"
    AROUND_CHANGE = "around_change"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two spans, the earlier first; ``burst`` is the change between them."""

    why: Why
    a: TimeRange
    b: TimeRange
    burst: Burst | None = None


def suggested(span: TimeRange, record: TimeRange, changes: Iterable[Change]) -> list[Suggestion]:
    """What may be compared, out of what the ``record`` reaches over; changes newest first."""
    start_ns, end_ns = max(span.start_ns, record.start_ns), min(span.end_ns, record.end_ns)
    found: list[Suggestion] = []
    if start_ns < end_ns:
        found += _before(TimeRange(start_ns, end_ns))
    found += _around(record, changes)
    usable = (each for each in found if each.a.start_ns >= record.start_ns - _LEAST_NS)
    return [each for each in usable if each.b.end_ns - each.b.start_ns >= _LEAST_NS]


def _before(span: TimeRange) -> Iterator[Suggestion]:
    length_ns = span.end_ns - span.start_ns
    yield Suggestion(Why.JUST_BEFORE, TimeRange(max(0, span.start_ns - length_ns), span.start_ns), span)
    weeks = -(-length_ns // (7 * _DAY_NS))
    week_before = TimeRange(_back(span.start_ns, weeks * _WEEK), _back(span.end_ns, weeks * _WEEK))
    yield Suggestion(Why.WEEK_BEFORE, week_before, span)
    day = _last_whole_day(span)
    if day is not None and day != span:
        yield Suggestion(
            Why.SAME_WEEKDAY, TimeRange(_back(day.start_ns, _WEEK), _back(day.end_ns, _WEEK)), day
        )


def _around(record: TimeRange, changes: Iterable[Change]) -> Iterator[Suggestion]:
    told = [each for each in bursts(changes) if each.changes[0].kind not in _PASSING]
    count = 0
    for burst in reversed(told):
        first_ns, last_ns = burst.changes[0].at_ns, burst.changes[-1].at_ns
        length_ns = min(_AROUND_NS, first_ns - record.start_ns, record.end_ns - last_ns)
        if length_ns >= _LEAST_NS and count < _MOST_CHANGES:
            count += 1
            before, after = TimeRange(first_ns - length_ns, first_ns), TimeRange(last_ns, last_ns + length_ns)
            yield Suggestion(Why.AROUND_CHANGE, before, after, burst)


def _last_whole_day(span: TimeRange) -> TimeRange | None:
    """The last local day that lies within the span; None where there is none."""
    end = datetime.fromtimestamp(span.end_ns / 1e9).replace(hour=0, minute=0, second=0, microsecond=0)
    start_ns, end_ns = (round((end - timedelta(days=back)).timestamp() * 1e9) for back in (1, 0))
    return TimeRange(start_ns, end_ns) if start_ns >= span.start_ns and end_ns <= span.end_ns else None


def _back(at_ns: int, by: timedelta) -> int:
    """The same time of day by the local clock, days before."""
    at_s, rest_ns = divmod(at_ns, 1_000_000_000)
    return max(0, round((datetime.fromtimestamp(at_s) - by).timestamp())) * 1_000_000_000 + rest_ns

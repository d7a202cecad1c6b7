"""Where the time axis has its ticks: round moments of the local clock, also where the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800)
_HOUR_STEPS = (1, 2, 3, 6, 12)
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12)
_HOUR_S, _DAY_S = 3600, 86_400
_MONTH_S = 31 * _DAY_S
_FIRST_S = 2 * _DAY_S
"""Windows knows no moment of a local time before this."""


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A moment in seconds since the Unix epoch, and its label."""

    at_s: float
    label: str


def time_ticks(start_s: float, end_s: float, most: int) -> list[TimeTick]:
    """At most about ``most`` ticks from ``start_s`` to ``end_s``, in order, each moment once."""
    step_s = _step_for((end_s - start_s) / max(1, most))
    by = _by_clock if step_s <= _HOUR_S else _by_calendar if step_s < _MONTH_S else _by_month
    moments = by(start_s, end_s, step_s)
    return [TimeTick(at, _label(at, step_s)) for at in moments]


def _step_for(least_s: float) -> int:
    for step in _STEPS_S:
        if step >= least_s:
            return step
    for hours in _HOUR_STEPS:
        if hours * _HOUR_S >= least_s:
            return hours * _HOUR_S
    for days in _DAY_STEPS:
        if days * _DAY_S >= least_s:
            return days * _DAY_S
    return next((n * _MONTH_S for n in _MONTH_STEPS if n * _MONTH_S >= least_s), _MONTH_STEPS[-1] * _MONTH_S)


def _local(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC).astimezone()


def _offset_s(at_s: float) -> float:
    offset = _local(at_s).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _by_clock(start_s: float, end_s: float, step_s: int) -> Iterator[float]:
    """Steps up to an hour keep their length through a change of the clocks; only the labels jump."""
    at = start_s
    while True:
        offset = _offset_s(at)
        tick = -(-(at + offset) // step_s) * step_s - offset
        if tick > end_s:
            return
        # Half-hour changes move the grid: line the tick up with the offset in force there.
        moved = _offset_s(tick)
        if moved != offset:
            tick = -(-(tick + moved) // step_s) * step_s - moved
            if tick > end_s:
                return
        yield tick
        at = tick + step_s / 2


def _by_calendar(start_s: float, end_s: float, step_s: int) -> Iterator[float]:
    """Longer steps follow the wall clock: 00:00, 06:00, 12:00 on every day, however long it is."""
    day = datetime.fromtimestamp(max(start_s, _FIRST_S)).replace(hour=0, minute=0, second=0, microsecond=0)
    hours, every_days = step_s // _HOUR_S, max(1, step_s // _DAY_S)
    while True:
        if day.toordinal() % every_days == 0:
            for hour in range(0, 24, hours):
                moment = day.replace(hour=hour)
                at = moment.timestamp()
                # An hour that the clocks skip does not come back as itself.
                if start_s <= at <= end_s and datetime.fromtimestamp(at) == moment:
                    yield at
        day += timedelta(days=1)
        if day.timestamp() > end_s:
            return


def _by_month(start_s: float, end_s: float, step_s: int) -> Iterator[float]:
    """The first of every month, or of every n-th of the year."""
    every = step_s // _MONTH_S
    first = datetime.fromtimestamp(max(start_s, _MONTH_S)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    while (at := first.timestamp()) <= end_s:
        if at >= start_s and (first.month - 1) % every == 0:
            yield at
        first = (first + timedelta(days=31)).replace(day=1)


def _label(at_s: float, step_s: int) -> str:
    at = datetime.fromtimestamp(at_s)
    if step_s >= _MONTH_S:
        return at.strftime("%Y-%m")
    if step_s < 60:
        return at.strftime("%H:%M:%S")
    if step_s >= _DAY_S or (step_s >= _HOUR_S and at.hour == 0 and at.minute == 0):
        return at.strftime("%m-%d")
    return at.strftime("%H:%M")

"""Which day, week or month a report is due for, and how the last one went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

OFF = "off"
_NS = 1_000_000_000
_STEP_NS = 20 * 3600 * _NS
"""Shorter than any day."""


class Cadence(StrEnum):
    """How often a report is written; the words stand in the settings."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written by schedule. ``folder`` is "" for the documents of the user; ``keep`` is how many files stay."""

    cadence: Cadence
    template: str
    format: str
    language: str
    folder: str
    keep: int


@dataclass(frozen=True, slots=True)
class Period:
    """A local day, a week from Monday on, or a month (wall, ns), and what it is called in the name of a file."""

    start_ns: int
    end_ns: int
    name: str


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """How it stands: until when reports of each cadence are written (wall, ns), and why the last try failed.

    ``failed_ns`` is 0 where it did not; ``period`` is the name of the one that failed.
    """

    done_until_ns: dict[str, int] = field(default_factory=dict)
    failed_ns: int = 0
    period: str = ""
    reason: str = ""


def last_period(cadence: Cadence, now_ns: int, zone: tzinfo | None = None) -> Period:
    """The last one that is over at a moment (wall, ns), in a zone or else in that of this system."""
    today = datetime.fromtimestamp(now_ns / 1e9, zone).date()
    if cadence is Cadence.DAILY:
        end = today
        start = end - timedelta(days=1)
        name = start.isoformat()
    elif cadence is Cadence.WEEKLY:
        end = today - timedelta(days=today.weekday())
        start = end - timedelta(days=7)
        name = "{}-W{:02}".format(*start.isocalendar()[:2])
    else:
        end = today.replace(day=1)
        start = (end - timedelta(days=1)).replace(day=1)
        name = f"{start:%Y-%m}"
    # A time without a zone is taken for one of this system.
    begins_ns, ends_ns = (
        round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * _NS for day in (start, end)
    )
    return Period(begins_ns, ends_ns, name)


def due_period(plan: Plan, state: ScheduleState, now_ns: int) -> Period | None:
    """The period that a report is due for; of several that were missed the last. None where all is written.

    A note up to a moment that is still to come, as of a clock that was ahead, does not count.
    """
    period, done_ns = last_period(plan.cadence, now_ns), state.done_until_ns.get(plan.cadence, 0)
    return period if period.end_ns > done_ns or done_ns > now_ns else None


def next_due_ns(cadence: Cadence, now_ns: int) -> int:
    """When the period is over that a moment lies in (wall, ns)."""
    end_ns = last_period(cadence, now_ns).end_ns
    while (after_ns := last_period(cadence, now_ns).end_ns) <= end_ns:
        now_ns += _STEP_NS
    return after_ns

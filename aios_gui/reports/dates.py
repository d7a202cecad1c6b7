"""Dates and times as a reader of a report has them, in its language."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def day(at: date) -> str:
    """A day in full: ``12 March 2025``."""
    return _("{day} {month} {year}").format(day=at.day, month=_(_MONTHS[at.month - 1]), year=at.year)


def month(at: date) -> str:
    """A month: ``March 2025``."""
    return _("{month} {year}").format(month=_(_MONTHS[at.month - 1]), year=at.year)


def local(wall_ns: int) -> datetime:
    """A moment on the local clock."""
    return datetime.fromtimestamp(wall_ns / 1e9, UTC).astimezone()


def moment(wall_ns: int, seconds: bool = False) -> str:
    """A moment: ``12 March 2025, 14:03``."""
    at = local(wall_ns)
    clock = f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    return _("{day}, {time}").format(day=day(at.date()), time=clock)


def short(wall_ns: int, seconds: bool = True) -> str:
    """A moment in a table: ``2025-03-12 14:03:07``."""
    return time.strftime(
        "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M", time.localtime(wall_ns // 10**9)
    )


def span(found: TimeRange) -> str:
    """From when to when, with seconds where it is short, how long that is, and the offset of the clock at its end."""
    end, length_ns = local(found.end_ns), found.end_ns - found.start_ns
    seconds = length_ns < figures.SHORT_SPAN_NS
    return _("{start} to {end} ({length}), {zone}").format(
        start=moment(found.start_ns, seconds),
        end=moment(found.end_ns, seconds),
        length=figures.span(length_ns),
        zone=f"UTC{end:%z}"[:6] + ":" + f"{end:%z}"[3:5],
    )

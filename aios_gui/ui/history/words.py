"""The span of History in words, and as the text that opens it again."""

from __future__ import annotations

import shlex
import subprocess
import sys
from datetime import UTC, datetime

from aios_gui.history.analysis.model.smoke import DayMark
from aios_gui.history.analysis.words import band_name
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

_NS = 1_000_000_000
_DATE = len("2025-03-12")
_MINUTE_NS, _DAY_NS = 60 * _NS, 86_400 * _NS


def span_phrase(span: TimeRange, live: bool) -> str:
    """From when to when, and how long that is."""
    length_ns = span.end_ns - span.start_ns
    begin, end = (moment_text(each, length_ns) for each in (span.start_ns, span.end_ns))
    way = _("{begin} to now ({length})") if live else _("{begin} to {end} ({length})")
    return way.format(begin=begin, end=end, length=figures.span(length_ns))


def moment_text(at_ns: int, length_ns: int = 0) -> str:
    """A local moment with its date; with seconds where it has some, and they count for a span of that length."""
    exact = bool(at_ns % _MINUTE_NS) and length_ns < _DAY_NS
    return figures.clock_time(at_ns, 1, seconds=exact)


def stretch_text(first_ns: int, last_ns: int) -> str:
    """When something was that is known to have been within a stretch: about a moment, between two, or on which days."""
    length_ns = last_ns - first_ns
    if length_ns < _MINUTE_NS:
        return moment_text(first_ns + length_ns // 2)
    begin, end = (moment_text(each, _DAY_NS) for each in (first_ns, last_ns))
    if length_ns >= _DAY_NS:
        begin, end = begin[:_DATE], moment_text(last_ns - 1)[:_DATE]
        return begin if begin == end else f"{begin} – {end}"
    return f"{begin}–{end[_DATE:].strip()}" if begin[:_DATE] == end[:_DATE] else f"{begin} – {end}"


def range_text(span: TimeRange) -> str:
    """The span as ``--range`` takes it, to the microsecond, the same in every time zone."""
    return f"{_iso(span.start_ns)}..{_iso(span.end_ns)}"


def moment_range(at_ns: int) -> str:
    """A moment as ``--range`` takes it."""
    return _iso(at_ns)


def _iso(at_ns: int) -> str:
    at = datetime.fromtimestamp(at_ns // _NS, UTC).astimezone().replace(microsecond=at_ns // 1000 % 1_000_000)
    return at.isoformat(timespec="auto")


def field_text(span: TimeRange, live: bool) -> str:
    """The span as a person would type it, which is read as the same one."""
    length_ns = span.end_ns - span.start_ns
    begin, end = (moment_text(each, length_ns) for each in (span.start_ns, span.end_ns))
    if begin[:_DATE] == end[:_DATE] and length_ns < _DAY_NS:
        end = end[_DATE:].strip()  # the same day
    return f"{begin} .. {_('now') if live else end}"


def command_text(*words: str) -> str:
    """A command as a person pastes it into a terminal."""
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def day_sentence(day: DayMark) -> str:
    """A day of the strip: when it was, how good it was, its hiccups, and how much of it was recorded.

    These are days of UTC, whose local begin and end are told where they are not those of a local day.
    """
    begin, end = (moment_text(each) for each in (day.start_ns, day.start_ns + _DAY_NS))
    date = begin[:_DATE] if begin.endswith(" 00:00") else f"{begin} – {end}"
    if day.band is None:
        return _("{date}: no beats").format(date=date)
    hiccups = ngettext("{count} hiccup", "{count} hiccups", day.hiccups).format(
        count=figures.count(day.hiccups)
    )
    return _("{date}: {band} by P99, {hiccups}, recorded {share}").format(
        date=date, band=band_name(day.band), hiccups=hiccups, share=figures.availability(day.coverage)
    )

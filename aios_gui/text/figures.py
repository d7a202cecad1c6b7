"""Gives every figure its digits and its unit; all of the program's numbers pass here."""

from __future__ import annotations

import math
import re
import time
from typing import TypeGuard

from aios_gui.text.catalogue import gettext as _

NONE = "–"
_MINUS = "−"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:µs|ms|s|min|h|%|×|[kMGT]?B)(?:\W|$))")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
SHORT_SPAN_NS = 600_000_000_000
"""The ends of a shorter span are told with their seconds: both may lie in one minute."""

# (one unit, its name, decimals, used while the rounded figure is below)
_Rung = tuple[float, str, int, float]
_DURATION: tuple[_Rung, ...] = (
    (1e3, "µs", 1, 10),
    (1e3, "µs", 0, 1000),
    (1e6, "ms", 1, 10),
    (1e6, "ms", 0, 1000),
    (1e9, "s", 1, 10),
    (1e9, "s", 0, 600),
    (60e9, "min", 0, 600),
    (3600e9, "h", 0, math.inf),
)
# Memory and files by powers of 1024 under the short names, as the systems' own tools show them.
_SIZE: tuple[_Rung, ...] = (
    (1, "B", 0, 1000),
    (2**10, "kB", 0, 1000),
    (2**20, "MB", 1, 10),
    (2**20, "MB", 0, 1000),
    (2**30, "GB", 1, 100),
    (2**30, "GB", 0, 1000),
    (2**40, "TB", 1, math.inf),
)
_PERCENT: tuple[_Rung, ...] = ((1, "%", 2, 0.1), (1, "%", 1, 10), (1, "%", 0, math.inf))


def _is_known(value: float | None) -> TypeGuard[float]:
    """Whether it can be told: a number from outside may be larger than any float."""
    try:
        return value is not None and math.isfinite(value)
    except OverflowError:
        return False


def _parts(value: float | None, ladder: tuple[_Rung, ...], strip_zero: bool = False) -> tuple[str, str]:
    if not _is_known(value):
        return NONE, ""
    sign, size = (_MINUS, -value) if value < 0 else ("", value)
    if size == 0:
        return "0", ladder[0][1]
    text, unit = NONE, ""
    for one, name, decimals, below in ladder:
        text, unit = f"{size / one:.{decimals}f}", name
        # Decided on the rounded figure: 999.6 µs is 1.0 ms, never 1000 µs.
        if float(text) < below:
            break
    if strip_zero and text.endswith(".0"):
        text = text[:-2]
    return (sign if float(text) else "") + text, unit


def _joined(parts: tuple[str, str]) -> str:
    return f"{parts[0]} {parts[1]}" if parts[1] else parts[0]


def duration_parts(ns: float | None) -> tuple[str, str]:
    """A duration as figure and unit, two digits at least: ``("24", "µs")``, ``("140", "µs")``."""
    return _parts(ns, _DURATION)


def duration(ns: float | None) -> str:
    """A duration in ns as ``24 µs``, ``140 µs``, ``380 ms`` or ``1.9 s``; ``–`` for None."""
    return _joined(duration_parts(ns))


def spoken_duration(ns: float | None) -> str:
    """A duration within a sentence, its unit in the language of the user."""
    figure, unit = duration_parts(ns)
    spoken = {
        "µs": _("{figure} µs"),
        "ms": _("{figure} ms"),
        "s": _("{figure} s"),
        "min": _("{figure} min"),
        "h": _("{figure} h"),
    }
    return spoken[unit].format(figure=figure) if unit else figure


def time_left(seconds: float) -> str:
    """How long it still takes: ``38 s left``; "" for less than a second."""
    return _("{span} left").format(span=span(round(seconds) * 1e9)) if seconds >= 1 else ""


def interval(ns: float) -> str:
    """An interval as it was set, without digits that say nothing: ``50 ms``, ``1 s``, ``1.5 s``, ``1 h``."""
    if ns < 1e9:
        return _("{figure} ms").format(figure=f"{ns / 1e6:g}")
    if ns < 120e9 or ns % 60e9:
        return _("{figure} s").format(figure=f"{ns / 1e9:g}")
    return span(ns)


def percent_parts(percent: float | None) -> tuple[str, str]:
    """A share of 0 to 100 as figure and unit: ``("17", "%")``."""
    return _parts(percent, _PERCENT)


def percent(percent: float | None) -> str:
    """A share of 0 to 100 as ``17 %``, ``0.1 %`` or ``0.05 %``; ``–`` for None."""
    return _joined(percent_parts(percent))


def percent_beside(share_percent: float | None, limit_percent: float) -> str:
    """A share of 0 to 100 beside its limit: to the hundredth where it would read as the limit itself."""
    is_alike = _is_known(share_percent) and percent(share_percent) == percent(limit_percent)
    return f"{share_percent:.2f} %" if is_alike else percent(share_percent)


def availability(share: float | None) -> str:
    """A share of 0 to 1 as ``99.98 %``, rounded down, so that 100.00 % is said of all and 0.00 % of nothing alone."""
    if not _is_known(share):
        return NONE
    hundredths = math.floor(share * 10_000 + 1e-9)
    return "< 0.01 %" if share > 0 and not hundredths else f"{hundredths / 100:.2f} %"


def size_parts(size_bytes: float | None) -> tuple[str, str]:
    """A size as figure and unit, by powers of 1024: ``("96", "MB")``."""
    return _parts(size_bytes, _SIZE, strip_zero=True)


def size_pair(part_bytes: float, whole_bytes: float) -> tuple[str, str]:
    """A size and the whole that it is a part of, in the unit and to the digits of the whole: ``10.1``, ``24.0 GB``."""
    rungs = (rung for rung in _SIZE if round(whole_bytes / rung[0]) < rung[3])
    one, unit, _decimals, _below = next(rungs)
    decimals = 0 if whole_bytes >= 100 * one or one < 2**20 else 1
    return f"{part_bytes / one:.{decimals}f}", f"{whole_bytes / one:.{decimals}f} {unit}"


def size(size_bytes: float | None) -> str:
    """A size in bytes as ``96 MB`` or ``10.1 GB``; ``–`` for None."""
    return _joined(size_parts(size_bytes))


def count(number: int | None) -> str:
    """A whole number with its thousands apart: ``604,800``; ``–`` for None."""
    return NONE if number is None else f"{number:,}".replace("-", _MINUS)


def rate(value: float | None) -> str:
    """How often on average: ``0.4``, ``12.5``, ``13,503``; ``–`` for None."""
    if not _is_known(value):
        return NONE
    return f"{value:.1f}" if value < 99.95 else count(round(value))


def score(value: float | None) -> str:
    """A score of 0 to 1 as ``0.93``, rounded down, so that one below a limit never reads as the limit."""
    return NONE if value is None else f"{math.floor(value * 100 + 1e-9) / 100:.2f}"


def times(ratio: float | None) -> str:
    """A ratio as ``48,512×``, ``8.4×`` or ``0.52×``; ``–`` for None."""
    if not _is_known(ratio):
        return NONE
    for decimals, below in ((2, 1), (1, 100)):
        text = f"{ratio:.{decimals}f}"
        # Decided on the rounded figure: 99.96 is 100×, never 100.0×.
        if float(text) < below:
            return f"{text}×"
    return f"{ratio:,.0f}×"


def span(ns: float | None) -> str:
    """A length of time in at most two units: ``45 s``, ``12 min``, ``3 h 12 min``, ``2 d 4 h``.

    Rounded down to its smaller unit; below a second as a duration.
    """
    if not _is_known(ns):
        return NONE
    if ns < 1e9:
        return spoken_duration(max(0, ns))
    seconds = int(ns // 1_000_000_000)
    if seconds < _MINUTE_S:
        return _("{figure} s").format(figure=seconds)
    if seconds < _HOUR_S:
        return _("{figure} min").format(figure=seconds // _MINUTE_S)
    if seconds < _DAY_S:
        hours, minutes = divmod(seconds // _MINUTE_S, 60)
        if not minutes:
            return _("{figure} h").format(figure=hours)
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    days, hours = divmod(seconds // _HOUR_S, 24)
    if not hours:
        return _("{days} d").format(days=days)
    return _("{days} d {hours} h").format(days=days, hours=hours)


def _local(wall_ns: int | None) -> time.struct_time | None:
    if wall_ns is None:
        return None
    try:
        return time.localtime(wall_ns // 1_000_000_000)
    except (OverflowError, OSError, ValueError):
        return None


def clock_time(wall_ns: int | None, now_ns: int | None = None, seconds: bool = False) -> str:
    """A moment (ns since the Unix epoch) as local ``14:03``; with its date when that is not today.

    ``now_ns`` says when today is; ``seconds`` gives ``14:03:07``.
    """
    at = _local(wall_ns)
    if at is None:
        return NONE
    clock = time.strftime("%H:%M:%S" if seconds else "%H:%M", at)
    today = _local(time.time_ns() if now_ns is None else now_ns)
    return clock if today is not None and at[:3] == today[:3] else f"{time.strftime('%Y-%m-%d', at)} {clock}"


def clock_times(
    start_ns: int, end_ns: int, now_ns: int | None = None, seconds: bool = False
) -> tuple[str, str]:
    """When a span begins and ends, as ``clock_time``; the end has its date unless the span began on that day.

    It has its date today, too: of the last 24 hours, both ends would be ``14:03`` otherwise.
    """
    return clock_time(start_ns, now_ns, seconds), clock_time(end_ns, start_ns, seconds)


def moment(wall_ns: int | None) -> str:
    """A moment in full, local, to the millisecond: ``2025-03-12 14:03:07.120``."""
    at = _local(wall_ns)
    if at is None or wall_ns is None:
        return NONE
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', at)}.{wall_ns // 1_000_000 % 1000:03d}"


def iso_time(wall_ns: int | None) -> str | None:
    """A moment in ISO 8601 with its offset, for JSON; None for None, and for what no calendar has."""
    if wall_ns is None:
        return None
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(wall_ns / 1e9, UTC).astimezone().isoformat(timespec="milliseconds")
    except (OverflowError, OSError, ValueError):
        return None


def with_units_kept(text: str) -> str:
    """The same, where no line can break between a figure and its unit."""
    return _BEFORE_UNIT.sub("\u00a0", text)

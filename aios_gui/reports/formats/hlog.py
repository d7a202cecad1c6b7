"""Histograms by the hour or the minute as a log of HdrHistogram (`.hlog`), tagged `duration` and `lateness`."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import BinaryIO

from aios_gui.history.stretches import HOUR_NS, MINUTE_NS, stretches
from aios_gui.record.model.histogram import highest_of
from aios_gui.reports.formats.raw_data import RawData
from aios_gui.system.origin import origin
from aios_gui.text.plain import plain

_MS = 1e6
_MINUTES_BELOW_NS = 48 * HOUR_NS
_LEGEND = '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n'


def write(data: RawData, out: BinaryIO) -> int:
    """Write two lines a stretch; returns how many beats are in them. Values in ns, the column of the longest in ms."""
    span = data.covered
    start_s = span.start_ns / 1e9
    made = datetime.fromtimestamp(start_s, UTC)
    head = (
        f"#[Logged with {plain(origin(span.start_ns, span.end_ns))}]\n"
        "#[Histogram log format version 1.3]\n"
        f"#[StartTime: {start_s:.3f} (seconds since epoch), {made:%a %b %d %H:%M:%S UTC %Y}]\n"
    )
    out.write((head + _LEGEND).encode())
    count = 0
    every_ns = data.every_ns or (MINUTE_NS if span.end_ns - span.start_ns < _MINUTES_BELOW_NS else HOUR_NS)
    for each in stretches(data.history.reader, span, every_ns):
        data.on_beats(count)
        for tag, histogram in (("duration", each.duration), ("lateness", each.lateness)):
            start, length = (each.start_ns - span.start_ns) / 1e9, (each.end_ns - each.start_ns) / 1e9
            most_ms = highest_of(max(histogram.counts)) / _MS
            packed = b64encode(histogram.encode()).decode()
            out.write(f"Tag={tag},{start:.3f},{length:.3f},{most_ms:.3f},{packed}\n".encode())
        count += each.beats
    return count

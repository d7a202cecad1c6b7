"""The percentile distribution of a span as HdrHistogram's tools print it (`.hgrm`), in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, log2, sqrt
from typing import BinaryIO

from aios_gui.record.model.histogram import BUCKETS, SUB_BUCKETS, Histogram, highest_of, middle_of
from aios_gui.reports.formats.raw_data import RawData

_MS = 1e6
_TICKS = 5
"""Of each half of the distance to 100 %."""
_HEAD = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}\n\n"


def write(data: RawData, out: BinaryIO) -> int:
    """Write the distribution of ``data.measure``; returns how many beats are in it."""
    histogram = getattr(data.history.distribution(data.span), data.measure).raw.histogram
    out.write("".join(lines(histogram)).encode())
    return int(histogram.total)


def lines(histogram: Histogram) -> Iterator[str]:
    """The lines of a distribution with their ends."""
    total = histogram.total
    yield _HEAD
    for value_ns, level, count in _levels(histogram):
        tail = f" {100 / (100 - level):14.2f}" if level < 100 else ""
        yield f"{value_ns / _MS:12.6f} {level / 100:2.12f} {count:10d}{tail}\n"
    middles = [(middle_of(index), count) for index, count in histogram.counts.items()]
    mean = sum(value * count for value, count in middles) / total if total else 0.0
    deviation = sqrt(sum((value - mean) ** 2 * count for value, count in middles) / total) if total else 0.0
    most_ns = highest_of(max(histogram.counts)) if total else 0
    yield f"#[Mean    = {mean / _MS:12.6f}, StdDeviation   = {deviation / _MS:12.6f}]\n"
    yield f"#[Max     = {most_ns / _MS:12.6f}, Total count    = {total:12d}]\n"
    yield f"#[Buckets = {BUCKETS:12d}, SubBuckets     = {SUB_BUCKETS:12d}]\n"


def _levels(histogram: Histogram) -> Iterator[tuple[int, float, int]]:
    """Value (ns), percentile (0 to 100), and how many are no longer: at five levels of each half that is left."""
    total, count, level = histogram.total, 0, 0.0
    for index in sorted(each for each, times in histogram.counts.items() if times):
        count += histogram.counts[index]
        while 100 * count / total >= level:
            yield highest_of(index), level, count
            if count == total:
                yield highest_of(index), 100.0, count
                return
            halves = 2 ** (floor(log2(100 / (100 - level))) + 1)
            level += 100 / (_TICKS * halves)

"""The beats of a span by the hour or the minute: how many, and how their times are distributed."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader

DAY_NS, HOUR_NS, MINUTE_NS = 86_400_000_000_000, 3_600_000_000_000, 60_000_000_000
_MOST_PARTS = 1000


@dataclass(slots=True)
class Stretch:
    """An hour or a minute of UTC, or the part of it that lies in the span, that has beats."""

    start_ns: int
    end_ns: int
    beats: int = 0
    missed: int = 0
    duration: Histogram = field(default_factory=Histogram)
    lateness: Histogram = field(default_factory=Histogram)
    duration_total_ns: int = 0
    lateness_total_ns: int = 0


def by_day(reader: RecordReader, start_ns: int, end_ns: int) -> Iterator[tuple[int, int]]:
    """A span in parts of a day of UTC, for what would not fit into memory of a year at once; StoreError.

    What lies before the first beat or after the last one is in the first or the last part. Where the record reaches
    over very many days, as from 1970 on by a clock that was wrong, a part has several.
    """
    begin_ns, finish_ns = reader.span() or (start_ns, start_ns)
    first_ns, last_ns = (max(start_ns, begin_ns) // DAY_NS + 1) * DAY_NS, min(end_ns, finish_ns)
    step_ns = max(1, (last_ns - first_ns) // (_MOST_PARTS * DAY_NS)) * DAY_NS
    yield from pairwise((start_ns, *range(first_ns, last_ns, step_ns), end_ns))


def stretches(reader: RecordReader, span: TimeRange, length_ns: int) -> Iterator[Stretch]:
    """The stretches of ``length_ns``, an hour or a part of it, oldest first; StoreError."""
    start_us, end_us = span.start_ns // 1000, span.end_ns // 1000
    with reader.at_once() as (connection, sealed):
        if connection is None:
            return
        rows = reader.open_hours("beat", span.start_ns, span.end_ns)
        pages = {each.hour: each for each in sealed.hours(start_us, end_us)} if sealed is not None else {}
        for hour in sorted({*rows, *pages}):
            within = TimeRange(max(span.start_ns, hour * HOUR_NS), min(span.end_ns, (hour + 1) * HOUR_NS))
            page = pages.get(hour)
            if (
                length_ns == HOUR_NS
                and page is not None
                and hour not in rows
                and page.is_within(start_us, end_us)
            ):
                assert sealed is not None
                if (summary := sealed.summary(hour)) is not None:
                    yield Stretch(
                        within.start_ns,
                        within.end_ns,
                        summary.beats,
                        summary.missed,
                        summary.duration,
                        summary.lateness,
                        *(
                            sum(summary.envelope.measures[name].total)
                            for name in ("duration_ns", "lateness_ns")
                        ),
                    )
            else:
                yield from _of_beats(reader, within, length_ns)


def _of_beats(reader: RecordReader, span: TimeRange, length_ns: int) -> Iterator[Stretch]:
    found: defaultdict[int, tuple[array[int], array[int], array[int]]] = defaultdict(
        lambda: (array("q"), array("q"), array("q"))
    )
    length_us = length_ns // 1000
    for beats in reader.beat_columns(span.start_ns, span.end_ns):
        for at_us, *values in zip(
            beats.at_us, beats.missed, beats.duration_ns, beats.lateness_ns, strict=True
        ):
            for column, value in zip(found[at_us // length_us], values, strict=True):
                column.append(value)
    for number, (missed, duration_ns, lateness_ns) in sorted(found.items()):
        start_ns = number * length_ns
        stretch = Stretch(max(span.start_ns, start_ns), min(span.end_ns, start_ns + length_ns))
        stretch.beats, stretch.missed = len(missed), sum(missed)
        stretch.duration.add(duration_ns)
        stretch.lateness.add(lateness_ns)
        stretch.duration_total_ns, stretch.lateness_total_ns = sum(duration_ns), sum(lateness_ns)
        yield stretch

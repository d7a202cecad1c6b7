"""All questions about a span of the record, for whatever shows, reports or exports it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from aios_gui.alerts import record_reader as alerts
from aios_gui.alerts.model.incident import Incident, Silence
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.analysis.model.smoke import DayMark, Smoke
from aios_gui.history.changes import record_reader as changes
from aios_gui.history.changes.model import Change
from aios_gui.history.model.coverage import Coverage, coverage_of
from aios_gui.history.model.distribution import Distribution, Distributions, Timing
from aios_gui.history.model.series import Series
from aios_gui.history.notes import record_reader as notes
from aios_gui.history.notes.model import Note
from aios_gui.history.who_ran import record_reader as who_ran
from aios_gui.history.who_ran.model import WhoAnswer, WhoRan
from aios_gui.record.importing.model import ImportedBeat
from aios_gui.record.importing.record_reader import imported_beats
from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.intervals import Intervals
from aios_gui.record.model.page import BeatColumns
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealed import Sealed, SealedDay, SealedHours, without_hours
from aios_gui.record.store.sealing import DAY_HOURS, Summary
from aios_gui.record.store.series import open_beats, open_missed

SHORTEST_INTERVAL_NS = 50_000_000
"""Where the interval is not known, beats are looked at one by one from twice this on."""
Late = tuple[int, int]
"""A time (ns), and the interval (ns) at which beats were due."""


class History:
    """What a record says of spans of wall time, half open; on one thread, as the reader. StoreError as of the reader.

    Days, hours and what still stands in rows are put together as one. Only what lies within the span counts: where it
    begins or ends within an hour, the beats of that hour are read, so that a local day is right in every zone.
    """

    def __init__(self, reader: RecordReader) -> None:
        self.reader = reader
        """For rows that features keep."""

    def close(self) -> None:
        """Close the record; a later question opens it again."""
        self.reader.close()

    def series(self, span: TimeRange, pixels: int) -> Series:
        """The span for the eye: every beat where there are at most ``pixels``, else about as many extremes."""
        from aios_gui.history.drawing import series_of

        return series_of(self.reader, span.start_ns, span.end_ns, pixels)

    def smoke(self, span: TimeRange, pixels: int) -> Smoke:
        """What is usual over the span and how far it reaches, in about ``pixels`` stretches or as few as are known."""
        from aios_gui.history.analysis.smoke import smoke_of

        return smoke_of(self.reader, span.start_ns, span.end_ns, pixels)

    def days(self) -> tuple[DayMark, ...]:
        """Every UTC day of the record, the first first."""
        from aios_gui.history.analysis.smoke import days_of

        return days_of(self.reader)

    def beats(self, span: TimeRange) -> Iterator[RecordedBeat]:
        """The beats in the order in which they were made, as they are read."""
        return self.reader.beats(span.start_ns, span.end_ns)

    def beat_columns(self, span: TimeRange) -> Iterator[BeatColumns]:
        """The same beats as columns, some thousand at a time."""
        return self.reader.beat_columns(span.start_ns, span.end_ns)

    def incidents(self, span: TimeRange) -> list[Incident]:
        """The incidents that touch the span, oldest first, without those that were made up as an example."""
        found = alerts.incidents(self.reader, span.start_ns, span.end_ns)
        return [each for each in found if each.silence is not Silence.MADE_UP]

    def who_at(self, at_ns: int) -> WhoAnswer:
        """Which programs ran at a moment (wall, ns), by the sample that tells of it; or why that is not known."""
        return who_ran.who_at(self.reader, at_ns)

    def who(self, span: TimeRange) -> Iterator[WhoRan]:
        """The samples of which programs ran that were taken in the span, oldest first, as they are read."""
        return who_ran.samples_by_day(self.reader, span.start_ns, span.end_ns)

    def changes(self, span: TimeRange) -> list[Change]:
        """What was installed, updated and switched in the span, oldest first."""
        return changes.changes(self.reader, span.start_ns, span.end_ns)

    def imported_beats(self, span: TimeRange, source: int = 0) -> Iterator[ImportedBeat]:
        """Beats of other files, of one source or of all. Nothing else that is asked here contains them."""
        return imported_beats(self.reader, span.start_ns, span.end_ns, source)

    def notes(self, span: TimeRange, most: int = -1) -> list[Note]:
        """The notes that touch the span, oldest first; only ``most`` of the newest where that is not negative."""
        return notes.notes(self.reader, span.start_ns, span.end_ns, most)

    def distribution(self, span: TimeRange) -> Distributions:
        """Duration and lateness, as recorded and corrected for coordinated omission."""
        with self.reader.at_once() as (connection, sealed):
            found = _Sums(self.reader.intervals())
            start_us, end_us = span.start_ns // 1000, span.end_ns // 1000
            if sealed is not None:
                _add_sealed(found, sealed, start_us, end_us)
            if connection is not None:
                columns = array("q"), array("q"), array("q")
                for rows in open_beats(connection, start_us, end_us):
                    # As another program may have written it, a row may hold what is not a whole number.
                    whole = (row[:3] for row in rows if all(isinstance(each, int) for each in row[:3]))
                    for column, values in zip(columns, zip(*whole, strict=True), strict=False):
                        column.extend(values)
                found.add_beats(*columns)
            return found.distributions()

    def coverage(self, span: TimeRange) -> Coverage:
        """Beats made, due and missed, the gaps by kind, and how much of the span is covered."""
        reader = self.reader
        with reader.at_once() as (connection, sealed):
            whole = reader.span()
            if connection is None or whole is None:
                return Coverage(span.start_ns, span.start_ns)
            start_us, end_us = span.start_ns // 1000, span.end_ns // 1000
            made, missed = open_missed(connection, start_us, end_us)
            if sealed is not None:
                for each in _counted(sealed, start_us, end_us):
                    made, missed = made + each[0], missed + each[1]
            start_ns = min(max(span.start_ns, whole[0]), span.end_ns)
            end_ns = max(start_ns, min(span.end_ns, whole[1]))
            return coverage_of(start_ns, end_ns, made, missed, reader.gaps(start_ns, end_ns))


def _split(sealed: SealedHours, start_us: int, end_us: int) -> tuple[list[SealedDay], list[Sealed]]:
    """The days that lie within a span, and the hours that touch it and are not in these days."""
    days = [each for each in sealed.days(start_us, end_us) if each.is_within(start_us, end_us)]
    taken = [number for day in days for number in day.hour_numbers()]
    hours = [each for part in without_hours(start_us, end_us, taken) for each in sealed.hours(*part)]
    return days, hours


def _counted(sealed: SealedHours, start_us: int, end_us: int) -> Iterator[tuple[int, int]]:
    """Beats made and missed, in parts."""
    days, hours = _split(sealed, start_us, end_us)
    for day in days:
        yield day.beats, day.missed
    for each in hours:
        if each.is_within(start_us, end_us):
            yield each.beats, each.missed
        elif (columns := sealed.columns(each.hour, "at_us", "missed")) is not None:
            inside = [missed for at_us, missed in zip(*columns, strict=True) if start_us <= at_us < end_us]
            yield len(inside), sum(inside)


def _add_sealed(found: _Sums, sealed: SealedHours, start_us: int, end_us: int) -> None:
    days, hours = _split(sealed, start_us, end_us)
    suspects: list[int] = []
    for day in days:
        summary = sealed.summary_of_day(day.day)
        if summary is not None:
            suspects += found.add(summary, range(day.day * DAY_HOURS, (day.day + 1) * DAY_HOURS))
    for each in hours:
        if not each.is_within(start_us, end_us):
            columns = sealed.columns(each.hour, "at_us", "duration_ns", "lateness_ns")
            if columns is not None:
                inside = [at for at in range(len(columns[0])) if start_us <= columns[0][at] < end_us]
                found.add_beats(*(array("q", (column[at] for at in inside)) for column in columns))
        elif (summary := sealed.summary(each.hour)) is not None:
            suspects += found.add(summary, range(each.hour, each.hour + 1))
    for hour in suspects:
        columns = sealed.columns(hour, "at_us", "duration_ns", "lateness_ns")
        if columns is not None:
            found.look_for_late(*columns)


class _Measure:
    """The times of one measure while they are put together."""

    def __init__(self) -> None:
        self.histogram = Histogram()
        self.least: int | None = None
        self.most = self.total = 0
        self.late: list[Late] = []

    def widen(self, least: int, most: int, total: int) -> None:
        self.least = least if self.least is None else min(self.least, least)
        self.most = max(self.most, most)
        self.total += total

    def timing(self) -> Timing:
        raw = Distribution(self.histogram, self.least or 0, self.most, self.total)
        return Timing(raw, raw.with_omitted(self.late))


class _Sums:
    """Durations and latenesses of a span while they are put together."""

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._suspect_ns = 2 * (intervals.shortest_ns or SHORTEST_INTERVAL_NS)
        self._measures = {"duration_ns": _Measure(), "lateness_ns": _Measure()}

    def add(self, summary: Summary, hours: range) -> list[int]:
        """Take in an hour or a day; returns those of its ``hours`` in which a beat may have kept others out."""
        suspects: set[int] = set()
        histograms = summary.duration, summary.lateness
        for (name, measure), histogram in zip(self._measures.items(), histograms, strict=True):
            measure.histogram.merge(histogram)
            known, least, most, total = summary.envelope.measures[name]
            slots = [slot for slot, count in enumerate(known) if count]
            if slots:
                measure.widen(min(least[s] for s in slots), max(most[s] for s in slots), sum(total))
            suspects |= {hours[s * len(hours) // len(known)] for s in slots if most[s] >= self._suspect_ns}
        return sorted(suspects)

    def add_beats(self, *columns: array[int]) -> None:
        """Take in beats: their times (µs), durations and latenesses."""
        if not columns or not columns[0]:
            return
        for measure, values in zip(self._measures.values(), columns[1:], strict=True):
            measure.histogram.add(values)
            measure.widen(min(values), max(values), sum(values))
        self.look_for_late(*columns)

    def look_for_late(self, at_us: array[int], *columns: array[int]) -> None:
        """Note the beats that kept others from being made."""
        usual_ns = 0
        for measure, values in zip(self._measures.values(), columns, strict=True):
            for place, value in enumerate(values):
                if value < self._suspect_ns:
                    continue
                interval_ns = self._intervals.at(at_us[place] * 1000)
                if not interval_ns:
                    usual_ns = usual_ns or _usual_step_ns(at_us)
                    interval_ns = usual_ns
                measure.late.append((value, interval_ns))

    def distributions(self) -> Distributions:
        """What was put together."""
        return Distributions(*(measure.timing() for measure in self._measures.values()))


def _usual_step_ns(at_us: Iterable[int]) -> int:
    """From beat to beat, as most are, to three digits; 0 for a single one."""
    steps = [later - earlier for earlier, later in pairwise(sorted(at_us))]
    usual_us = round(median(steps)) if steps else 0
    return round(usual_us, 3 - len(str(usual_us))) * 1000

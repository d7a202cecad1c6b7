"""The hours of a comparison are all that the record has of a span, in bounded memory."""

import tracemalloc
from pathlib import Path

import numpy as np

from aios_gui.history.comparison.hours import read_hours
from aios_gui.history.comparison.model import Measure
from aios_gui.history.comparison.verdict import Hours, _residuals
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from tests.fakes import HOUR, WALL, S, recorded_beat, write_run
from tests.history.made import seal

FIRST = WALL // HOUR
MB = 1 << 20


def test_hours_before_the_last_one_that_is_sealed_are_there(tmp_path: Path) -> None:
    """As after a clock that was a day ahead is set right: what is recorded since then was left out."""
    path = tmp_path / "record.sqlite3"
    for hours in (range(24, 27), range(2)):
        begin_ns = (FIRST + hours[0]) * HOUR
        beats = [recorded_beat(seq, begin_ns + seq * 60 * S) for seq in range(60 * len(hours))]
        write_run(path, beats, begin_ns, interval_ns=60 * S)
        if hours[0]:
            seal(path, (FIRST + 27) * HOUR)
    with RecordReader(path) as reader:
        (found,) = read_hours(reader, TimeRange(FIRST * HOUR, (FIRST + 30) * HOUR))
    assert (found.hour - FIRST).tolist() == [0, 1, 24, 25, 26]
    assert found.duration.sum(axis=1).tolist() == [60.0] * 5


def test_an_hour_is_covered_as_long_as_its_beats_were_due_whatever_the_interval(tmp_path: Path) -> None:
    """The one at its middle counted for all of it: 20 minutes at a beat a minute and 40 at one a second were 40 minutes
    of an hour, and like hours that had none but these.
    """
    path = tmp_path / "record.sqlite3"
    start_ns = FIRST * HOUR
    runs = (
        (0, 20, 60),  # from which minute, for how many, seconds from beat to beat
        (20, 40, 1),
        (60, 60, 60),
        (125, 55, 1),  # the hour began with nothing recorded
    )
    for number, (begin, minutes, step_s) in enumerate(runs, 1):
        begin_ns = start_ns + begin * 60 * S
        beats = [
            recorded_beat(seq, begin_ns + seq * step_s * S, session=number)
            for seq in range(minutes * 60 // step_s)
        ]
        write_run(path, beats, begin_ns, interval_ns=step_s * S)
    with RecordReader(path) as reader:
        (found,) = read_hours(reader, TimeRange(start_ns, start_ns + 3 * HOUR))
    assert found.covered_s.tolist() == [3600, 3600, 3300]
    mixed, slow, quick = (found.conditions[place][0] for place in found.condition.tolist())
    assert (slow, quick) == ((60 * S,), (S,))
    assert mixed not in (slow, quick)


def test_the_hours_of_a_year_are_told_apart_without_a_table_of_each_by_each() -> None:
    count = 3000
    ones = np.ones(count)
    hours = Hours(
        np.arange(count), np.zeros(count, np.int64), np.zeros(count, np.int64), 3600 * ones, ones, ones,
        np.ones((count, 2)), np.ones((count, 2)), np.array([1.0, 2.0]), np.array([2.0, 3.0]),
    )  # fmt: skip
    tracemalloc.start()
    try:
        found = _residuals([hours])
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * MB
    assert len(found[Measure.LATENESS_P99][0]) == count

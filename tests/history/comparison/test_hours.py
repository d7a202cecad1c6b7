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

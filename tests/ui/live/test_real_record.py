"""The plots over the real record: what it answers in buckets goes on live where it stopped."""

from pathlib import Path

import numpy as np
import pytest

from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.ui.plots.quantity import QUANTITIES
from aios_gui.ui.plots.series_buffer import SeriesBuffer
from tests.ui.machine import NS, context_at, day_of_beats, gap_at, hiccup_at

NOW = 1_741_785_300.123
SPAN_S = 3600


@pytest.mark.parametrize("buckets", [600, 5000])
def test_live_beats_go_on_where_the_record_stopped(tmp_path: Path, buckets: int) -> None:
    beats = day_of_beats(NOW, SPAN_S, stalls=(0.3,), gap=(0.5, 0.52))
    kept = 3000
    writer = SqliteWriter(tmp_path / "heartbeat.sqlite3", RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(beats[0].wall_ns, "window", {})
    gap = gap_at(NOW - SPAN_S / 2, NOW - SPAN_S / 2 + 60)
    writer.write([*beats[:kept], gap, hiccup_at(NOW - 2000), context_at(NOW - 1500)], session)
    live = SeriesBuffer()
    with RecordReader(tmp_path / "heartbeat.sqlite3") as reader:
        live.load(History(reader).series(TimeRange(int((NOW - SPAN_S) * NS), int((NOW + 1) * NS)), buckets))
    # The feed begins a little before the record ends.
    for beat in beats[kept - 3 :]:
        live.append(beat)
    writer.write(beats[kept:], session)
    whole = SeriesBuffer()
    with RecordReader(tmp_path / "heartbeat.sqlite3") as reader:
        whole.load(History(reader).series(TimeRange(int((NOW - SPAN_S) * NS), int((NOW + 1) * NS)), buckets))
    writer.close()
    assert live.bucket_ns == whole.bucket_ns
    np.testing.assert_allclose(live.times, whole.times, rtol=0, atol=2e-6)
    for index in range(len(QUANTITIES)):
        np.testing.assert_allclose(live.low(index), whole.low(index), rtol=0, atol=0.01)
        np.testing.assert_allclose(live.high(index), whole.high(index), rtol=0, atol=0.01)
    # The record keeps microseconds; what comes again by the feed is still known.
    whole.append_gap(gap)
    whole.append_hiccup(hiccup_at(NOW - 2000))
    assert (len(whole.gaps), len(whole.hiccups)) == (1, 1)
    assert whole.own.points("own_memory_percent")[1] == pytest.approx([96 / 24 / 1024 * 100])

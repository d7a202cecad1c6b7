"""The file itself: what is promised of it, what is read back, what leaves it, and how large it grows."""

import math
import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.hiccups import MOST_EVENTS
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.errors import NewerStoreError, StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.retention import used_bytes
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import WALL, S, recorded_beat, write_run
from tests.systems import removes_open_files

DAY = 86_400 * S


def file_bytes(path: Path) -> int:
    """Size of the record with its log; 0 where it is not there."""
    total = 0
    for suffix in ("", "-wal"):
        try:
            total += path.with_name(path.name + suffix).stat().st_size
        except OSError:
            continue
    return total


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "heartbeat.sqlite3"


@pytest.fixture
def writer(path: Path) -> Iterator[SqliteWriter]:
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.begin_session(WALL, "service", {})
    yield writer
    writer.close()


def realistic(count: int, interval_ns: int = S) -> list[RecordedBeat]:
    share = random.Random(
        1
    ).random  # a fifth of the time of randrange, which would take most of these tests' time
    return [
        recorded_beat(
            seq,
            WALL + seq * interval_ns + int(share() * 200_000),
            duration_ns=18_000 + int(share() * 72_000),
            lateness_ns=40_000 + int(share() * 360_000),
            start_offset_ns=200 + int(share() * 4_800),
            cpu_percent=int(share() * 1000) / 10,
            memory_percent=30 + int(share() * 400) / 10,
        )
        for seq in range(count)
    ]


# The promise


def test_it_is_durable_as_promised_and_private(writer: SqliteWriter, path: Path) -> None:
    writer.write([recorded_beat(0)], 1)
    pragma = {
        name: writer.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "auto_vacuum", "user_version")
    }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 1,
        "auto_vacuum": 2,
        "user_version": RECORD_SCHEMA.version,
    }
    if os.name == "posix":
        for suffix in ("", "-wal", "-shm"):
            assert stat.S_IMODE(Path(str(path) + suffix).stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_write_is_whole_or_not_at_all(writer: SqliteWriter, path: Path) -> None:
    good = recorded_beat(0)
    with pytest.raises((sqlite3.Error, OverflowError)):
        writer.write([good, recorded_beat(1, missed=2**70)], 1)
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62)) == []
    writer.write([good], 1)
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62))[-1] == good


# Versions


def test_version_0_is_brought_to_the_newest(path: Path) -> None:
    path.parent.mkdir()
    sqlite3.connect(path).close()
    writer = SqliteWriter(path, RECORD_SCHEMA)
    opened = writer.open()
    writer.close()
    assert (opened.last_ns, opened.set_aside) == (None, None)
    with RecordReader(path) as reader:
        assert reader.schema_version == RECORD_SCHEMA.version


def test_version_1_is_brought_to_the_newest_and_read_before_that(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(RECORD_SCHEMA.migrations[0])
        old.execute("PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO beat VALUES (1700000000000000, 1, 7, 25000, 60000, 300, 0, 1, 0, 1250, 4320)"
        )
        old.commit()
    with RecordReader(path) as reader:
        (before,) = reader.beats(0, 2**62)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.close()
    with RecordReader(path) as reader:
        assert reader.schema_version == RECORD_SCHEMA.version
        assert list(reader.beats(0, 2**62)) == [before]
    assert (before.seq, before.rehearsed, before.unrehearsed_ns) == (7, True, None)


def test_a_newer_record_is_refused_and_left_alone(writer: SqliteWriter, path: Path) -> None:
    writer.write([recorded_beat(0)], 1)
    writer.connection.execute(f"PRAGMA user_version = {RECORD_SCHEMA.version + 1}")
    writer.close()
    before = path.read_bytes()
    with pytest.raises(NewerStoreError, match="newer program"):
        writer.open()
    assert path.read_bytes() == before
    assert not writer.is_open
    assert list(path.parent.glob("*damaged*")) == []


def test_opened_again_it_leaves_no_file_open(writer: SqliteWriter) -> None:
    first = writer.connection
    writer.open()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute("SELECT 1")


def test_tables_of_another_program_are_set_aside(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE beat (something TEXT)")
    connection.close()
    writer = SqliteWriter(path, RECORD_SCHEMA)
    opened = writer.open()
    assert opened.set_aside is not None
    assert Path(str(opened.set_aside.facts["moved_to"])).exists()
    session = writer.begin_session(WALL, "service", {})
    writer.write([recorded_beat(0)], session)
    writer.close()


def test_opened_again_in_the_same_run_it_is_the_same_session(path: Path) -> None:
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    assert writer.begin_session(WALL, "service", {}) == 1
    writer.close()
    writer.open()
    assert writer.begin_session(WALL, "service", {}) == 1
    assert writer.begin_session(WALL + S, "window", {}) == 2
    writer.close()


# What is read back


def test_all_that_was_written_is_read_back(writer: SqliteWriter, path: Path) -> None:
    beats = [recorded_beat(seq, breached=("cpu",) if seq % 2 else ()) for seq in range(5)]
    gap = Gap(GapKind.SUSPENDED, WALL, WALL + 2 * S)
    event = Event(EventKind.HICCUP, WALL + S, 1, {"lateness_ns": 5, "culprit": "f"})
    context = ContextSample(WALL + 3 * S, 0.5, 10, 3, 100, 0.0)
    writer.write([*beats, gap, event, context], 1)
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62)) == beats
        assert reader.gaps(WALL + S, WALL + 5 * S) == [gap]
        assert reader.gaps(WALL + 3 * S, WALL + 5 * S) == []
        assert reader.events(0, 2**62) == [event]
        assert reader.events(0, 2**62, EventKind.STUCK) == []
        assert reader.contexts(0, 2**62) == [context]
        assert reader.span() == (beats[0].wall_ns, beats[-1].wall_ns)
        assert reader.count(WALL, WALL + 3 * S) == 3
        assert list(reader.beats(0, 2**62))[-1] == beats[-1]
        assert reader.check() == "ok"


def test_of_many_stalls_of_a_kind_the_longest_are_read(writer: SqliteWriter, path: Path) -> None:
    lengths_ns = [5, 900, 70, 800]
    stalls = [
        Event(kind, WALL + n * S, None, {"lateness_ns": length_ns + n})
        for n, (kind, length_ns) in enumerate(
            product((EventKind.HICCUP, EventKind.RESOURCE_STALL), lengths_ns)
        )
    ]
    writer.write(stalls, 1)
    with RecordReader(path) as reader:
        assert reader.longest_hiccups(0, 2**62, 2) == [stalls[1], stalls[3]]
        assert reader.longest_hiccups(0, 2**62, 3, EventKind.RESOURCE_STALL) == [
            stalls[each] for each in (5, 7, 6)
        ]
        assert reader.longest_hiccups(WALL, WALL + 2 * S, 9, EventKind.RESOURCE_STALL) == []


def test_a_record_that_is_not_there_is_empty(path: Path) -> None:
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62)) == []
        assert (reader.span(), reader.schema_version) == (None, 0)
        assert list(History(reader).series(TimeRange(0, S), 10).time_s) == []
    assert not path.exists(), "reading must not make it"


def test_a_record_that_is_no_database_is_told_as_such(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database at all" * 100)
    with RecordReader(path) as reader, pytest.raises(StoreError, match=r"cannot be read"):
        reader.span()


def test_kinds_of_a_newer_program_are_passed_over(writer: SqliteWriter, path: Path) -> None:
    writer.connection.execute("INSERT INTO gap VALUES (NULL, 1, 2, 'eclipse', 0)")
    writer.connection.execute("INSERT INTO event VALUES (NULL, 1, 'eclipse', 1, 1, '{}')")
    with RecordReader(path) as reader:
        assert reader.gaps(0, 2**62) == []
        assert reader.events(0, 2**62) == []


@removes_open_files
def test_a_reader_sees_the_file_that_was_begun_anew(writer: SqliteWriter, path: Path) -> None:
    writer.write([recorded_beat(0)], 1)
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62))[-1] == recorded_beat(0)
        writer.close()
        for suffix in ("", "-wal", "-shm"):
            Path(str(path) + suffix).unlink(missing_ok=True)
        assert list(reader.beats(0, 2**62)) == []
        writer.open()
        session = writer.begin_session(WALL, "service", {})
        writer.write([recorded_beat(7)], session)
        assert list(reader.beats(0, 2**62))[-1] == recorded_beat(7)


def test_a_reader_reads_what_a_crash_left_in_the_log(
    writer: SqliteWriter, path: Path, tmp_path: Path
) -> None:
    writer.write([recorded_beat(seq) for seq in range(3)], 1)
    # The files as they are on the disk at this moment: what a killed process leaves.
    left = tmp_path / "left"
    left.mkdir()
    for suffix in ("", "-wal"):
        (left / f"{path.name}{suffix}").write_bytes(Path(str(path) + suffix).read_bytes())
    with RecordReader(left / path.name) as reader:
        assert reader.count(0, 2**62) == 3


# Beats at the same moment


def test_beats_at_the_same_microsecond_are_all_kept_in_order(writer: SqliteWriter, path: Path) -> None:
    beats = [recorded_beat(seq, WALL, duration_ns=1000 + seq) for seq in range(5)]
    writer.write(beats, 1)
    with RecordReader(path) as reader:
        found = list(reader.beats(0, 2**62))
    assert [beat.seq for beat in found] == [0, 1, 2, 3, 4]
    assert [beat.wall_ns for beat in found] == [WALL + 1000 * n for n in range(5)]


def test_the_same_beat_written_again_is_one(writer: SqliteWriter, path: Path) -> None:
    beats = [recorded_beat(seq) for seq in range(5)]
    writer.write(beats, 1)
    writer.write(beats[2:], 1)
    with RecordReader(path) as reader:
        assert list(reader.beats(0, 2**62)) == beats


def test_a_wall_clock_set_back_keeps_the_order_of_beats(writer: SqliteWriter, path: Path) -> None:
    beats = [recorded_beat(seq, WALL + (seq if seq < 5 else seq - 4) * S) for seq in range(9)]
    writer.write(beats, 1)
    with RecordReader(path) as reader:
        assert [beat.seq for beat in reader.beats(0, 2**62)] == list(range(9))


# Series


@given(
    data=st.data(),
    offsets=st.lists(st.integers(0, 100_000), min_size=1, max_size=120, unique=True),
    buckets=st.integers(1, 60),
)
def test_buckets_are_the_extremes_of_their_beats(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, offsets: list[int], buckets: int
) -> None:
    percent = st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)
    beats = [
        recorded_beat(
            seq,
            WALL + offset * 1_000_000,
            duration_ns=data.draw(st.integers(1, 10**9)),
            lateness_ns=data.draw(st.integers(0, 10**9)),
            cpu_percent=data.draw(percent),
        )
        for seq, offset in enumerate(sorted(offsets))
    ]
    path = tmp_path_factory.mktemp("series") / "record.sqlite3"
    write_run(path, beats)
    start = WALL + data.draw(st.integers(0, 50_000)) * 1_000_000
    end = start + data.draw(st.integers(1, 60_000)) * 1_000_000
    with RecordReader(path) as reader:
        series = History(reader).series(TimeRange(start, end), buckets)
    within = [beat for beat in beats if start <= beat.wall_ns < end]
    if len(within) <= buckets:
        assert series.bucket_ns == 0
        groups = [[beat] for beat in within]
    else:
        assert series.bucket_ns > 0
        groups = [list(group) for _, group in groupby(within, lambda beat: beat.wall_ns // series.bucket_ns)]
        assert len(groups) <= buckets + 1
    assert list(series.time_s) == pytest.approx([group[0].wall_ns / 1e9 for group in groups], abs=1e-6)
    assert list(series.duration_min_ns) == [min(beat.duration_ns for beat in group) for group in groups]
    assert list(series.duration_max_ns) == [max(beat.duration_ns for beat in group) for group in groups]
    assert list(series.lateness_min_ns) == [min(beat.lateness_ns for beat in group) for group in groups]
    assert list(series.lateness_max_ns) == [max(beat.lateness_ns for beat in group) for group in groups]
    for group, low, high in zip(groups, series.cpu_min_percent, series.cpu_max_percent, strict=True):
        known = [beat.cpu_percent for beat in group if beat.cpu_percent is not None]
        if known:
            assert (low, high) == (pytest.approx(min(known)), pytest.approx(max(known)))
        else:
            assert math.isnan(low)
            assert math.isnan(high)


def test_a_series_counts_any_number_of_hiccups_and_carries_the_longest(
    writer: SqliteWriter, path: Path
) -> None:
    count = 3 * MOST_EVENTS
    lengths = {0: 7 * 10**9, count // 2: 9 * 10**9}
    events = [
        Event(EventKind.HICCUP, WALL + number * S, number, {"lateness_ns": lengths.get(number, 10**8)})
        for number in range(count)
    ]
    writer.write([recorded_beat(0), *events], 1)
    with RecordReader(path) as reader:
        hiccups = History(reader).series(TimeRange(WALL, WALL + count * S), 100).hiccups
    assert (len(hiccups), hiccups.count(WALL, WALL + 9 * S)) == (count, 10)
    assert len(hiccups.events) <= MOST_EVENTS
    assert all(events[number] in hiccups.events for number in lengths)


def test_events_share_the_text_of_the_names_of_their_facts(writer: SqliteWriter, path: Path) -> None:
    writer.write([Event(EventKind.HICCUP, WALL + n * S, n, {"lateness_ns": n}) for n in range(2)], 1)
    with RecordReader(path) as reader:
        names = [next(iter(event.facts)) for event in reader.events(WALL, WALL + 2 * S)]
    assert names[0] is names[1]


def test_a_series_carries_gaps_hiccups_and_own_cost(writer: SqliteWriter, path: Path) -> None:
    gap = Gap(GapKind.PAUSED, WALL + S, WALL + 2 * S)
    hiccup = Event(EventKind.HICCUP, WALL + 2 * S, 1, {"lateness_ns": 10**8})
    other = Event(EventKind.STUCK, WALL + 2 * S, 1, {})
    contexts = [
        ContextSample(WALL + S, 2.0, 50, 3, 200),
        ContextSample(WALL + 2 * S, None, None, 3, 200),
    ]
    writer.write([recorded_beat(0), gap, hiccup, other, *contexts], 1)
    with RecordReader(path) as reader:
        series = History(reader).series(TimeRange(WALL, WALL + 10 * S), 100)
    assert (series.gaps, series.hiccups.events) == ((gap,), [hiccup])
    assert series.own_cpu_percent[0] == pytest.approx(2.0)
    assert series.own_memory_percent[0] == pytest.approx(25.0)
    assert math.isnan(series.own_cpu_percent[1])
    assert math.isnan(series.own_memory_percent[1])


# Rows that do not decode


def test_rows_that_do_not_decode_are_left_out(
    writer: SqliteWriter, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    at = WALL + S
    gaps = [Gap(GapKind.PAUSED, WALL, at), Gap(GapKind.SUSPENDED, WALL, at)]
    events = [Event(EventKind.STUCK, at, 1, {"a": 1}), Event(EventKind.STUCK, at, 2, {"a": 2})]
    contexts = [ContextSample(WALL, 1.0), ContextSample(at, 2.0)]
    writer.write([recorded_beat(0), recorded_beat(1), *gaps, *events, *contexts], 1)
    for statement in (
        "UPDATE beat SET duration_ns = 'long', cpu_hundredths = 'high' WHERE seq = 0",
        "UPDATE gap SET unrecorded_beats = 'many' WHERE id = 1",
        "UPDATE event SET facts = '{' WHERE id = 1",
        "UPDATE context SET own_cpu_hundredths = 'high' WHERE own_cpu_hundredths = 100",
    ):
        writer.connection.execute(statement)
    with RecordReader(path) as reader:
        assert [beat.seq for beat in reader.beats(0, 2**62)] == [1]
        assert reader.gaps(0, 2**62) == gaps[1:]
        assert reader.events(0, 2**62) == events[1:]
        assert reader.contexts(0, 2**62) == contexts[1:]
        assert reader.unreadable == 4
        assert [value for _at, _missed, value in reader.column("beat", "duration_ns", 0, 2**62)] == [25_000]
        for buckets in (1, 9):
            assert History(reader).series(TimeRange(WALL, WALL + 9 * S), buckets).time_s
    assert "row 1 of event cannot be read" in caplog.text


def test_a_late_beat_that_does_not_decode_gives_way_to_the_one_before(writer: SqliteWriter) -> None:
    hiccups = [Event(EventKind.HICCUP, WALL + second * S, second, {"lateness_ns": 1}) for second in (1, 2)]
    writer.write(hiccups, 1)
    writer.connection.execute("UPDATE event SET facts = 'late' WHERE seq = 2")
    writer.close()
    assert writer.open().last_hiccup == hiccups[0]


def test_a_hiccup_of_a_time_when_the_clock_was_ahead_is_not_the_last_one(writer: SqliteWriter) -> None:
    hiccups = [Event(EventKind.HICCUP, WALL + second * S, second, {"lateness_ns": 1}) for second in (1, 3600)]
    writer.write(hiccups, 1)
    writer.close()
    assert writer.open(WALL + 2 * S).last_hiccup == hiccups[0]


def test_figures_that_are_not_finite_are_no_json(writer: SqliteWriter, path: Path) -> None:
    writer.write([Event(EventKind.STUCK, WALL, 1, {"a": math.nan, "b": math.inf, "c": 1.5})], 1)
    with RecordReader(path) as reader:
        assert [event.facts for event in reader.events(0, 2**62)] == [{"c": 1.5}]


def test_what_no_part_takes_in_is_logged_and_the_rest_is_kept(
    writer: SqliteWriter, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer.write([recorded_beat(0), object(), recorded_beat(1)], 1)
    with RecordReader(path) as reader:
        assert reader.count(0, 2**62) == 2
    assert "no part of the record takes in" in caplog.text


# Retention and size


def test_beats_go_by_age_and_the_file_shrinks(writer: SqliteWriter, path: Path) -> None:
    beats = realistic(30_000, 60 * S)
    old_gap = Gap(GapKind.PAUSED, WALL, WALL + S)
    writer.write([*beats, old_gap, ContextSample(WALL, 1.0), Event(EventKind.STUCK, WALL, 0, {})], 1)
    now = beats[-1].wall_ns
    writer.sync()
    before = file_bytes(path)
    trim_whole(writer, 8, 10**12)
    writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with RecordReader(path) as reader:
        kept = list(reader.beats(0, 2**62))
        assert [beat.seq for beat in kept] == [beat.seq for beat in beats if beat.wall_ns >= now - 8 * DAY]
        assert reader.contexts(0, 2**62) == []
        assert (reader.gaps(0, 2**62), len(reader.events(0, 2**62))) == ([old_gap], 1), "they stay for ever"
        assert reader.check() == "ok"
    assert file_bytes(path) < before * 0.6


def test_beyond_the_size_limit_the_oldest_go_and_the_newest_stay(
    writer: SqliteWriter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.record.store.retention._VACUUM_PAGES", 8)
    beats = realistic(30_000)
    writer.write(beats, 1)
    limit = used_bytes(writer.connection) // 2
    trim_whole(writer, 8, limit)
    writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert used_bytes(writer.connection) <= limit
    assert file_bytes(path) <= limit * 1.1
    with RecordReader(path) as reader:
        kept = list(reader.beats(0, 2**62))
    assert [beat.seq for beat in kept] == [beat.seq for beat in beats[-len(kept) :]]
    assert len(kept) >= 5_000


def surroundings(beats: list[RecordedBeat]) -> list[object]:
    """Context samples, and some gaps and events, among the beats."""
    found: list[object] = []
    for place, beat in enumerate(beats[::5]):
        found.append(ContextSample(beat.wall_ns, 0.09, 23_000_000, 4, 8_000_000_000, 0.0, 5e5, 3e5, 2e4, 1e4))
        if place % 100 == 0:
            found.append(Gap(GapKind.PAUSED, beat.wall_ns, beat.wall_ns + 1000))
            found.append(Event(EventKind.STUCK, beat.wall_ns, beat.seq, {"stack": "x" * 60}))
    return found


def trim_whole(writer: SqliteWriter, raw_days: int, limit_bytes: int) -> None:
    rounds = 0
    while writer.trim(raw_days, limit_bytes):
        rounds += 1
        assert rounds < 1000


def test_beyond_the_size_limit_old_context_samples_go_with_the_beats_and_the_rest_stays(
    writer: SqliteWriter, path: Path
) -> None:
    beats = realistic(40_000, 60 * S)
    writer.write([*beats, *surroundings(beats)], 1)
    whole = used_bytes(writer.connection)
    for limit in (whole // 2, whole // 4):
        trim_whole(writer, 365, limit)
        assert used_bytes(writer.connection) <= limit
        with RecordReader(path) as reader:
            kept = [beat.seq for beat in reader.beats(0, 2**62)]
            assert len(reader.contexts(0, 2**62)) == pytest.approx(len(kept) / 5, abs=2)
            assert len(reader.gaps(0, 2**62)) == len(reader.events(0, 2**62)) == 80
        assert kept == [beat.seq for beat in beats[-len(kept) :]]


def test_a_size_limit_below_a_day_of_beats_holds_all_the_same(writer: SqliteWriter, path: Path) -> None:
    beats = realistic(40_000)
    writer.write([*beats, *surroundings(beats)], 1)
    limit = 700_000
    trim_whole(writer, 365, limit)
    assert used_bytes(writer.connection) <= limit
    with RecordReader(path) as reader:
        kept = [beat.seq for beat in reader.beats(0, 2**62)]
        assert kept == [beat.seq for beat in beats[-len(kept) :]]
        assert len(reader.contexts(0, 2**62)) == pytest.approx(len(kept) / 5, abs=2)
        assert len(kept) > 1_000


def test_the_last_day_of_beats_stays_where_something_else_fills_the_file(
    writer: SqliteWriter, path: Path
) -> None:
    beats = realistic(20_000, 10 * S)
    writer.write([*beats, *surroundings(beats)], 1)
    filling = (
        "INSERT INTO measurement (at_us, kind, facts) VALUES (1, 'of another time', hex(randomblob(1500000)))"
    )
    writer.connection.execute(filling)
    trim_whole(writer, 365, 2_000_000)
    with RecordReader(path) as reader:
        kept = list(reader.beats(0, 2**62))
    assert [beat.seq for beat in kept] == [
        beat.seq for beat in beats if beat.wall_ns >= beats[-1].wall_ns - DAY
    ]


def test_a_record_within_its_bounds_loses_nothing(writer: SqliteWriter, path: Path) -> None:
    writer.write(realistic(100), 1)
    assert not writer.trim(8, 10**9)
    with RecordReader(path) as reader:
        assert reader.count(0, 2**62) == 100


def test_a_day_at_1_hz_takes_5_megabytes_at_most(writer: SqliteWriter, path: Path) -> None:
    beats = realistic(21_600)  # a quarter of it
    for start in range(0, 21_600, 60):
        # As the recorder writes: in the order of time, a few at once.
        minute = beats[start : start + 60]
        contexts = [
            ContextSample(
                beat.wall_ns, 0.09, 23_000_000 + beat.seq, 4, 8_000_000_000, 0.0, 5e5, 3e5, 2e4, 1e4
            )
            for beat in minute[::10]
        ]
        writer.write([*minute, *contexts], 1)
    writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert 4 * file_bytes(path) <= 5_000_000

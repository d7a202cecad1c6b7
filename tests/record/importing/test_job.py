"""Imports: what was read is there once, apart from this machine's own beats, whatever is in the file."""

import io
import json
import os
import random
import sqlite3
import threading
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.importing.job import BeatImport, NoRoom
from aios_gui.record.importing.model import (
    HOUR_US,
    MOST_RESULTS,
    PAGE_BEATS,
    ImportedBeat,
    ImportedPage,
    ImportedPages,
    ImportProblem,
    ImportReport,
    ImportSource,
    ImportState,
    RemoveImported,
    SkipReason,
    packed_page,
)
from aios_gui.record.importing.record_reader import imported_beats, imported_sources
from aios_gui.record.importing.words import (
    outcome_sentence,
    progress_sentence,
    remark_sentences,
    skipped_sentences,
)
from aios_gui.record.model.columns import PackedError
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.reports.formats import FORMATS
from aios_gui.reports.formats.raw_data import of_recorded
from aios_gui.system.local_time import LocalTimes
from tests.fakes import WALL, S, recorded_beat
from tests.systems import has_a_shell, knows_zones

START_S = 1_740_000_000


def line(second: float, ms: float = 3.5, result: str = "HEARTBEAT_OK (3.50ms)") -> str:
    at = datetime.fromtimestamp(START_S + second, UTC).replace(tzinfo=None)
    return json.dumps({"timestamp": at.isoformat(), "duration_ms": ms, "result": result})


class WriterSink:
    """Writes at once; each page of the last batch is in the record then."""

    def __init__(self, writer: SqliteWriter, most: int = 10**9) -> None:
        self.writer = writer
        self.batches: list[int] = []
        self.most = most

    def keep(self, pages: ImportedPages) -> None:
        if len(self.batches) >= self.most:
            raise NoRoom
        self.batches.append(len(pages.pages))
        self.writer.write([pages], 0)

    def settle(self) -> None:
        """All is written."""


def imported(
    writer: SqliteWriter,
    file: Path,
    content: str | bytes | Sequence[str] | None = None,
    dry_run: bool = False,
    cancelled: threading.Event | None = None,
    zone: tzinfo = UTC,
    sink: WriterSink | None = None,
) -> ImportReport:
    if isinstance(content, str | bytes):
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    elif content is not None:
        file.write_text("".join(f"{each}\n" for each in content))
    with RecordReader(writer.path) as reader:
        return BeatImport(
            file,
            reader,
            WALL,
            LocalTimes(zone),
            None if dry_run else sink or WriterSink(writer),
            cancelled or threading.Event(),
        ).run()


def beats(writer: SqliteWriter, source: int = 0) -> list[ImportedBeat]:
    with RecordReader(writer.path) as reader:
        return list(imported_beats(reader, 0, END_OF_TIME_NS, source))


def sources(writer: SqliteWriter) -> list[ImportSource]:
    with RecordReader(writer.path) as reader:
        return imported_sources(reader)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "performance_stats.jsonl"


def test_twice_is_once_and_what_was_added_since_comes_along(writer: SqliteWriter, file: Path) -> None:
    lines = [line(each) for each in range(10_000)]
    first = imported(writer, file, lines)
    assert (first.state, first.imported, first.lines) == (ImportState.DONE, 10_000, 10_000)
    again = imported(writer, file)
    assert (again.imported, again.skipped) == (0, {SkipReason.KNOWN: 10_000})
    grown = imported(writer, file, [*lines, line(20_000)])
    assert (grown.imported, grown.skipped) == (1, {SkipReason.KNOWN: 10_000})
    assert len(beats(writer)) == 10_001
    assert [(each.name, each.beats) for each in sources(writer)] == [(file.name, 10_000), (file.name, 1)]
    assert len({each.digest for each in sources(writer)}) == 2


def test_nothing_of_it_is_told_of_this_machine(writer: SqliteWriter, file: Path) -> None:
    own = recorded_beat(0)
    writer.begin_session(WALL, "service", {})
    writer.write([own], 1)
    imported(writer, file, [line(each) for each in range(100)])
    with RecordReader(writer.path) as reader:
        assert [each.wall_ns for each in reader.beats(0, END_OF_TIME_NS)] == [own.wall_ns]
        assert reader.count(0, END_OF_TIME_NS) == 1
        assert reader.span() == (own.wall_ns, own.wall_ns)
        assert reader.last_mode() == "service"


def test_what_is_left_out_is_counted_and_named_by_its_lines(writer: SqliteWriter, file: Path) -> None:
    content = [line(0), line(0), "{", line(1, -1), '{"duration_ms": "3"}', *["x"] * 30, line(2)]
    report = imported(writer, file, "\n".join(content) + "\n" + line(3)[:40])
    assert report.imported == 2
    assert report.skipped == {
        SkipReason.DUPLICATE: 1,
        SkipReason.NOT_JSON: 31,
        SkipReason.OUT_OF_RANGE: 1,
        SkipReason.WRONG_TYPE: 1,
        SkipReason.TORN: 1,
    }
    assert report.first_skipped[:4] == [
        (3, SkipReason.NOT_JSON),
        (4, SkipReason.OUT_OF_RANGE),
        (5, SkipReason.WRONG_TYPE),
        (6, SkipReason.NOT_JSON),
    ]
    assert len(report.first_skipped) == 20
    assert skipped_sentences(report)[0].startswith("31 lines left out: no JSON object (line 3, 6, 7, ")
    assert skipped_sentences(report)[0].endswith(", …)")
    assert "2 beats" in outcome_sentence(report)


def test_a_dry_run_tells_the_same_and_writes_nothing(writer: SqliteWriter, file: Path) -> None:
    lines = [*[line(each) for each in range(8_000)], "x", line(3)]
    dry = imported(writer, file, lines, dry_run=True)
    assert not beats(writer)
    real = imported(writer, file)
    assert (dry.imported, dry.skipped, dry.first_us, dry.last_us) == (
        real.imported,
        real.skipped,
        real.first_us,
        real.last_us,
    )
    assert outcome_sentence(dry, dry_run=True).startswith("8,000 beats of performance_stats.jsonl would be")


def test_lines_in_any_order_come_out_in_order_and_once(writer: SqliteWriter, file: Path) -> None:
    lines = [line(each * 7) for each in range(20_000)]
    random.Random(1).shuffle(lines)
    report = imported(writer, file, lines + lines[:500])
    found = beats(writer)
    assert len(found) == 20_000
    assert [each.at_us for each in found] == sorted(each.at_us for each in found)
    assert report.imported == 20_000
    assert sum(report.skipped.values()) == 500


def test_hours_that_come_back_again_and_again(
    writer: SqliteWriter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.record.importing.job.MOST_BEATS", 50)
    monkeypatch.setattr("aios_gui.record.importing.job._LINES_BETWEEN_LOOKS", 50)
    lines = [line(each * 997 % 36_000) for each in range(1_000)]
    report = imported(writer, file, lines * 2)
    assert (report.imported, report.skipped.total()) == (1_000, 1_000)
    assert len(beats(writer)) == 1_000


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_beat_of_this_machine_is_known(writer: SqliteWriter, file: Path, is_sealed: bool) -> None:
    """Also where it was exported before its hour was sealed, which rounds its duration."""
    own = [recorded_beat(number, duration_ns=24_513) for number in range(10)]
    writer.write(own, 1)
    if is_sealed:
        for _step in sealing(writer.connection, RECORD_SCHEMA.seal, 1 << 60, set()):
            pass
    out = io.StringIO()
    FORMATS["csv"].load().write_beats(of_recorded(own), out)
    report = imported(writer, file.with_suffix(".csv"), out.getvalue())
    assert (report.imported, report.skipped, report.reader) == (0, {SkipReason.KNOWN: 10}, "csv")
    assert outcome_sentence(report) == "performance_stats.csv has nothing new to import"


@knows_zones
def test_local_times_in_the_hour_that_is_lived_twice(writer: SqliteWriter, file: Path) -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = int(datetime(2024, 10, 27, 0, 30, tzinfo=UTC).timestamp())
    moments = [datetime.fromtimestamp(start + each, zone).replace(tzinfo=None) for each in range(0, 7200, 10)]
    lines = [json.dumps({"timestamp": each.isoformat(), "duration_ms": 1}) for each in moments]
    report = imported(writer, file, lines, zone=zone)
    assert [each.at_us for each in beats(writer)] == [
        (start + each) * 1_000_000 for each in range(0, 7200, 10)
    ]
    assert report.ambiguous == 540
    assert "went through twice" in remark_sentences(report)[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 3)), max_size=40), st.data())
def test_any_lines_torn_anywhere_are_there_once(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[int, int]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("import")
    with_writer = SqliteWriter(folder / "heartbeat.sqlite3", RECORD_SCHEMA)
    with_writer.open()
    try:
        content = "".join(f"{line(*each)}\n" for each in entries)
        cut = data.draw(st.integers(0, len(content)))
        file = folder / "x.jsonl"
        imported(with_writer, file, content[:cut] or " ")
        imported(with_writer, file, content or " ")
        expected = sorted({((START_S + at) * 1_000_000, ms * 1_000_000) for at, ms in entries})
        assert [each.key for each in beats(with_writer)] == expected
    finally:
        with_writer.close()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ImportProblem.EMPTY),
        (b"hello\nworld\n", ImportProblem.UNKNOWN_FORM),
        (b"\0" * 10_000, ImportProblem.UNKNOWN_FORM),
        (os.urandom(10_000).replace(b"{", b"x"), ImportProblem.UNKNOWN_FORM),
        (b"x" * 5_000_000, ImportProblem.UNKNOWN_FORM),
        (b"SQLite format 3\0" + bytes(4_000), ImportProblem.DATABASE),
    ],
    ids=["empty", "prose", "nul", "noise", "one line", "slice"],
)
def test_what_has_no_beats_is_refused_in_words(
    content: bytes, problem: ImportProblem, writer: SqliteWriter, file: Path
) -> None:
    report = imported(writer, file, content)
    assert (report.state, report.problem) == (ImportState.FAILED, problem)
    assert file.name in outcome_sentence(report)


def test_a_folder_and_what_is_not_there_are_refused_in_words(writer: SqliteWriter, tmp_path: Path) -> None:
    assert imported(writer, tmp_path).problem in (ImportProblem.NOT_A_FILE, ImportProblem.UNREADABLE)
    missing = imported(writer, tmp_path / "no")
    assert missing.problem is ImportProblem.UNREADABLE
    assert "No such file" in outcome_sentence(missing) or os.name == "nt"
    assert imported(writer, tmp_path / "a\0b").problem is ImportProblem.UNREADABLE


@has_a_shell
def test_a_pipe_is_refused_at_once(writer: SqliteWriter, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert imported(writer, tmp_path / "pipe").problem is ImportProblem.NOT_A_FILE


def test_memory_is_bounded_whatever_the_file(writer: SqliteWriter, file: Path) -> None:
    with file.open("w") as stream:
        for each in range(15_000):
            stream.write(line(each) + "\n")
        for _each in range(40):
            stream.write("x" * (1 << 20))
    tracemalloc.start()
    report = imported(writer, file, dry_run=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.imported, report.skipped) == (15_000, {SkipReason.TOO_LONG: 1})
    assert peak < 16 << 20


def test_as_many_results_as_beats_make_small_pages(writer: SqliteWriter, file: Path) -> None:
    report = imported(writer, file, [line(each / 10, 1, f"心跳{each}" + "界" * 90) for each in range(3_000)])
    assert report.pages == -(-3_000 // MOST_RESULTS)
    assert {len(each.result) for each in beats(writer)} == {80}


def test_a_cancelled_import_goes_on_the_next_time(
    writer: SqliteWriter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.record.importing.job.MOST_BEATS", 50)
    monkeypatch.setattr("aios_gui.record.importing.job.BATCH_PAGES", 1)
    cancelled = threading.Event()
    file.write_text("".join(line(each * 60) + "\n" for each in range(6_000)))

    class Cancelling(WriterSink):
        def keep(self, pages: ImportedPages) -> None:
            super().keep(pages)
            cancelled.set()

    first = imported(writer, file, cancelled=cancelled, sink=Cancelling(writer))
    assert first.state is ImportState.CANCELLED
    assert 0 < len(beats(writer)) < 6_000
    assert outcome_sentence(first).startswith("cancelled: ")
    assert imported(writer, file).state is ImportState.DONE
    assert len(beats(writer)) == 6_000


def test_where_there_is_no_room_it_says_so(writer: SqliteWriter, file: Path) -> None:
    report = imported(writer, file, [line(each) for each in range(100)], sink=WriterSink(writer, most=0))
    assert report.problem is ImportProblem.NO_ROOM
    assert "allow it more in the settings" in outcome_sentence(report)


def test_what_was_imported_is_removed_by_its_number(writer: SqliteWriter, file: Path) -> None:
    imported(writer, file, [line(0)])
    imported(writer, file, [line(1)])
    first, second = sources(writer)
    writer.write([RemoveImported(first.number)], 0)
    assert [each.number for each in sources(writer)] == [second.number]
    assert len(beats(writer)) == len(beats(writer, second.number)) == 1


def test_imported_beats_go_first_where_the_record_is_too_large(writer: SqliteWriter, file: Path) -> None:
    own = [recorded_beat(number, wall_ns=WALL + number * S) for number in range(400)]
    writer.write(own, 1)
    noise = random.Random(1)
    imported(writer, file, [line(each * 3_600, noise.random()) for each in range(1_500)])
    while writer.trim(8, 300_000):
        pass
    with RecordReader(writer.path) as reader:
        assert reader.count(0, END_OF_TIME_NS) == 400
    assert len(beats(writer)) < 1_500


def page(*moments: int) -> ImportedPage:
    return packed_page(moments[0] // HOUR_US, [ImportedBeat(each, 1) for each in moments])


def test_pages_that_begin_at_the_same_moment_are_all_kept(writer: SqliteWriter) -> None:
    source = ImportSource("abc", "x", "csv", 1, WALL)
    item = ImportedPages(source, (page(HOUR_US), page(HOUR_US, HOUR_US + 5), page(HOUR_US + 1)))
    writer.write([item, item], 0)
    assert [each.at_us for each in beats(writer)] == [HOUR_US, HOUR_US + 1, HOUR_US + 5]
    assert [each.beats for each in sources(writer)] == [4]


def test_only_hours_that_have_beats_are_asked_for(writer: SqliteWriter) -> None:
    """Between a beat of 1970 and one of today there are half a million hours, each of which was asked for."""
    source = ImportSource("abc", "x", "csv", 1, WALL)
    writer.write([ImportedPages(source, (page(1), page(WALL // 1000)))], 0)
    writer.close()
    questions: list[str] = []
    with RecordReader(writer.path) as reader, reader.at_once() as (connection, _sealed):
        assert connection is not None
        connection.set_trace_callback(questions.append)
        found = [each.at_us for each in imported_beats(reader, 0, END_OF_TIME_NS)]
    assert found == [1, WALL // 1000]
    assert len(questions) < 100


@given(st.binary(max_size=200), st.text(max_size=40), st.integers(0, 200))
def test_a_page_that_was_altered_is_refused(noise: bytes, results: str, at: int) -> None:
    whole = page(HOUR_US, HOUR_US + 5)
    altered = ImportedPage(
        whole.hour,
        2,
        0,
        0,
        results if len(noise) % 2 else whole.results,
        whole.packed[:at] + noise + whole.packed[at:],
    )
    try:
        found = list(altered.unpack())
    except PackedError:
        return
    assert len(found) <= PAGE_BEATS


def test_a_damaged_page_is_told(writer: SqliteWriter, file: Path) -> None:
    imported(writer, file, [line(0)])
    writer.connection.execute("UPDATE imported_page SET packed = ?", (sqlite3.Binary(b"damaged"),))
    with pytest.raises(StoreError, match="imported beats of hour"):
        beats(writer)
    assert imported(writer, file).problem is ImportProblem.NOT_KEPT


def test_progress_is_told_with_rate_and_time_left() -> None:
    report = ImportReport(size_bytes=1 << 20, done_bytes=1 << 18, lines=40_000, seconds=2)
    assert progress_sentence(report) == "25 % of 1 MB, 20,000 lines/s, 6 s left"
    assert ImportReport().share == 1

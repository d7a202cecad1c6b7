"""Each form that can be imported: what a line gives, and that no line at all makes a reader fail."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.importing.lines import LONGEST_LINE, Lines, TooLong, Torn
from aios_gui.record.importing.model import ImportedBeat, Skip, SkipReason
from aios_gui.record.importing.readers import READERS
from aios_gui.record.importing.readers import __file__ as folder
from aios_gui.record.importing.readers.csv_lines import CsvLines
from aios_gui.record.importing.readers.json_lines import JsonLines
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.reports.formats import FORMATS
from aios_gui.reports.formats.raw_data import of_imported, of_recorded
from aios_gui.system.local_time import LocalTimes
from tests.fakes import WALL

LATEST_US = WALL // 1000
AT_US = int(datetime(2025, 3, 12, 14, 3, 7, 500_000, UTC).timestamp() * 1_000_000)


def json_reader() -> JsonLines:
    return JsonLines(LocalTimes(UTC), LATEST_US)


def csv_reader(heading: str = "time,duration_ms,result") -> CsvLines:
    reader = CsvLines(LocalTimes(UTC), LATEST_US)
    assert reader.read(heading.encode()) is None
    return reader


def told(reader: JsonLines | CsvLines, line: bytes) -> ImportedBeat | SkipReason | None:
    try:
        return reader.read(line)
    except Skip as skip:
        return skip.reason


SEED = '{"timestamp": "2025-03-12T14:03:07.500000", "duration_ms": 3.4, "result": "HEARTBEAT_OK (3.40ms)"}'
BEAT = ImportedBeat(AT_US, 3_400_000, result="HEARTBEAT_OK")


def test_a_line_of_json() -> None:
    cases: list[tuple[str, ImportedBeat | SkipReason | None]] = [
        (SEED, BEAT),
        (SEED.replace("3.4,", "3,"), BEAT._replace(duration_ns=3_000_000)),
        (SEED.replace("07.500000", "07.500000+01:00"), BEAT._replace(at_us=AT_US - 3_600_000_000)),
        (SEED.replace('"result"', '"more": [1, {"a": 2}], "result"'), BEAT),
        (
            SEED.replace("HEARTBEAT_OK (3.40ms)", "AIOS_ALERT:cpu (3.4ms)"),
            BEAT._replace(result="AIOS_ALERT:cpu"),
        ),
        ('{"timestamp": "2025-03-12T14:03:07.5", "duration_ms": 3.4}', BEAT._replace(result="")),
        ('{"at": "2025-03-12T14:03:07.5Z", "duration_ms": 3.4, "result": "HEARTBEAT_OK"}', BEAT),
        (f'{{"time_ms": {AT_US / 1000}, "duration_ms": 3.4, "result": "HEARTBEAT_OK"}}', BEAT),
        ("", None),
        ("   ", None),
        ('{"schema": "aios-heartbeat/beats/1", "columns": []}', None),
        (SEED[:60], SkipReason.NOT_JSON),
        ("[1, 2]", SkipReason.WRONG_TYPE),
        ("7", SkipReason.WRONG_TYPE),
        ('{"a": ' * 50_000, SkipReason.NOT_JSON),
        (SEED.replace("3.4,", '"3.4",'), SkipReason.WRONG_TYPE),
        (SEED.replace("3.4,", "true,"), SkipReason.WRONG_TYPE),
        (SEED.replace("3.4,", "NaN,"), SkipReason.NOT_JSON),
        (SEED.replace("3.4,", "null,"), SkipReason.NO_DURATION),
        (SEED.replace("3.4,", "-3.4,"), SkipReason.OUT_OF_RANGE),
        (SEED.replace("3.4,", "1e300,"), SkipReason.OUT_OF_RANGE),
        (SEED.replace("2025-03-12T14:03:07.500000", "soon"), SkipReason.NOT_A_TIME),
        (SEED.replace("2025-03-12T14:03:07.500000", "1969-03-12T14:03:07"), SkipReason.NOT_A_TIME),
        (SEED.replace("2025-03-12", "2099-03-12"), SkipReason.IN_THE_FUTURE),
        (SEED.replace('"2025-03-12T14:03:07.500000"', "7"), SkipReason.WRONG_TYPE),
        ('{"duration_ms": 3.4}', SkipReason.NO_TIME),
        ("{}", SkipReason.NO_TIME),
        ("\0" * 200, SkipReason.NOT_JSON),
    ]
    for line, expected in cases:
        assert told(json_reader(), line.encode()) == expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8-sig", "utf-16"])
def test_a_line_in_another_encoding_than_the_rest(encoding: str) -> None:
    reader = json_reader()
    assert told(reader, SEED.encode(encoding)) == BEAT
    assert reader.re_encoded == 1


def test_letters_of_an_older_encoding_are_replaced_and_the_figures_are_kept() -> None:
    reader = json_reader()
    line = SEED.replace("HEARTBEAT_OK (3.40ms)", "心跳").encode("gbk")
    beat = told(reader, line)
    assert isinstance(beat, ImportedBeat)
    assert (beat.key, reader.re_encoded) == (BEAT.key, 1)


def test_a_row_of_csv() -> None:
    cases: list[tuple[str, str, ImportedBeat | SkipReason | None]] = [
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,3.4,HEARTBEAT_OK", BEAT),
        ("result;duration_ms;time", "HEARTBEAT_OK;3,4;2025-03-12 14:03:07.5", BEAT),
        ('"time","duration_ms","result"', '"2025-03-12T14:03:07.5","3.4","HEARTBEAT_OK"', BEAT),
        ("time,time_ms,duration_ms,result", f"odd,{AT_US / 1000:.3f},3.4,HEARTBEAT_OK", BEAT),
        ("time,time_ms,duration_ms,result", "2025/03/12 14:03:07.5,1.74E+12,3.4,HEARTBEAT_OK", BEAT),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,3.4,'=1+1", BEAT._replace(result="=1+1")),
        ("time,duration_ms,result", "time,duration_ms,result", None),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5", SkipReason.NO_ROW),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,,x", SkipReason.NO_DURATION),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,fast,x", SkipReason.WRONG_TYPE),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,1_0,x", SkipReason.WRONG_TYPE),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,nan,x", SkipReason.OUT_OF_RANGE),
        ("time,duration_ms,result", "2025-03-12T14:03:07.5,inf,x", SkipReason.OUT_OF_RANGE),
        ("time,duration_ms,result", ",3.4,x", SkipReason.NO_TIME),
        ("time,duration_ms,cpu_percent", "2025-03-12T14:03:07.5,3.4,101", SkipReason.OUT_OF_RANGE),
    ]
    for heading, line, expected in cases:
        assert told(csv_reader(heading), line.encode()) == expected


LINES = st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
ALTERED = st.tuples(
    st.sampled_from([SEED.encode(), b"2025-03-12T14:03:07.5,3.4,HEARTBEAT_OK"]), LINES, st.integers(0, 90)
).map(lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :])


@given(LINES | ALTERED)
def test_no_line_makes_a_reader_fail(line: bytes) -> None:
    for reader in (json_reader(), csv_reader()):
        found = told(reader, line)
        if isinstance(found, ImportedBeat):
            assert 0 <= found.at_us <= LATEST_US
            assert all(-(2**63) <= each < 2**63 for each in found[:-1])
            assert found.result.isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    st.sampled_from(
        ["timestamp", "duration_ms", "result", "time_ms", "lateness_ms", "missed", "cause", "seq"]
    ),
)
def test_no_value_of_any_type_makes_a_reader_fail(value: object, name: str) -> None:
    line = json.dumps({**json.loads(SEED), name: value}).encode()
    found = told(json_reader(), line)
    assert found is not None


@given(
    st.lists(
        st.builds(
            RecordedBeat,
            session=st.integers(1, 9),
            seq=st.integers(0, 10**9),
            wall_ns=st.integers(0, LATEST_US).map(lambda us: us * 1000),
            duration_ns=st.integers(0, 10**10),
            lateness_ns=st.integers(0, 10**10),
            start_offset_ns=st.integers(-(10**9), 10**10),
            missed=st.integers(0, 10**6),
            rehearsed=st.booleans(),
            cause=st.sampled_from(Cause),
            breached=st.sampled_from([(), ("cpu",), ("cpu", "memory")]),
            failed=st.booleans(),
            cpu_percent=st.none() | st.integers(0, 10_000).map(lambda each: each / 100),
            memory_percent=st.none() | st.integers(0, 10_000).map(lambda each: each / 100),
            unrehearsed_ns=st.none() | st.integers(0, 10**9),
        ),
        max_size=5,
    ),
    st.sampled_from([("csv", CsvLines), ("jsonl", JsonLines)]),
)
def test_what_is_exported_is_imported_without_loss(
    beats: list[RecordedBeat], form: tuple[str, type[CsvLines] | type[JsonLines]]
) -> None:
    out = io.StringIO()
    FORMATS[form[0]].load().write_beats(of_recorded(beats), out)
    reader = form[1](LocalTimes(UTC), LATEST_US)
    found = [each for line in out.getvalue().splitlines() if (each := reader.read(line.encode())) is not None]
    again = io.StringIO()
    FORMATS[form[0]].load().write_beats([of_imported(found)] if found else [], again)
    assert [each.at_us for each in found] == [each.wall_ns // 1000 for each in beats]
    assert again.getvalue().splitlines()[1:] == out.getvalue().splitlines()[1:]


def test_what_is_unknown_stays_unknown(tmp_path: Path) -> None:
    out = io.StringIO()
    FORMATS["csv"].load().write_beats([of_imported([BEAT])], out)
    row = dict(zip(*(line.split(",") for line in out.getvalue().splitlines()), strict=True))
    assert [name for name, value in row.items() if value] == [
        "time",
        "time_ms",
        "duration_ms",
        "path",
        "result",
    ]
    assert BEAT.lateness_ns == UNKNOWN


def test_the_registry_names_every_module_once() -> None:
    modules = {each.stem for each in Path(folder).parent.glob("*.py")} - {"__init__", "reader"}
    assert {each.__module__.rpartition(".")[2] for each in READERS} == modules
    assert len({each.name for each in READERS}) == len(READERS)


def test_which_reader_takes_a_file() -> None:
    cases: list[tuple[list[str], list[str]]] = [
        ([SEED], ["jsonl"]),
        (["", "  ", SEED], ["jsonl"]),
        (["time,duration_ms"], ["csv"]),
        (["\ufefftime_ms;duration_ms"], []),
        (["time,length"], []),
        (["hello"], []),
        ([], []),
    ]
    for first, names in cases:
        lines = [line.encode() for line in first]
        assert [each.name for each in READERS if each.can_read(lines)] == names


# Lines


def lines_of(content: bytes) -> list[bytes]:
    return [line for block in Lines(io.BytesIO(content), len(content)).blocks() for line in block]


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=20))
def test_lines_are_those_that_split_gives(lines: list[bytes]) -> None:
    content = b"\n".join(lines)
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        expected = content.split(b"\n")
        assert lines_of(content) == (expected if expected[-1] else expected[:-1])


def test_a_line_without_an_end_is_known(tmp_path: Path) -> None:
    assert [type(line) for line in lines_of(b"one\ntwo")] == [bytes, Torn]
    assert [type(line) for line in lines_of(b"one\n")] == [bytes]


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, 3 << 20])
def test_a_line_that_is_too_long_is_left_out_and_counted(length: int) -> None:
    found = lines_of(b"one\n" + b"x" * length + b"\ntwo\n" + b"y" * length)
    assert [(bytes(line), type(line) is TooLong) for line in found] == [
        (b"one", False),
        (b"", True),
        (b"two", False),
        (b"", True),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_that_begins_with_a_mark_is_read_as_that(encoding: str) -> None:
    text = "\n".join([SEED, "心跳"] * 30_000) + "\n"
    assert lines_of(text.encode(encoding)) == text.encode().split(b"\n")[:-1]


def test_what_comes_into_the_file_meanwhile_is_left_for_the_next_time() -> None:
    assert [line for block in Lines(io.BytesIO(b"one\ntwo\nthree\n"), 8).blocks() for line in block] == [
        b"one",
        b"two",
    ]


def test_a_beat_of_another_version_keeps_what_is_known() -> None:
    beat = told(
        json_reader(), SEED.replace('"result"', '"cause": "gremlins", "missed": 2, "result"').encode()
    )
    assert beat == BEAT._replace(missed=2)

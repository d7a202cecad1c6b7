"""A slice holds its span and nothing else; names go on request; a hostile one is refused in words."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding, Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.record_reader import hiccup_findings, incidents
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.changes.record_reader import changes
from aios_gui.history.notes.model import Note
from aios_gui.history.notes.record_reader import notes
from aios_gui.history.slices.contents import Names
from aios_gui.history.slices.make import APPLICATION_ID, NothingInIt, make_slice
from aios_gui.history.slices.opened import SliceFault, SliceRefused, check_slice
from aios_gui.history.slices.words import contents_lines, refused_sentence
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.history.who_ran.record_reader import samples
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, WALL, S, recorded_beat, write_run
from tests.history.made import seal
from tests.systems import WINDOWS, has_signals

SECRET = "hunter2-editor"
EVER = (0, 2**62)
ODD_NAME = "text" if WINDOWS else "text\x1b[31m"
"""Windows takes no such characters in a name."""
FINDING = Finding(
    FindingKind.ONE_PROCESS,
    {"resource": "cpu"},
    (Culprit(SECRET, 4711, 80.0, parent="bash", command=SECRET),),
)


@pytest.fixture(params=["open", "sealed"])
def record(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Three hours of beats, a minute apart, with one of everything in the second hour."""
    path = tmp_path / "record.sqlite3"
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(WALL, "service", {"version": "1.0", "host": SECRET})
    at = WALL + HOUR + 600 * S
    incident = Incident(7, "cpu", "cpu_percent", Level.WARNING, at, 97.0, 80.0, at + 60 * S, finding=FINDING)
    writer.write(
        [
            *(recorded_beat(seq, WALL + seq * 60 * S) for seq in range(180)),
            Gap(GapKind.PAUSED, at, at + 30 * S),
            Gap(GapKind.PAUSED, WALL, WALL + S),
            Event(EventKind.HICCUP, at, 70, {"lateness_ns": 80_000_000, "culprit": SECRET}),
            Event(EventKind.HICCUP, WALL, 1, {"lateness_ns": 90_000_000}),
            incident,
            HiccupFinding(at, 70, FINDING),
            Note(at, at + S, SECRET, at),
            WhoRan(at, 10.0, (Ran(SECRET, 1, "sh", "a.scope", 1, 5.0, 2**30, 0, ""),)),
            Look("dpkg", at, (Change(at, ChangeKind.PACKAGE, "dpkg", SECRET, "1", "2"),)),
        ],
        session,
    )
    writer.close()
    if request.param == "sealed":
        seal(path, WALL + 4 * HOUR)
    return path


def test_it_holds_its_span_and_nothing_else(record: Path, tmp_path: Path) -> None:
    span = WALL + HOUR, WALL + 2 * HOUR
    contents = make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *span)
    check_slice(tmp_path / "slice", RECORD_SCHEMA)
    with RecordReader(record) as whole, RecordReader(tmp_path / "slice") as part:
        beats = [
            [replace(beat, start_offset_ns=0) for beat in found]  # which a page has to 1 %
            for found in (part.beats(*EVER), whole.beats(*span))
        ]
        assert beats[0] == beats[1] != []
        assert part.gaps(*EVER) == whole.gaps(*span)
        assert part.events(*EVER) == whole.events(*span)
        assert incidents(part, *EVER) == incidents(whole, *span)
        assert hiccup_findings(part, *EVER) == hiccup_findings(whole, *span)
        assert changes(part, *EVER) == changes(whole, *span)
        assert [each.text for each in notes(part, *EVER)] == [SECRET]
        assert samples(part, *EVER) == samples(whole, *span) != []
        assert part.last_mode() == "service"
    assert (contents.beats, contents.counts["gaps"], contents.counts["incidents"]) == (60, 1, 1)
    assert SECRET in contents.names
    assert SECRET in "\n".join(contents_lines(contents, WALL))
    contents.beats, contents.counts = 604_800, {"gaps": 1, "incidents": 1, "notes": 2}
    assert [line.strip() for line in contents_lines(contents, WALL)][1:5] == [
        "604,800 beats",
        "1 gap",
        "1 incident",
        "2 notes",
    ]


def test_it_knows_an_interval_that_was_changed_before_it(tmp_path: Path) -> None:
    path, file = tmp_path / "record.sqlite3", tmp_path / "slice"
    changed = Event(EventKind.INTERVAL_CHANGED, WALL + 5 * S, 5, {"interval_ns": 60 * S})
    beats = [recorded_beat(seq, WALL + seq * 60 * S) for seq in range(9)]
    write_run(path, [changed, *beats], interval_ns=S)
    make_slice(path, RECORD_SCHEMA, file, WALL + 120 * S, WALL + 400 * S)
    with RecordReader(file) as part:
        assert part.intervals().throughout(WALL + 120 * S, WALL + 400 * S) == 60 * S


def test_all_of_a_record_is_told_as_from_its_first_to_its_last_beat(record: Path, tmp_path: Path) -> None:
    """What was asked for may begin in 1970 and end in 2262."""
    contents = make_slice(record, RECORD_SCHEMA, tmp_path / "slice", 0, END_OF_TIME_NS)
    assert (contents.start_ns, contents.end_ns) == (WALL, WALL + 179 * 60 * S + 1000)


def test_it_is_one_file_that_says_what_it_is(record: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    make_slice(record, RECORD_SCHEMA, tmp_path / "to" / "slice", *EVER)
    assert [each.name for each in (tmp_path / "to").iterdir()] == ["slice"]
    with closing(sqlite3.connect(tmp_path / "to" / "slice")) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM beat").fetchone() == (0,), "every hour is sealed"


def test_names_are_in_no_byte_of_it_where_they_are_hidden(record: Path, tmp_path: Path) -> None:
    contents = make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *EVER, hide_names=True)
    content = (tmp_path / "slice").read_bytes()
    assert SECRET.encode() not in content
    assert b"bash" not in content
    assert SECRET in contents.names
    assert SECRET not in "\n".join(contents_lines(contents, WALL))
    with RecordReader(tmp_path / "slice") as part:
        (incident,) = incidents(part, *EVER)
        (change,) = changes(part, *EVER)
        (found,) = hiccup_findings(part, *EVER).values()
    assert incident.finding is not None
    assert incident.finding.culprits[0].name == change.subject == found.culprits[0].name
    assert (incident.rule, incident.finding.facts) == ("cpu", FINDING.facts), "words of the program stay"
    assert (incident.finding.culprits[0].pid, incident.finding.culprits[0].cpu_percent) == (4711, 80.0)


def test_what_the_user_called_a_rule_is_hidden_and_listed(record: Path, tmp_path: Path) -> None:
    own = Incident(8, "acme takeover", "cpu_percent", Level.WARNING, WALL + HOUR, 97.0, 80.0, WALL + HOUR + S)
    write_run(record, [own])
    contents = make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *EVER, hide_names=True)
    assert b"acme" not in (tmp_path / "slice").read_bytes()
    assert "acme takeover" in contents.names
    with RecordReader(tmp_path / "slice") as part:
        rules = [each.rule for each in incidents(part, *EVER)]
    assert "cpu" in rules, "as this program calls it"


TEXTS = st.text("abcdefgh", min_size=9)


@given(
    st.recursive(
        TEXTS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.just("key"), inner)
    )
)
def test_no_text_passes_at_any_depth(value: object) -> None:
    names = Names(are_hidden=True)
    passed = json.dumps(names.pass_on({"note": value}))
    assert not [text for text in names.found if text in passed]


def test_a_span_without_beats_is_told(record: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingInIt):
        make_slice(record, RECORD_SCHEMA, tmp_path / "slice", 0, 1)


def refused(path: Path) -> SliceFault:
    with pytest.raises(SliceRefused) as found:
        check_slice(path, RECORD_SCHEMA)
    sentence = refused_sentence(path, found.value)
    assert str(path).partition("\x1b")[0] in sentence
    assert "\x1b" not in sentence
    return found.value.fault


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    text, empty, other = (tmp_path / name for name in (ODD_NAME, "empty", "other"))
    text.write_text("not a record", encoding="utf-8")
    empty.touch()
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY)")
    assert refused(tmp_path / "missing") is SliceFault.UNREADABLE
    assert refused(tmp_path) is SliceFault.NOT_A_FILE
    assert refused(text) is SliceFault.NOT_A_RECORD
    assert refused(empty) is SliceFault.NOT_A_RECORD
    assert refused(other) is SliceFault.NOT_A_RECORD


@has_signals
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") is SliceFault.NOT_A_FILE


@pytest.mark.parametrize(
    "harm",
    [
        "CREATE TRIGGER t AFTER INSERT ON beat BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE more (id INTEGER PRIMARY KEY)",
        "DROP TABLE event",
    ],
)
def test_one_with_objects_of_its_own_is_refused(record: Path, tmp_path: Path, harm: str) -> None:
    make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *EVER)
    with closing(sqlite3.connect(tmp_path / "slice")) as connection:
        connection.execute(harm)
        connection.commit()
    assert refused(tmp_path / "slice") is SliceFault.NOT_A_RECORD


def test_one_of_a_newer_program_says_so(record: Path, tmp_path: Path) -> None:
    make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *EVER)
    with closing(sqlite3.connect(tmp_path / "slice")) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert refused(tmp_path / "slice") is SliceFault.NEWER

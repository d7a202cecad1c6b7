"""Incidents in the record: written over what they were, kept as long as events, read also from an older record."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts import kept
from aios_gui.alerts import record_reader as alert_record
from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import (
    MOST_UNSEEN,
    Culprit,
    Finding,
    FindingKind,
    HiccupFinding,
    Incident,
    IncidentMark,
    Mute,
    Silence,
)
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.record import incident_row
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import WALL, S, recorded_beat

micro = st.integers(0, 2**50).map(lambda us: us * 1000)
amount = st.floats(-1e12, 1e12)
fact = st.dictionaries(st.text(), st.one_of(st.integers(-(2**60), 2**60), amount, st.text()), max_size=3)
culprits = st.builds(
    Culprit,
    st.text(),
    st.integers(0, 2**31),
    st.none() | amount,
    st.none() | st.integers(0, 2**50),
    st.none() | amount,
    st.text(),
    st.text(),
    st.lists(st.text(), max_size=2).map(tuple),
    command_line=st.text(),
)
some = st.lists(culprits, max_size=2).map(tuple)
findings = st.builds(
    Finding, st.sampled_from(FindingKind), fact, some, some, fact, st.integers(0, 2**40), st.booleans()
)
results = st.builds(ActionResult, st.text(), st.sampled_from(ActionState), st.text(), micro, st.text())
incidents = st.builds(
    Incident,
    st.integers(1, 2**50),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["cpu_percent", "custom:queue"]),
    st.sampled_from(Level),
    micro,
    amount,
    amount,
    st.none() | micro,
    st.integers(1, 10**6),
    st.sampled_from(Silence),
    st.none() | findings,
    st.lists(results, max_size=2).map(tuple),
    st.none() | micro,
    st.text(st.characters(exclude_categories=["Cs"])),
)

_INSERT = f"INSERT INTO incident VALUES ({','.join('?' * 13)})"


def incident(number: int, started_s: int = 0, **changes: object) -> Incident:
    plain = Incident(number, "cpu", "cpu_percent", Level.CRITICAL, WALL + started_s * S, 95.0, 80.0)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat.sqlite3"


def read(path: Path, start_s: int = -(10**6), end_s: int = 10**6) -> list[Incident]:
    with RecordReader(path) as reader:
        return alert_record.incidents(reader, WALL + start_s * S, WALL + end_s * S)


@given(incidents)
def test_an_incident_comes_back_as_it_was(given_incident: Incident) -> None:
    assert alert_record.incident_of(incident_row(given_incident)) == given_incident


def test_what_it_becomes_replaces_what_it_was(writer: SqliteWriter, path: Path) -> None:
    writer.write([incident(3)], 0)
    over = incident(3, cleared_ns=WALL + 9 * S, peak=99.0, count=4, note="心跳 '); DROP TABLE incident")
    writer.write([incident(4, 5), over], 0)
    assert read(path) == [over, incident(4, 5)]
    with RecordReader(path) as reader:
        assert alert_record.incident(reader, 3) == over
        assert alert_record.incident(reader, 5) is alert_record.incident(reader, 2**70) is None


def test_those_that_touch_the_span_are_read(writer: SqliteWriter, path: Path) -> None:
    writer.write([incident(1, 0, cleared_ns=WALL + 10 * S), incident(2, 20), incident(3, 40)], 0)
    assert [each.id for each in read(path, 5, 30)] == [1, 2]
    assert [each.id for each in read(path, 11, 20)] == []
    assert [each.id for each in read(path, 100, 200)] == [2, 3]


def test_what_a_person_says_of_it_is_kept(writer: SqliteWriter, path: Path) -> None:
    writer.write(
        [incident(1), IncidentMark(1, WALL + S), IncidentMark(1, note="backup"), IncidentMark(7, 1)], 0
    )
    (found,) = read(path)
    assert (found.acknowledged_ns, found.note) == (WALL + S, "backup")
    writer.write([IncidentMark(1, 0)], 0)
    (found,) = read(path)
    assert (found.acknowledged_ns, found.note) == (None, "backup")


def test_mutes_are_kept_until_they_are_ended(writer: SqliteWriter, path: Path) -> None:
    writer.write([Mute("cpu", WALL), Mute("disk", WALL), Mute("cpu", WALL + S), Mute("disk", 0)], 0)
    with RecordReader(path) as reader:
        assert alert_record.mutes(reader) == [Mute("cpu", WALL + S)]


def test_findings_of_hiccups_are_read_by_their_span_and_written_over(
    writer: SqliteWriter, path: Path
) -> None:
    first = HiccupFinding(
        WALL, 5, Finding(FindingKind.NO_FREE_CORE, {"resource": "cpu"}, (Culprit("make", 7, gone=True),))
    )
    second = HiccupFinding(WALL + S, None, Finding(FindingKind.FROZEN, {"resource": "frozen"}))
    writer.write([replace(first, finding=second.finding), second, first], 0)
    with RecordReader(path) as reader:
        assert alert_record.hiccup_findings(reader, WALL, WALL + S) == {WALL: first.finding}
        assert list(alert_record.hiccup_findings(reader, 0, 2**62)) == [WALL, WALL + S]


def test_what_goes_on_is_found_when_the_record_is_opened(writer: SqliteWriter) -> None:
    over = {"cleared_ns": WALL + 9 * S}
    writer.write([incident(1, **over), incident(2, **over), incident(3), incident(4, rule="disk", **over)], 0)
    writer.write([Mute("cpu", WALL)], 0)
    writer.close()
    writer.open()
    alerts = kept.kept_alerts(writer.connection)
    assert [each.id for each in alerts.incidents] == [3, 4]
    assert (alerts.highest, alerts.mutes) == (4, (Mute("cpu", WALL),))


def test_of_those_not_seen_the_newest_go_on(writer: SqliteWriter) -> None:
    writer.write([incident(number, cleared_ns=WALL + 9 * S) for number in range(1, MOST_UNSEEN + 3)], 0)
    found = kept.kept_alerts(writer.connection)
    assert [each.id for each in found.unseen] == list(range(3, MOST_UNSEEN + 3))
    assert [each.id for each in found.incidents] == [MOST_UNSEEN + 2]


def test_they_stay_when_the_beats_they_lie_among_go(writer: SqliteWriter, path: Path) -> None:
    days_ago = -9 * 86_400
    ended = {"cleared_ns": WALL + (days_ago + 5) * S}
    beats = [recorded_beat(seq, WALL + (days_ago + seq * 43_200) * S) for seq in range(19)]
    writer.write([*beats, incident(1, days_ago, **ended), incident(2, days_ago), incident(3, -5)], 0)
    writer.trim(8, 500_000_000)
    assert [each.id for each in read(path)] == [1, 2, 3]


def test_an_older_record_has_none(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.executescript("".join(RECORD_SCHEMA.migrations[:3]))
        old.execute("PRAGMA user_version = 3")
        old.execute("INSERT INTO context VALUES (5, 1, 2, 3, 4, 5, 6, 7, 8, 9)")
        old.commit()
    with RecordReader(path) as reader:
        assert alert_record.incidents(reader, 0, 2**62) == alert_record.mutes(reader) == []
        assert alert_record.hiccup_findings(reader, 0, 2**62) == {}
        assert alert_record.incident(reader, 1) is None
        before = reader.contexts(0, 2**62)
    assert before == [ContextSample(5000, 0.01, 2, 3, 4, 0.05, 6, 7, 8, 9)]
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    assert kept.kept_alerts(writer.connection) == kept.KeptAlerts()
    writer.close()
    with RecordReader(path) as reader:
        assert reader.contexts(0, 2**62) == before


def test_words_of_a_newer_program_are_not_stumbled_over(writer: SqliteWriter, path: Path) -> None:
    newer = {
        "silence": "asleep",
        "finding": {"kind": "sunspots", "shape": 1, "culprits": [{"name": "x", "pid": 1, "colour": 2}]},
        "actions": [{"action": "a", "state": "melted"}, {"action": "b", "state": "done", "extra": 1}],
        "more": True,
    }
    row = [*incident_row(incident(1))[:-2], json.dumps(newer), 0]
    writer.connection.execute(_INSERT, row)
    writer.connection.execute("INSERT INTO incident SELECT 2, rule, 'fatal', measure, started_us, cleared_us, peak, "
                              "limit_value, count, acknowledged_us, note, facts, seen_count FROM incident")  # fmt: skip
    (found,) = read(path)
    assert found.silence is Silence.MUTED
    assert found.finding == Finding(FindingKind.UNKNOWN, culprits=(Culprit("x", 1),))
    assert found.actions == (ActionResult("b", ActionState.DONE),)


def test_of_a_command_line_that_an_older_program_kept_only_the_program_is_told(
    writer: SqliteWriter, path: Path
) -> None:
    culprit = {"name": "python3", "pid": 1, "command": "/usr/bin/python3 /srv/build.py --password hunter2"}
    older = json.dumps({"finding": {"kind": "unknown", "culprits": [culprit]}, "actions": []})
    writer.connection.execute(_INSERT, [*incident_row(incident(1))[:-2], older, None])
    (found,) = read(path)
    assert "hunter2" not in str(found)
    for seen, command in (
        (found, "python3 build.py"),
        (found.with_command_lines(), "/usr/bin/python3 /srv/build.py --password ***"),
    ):
        assert seen.finding is not None
        assert seen.finding.culprits[0].command == command
    assert incident(2).with_command_lines() == incident(2)


def test_figures_that_json_has_no_words_for_are_unknown(writer: SqliteWriter, path: Path) -> None:
    finding = Finding(FindingKind.UNKNOWN, {"a": float("nan")}, (Culprit("\ud800", 1, float("inf")),))
    writer.write([incident(1, finding=finding)], 0)
    (found,) = read(path)
    assert found.finding is not None
    assert found.finding.facts == {}
    assert found.finding.culprits == (Culprit("\\ud800", 1, None),)


# Rows that do not decode


BROKEN = {
    "broken JSON": ("facts", '{"actions": ['),
    "JSON of another shape": ("facts", "[1, 2]"),
    "a culprit that is none": ("facts", '{"finding": {"kind": "unknown", "culprits": [{"name": 5}]}}'),
    "a number that is a text": ("started_us", "yesterday"),
    "a text that is a number": ("note", b"\xff"),
    "a rule of five megabytes": ("rule", "x" * 5_000_000),
    "a culprit of five megabytes": (
        "facts",
        json.dumps({"finding": {"kind": "unknown", "culprits": [{"name": "x" * 5_000_000, "pid": 1}]}}),
    ),
    "a long name of a culprit": (
        "facts",
        json.dumps({"finding": {"kind": "unknown", "culprits": [{"name": "x" * 25_000, "pid": 1}]}}),
    ),
    "a silence that is a list": ("facts", '{"silence": []}'),
}


@pytest.mark.parametrize(("column", "value"), BROKEN.values(), ids=BROKEN.keys())
def test_a_row_that_does_not_decode_is_left_out_and_named(
    writer: SqliteWriter, path: Path, column: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    writer.write([incident(1), incident(2, 1), incident(3, 2)], 0)
    writer.connection.execute(f"UPDATE incident SET {column} = ? WHERE id = 2", (value,))
    with RecordReader(path) as reader:
        for _ in range(2):
            assert [each.id for each in alert_record.incidents(reader, 0, 2**62)] == [1, 3]
        # A text is after every number, so such a start lies in no span.
        assert reader.unreadable == caplog.text.count("row 2 of incident") == (column != "started_us")
        with pytest.raises(StoreError, match="row 2 of incident cannot be read"):
            alert_record.incident(reader, 2)


@pytest.mark.parametrize(("column", "value"), BROKEN.values(), ids=BROKEN.keys())
def test_a_row_that_does_not_decode_does_not_keep_the_others_from_going_on(
    writer: SqliteWriter, column: str, value: object
) -> None:
    writer.write([incident(1, rule="disk"), incident(2, 1), Mute("cpu", WALL)], 0)
    writer.connection.execute(f"UPDATE incident SET {column} = ? WHERE id = 2", (value,))
    writer.connection.execute("INSERT INTO mute VALUES ('disk', 'always')")
    earlier = kept.kept_alerts(writer.connection)
    assert [each.id for each in earlier.incidents] == [1]
    assert (earlier.highest, earlier.mutes) == (2, (Mute("cpu", WALL),))
    assert kept.firings(writer.connection, WALL, WALL + 9 * S).total() == 1

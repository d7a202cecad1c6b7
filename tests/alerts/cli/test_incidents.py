"""`incidents` as a function, over a record with incidents of all sorts."""

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest

from aios_gui.alerts import record_reader as alert_record
from aios_gui.alerts.model.action import ActionResult, ActionState, Why
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance import submit
from aios_gui.instance.lock import InstanceLock
from aios_gui.instance.settings import settings_file
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths, find_paths
from tests.defaults import DEFAULTS
from tests.fakes import HOUR, S, recorded_beat, write_run
from tests.processes import run_here

HOSTILE = "=cmd|' /C calc'!A0<script>`*_\x1b[31m"
NOW = time.time_ns() // S * S
FOUND = Finding(
    FindingKind.ONE_PROCESS,
    {"share": 0.9},
    (Culprit(HOSTILE, 4711, 320.0, 1_200_000_000, None, "make -j8 | tee"),),
    evidence={"load": 7.5},
)
OPEN = Incident(7, "cpu", "cpu_percent", Level.CRITICAL, NOW - 60 * S, 95.0, 80.0)
OVER = Incident(
    5,
    "disk-warning",
    "disk_free_percent",
    Level.WARNING,
    NOW - HOUR,
    3.0,
    5.0,
    NOW - HOUR + 90 * S,
    4,
    Silence.QUIET_HOURS,
    FOUND,
    (
        ActionResult("run:clean", ActionState.TIMED_OUT, "gave up | late"),
        ActionResult("notify", ActionState.REFUSED, Why.QUIET_HOURS, 10**30),
    ),
    NOW - 1800 * S,
    "seen | by me",
)


def put(*items: Incident | RecordedBeat) -> None:
    write_run(find_paths().store, items)


@pytest.fixture
def paths() -> Paths:
    put(OPEN, OVER)
    return find_paths()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    return run_here(capsys, "incidents", *arguments)


def kept(paths: Paths, number: int) -> Incident:
    with RecordReader(paths.store) as reader:
        found = alert_record.incident(reader, number)
    assert found is not None
    return found


def test_as_json_it_keeps_its_keys(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "--json")
    over, fires = json.loads(out)
    assert (status, told) == (0, "")  # what was left open goes on no more
    assert {
        "id",
        "rule",
        "level",
        "state",
        "started_at",
        "cleared_at",
        "conclusion",
        "culprits",
        "actions",
    } <= set(over)
    assert (fires["id"], fires["state"], fires["cleared_at"], fires["culprits"]) == (7, "firing", None, [])
    assert (over["ongoing"], fires["ongoing"]) == (False, False)  # nothing runs
    assert fires["conclusion"] == "CPU of the machine went to 95 %, the limit was 80 %"
    assert datetime.fromisoformat(fires["started_at"]).timestamp() == (NOW - 60 * S) / S
    assert {
        "name": HOSTILE,
        "pid": 4711,
        "cpu_percent": 320.0,
        "memory_bytes": 1_200_000_000,
    }.items() <= over["culprits"][0].items()
    assert [each["state"] for each in over["actions"]] == ["timed_out", "refused"]
    assert over["actions"][1]["at"] is None  # what no calendar has
    assert (over["silence"], over["note"]) == ("quiet_hours", "seen | by me")


def test_without_a_record_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (0, "nothing is recorded in this range\n", "")
    assert run(capsys, "--json")[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--level", "critical"], [7]),
        (["--state", "cleared"], [5]),
        (["--rule", "cpu"], [7]),
        (["--rule", "nobody"], []),
        (["--range", "5m"], [7]),
        (["--range", "all", "--level", "warning"], [5]),
    ],
)
def test_they_are_filtered(
    paths: Paths, capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]
) -> None:
    status, out, _told = run(capsys, "--json", *options)
    assert [each["id"] for each in json.loads(out)] == numbers
    assert status == 0


def test_the_list_is_for_people_and_hides_control_characters(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    _status, out, _told = run(capsys)
    assert "critical  cpu: open when the recording ended" in out
    assert "ongoing" not in out
    assert "so far" not in out
    assert "disk-warning: over, quiet hours" in out
    assert "\x1b" not in out
    assert "kept 3.2 cores busy" in out


def test_one_is_shown_whole(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _told = run(capsys, "--show", "5")
    assert status == 0
    for part in (
        "Fired 4 times",
        "Silent: quiet hours",
        "Note: seen | by me",
        "Run clean: not done in time gave up | late",
        "Notify: skipped It was in quiet hours",
    ):
        assert part in out
    assert json.loads(run(capsys, "--show", "5", "--json")[1])["id"] == 5


def test_as_markdown_nothing_from_outside_is_markup(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    _status, out, _told = run(capsys, "--show", "5", "--markdown")
    assert out.startswith("# Free disk space under 5.0 % (warning)\n")
    (row,) = [line for line in out.splitlines() if "4711 |" in line]
    assert row.replace(r"\|", "").count("|") == 7
    assert "\\<script\\>\\`\\*\\_" in row
    assert "\x1b" not in out
    assert "## Actions" in out
    assert "- Run clean: not done in time" in out
    assert "- load: 8" in out


def test_an_incident_that_is_not_there_is_one_line(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--show", "6"], ["--ack", "6"], ["--note", "6", "x"], ["--show", str(2**80)]):
        status, out, told = run(capsys, *options)
        assert (status, out) == (2, "")
        assert told.startswith("aios-heartbeat: there is no incident ")
    assert "“x” is not the number" in run(capsys, "--note", "x", "y")[2]
    assert "at most 2000 characters" in run(capsys, "--note", "7", "n" * 2001)[2]


def test_acknowledging_and_a_note_are_kept_where_nothing_runs(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "--ack", "7") == (0, "incident 7 is acknowledged\n", "")
    assert run(capsys, "--note", "7", HOSTILE)[0] == 0
    found = kept(paths, 7)
    assert found.acknowledged_ns is not None
    assert found.note == HOSTILE.replace("\x1b", " ")
    assert replace(found, acknowledged_ns=None, note="") == OPEN


def test_a_rule_is_muted_for_a_while(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _told = run(capsys, "--mute", "cpu", "--for", "2d")
    assert status == 0
    assert out.startswith("the rule “cpu” is silent until ")
    with RecordReader(paths.store) as reader:
        (mute,) = alert_record.mutes(reader)
    assert mute.rule == "cpu"
    assert abs(mute.until_ns - time.time_ns() - 48 * HOUR) < HOUR
    settings_file(paths).save(with_rules(DEFAULTS, rules_of(DEFAULTS)[1:]))  # it has been removed since
    assert run(capsys, "--unmute", "cpu")[0] == 0
    with RecordReader(paths.store) as reader:
        assert alert_record.mutes(reader) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--mute", "nobody"], "there is no rule “nobody”; there is: cpu, "),
        (["--mute", "cpu", "--for", "soon"], "“soon” is not a length of time"),
        (["--mute", "cpu", "--for", "all"], "“all” is not a length of time"),
        (["--range", "of old"], "“of old” is not a range"),
        (["--replay", "nobody"], "there is no rule “nobody”"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    paths: Paths, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    status, out, told = run(capsys, *options)
    assert (status, out) == (2, "")
    assert sentence in told
    assert told.count("\n") == 1


def test_a_rule_is_tried_over_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    put(*(recorded_beat(second, NOW - HOUR + second * S, cpu_percent=90.0) for second in range(60)))
    status, out, _told = run(capsys, "--replay", "cpu")
    assert status == 0
    assert (
        out
        == "“cpu” (CPU of the machine at 80 % or more for 30 s) would have made 1 incident of 60 readings\n"
    )
    facts = json.loads(run(capsys, "--replay", "cpu", "--json")[1])
    assert datetime.fromisoformat(facts.pop("at")[0]).timestamp() == (NOW - HOUR) // S
    assert facts == {"rule": "cpu", "incidents": 1, "firings": 1, "readings": 60}


def test_a_rule_that_is_not_in_the_settings_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    put(*(recorded_beat(second, NOW - HOUR + second * S, cpu_percent=90.0) for second in range(60)))
    table = {"name": "mine", "measure": "cpu_percent", "limit": 95.0}
    status, out, _told = run(capsys, "--replay", "mine", "--as", json.dumps(table), "--json")
    assert status == 0
    assert json.loads(out) == {"rule": "mine", "incidents": 0, "firings": 0, "readings": 60, "at": []}


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("{", "the rule is no JSON: "),
        ("[]", "the rule is not right: must be written as [[rules]]"),
        ('{"name": "x", "measure": "cpu_percent"}', "the rule is not right: limit must be given"),
    ],
)
def test_a_rule_that_is_none_is_told(capsys: pytest.CaptureFixture[str], table: str, sentence: str) -> None:
    status, out, told = run(capsys, "--replay", "x", "--as", table)
    assert (status, out) == (2, "")
    assert sentence in told


def test_a_rule_on_a_plug_in_cannot_be_tried(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    rules = (replace(rules_of(DEFAULTS)[0], measure="custom:queue"),)
    settings_file(paths).save(with_rules(DEFAULTS, rules))
    status, _out, told = run(capsys, "--replay", "cpu")
    assert status == 2
    assert "what a plug-in measures" in told


@pytest.mark.parametrize("name", ["", "x" * 500, "a\nb", "hicup"])
def test_what_is_not_the_name_of_a_rule_is_refused(
    name: str, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = run(capsys, "--unmute", name)
    assert (status, out) == (2, "")
    assert "there is no rule" in told
    with RecordReader(paths.store) as reader:
        assert not alert_record.mutes(reader)


@pytest.mark.parametrize(
    "what", [["--ack", "7"], ["--note", "7", "x"], ["--mute", "cpu"], ["--unmute", "cpu"]]
)
def test_what_is_said_of_a_slice_changes_nothing_here(
    what: list[str], paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = run(capsys, "--slice", "other.aiosrec", *what)
    assert (status, out) == (2, "")
    assert "a slice is only read" in told
    assert (kept(paths, 7).acknowledged_ns, kept(paths, 7).note) == (None, "")


def test_a_record_held_by_another_is_told(
    paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit.bring_into_record, "__defaults__", (0.1, False))
    lock = InstanceLock(paths)
    lock.take()
    try:
        status, _out, told = run(capsys, "--ack", "7")
    finally:
        lock.release()
    assert status == 2
    assert "it cannot be recorded" in told
    assert kept(paths, 7).acknowledged_ns is None


def test_an_incident_that_cannot_be_read_is_left_out_and_told(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(paths.store)) as connection:
        connection.execute("UPDATE incident SET facts = '{' WHERE id = ?", (OVER.id,))
        connection.commit()
    _status, out, told = run(capsys, "--json")
    assert [each["id"] for each in json.loads(out)] == [OPEN.id]
    assert "1 entry of the record cannot be read and is left out" in told
    status, out, told = run(capsys, "--show", str(OVER.id))
    assert (status, out) == (2, "")
    assert f"row {OVER.id} of incident cannot be read" in told

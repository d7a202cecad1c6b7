"""Commands: the window and another process get the same answers, and any bytes at all are answered in words."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aios_gui.alerts import record_reader as alert_record
from aios_gui.alerts.model.incident import Silence, clean_note
from aios_gui.alerts.model.rules import Measure, Rule
from aios_gui.alerts.settings import with_rules
from aios_gui.heartbeat.cli.beat import ASK_FOR_LATEST
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import LaunchMode, Mode
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.instance import commands
from aios_gui.instance.channel import AnotherVersion, ChannelError, CommandRefused, exchange
from aios_gui.instance.channel_server import ChannelServer
from aios_gui.instance.client import ChannelClient, Client, LocalClient
from aios_gui.instance.commands import (
    AcknowledgeIncident,
    AddNote,
    AnyCommand,
    CancelMove,
    CoolDown,
    Demonstrate,
    Done,
    EditNote,
    ForgetImported,
    GetLatest,
    GetMove,
    GetSnapshot,
    KeepChanges,
    KeepImported,
    KeepMeasurement,
    KeepNote,
    MoveRecord,
    MuteRule,
    NoteAllSeen,
    Pause,
    Quit,
    RaiseWindow,
    ReloadSettings,
    RemoveNote,
    Resume,
    SetRehearsal,
    UndoAction,
    UnmuteRule,
    WarmUp,
)
from aios_gui.instance.lock import InstanceInfo, InstanceLock
from aios_gui.instance.resident import Resident
from aios_gui.instance.submit import bring_into_record
from aios_gui.record.importing.model import ImportedBeat, ImportedPages, ImportSource, packed_page
from aios_gui.record.relocation.model import MovePhase, MoveProblem
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths, find_paths
from tests.alerts.made_rules import names
from tests.defaults import DEFAULTS
from tests.fakes import WALL
from tests.processes import wait_until

MEASURED = Measurement(MeasurementKind.BENCHMARK, WALL, {"heartbeats": [], "words": "心跳"})
IMPORTED = ImportedPages(
    ImportSource("abc", "心跳.jsonl", "jsonl", 1, WALL),
    (packed_page(400_000, [ImportedBeat(WALL // 1000, 1)]),),
)
ALL: list[commands.Command[Any]] = [
    Pause(),
    Resume(),
    WarmUp(),
    CoolDown(),
    SetRehearsal(RehearsalMode.OFF),
    ReloadSettings(),
    RaiseWindow("live"),
    RaiseWindow("history", "", 1, 2**63 - 1, 5),
    Quit(),
    GetLatest(),
    GetSnapshot(),
    GetSnapshot(tray_notifies=True),
    MoveRecord("not/absolute"),
    CancelMove(),
    GetMove(),
    AcknowledgeIncident(7, WALL),
    NoteAllSeen(),
    AcknowledgeIncident(7, 0),
    Demonstrate(),
    AddNote(7, "cargo\nagain"),
    MuteRule("cpu", WALL),
    UnmuteRule("cpu"),
    UndoAction(7, "renice:cargo"),
    KeepMeasurement(MEASURED),
    KeepNote("disk replaced\nby hand", WALL, WALL, WALL + 1000),
    KeepNote("心跳", WALL, WALL + 3600, WALL),
    EditNote(7, "another"),
    EditNote(7, start_ns=WALL, length_ns=0),
    RemoveNote(7),
    KeepImported(IMPORTED),
    ForgetImported(7),
    KeepChanges(Look("dpkg", WALL, (Change(WALL, ChangeKind.PACKAGE, "dpkg", "心跳", None, "1"),), {"a": 1})),
]
BAD: list[commands.Command[Any]] = [
    AcknowledgeIncident(0, WALL),
    AcknowledgeIncident(2**63, WALL),
    AcknowledgeIncident(7, 2**62),
    AddNote(-7, ""),
    MuteRule("", WALL),
    MuteRule("x" * 1000, WALL),
    MuteRule("cpu", 0),
    UnmuteRule(""),
    UndoAction(7, ""),
    UndoAction(7, "x" * 1000),
    MoveRecord(""),
    MoveRecord("/" * 5000),
    RaiseWindow("x" * 100),
    RaiseWindow("history", "", -1, 5),
    RaiseWindow("history", "", 1, 2**63),
    RaiseWindow("live", "x" * 300),
    RaiseWindow("live", "two words"),
    KeepNote("a", 0, WALL, WALL),
    KeepNote("a", WALL, 2**62, WALL),
    EditNote(0, "a"),
    EditNote(7, "a", -1),
    EditNote(7, "a", WALL, -1),
    RemoveNote(0),
    SetRehearsal("sometimes"),  # type: ignore[arg-type]
]


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def resident(paths: Paths) -> Iterator[Resident]:
    resident = Resident(paths, DEFAULTS, Mode.SERVICE)
    resident.start()
    yield resident
    resident.engine.stop()
    resident.shutdown()


def clients(resident: Resident) -> tuple[Client, Client]:
    return LocalClient(resident), ChannelClient(resident.paths, 5.0)


# What is asked for


def test_every_command_is_tried_here() -> None:
    declared = {each.__name__ for each in commands.Command.__subclasses__()}
    assert {type(each).__name__ for each in ALL} == declared
    assert {each.__name__ for each in AnyCommand.__args__} == declared


@pytest.mark.parametrize("command", ALL, ids=repr)
def test_a_window_and_another_process_get_the_same_answer(
    command: commands.Command[Any], resident: Resident
) -> None:
    here, elsewhere = clients(resident)
    wait_until(lambda: resident.snapshot.store.recording, "the record is open")
    # A move is answered with what it has come to by then.
    wait_until(lambda: not here.execute(GetMove()).move.under_way, "no move is under way")
    answer = here.execute(command)
    wait_until(lambda: not here.execute(GetMove()).move.under_way, "no move is under way")
    if isinstance(command, GetSnapshot):
        other = elsewhere.execute(command)
        assert (other.snapshot.pid, other.launch_mode) == (os.getpid(), LaunchMode.HEADLESS)
        assert answer.launch_mode is other.launch_mode
    elif isinstance(command, MoveRecord):
        assert answer.move.target == elsewhere.execute(command).move.target == str(Path("not/absolute"))
    elif isinstance(command, GetLatest):
        later = elsewhere.execute(command)
        assert 0 <= answer.age_ms <= later.age_ms
        assert msgspec.structs.replace(later, age_ms=answer.age_ms) == answer
    else:
        assert elsewhere.execute(command) == answer


@pytest.mark.parametrize("command", BAD, ids=lambda each: repr(each)[:40])
def test_what_makes_no_sense_is_refused_alike_in_words(
    command: commands.Command[Any], resident: Resident
) -> None:
    words = []
    for client in clients(resident):
        with pytest.raises(CommandRefused) as refused:
            client.execute(command)
        words.append(str(refused.value))
    assert words[1].endswith(words[0])
    assert all(0 < len(each) < 400 for each in words)


@pytest.mark.parametrize("folder", ["/tmp/\0", "/tmp/\ud800", "\udcff"])
def test_a_move_to_what_is_no_path_is_refused_in_words_and_the_recorder_goes_on(
    folder: str, resident: Resident, paths: Paths
) -> None:
    with pytest.raises(ValueError, match="a folder is named by a path"):
        MoveRecord(folder)
    request = json.dumps({"op": "move_record", "folder": folder}).encode()
    answer = json.loads(exchange(paths, request, 5.0))
    assert answer.keys() == {"error"}
    assert "not understood" in answer["error"]
    assert LocalClient(resident).execute(GetMove()).move.phase is MovePhase.IDLE
    wait_until(lambda: resident.snapshot.store.recording, "the record goes on")


def test_the_window_is_raised_and_quit_where_there_is_somebody_to_do_it(resident: Resident) -> None:
    asked: list[str] = []
    for client in clients(resident):
        assert client.execute(RaiseWindow()) == Done(False, "service")
        assert client.execute(Quit()) == Done(False, "service")
    resident.on_raise = lambda command: asked.append(f"raise {command.panel} {command.token}".strip())
    resident.on_quit = lambda: asked.append("quit")
    for client in clients(resident):
        assert client.execute(RaiseWindow()) == Done(True, "service")
        assert client.execute(RaiseWindow("incidents", "gnome-shell_TIME7")).done
        assert client.execute(Quit()).done
    assert asked == ["raise", "raise incidents gnome-shell_TIME7", "quit"] * 2


@pytest.mark.parametrize("facts", [{"ratio": float("nan")}, {"far": float("inf")}, {"what": object()}])
def test_a_measurement_that_the_record_cannot_hold_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="plain JSON"):
        KeepMeasurement(Measurement(MeasurementKind.BENCHMARK, WALL, facts))


def test_only_one_move_at_a_time(resident: Resident, paths: Paths, tmp_path: Path) -> None:
    wait_until(lambda: resident.snapshot.store.recording, "the record is open")
    here, elsewhere = clients(resident)
    here.execute(MoveRecord(str(tmp_path / "moved")))
    second = elsewhere.execute(MoveRecord(str(tmp_path / "other"))).move
    if second.phase is MovePhase.FAILED:
        assert second.problem is MoveProblem.UNDER_WAY
    wait_until(lambda: not elsewhere.execute(GetMove()).move.under_way, "the move")
    assert elsewhere.execute(CancelMove()).move.phase is MovePhase.DONE


def test_the_instance_that_runs_fires_says_so_and_hears_what_is_said(aios_home: Path) -> None:
    paths = find_paths()
    rule = Rule("always", Measure.MISSED, 0.0, for_s=0.0)
    settings = with_rules(DEFAULTS, (rule,)).with_value("beat.interval_s", 0.05)
    resident = Resident(paths, settings, Mode.SERVICE)
    resident.start()
    client = ChannelClient(paths, 5.0)
    try:
        resident.engine.begin()
        resident.engine.step()
        wait_until(lambda: resident.snapshot.alerting == ("always",), "the rule fires")
        (brief,) = resident.snapshot.open_incidents
        latest = client.execute(GetLatest()).beat
        assert latest is not None
        assert latest["result"] == "AIOS_ALERT"
        assert latest["text"].startswith("AIOS_ALERT:always (")
        assert bring_into_record(paths, AcknowledgeIncident(brief.id, time.time_ns())) == ""
        assert bring_into_record(paths, MuteRule("always", time.time_ns() + 10**12)) == ""
        wait_until(lambda: resident.snapshot.open_incidents[0].silence is Silence.MUTED, "it is muted")
        latest = client.execute(GetLatest()).beat
        assert latest is not None
        assert latest["result"] == "HEARTBEAT_OK"
        assert resident.snapshot.open_incidents[0].acknowledged
    finally:
        resident.engine.end()
        resident.shutdown()
    with RecordReader(paths.store) as reader:
        (incident,) = alert_record.incidents(reader, 0, 2**62)
        assert [mute.rule for mute in alert_record.mutes(reader)] == ["always"]
    assert incident.acknowledged_ns is not None
    _goes_on(settings, incident.id)


def _goes_on(settings: Settings, number: int) -> None:
    """After a restart the incident and the mute are as they were."""
    resident = Resident(find_paths(), settings, Mode.SERVICE)
    resident.start()
    try:
        wait_until(lambda: resident.snapshot.open_incidents, "the incident goes on")
        (brief,) = resident.snapshot.open_incidents
        assert (brief.id, brief.silence, brief.acknowledged) == (number, Silence.MUTED, True)
        assert [mute.rule for mute in resident.snapshot.mutes] == ["always"]
    finally:
        resident.engine.stop()
        resident.shutdown()


# The bytes


numbers = st.integers(1, 2**63 - 1)
moments = st.integers(1, 2**62 - 1)
made = st.one_of(
    st.sampled_from(ALL),
    st.builds(AcknowledgeIncident, numbers, moments),
    st.builds(AddNote, numbers, st.text(max_size=50)),
    st.builds(MuteRule, names, moments),
    st.builds(UnmuteRule, names),
    st.builds(UndoAction, numbers, st.text(min_size=1, max_size=50)),
)


@given(made)
def test_a_command_arrives_as_it_was_sent(command: commands.Command[Any]) -> None:
    arrived: list[commands.Command[Any]] = []

    def execute(asked: commands.Command[Any]) -> Done:
        arrived.append(asked)
        return Done()

    assert commands.answer(commands.encode(command), execute) == msgspec.json.encode(Done())
    assert arrived == [command] == [commands.checked(command)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
keys = [
    "id",
    "rule",
    "text",
    "until_ns",
    "at_ns",
    "action",
    "folder",
    "mode",
    "panel",
    "measurement",
    "tells",
]
tags = [json.loads(commands.encode(each))["op"] for each in ALL]
requests = st.one_of(
    st.binary(),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda op, rest: json.dumps({**rest, "op": op}).encode(),
        st.sampled_from(tags) | st.text(),
        st.dictionaries(st.sampled_from(keys), json_values),
    ),
    st.builds(
        lambda rest: json.dumps({"op": "keep", "measurement": {"kind": "benchmark", **rest}}).encode(),
        st.dictionaries(st.sampled_from(["kind", "wall_ns", "facts", "number"]), json_values),
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(requests)
def test_any_bytes_are_answered(request: bytes) -> None:
    taken: list[commands.Command[Any]] = []

    def execute(command: commands.Command[Any]) -> Done:
        taken.append(command)
        return Done()

    answer = json.loads(commands.answer(request, execute))
    assert answer == {"done": True, "mode": "", "problem": ""} if taken else answer.keys() == {"error"}
    assert taken or 0 < len(answer["error"]) <= 300


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b'"words"',
        b"[" * 200_000,
        b'{"op":"pause","more":' + b"[" * 200_000,
        b"{}" * 3,
        b'{"op":"dance"}',
        b'{"op":"note","id":7,"text":"\xff"}',
        b'{"op":"undo","id":7,"action":"\\ud800"}',
        b'{"op":"keep","measurement":{"kind":"' + b"x" * 10_000 + b'","wall_ns":1,"facts":{}}}',
        b'{"op":"keep","measurement":{"kind":"benchmark","wall_ns":-1,"facts":{}}}',
        b'{"op":"keep","measurement":{"kind":"benchmark","wall_ns":1,"facts":{"much":"'
        + b"x" * 70_000
        + b'"}}}',
    ],
    ids=lambda each: repr(each[:40]),
)
def test_nonsense_is_answered_in_words(request_: bytes, resident: Resident, paths: Paths) -> None:
    answer = json.loads(exchange(paths, request_, 5.0))
    assert answer.keys() == {"error"}
    assert answer["error"].startswith("this request is not understood: ")


def test_what_fails_is_answered_in_words(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_command: commands.Command[Any]) -> Done:
        raise KeyError("what is asked for")

    with pytest.raises(CommandRefused, match="KeyError: 'what is asked for'"):
        commands.read_answer(Pause(), commands.answer(commands.encode(Pause()), fail))
    assert "failed" in caplog.text


def test_beat_asks_for_the_latest_beat() -> None:
    assert commands.encode(GetLatest()) == ASK_FOR_LATEST


@given(st.text())
def test_a_note_can_be_written_whatever_it_is(text: str) -> None:
    note = AddNote(7, text).item().note
    assert note == clean_note(text)
    note.encode()
    assert all(letter.isprintable() or letter == "\n" for letter in note)
    assert AddNote(7, note).text == note


# Another version


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (GetSnapshot(), {}),
        (GetSnapshot(), {"snapshot": None}),
        (GetSnapshot(), {"snapshot": {"state": "dancing"}}),
        (GetSnapshot(), {"snapshot": {"made": "many"}}),
        (GetLatest(), {"latest": 1}),
        (MoveRecord("/moved"), {"move": "yes"}),
        (Pause(), []),
        (Pause(), "done"),
        (Pause(), {"error": 5}),
    ],
    ids=repr,
)
def test_an_answer_of_another_version_is_an_error_in_words(
    command: commands.Command[Any], answer: Any, paths: Paths
) -> None:
    lock, server = InstanceLock(paths), ChannelServer(paths, lambda _request: json.dumps(answer).encode())
    lock.take()
    server.start()
    lock.announce(InstanceInfo(os.getpid(), Mode.SERVICE, server.address))
    try:
        with pytest.raises(AnotherVersion, match="the running instance is of another version: "):
            ChannelClient(paths, 5.0).execute(command)
    finally:
        server.stop()
        lock.release()


def test_an_instance_of_another_version_is_understood_where_it_can_be(
    resident: Resident, paths: Paths
) -> None:
    """Requests and answers of version 0.1.0, and one of a later version that knows more."""
    wait_until(lambda: resident.snapshot.store.recording, "the record is open")
    for request in (
        {"op": "pause"},
        {"op": "rehearse", "mode": "off"},
        {"op": "acknowledge", "id": 7, "at_ns": WALL},
        {"op": "note", "id": 7, "text": "cargo"},
        {"op": "mute", "rule": "cpu", "until_ns": WALL},
        {"op": "unmute", "rule": "cpu"},
        {"op": "undo", "id": 7, "action": "renice:cargo"},
        {"op": "keep", "measurement": {"kind": "benchmark", "wall_ns": WALL, "facts": {}}},
        {"op": "warm_up", "reason": "a later version knows why"},
    ):
        assert json.loads(exchange(paths, json.dumps(request).encode(), 5.0))["done"]
    picture = json.loads(exchange(paths, b'{"op":"snapshot","tells":true}', 5.0))
    assert picture.keys() >= {"snapshot", "face"}
    assert commands.read_answer(AddNote(7, ""), b'{"done":true,"problem":"full"}') == Done(problem="full")
    with pytest.raises(ChannelError, match="unknown request 'dance'"):
        commands.read_answer(Pause(), b'{"error":"unknown request \'dance\'"}')

"""Settings, the place of the record and forgetting, by the command line, with and without a heartbeat that runs."""

import json
import shutil
import time
from itertools import count
from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, GetMove, GetSnapshot, MoveRecord
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.relocation.journal import COPY_NAME
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import MS, recorded_beat
from tests.processes import answered, service, wait_until
from tests.processes import run_command as run

MANY = 100_000
LOOK_S = 0.1
"""To count as many takes milliseconds."""
ENDED_NS = time.time_ns() - 1000 * MS


@pytest.fixture(autouse=True)
def own_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries for the log-in of this user are none of the tests' business."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def interval_s(paths: Paths) -> float:
    return ChannelClient(paths).execute(GetSnapshot()).snapshot.interval_ns / 1e9


@pytest.fixture(scope="module")
def many_beats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of many beats, young enough to be kept, to be copied."""
    record = tmp_path_factory.mktemp("many") / "heartbeat.sqlite3"
    writer = SqliteWriter(record, RECORD_SCHEMA)
    writer.open()
    writer.begin_session(ENDED_NS - MANY * 100 * MS, "service", {})
    writer.write([recorded_beat(seq, ENDED_NS - (MANY - seq) * 100 * MS) for seq in range(MANY)], 1)
    writer.end_session(1, ENDED_NS)
    writer.close()
    return record


@pytest.fixture
def large_record(paths: Paths, many_beats: Path) -> None:
    """That record in the home of the test."""
    make_private(paths.store.parent)
    shutil.copy(many_beats, paths.store)


def beats(paths: Paths) -> int:
    """How many were made by the test."""
    with RecordReader(paths.store) as reader:
        return reader.count(ENDED_NS, 2**62)


def wait_for_more(paths: Paths, count: int) -> None:
    before = beats(paths)
    wait_until(lambda: beats(paths) >= before + count, f"{count} beats more", pause_s=LOOK_S)


def test_a_running_service_takes_a_change_over_at_once(paths: Paths) -> None:
    with service(paths) as running:
        running.wait_for_beats(1)
        answer = run("settings", "set", "beat.interval_s", "0.05", "--json")
        assert json.loads(answer.stdout)["running"] is True
        wait_until(lambda: interval_s(paths) == 0.05, "the new interval")
        paths.settings.write_text("[beat]\ninterval_s = 0.1\n")
        wait_until(lambda: interval_s(paths) == 0.1, "the interval that an editor wrote")
        paths.settings.write_text("[beat\n")
        assert answered("settings", "get", "beat.interval_s").stdout == "1\n"
        assert interval_s(paths) == 0.1


def test_an_interval_given_at_the_start_stays(paths: Paths) -> None:
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(1)
        answered("settings", "set", "beat.rehearsal", "off")
        wait_until(
            lambda: ChannelClient(paths).execute(GetSnapshot()).snapshot.rehearsal.mode == "off",
            "the rehearsal",
        )
        assert interval_s(paths) == 0.05


def test_the_record_moves_while_a_service_writes_it(large_record: None, paths: Paths, tmp_path: Path) -> None:
    with service(paths, "--interval", "0.02") as running:
        wait_until(lambda: beats(paths) > 5, "beats", pause_s=LOOK_S)
        answer = run("record", "--move", str(tmp_path / "new"), "--progress")
        assert answer.returncode == 0, answer.stderr
        *told, result = map(json.loads, answer.stdout.splitlines())
        assert result["state"] == "done"
        assert all(0 <= each["progress"] <= 1 for each in told)
        assert paths.record_folder == tmp_path / "new"
        wait_for_more(paths, 10)
        assert run("quit").returncode == 0
        assert running.end()[0] == 0
    unbroken(paths)
    assert list(paths.data.glob("heartbeat*")) == []


def unbroken(paths: Paths) -> None:
    """Every beat of the last run but one that was killed is there, and all of the earlier ones."""
    with RecordReader(paths.store) as reader:
        assert reader.check() == "ok"
        assert reader.count(0, ENDED_NS) == MANY
        kept = [(beat.session, beat.seq) for beat in reader.beats(ENDED_NS, 2**62)]
    for run_of in {session for session, _seq in kept}:
        seqs = [seq for session, seq in kept if session == run_of]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


def seen_copying(paths: Paths, target: Path) -> bool:
    """Whether a move to there was seen at work: on a busy machine it may be refused, or over between two looks."""
    channel, is_copying = ChannelClient(paths), (target / COPY_NAME).exists
    channel.execute(MoveRecord(str(target)))
    wait_until(lambda: is_copying() or not channel.execute(GetMove()).move.under_way, "the copy")
    return is_copying()


def test_killed_in_the_midst_of_a_move_nothing_is_lost(
    large_record: None, paths: Paths, tmp_path: Path
) -> None:
    targets = (tmp_path / f"new{number}" for number in count())
    with service(paths, "--interval", "0.02") as running:
        wait_until(lambda: beats(paths) > 5, "beats", pause_s=LOOK_S)
        wait_until(lambda: seen_copying(paths, next(targets)), "a move at work", pause_s=LOOK_S)
        running.kill()
        running.process.wait(20)
    unbroken(paths)
    with service(paths, "--interval", "0.02") as running:
        wait_for_more(paths, 5)
        running.ask_to_end()
        assert running.end()[0] == 0
    unbroken(paths)
    assert not list(tmp_path.glob(f"*/{COPY_NAME}"))
    assert paths.store.exists()
    assert not paths.move_note.exists()


def test_where_nothing_runs_the_command_moves_the_record_itself(
    large_record: None, paths: Paths, tmp_path: Path
) -> None:
    answer = answered("record", "--move", str(tmp_path / "new"), "--json")
    assert (answer.returncode, json.loads(answer.stdout)["state"]) == (0, "done")
    unbroken(paths)
    refused = answered("record", "--move", str(tmp_path / "new"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "already" in refused.stderr
    assert "nothing is lost" in refused.stderr


def test_before_there_is_a_record_its_place_can_be_chosen(paths: Paths, tmp_path: Path) -> None:
    assert answered("record", "--move", str(tmp_path / "new")).returncode == 0
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(2)
        running.ask_to_end()
        running.end()
    assert (tmp_path / "new" / "heartbeat.sqlite3").exists()
    assert not (paths.data / "heartbeat.sqlite3").exists()


def test_forgetting_ends_the_service_and_leaves_nothing(
    paths: Paths, aios_home: Path, tmp_path: Path
) -> None:
    answered("settings", "set", "window.theme", "dark")
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(3)
        assert answered("record", "--move", str(tmp_path / "new")).returncode == 0
        listed = answered("forget")
        assert listed.returncode == 0
        assert str(tmp_path / "new" / "heartbeat.sqlite3") in listed.stdout
        assert ChannelClient(paths).execute(GetLatest()).beat is not None
        answer = run("forget", "--yes", "--json")
        assert answer.returncode == 0, answer.stderr
        assert running.end()[0] == 0
    assert json.loads(answer.stdout)["left"] == []
    assert list(aios_home.rglob("*")) == []
    assert list((tmp_path / "new").rglob("*")) == []
    assert [each.name for each in tmp_path.iterdir()] == ["new"]

"""One instance a user, also where its folder is removed, moved or replaced while it runs."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.instance.lock import is_locked, read_instance
from aios_gui.system.paths import Paths, find_paths
from tests.processes import Service, answered, beats_of, run_command, service, wait_until
from tests.systems import removes_open_files

pytestmark = removes_open_files


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def running(paths: Paths) -> Iterator[Service]:
    with service(paths, "--interval", "0.1") as running:
        running.wait_for_beats(2)
        yield running


def answers(paths: Paths, pid: int) -> bool:
    """Whether the process is the one instance: it holds the lock, has announced itself and can be asked."""
    try:
        latest = ChannelClient(paths).execute(GetLatest())
    except ChannelError:
        return False
    info = read_instance(paths)
    return latest.pid == pid and is_locked(paths) and info is not None and info.pid == pid


def remove_home(paths: Paths) -> None:
    while paths.data.exists():  # the record may be made again while it is removed
        shutil.rmtree(paths.data.parent, ignore_errors=True)


def replace_lock(paths: Paths) -> None:
    fresh = paths.data / "fresh"
    fresh.touch()
    fresh.rename(paths.instance_lock)


def spoil_note_and_channel(paths: Paths) -> None:
    info = read_instance(paths)
    assert info is not None
    os.unlink(info.address)  # noqa: PTH108 - an address is text
    paths.channel_key.unlink()
    paths.instance_file.write_text("{}")


def test_whatever_is_removed_it_stays_the_one_instance_that_others_find(
    paths: Paths, running: Service
) -> None:
    pid = running.process.pid
    for harm in (spoil_note_and_channel, replace_lock, remove_home):
        harm(paths)
        wait_until(lambda: answers(paths, pid), f"the instance again after {harm.__name__}")
    again = run_command("service")
    assert (again.returncode, str(pid) in again.stderr) == (2, True), again.stderr
    made = len(beats_of(paths))
    running.wait_for_beats(made + 2)
    assert [beat.seq for beat in beats_of(paths)] == list(range(len(beats_of(paths)))), (
        "what was recent came along"
    )
    ended = answered("quit", "--json")
    assert json.loads(ended.stdout) == {"ended": True, "pid": pid, "mode": "service"}
    assert running.end()[0] == 0


def test_a_home_that_is_moved_away_and_back_has_one_writer(
    paths: Paths, running: Service, tmp_path: Path
) -> None:
    pid = running.process.pid
    home, away = paths.data.parent, tmp_path / "away"
    home.rename(away)
    wait_until(lambda: answers(paths, pid), "the instance in the new home")
    remove_home(paths)
    away.rename(home)
    wait_until(lambda: answers(paths, pid), "the instance in the home that came back")
    running.wait_for_beats(len(beats_of(paths)) + 3)
    assert {beat.session for beat in beats_of(paths)} == {1}
    running.ask_to_end()
    assert running.end()[0] == 0


def test_where_another_has_taken_its_place_it_writes_nothing_there_and_ends_with_words(
    paths: Paths, running: Service, tmp_path: Path
) -> None:
    import signal

    home, away = paths.data.parent, tmp_path / "away"
    running.send(signal.SIGSTOP)
    home.rename(away)
    with service(paths, "--interval", "0.1") as second:
        second.wait_for_beats(1)
        running.send(signal.SIGCONT)
        status, _, err = running.end()
        assert status == 2
        assert f"another instance (process {second.process.pid})" in err
        wait_until(lambda: answers(paths, second.process.pid), "the second, still found by others")
        second.ask_to_end()
        assert second.end()[0] == 0
    beats = beats_of(paths)
    assert {beat.session for beat in beats} == {1}
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert sys.platform == "win32" or (away / "data" / "heartbeat.sqlite3").exists()

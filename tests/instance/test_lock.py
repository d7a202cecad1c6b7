"""One instance a user: the lock is exclusive, free after any end, and tells who holds it."""

import os
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.instance.channel import NoResident
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.instance.lock import AlreadyRunning, InstanceInfo, InstanceLock, is_locked, read_instance
from aios_gui.instance.resident import Resident
from aios_gui.system.atomic_file import write_private
from aios_gui.system.paths import Paths, find_paths
from tests.defaults import DEFAULTS
from tests.processes import service, wait_until


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def test_the_second_is_told_who_holds_it(paths: Paths) -> None:
    first, second = InstanceLock(paths), InstanceLock(paths)
    first.take()
    with pytest.raises(AlreadyRunning) as starting:
        second.take()
    assert (starting.value.info, starting.value.pid, starting.value.mode) == (None, 0, Mode.WINDOW)
    first.announce(InstanceInfo(4711, Mode.SERVICE, "somewhere"))
    with pytest.raises(AlreadyRunning, match="4711") as running:
        second.take()
    assert (running.value.pid, running.value.mode) == (4711, Mode.SERVICE)
    assert is_locked(paths)
    first.release()
    first.release()
    assert not is_locked(paths)
    assert read_instance(paths) is None
    second.take()
    second.release()


def test_somebody_who_only_looks_does_not_keep_it_from_being_taken(paths: Paths) -> None:
    import threading

    paths.data.mkdir(parents=True, exist_ok=True)
    paths.instance_lock.touch()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            is_locked(paths)
            stop.wait(0.0005)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for _ in range(200):
            lock = InstanceLock(paths)
            lock.take()
            lock.release()
    finally:
        stop.set()
        watcher.join()


def test_private_files_are_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("before")
    write_private(path, b"after")
    assert path.read_bytes() == b"after"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_resident_is_refused_and_the_first_goes_on(paths: Paths) -> None:
    first = Resident(paths, DEFAULTS, Mode.SERVICE)
    first.start()
    try:
        with pytest.raises(AlreadyRunning) as refused:
            Resident(paths, DEFAULTS, Mode.WINDOW).start()
        assert (refused.value.pid, refused.value.mode) == (os.getpid(), Mode.SERVICE)
        latest = ChannelClient(paths).execute(GetLatest())
        assert (latest.beat, latest.pid) == (None, os.getpid())
    finally:
        first.shutdown()
        first.shutdown()
    with pytest.raises(NoResident):
        ChannelClient(paths).execute(GetLatest())


def test_a_resident_whose_note_cannot_be_written_beats_all_the_same(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aios_gui.system.atomic_file.write_private", full)
    monkeypatch.setattr("aios_gui.instance.channel_server.write_private", full)
    resident = Resident(paths, DEFAULTS, Mode.SERVICE)
    resident.start()
    assert is_locked(paths)
    resident.shutdown()
    assert not is_locked(paths)


def test_lock_note_and_socket_of_a_killed_one_are_taken_over(paths: Paths) -> None:
    with service(paths, "--interval", "0.05") as killed:
        wait_until(lambda: read_instance(paths), "the note of the other process")
        killed.kill()
        killed.end()
    assert read_instance(paths) is not None
    with pytest.raises(NoResident):
        ChannelClient(paths).execute(GetLatest())
    resident = Resident(paths, DEFAULTS, Mode.WINDOW)
    resident.start()
    try:
        assert ChannelClient(paths).execute(GetLatest()).pid == os.getpid()
        assert resident.snapshot.state is EngineState.STARTING
    finally:
        resident.shutdown()


@pytest.mark.parametrize(
    "note", [b"", b"[]", b'{"pid": 1e999, "mode": "window", "address": ""}', b"[" * 100_000]
)
def test_a_note_that_makes_no_sense_tells_of_no_instance(paths: Paths, note: bytes) -> None:
    paths.data.mkdir(parents=True, exist_ok=True)
    paths.instance_file.write_bytes(note)
    assert read_instance(paths) is None

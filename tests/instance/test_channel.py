"""The local channel: only who knows the key is answered, and no one can hold up the others."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

import pytest

from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance import channel, channel_server
from aios_gui.instance.channel import ChannelError, NoResident, exchange
from aios_gui.instance.channel_server import ChannelServer
from aios_gui.instance.lock import InstanceInfo, InstanceLock
from aios_gui.system.paths import Paths, find_paths
from tests.processes import ROOT, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these callers speak to a socket")


def ask(paths: Paths, request: dict[str, Any], timeout_s: float = 1.0) -> dict[str, Any]:
    """What the running instance answers to any JSON at all."""
    answer: dict[str, Any] = json.loads(exchange(paths, json.dumps(request).encode(), timeout_s))
    return answer


class Served:
    """A channel whose instance is locked and announced."""

    def __init__(self, paths: Paths, handle: Callable[[bytes], bytes]) -> None:
        self.paths = paths
        self.lock = InstanceLock(paths)
        self.lock.take()
        self.server = ChannelServer(paths, handle)
        self.server.start()
        self.lock.announce(InstanceInfo(os.getpid(), Mode.SERVICE, self.server.address))

    def raw(self) -> socket.socket:
        """A caller that may send what it likes."""
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(self.server.address)
        caller.settimeout(10)
        return caller

    def authenticated(self) -> Connection:
        """A caller that knows the key and may then send what it likes."""
        connection = Client(self.server.address, "AF_UNIX")
        key = self.paths.channel_key.read_bytes()
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
        return connection

    def stop(self) -> None:
        self.server.stop()
        self.lock.release()


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def served(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(channel_server, "PATIENCE_S", 2.0)

    served = Served(paths, lambda request: b'{"echo":%s}' % request)
    yield served
    served.stop()


def test_a_question_is_answered(served: Served) -> None:
    question = {"op": "hello", "text": "心跳 \N{SNOWMAN}", "number": 1.5}
    assert ask(served.paths, question) == {"echo": question}


def test_key_and_socket_are_for_this_user_alone(served: Served) -> None:
    for path in (served.paths.channel_key, Path(served.server.address), served.paths.instance_file):
        assert path.stat().st_mode & 0o077 == 0


def test_a_wrong_key_is_refused(served: Served) -> None:
    with Client(served.server.address, "AF_UNIX") as caller, pytest.raises(AuthenticationError):
        answer_challenge(caller, b"guessed" * 5)
    assert ask(served.paths, {})["echo"] == {}


def test_a_server_that_does_not_know_the_key_is_not_trusted(served: Served) -> None:
    served.paths.channel_key.write_bytes(b"another key" * 3)
    with pytest.raises(ChannelError, match="did not understand"):
        ask(served.paths, {"secret": 1})


GARBAGE = [
    b"",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\xff" * 4096,
    struct.pack("!i", -1),
    struct.pack("!iQ", -1, 2**62),
    struct.pack("!i", -5),
    struct.pack("!i", 2**31 - 1),
    struct.pack("!i", 10) + b"too short",
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_place_of_the_key_is_turned_away(served: Served, garbage: bytes) -> None:
    with served.raw() as caller:
        caller.sendall(garbage)
        caller.shutdown(socket.SHUT_WR)
        assert ask(served.paths, {})["echo"] == {}


@pytest.mark.parametrize("message", [b"", b"\xff\xfe", b"nul\0"])
def test_any_bytes_of_one_who_knows_the_key_are_carried(served: Served, message: bytes) -> None:
    with served.authenticated() as caller:
        caller.send_bytes(message)
        assert caller.recv_bytes() == b'{"echo":%s}' % message


def test_a_message_that_is_too_large_is_turned_away(served: Served) -> None:
    with served.authenticated() as caller:
        try:
            caller.send_bytes(b"x" * (2 << 20))
            caller.recv_bytes()
        except (OSError, EOFError):
            pass
        else:
            pytest.fail("2 MB were taken")
    with pytest.raises(ChannelError):
        ask(served.paths, {"text": "x" * (2 << 20)})
    assert ask(served.paths, {})["echo"] == {}


def test_callers_that_hang_hold_up_no_other_and_are_dropped(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "PATIENCE_S", 1.0)  # the system's own limit has whole seconds
    monkeypatch.setattr(channel_server, "PATIENCE_S", 1.0)
    silent = [served.raw() for _ in range(5)]
    half = served.raw()
    half.sendall(struct.pack("!i", 32) + b"half")
    try:
        assert ask(served.paths, {})["echo"] == {}
        # Each is hung up on in time, so that no number of them takes all places for ever.
        for caller in (*silent, half):
            deadline = time.monotonic() + 8
            while caller.recv(4096):
                assert time.monotonic() < deadline
    finally:
        for caller in (*silent, half):
            caller.close()
    assert ask(served.paths, {})["echo"] == {}


def test_more_callers_than_places_do_not_end_it(served: Served) -> None:
    callers = [served.raw() for _ in range(30)]
    for caller in callers:
        caller.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert ask(served.paths, {})["echo"] == {}
            break
        except ChannelError:
            assert time.monotonic() < deadline


def test_many_ask_at_once(served: Served) -> None:
    answers: list[Any] = []

    def caller(number: int) -> None:
        for _ in range(20):
            try:
                answers.append(ask(served.paths, {"n": number}, 5.0)["echo"]["n"] == number)
                return
            except ChannelError:
                time.sleep(0.01)

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 12


# Nobody there


def test_without_a_resident_it_says_so(paths: Paths) -> None:
    with pytest.raises(NoResident):
        ask(paths, {})


def test_a_note_left_by_a_crash_is_no_resident(served: Served) -> None:
    note = served.paths.instance_file.read_bytes()
    served.stop()
    served.paths.instance_file.write_bytes(note)
    with pytest.raises(NoResident):
        ask(served.paths, {})


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b'{"pid": 1}', b'{"pid":"x","mode":"?","address":""}', b"\xff"]
)
def test_a_note_that_cannot_be_understood_is_no_resident(served: Served, note: bytes) -> None:
    served.paths.instance_file.write_bytes(note)
    with pytest.raises(NoResident):
        ask(served.paths, {})


def test_a_resident_whose_socket_is_gone_cannot_be_reached(served: Served) -> None:
    Path(served.server.address).rename(served.server.address + ".moved")
    try:
        with pytest.raises(ChannelError, match="cannot be reached"):
            ask(served.paths, {})
    finally:
        Path(served.server.address + ".moved").rename(served.server.address)


def test_a_resident_that_is_stopped_does_not_hold_up_its_callers(paths: Paths) -> None:
    lock = InstanceLock(paths)
    lock.take()
    paths.channel_key.write_bytes(b"k" * 32)
    address = str(paths.data / "stopped.sock")
    with Listener(address, "AF_UNIX", backlog=1):
        lock.announce(InstanceInfo(1, Mode.SERVICE, address))
        for _ in range(5):
            with pytest.raises(ChannelError, match=r"does not answer|cannot be reached"):
                ask(paths, {}, 0.1)
    lock.release()


def test_an_impostor_that_speaks_nonsense_is_an_error_in_words(paths: Paths) -> None:
    lock = InstanceLock(paths)
    lock.take()
    paths.channel_key.write_bytes(b"k" * 32)
    address = str(paths.data / "impostor.sock")
    with Listener(address, "AF_UNIX") as listener:
        lock.announce(InstanceInfo(1, Mode.SERVICE, address))

        def speak() -> None:
            with listener.accept() as connection:
                connection.send_bytes(b"welcome, friend")

        impostor = threading.Thread(target=speak)
        impostor.start()
        with pytest.raises(ChannelError):
            ask(paths, {})
        impostor.join()
    lock.release()


# Addresses


def test_a_long_folder_has_a_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOS_HOME", str(tmp_path / ("long" * 30) / "心跳"))
    paths = find_paths()
    served = Served(paths, lambda request: b'{"ok":true}')
    try:
        assert len(os.fsencode(served.server.address)) <= 100
        assert ask(paths, {}) == {"ok": True}
    finally:
        served.stop()
    assert not Path(served.server.address).exists()


def test_a_socket_left_by_a_crash_is_taken_over(paths: Paths) -> None:
    first = Served(paths, lambda request: b'{"n":1}')
    address = first.server.address
    first.stop()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(address)
    assert Path(address).exists()
    second = Served(paths, lambda request: b'{"n":2}')
    assert ask(paths, {}) == {"n": 2}
    second.stop()


def test_stopping_where_the_socket_was_deleted_is_harmless(paths: Paths) -> None:
    served = Served(paths, lambda request: request)
    Path(served.server.address).unlink()
    # No caller can wake the listening thread any more.
    served.stop()
    assert served.server._listener is None


def test_stopped_twice_or_before_it_was_started_is_harmless(paths: Paths) -> None:
    server = ChannelServer(paths, lambda request: request)
    server.stop()
    served = Served(paths, lambda request: request)
    served.stop()
    served.stop()


SCARCE = """
import resource, sys, time
from aios_gui.instance.channel_server import ChannelServer
from aios_gui.system.paths import find_paths

server = ChannelServer(find_paths(), lambda request: request)
server.start()
tries = []
accept = server._listener.accept


def counted():
    tries.append(time.monotonic())
    return accept()


server._listener.accept = counted
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
began = time.monotonic()
print(server.address, flush=True)
for line in sys.stdin:
    print(len(tries), time.monotonic() - began, flush=True)
    if line.strip() == "free":
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
server.stop()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_without_a_free_descriptor_it_waits_and_then_answers_again(paths: Paths) -> None:
    paths.data.mkdir(parents=True, mode=0o700)
    with subprocess.Popen(
        [sys.executable, "-c", SCARCE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        writing, reading = child.stdin, child.stdout

        def say(word: str) -> tuple[int, float]:
            """How often the child has tried to take a caller, and in how many seconds."""
            writing.write(word + "\n")
            writing.flush()
            tries, seconds = reading.readline().split()
            return int(tries), float(seconds)

        address = reading.readline().strip()
        with socket.socket(socket.AF_UNIX) as first, socket.socket(socket.AF_UNIX) as second:
            # The system may have kept a descriptor for the first caller, from before they were scarce.
            first.connect(address)
            second.connect(address)
            wait_until(lambda: say("count")[0] >= 4, "tries without a descriptor")
            tries, seconds = say("free")
            # Each try but the first two waits for 50 ms or more; without that there are thousands in a second.
            assert tries <= 3 + seconds / channel_server._FIRST_PAUSE_S
            second.settimeout(20)
            assert second.recv(1), "the caller that waited is answered"
        child.stdin.close()
        child.wait(20)
    assert child.returncode == 0

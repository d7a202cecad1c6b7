"""The service manager is told of the first beat, of beats that are made, and of the end; and of nothing else."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.service_manager import (
    STUCK_AFTER_NS,
    ManagedService,
    NotifySocket,
    is_beating,
)
from tests.fakes import Rig
from tests.processes import PATIENCE_S, ROOT

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such sockets here")


class Manager:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.settimeout(PATIENCE_S)

    def hear(self) -> str:
        return self.socket.recv(4096).decode()


@pytest.fixture(
    params=[
        "path",
        pytest.param(
            "abstract", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has them")
        ),
    ]
)
def address(request: pytest.FixtureRequest, aios_home: Path) -> str:
    return str(aios_home / "notify") if request.param == "path" else f"@aios-heartbeat-test-{os.getpid()}"


@pytest.fixture
def manager(address: str) -> Iterator[Manager]:
    manager = Manager(address)
    yield manager
    manager.socket.close()


def test_a_service_is_ready_with_its_first_beat_alive_while_it_beats_and_stops(
    address: str, manager: Manager
) -> None:
    environ = {**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "40000"}
    with subprocess.Popen(
        [sys.executable, "-m", "aios_gui", "service", "--interval", "0.05"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert manager.hear() == "READY=1"
            assert [manager.hear() for _ in range(3)] == ["WATCHDOG=1"] * 3
            process.terminate()
            heard = ["WATCHDOG=1"]
            while heard[-1] == "WATCHDOG=1":
                heard.append(manager.hear())
            assert heard[-1] == "STOPPING=1"
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()


def test_without_a_manager_nothing_is_done() -> None:
    with ManagedService(Rig().engine, {}):
        pass  # the fixture of every test of services sees to it that no thread is left


def test_variables_are_for_this_process_alone(address: str, manager: Manager) -> None:
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1", "OTHER": "kept"}
    with ManagedService(Rig().engine, environ):
        assert environ == {"OTHER": "kept"}
    # It never beat, so it was never ready.
    assert manager.hear() == "STOPPING=1"


def test_a_manager_that_does_not_listen_is_no_error(aios_home: Path) -> None:
    NotifySocket(str(aios_home / "nobody")).send("READY=1")


def test_only_an_engine_that_beats_as_it_should_is_alive() -> None:
    rig = Rig()
    rig.run_for(3_000_000_000)
    engine = rig.engine
    assert not is_beating(engine)
    engine.state = EngineState.RUNNING
    engine.next_alarm_ns = rig.clock.now_ns() + 3_600_000_000_000
    assert is_beating(engine)
    engine.next_alarm_ns = rig.clock.now_ns() - STUCK_AFTER_NS
    assert not is_beating(engine)
    engine.state = EngineState.PAUSED
    assert is_beating(engine)
    engine.state = EngineState.RUNNING
    engine.next_alarm_ns = rig.clock.now_ns()
    assert is_beating(engine)
    engine.in_beat_since_ns = rig.clock.now_ns() - STUCK_AFTER_NS
    assert not is_beating(engine)

"""Tells the service manager of a Linux that the service beats: the protocol of sd_notify, without its library."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import MutableMapping

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.states import EngineState

log = logging.getLogger(__name__)

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
STUCK_AFTER_NS = 10_000_000_000
"""A beat that is overdue or running for this long counts as none."""
_ADDRESS, _PERIOD, _PROCESS = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
_FIRST_LOOK_S = 0.005
_LONGEST_LOOK_S = 10.0


class NotifySocket:
    """Where the service manager listens. What it does not hear is logged, and nothing else."""

    def __init__(self, address: str) -> None:
        # A name that begins with @ stands for one in no folder, as a zero byte does for the system.
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def send(self, text: str) -> None:
        """Send one message, without ever waiting for a listener."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(text.encode(), self._address)
        except OSError as error:
            log.warning("the service manager was not told %s: %s", text.partition("\n")[0], error)


class ManagedService:
    """While entered, tells the service manager of the first beat, that beats are made, and of the end.

    It looks from a thread of its own, so that neither a beat nor a slow disk matters to it. Without a service manager,
    which the environment tells, it does nothing. The variables are taken out, so that no child speaks for this one.
    """

    def __init__(self, engine: HeartbeatEngine, environ: MutableMapping[str, str] = os.environ) -> None:
        address = environ.pop(_ADDRESS, "")
        period_s = _watchdog_s(environ.pop(_PERIOD, ""), environ.pop(_PROCESS, ""))
        can = hasattr(socket, "AF_UNIX") and address.startswith(("/", "@"))
        self._socket = NotifySocket(address) if can else None
        # Well within the time after which the service counts as hung.
        self._look_s = min(period_s / 4, _LONGEST_LOOK_S) if period_s else _LONGEST_LOOK_S
        self._watched = period_s > 0
        self._engine = engine
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="service-manager", daemon=True)

    def __enter__(self) -> None:
        if self._socket is not None:
            self._thread.start()

    def __exit__(self, *_error: object) -> None:
        if self._socket is not None:
            self._left.set()
            self._thread.join()
            self._socket.send(STOPPING)

    def _watch(self) -> None:
        assert self._socket is not None
        while not self._engine.made:
            if self._left.wait(_FIRST_LOOK_S):
                return
        self._socket.send(READY)
        while self._watched and not self._left.wait(self._look_s):
            if is_beating(self._engine):
                self._socket.send(ALIVE)


def is_beating(engine: HeartbeatEngine) -> bool:
    """Whether beats come as they are due; one that is paused beats as its user wants it to."""
    if engine.state is EngineState.PAUSED:
        return True
    if engine.state is EngineState.STOPPED:
        return False
    since_ns = engine.in_beat_since_ns or engine.next_alarm_ns
    return engine.clock.now_ns() - since_ns < STUCK_AFTER_NS


def _watchdog_s(period_us: str, process: str) -> float:
    """How long the manager waits for a sign of life, s; 0 where it does not, or waits for another process."""
    if not period_us.isdecimal() or (process and process != str(os.getpid())):
        return 0.0
    return int(period_us) / 1e6

"""The lock that makes sure that one instance a user beats, and the note that tells who it is."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from aios_gui.heartbeat.model.states import Mode
from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.system.paths import Paths

if TYPE_CHECKING:
    from pathlib import Path

_ATTEMPTS = 4
_BETWEEN_ATTEMPTS_S = 0.01


class WindowPaths(Paths):
    """Where windows find each other, whether the heartbeat is theirs or a service's."""

    @property
    def instance_lock(self) -> Path:
        """Held by the one window."""
        return self.data / "window-instance.lock"

    @property
    def instance_file(self) -> Path:
        """Who it is and where it listens; only a window beside a service does, as else the heartbeat is asked."""
        return self.data / "window-instance.json"

    @property
    def channel_key(self) -> Path:
        """The secret of its callers."""
        return self.data / "window-channel.key"


class InstanceInfo(NamedTuple):
    """Who beats: process, mode, and the address of its channel.

    A named tuple, as dataclasses take longer to load than all that `beat` needs to ask for the latest beat.
    """

    pid: int
    mode: Mode
    address: str


class AlreadyRunning(Exception):
    """Another instance of this user beats; ``info`` tells which, None while it is just starting."""

    def __init__(self, info: InstanceInfo | None) -> None:
        super().__init__("another instance is running" + (f" (process {info.pid})" if info else ""))
        self.info = info

    @property
    def mode(self) -> Mode:
        """How the other instance runs."""
        return self.info.mode if self.info is not None else Mode.WINDOW

    @property
    def pid(self) -> int:
        """The other instance's process; 0 while it is just starting."""
        return self.info.pid if self.info is not None else 0


def _try_lock(descriptor: int, shared: bool = False) -> bool:
    """Lock the whole file for this process; False where another holds it. The system frees it at any end.

    A ``shared`` lock can also be had of a file that is open for reading only.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _found(path: str) -> tuple[int, int] | None:
    """Which file has this name; None where none has it, or where that cannot be told."""
    try:
        return _identity(os.stat(path))  # noqa: PTH116 - a Path takes longer to make than this
    except OSError:
        return None


class InstanceLock:
    """Held from ``take`` to ``release``. A lock left by a crash is free, since the system itself holds it."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._descriptor = -1
        self._path, self._is = "", (0, 0)
        """Where the file is that is locked, and which one it is; each round looks at it."""

    def take(self) -> None:
        """Take the lock; AlreadyRunning where another instance has it, OSError where there can be none."""
        make_private(self._paths.data)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
        descriptor = os.open(self._paths.instance_lock, flags, 0o600)
        # A process that only looks whether an instance runs holds the lock for some µs.
        for attempt in range(_ATTEMPTS):
            if _try_lock(descriptor):
                break
            time.sleep(_BETWEEN_ATTEMPTS_S if attempt + 1 < _ATTEMPTS else 0)
        else:
            os.close(descriptor)
            raise AlreadyRunning(read_instance(self._paths))
        self._descriptor = descriptor
        self._path, self._is = str(self._paths.instance_lock), _identity(os.fstat(descriptor))

    @property
    def is_in_place(self) -> bool:
        """Whether the file that is locked is still the one that others find; not where it or its folder has gone."""
        if self._descriptor < 0 or sys.platform == "win32":  # which lets no file go that is open
            return self._descriptor >= 0
        return self._is == _found(self._path)

    def take_again(self) -> None:
        """Lock the file that others find now, in a folder that is made if need be; as ``take``.

        Where that cannot be, the one that is held stays held.
        """
        before, path, which = self._descriptor, self._path, self._is
        self._descriptor = -1
        try:
            self.take()
        except BaseException:
            self._descriptor, self._path, self._is = before, path, which
            raise
        if before >= 0:
            os.close(before)

    def announce(self, info: InstanceInfo) -> None:
        """Tell others who holds the lock and where it listens."""
        plain = {"pid": info.pid, "mode": str(info.mode), "address": info.address}
        write_private(self._paths.instance_file, json.dumps(plain).encode())

    def release(self) -> None:
        """Give the lock back, whatever became of its folder; again is harmless."""
        if self._descriptor < 0:
            return
        try:
            if self.is_in_place:  # else it may be another instance's note
                self._paths.instance_file.unlink(missing_ok=True)
        except OSError as error:  # the disk can only be read by now; without the lock the note says nothing
            import logging  # 4 ms that a `beat`, which only reads the note, need not spend

            logging.getLogger(__name__).warning("the note of this instance cannot be removed: %s", error)
        os.close(self._descriptor)
        self._descriptor = -1


def read_instance(paths: Paths) -> InstanceInfo | None:
    """The instance that last announced itself; None where none did or the note cannot be understood."""
    try:
        plain: Any = json.loads(paths.instance_file.read_bytes())
        return InstanceInfo(int(plain["pid"]), Mode(plain["mode"]), str(plain["address"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def is_locked(paths: Paths) -> bool:
    """Whether an instance holds the lock now."""
    try:
        # For reading only, as the folder may be one that cannot be written. Windows locks only what can be written.
        descriptor = os.open(paths.instance_lock, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)

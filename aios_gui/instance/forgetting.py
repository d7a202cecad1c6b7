"""Removes all that the program keeps of its user: record, settings, log, and what the system keeps for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model import AutostartError, AutostartOptions, AutostartReason
from aios_gui.instance.channel_server import address_of
from aios_gui.instance.lock import InstanceLock
from aios_gui.record.relocation import journal as place
from aios_gui.system.paths import APP_NAME, STORE_NAME, Paths


class Kind(StrEnum):
    """What a belonging is."""

    RECORD = "record"
    DAMAGED = "damaged"
    SETTINGS = "settings"
    WINDOW = "window"
    LOG = "log"
    RUNNING = "running"
    """What instances tell each other by."""
    AUTOSTART = "autostart"


@dataclass(frozen=True, slots=True)
class Belonging:
    """One thing that goes: a file or a folder, or an entry of the system, of which ``where`` tells the place."""

    kind: Kind
    where: str
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went, and what could not be removed, each with the reason."""

    gone: tuple[Belonging, ...]
    left: tuple[tuple[str, str], ...]


def belongings(paths: Paths, mechanisms: Sequence[Mechanism], home: str = "") -> list[Belonging]:
    """All that would go, as it is now. With a ``home`` of its own, only what the system keeps for that home."""
    found = [Belonging(kind, str(each), _size(each)) for kind, each in _files(paths)]
    return [*found, *(entry for each in mechanisms for entry in _entries(each, home))]


def forget(paths: Paths, mechanisms: Sequence[Mechanism], home: str = "") -> Forgotten:
    """Remove it all; AlreadyRunning where an instance runs, which would only begin again.

    The log must be closed before. Nothing that is not the program's own is touched; ``home`` is as above.
    """
    gone: list[Belonging] = []
    left: list[tuple[str, str]] = []
    lock = InstanceLock(paths)
    lock.take()
    try:
        place.settle(paths)
        for mechanism in mechanisms:
            _disable(mechanism, home, gone, left)
        for kind, each in _files(paths):
            if each != paths.instance_lock:
                _remove(kind, each, gone, left)
    finally:
        lock.release()
    _remove(Kind.RUNNING, paths.instance_lock, gone, left)
    _remove_empty(paths)
    return Forgotten(tuple(gone), tuple(left))


def _files(paths: Paths) -> list[tuple[Kind, Path]]:
    """Every file of the program that exists, the record first."""
    record = paths.record_folder
    folders = list(dict.fromkeys((record, paths.data, *place.former_folders(paths))))
    found = [(Kind.RECORD, each) for folder in (record, paths.data) for each in _records(folder)]
    found += [(Kind.DAMAGED, each) for folder in folders for each in place.set_aside_in(folder)]
    settings = paths.settings
    for kind, folder, patterns in (
        (Kind.SETTINGS, settings.parent, ("settings.toml", "settings.toml.bak", "settings.damaged-*")),
        (Kind.SETTINGS, settings.parent, (".settings.toml.*tmp", "confirmed.json", "confirmed.json.*.new")),
        (Kind.WINDOW, paths.config, ("window.ini", "window.ini.*")),
        (Kind.LOG, paths.logs, ("aios-heartbeat.log", "aios-heartbeat.log.*")),
        (Kind.RECORD, paths.data, ("aios-heartbeat-profile-*",)),
        (Kind.RUNNING, paths.data, ("record-folder.json", "record-move.json", ".record-*.json.*.tmp")),
        (Kind.RUNNING, paths.data, ("instance.json*", "channel.key*", "instance.lock")),
    ):
        found += [(kind, each) for pattern in patterns for each in sorted(folder.glob(pattern))]
    with suppress(OSError):
        socket = Path(address_of(paths))
        found += [(Kind.RUNNING, socket)] if socket.is_socket() else []
    return list(dict.fromkeys(found))


def _records(folder: Path) -> Iterable[Path]:
    return (*place.files_of(folder / STORE_NAME), *place.files_of(folder / place.COPY_NAME))


def _size(each: Path) -> int:
    try:
        return each.stat().st_size
    except OSError:
        return 0


def _entries(mechanism: Mechanism, home: str) -> list[Belonging]:
    """What the system keeps to start the program at log-in."""
    if not mechanism.is_available():
        return []
    status = mechanism.status(AutostartOptions())
    is_known = status.is_registered and status.reason is not AutostartReason.UNREADABLE
    if not is_known or home not in status.command:
        return []
    return [Belonging(Kind.AUTOSTART, status.where)]


def _disable(mechanism: Mechanism, home: str, gone: list[Belonging], left: list[tuple[str, str]]) -> None:
    entries = _entries(mechanism, home)
    if home and not entries:
        return
    try:
        # Also where nothing is registered: the system may keep a switch of its own for it.
        if mechanism.is_available():
            mechanism.disable()
    except (AutostartError, OSError) as error:
        left.append((entries[0].where if entries else mechanism.key, str(error)))
    else:
        gone.extend(entries)


def _remove(kind: Kind, each: Path, gone: list[Belonging], left: list[tuple[str, str]]) -> None:
    belonging = Belonging(kind, str(each), _size(each))
    try:
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        left.append((str(each), error.strerror or str(error)))
    else:
        gone.append(belonging)


def _remove_empty(paths: Paths) -> None:
    """The program's own folders, once nothing is in them; never one that the user named."""
    for folder in (paths.data, paths.logs, paths.logs.parent, paths.config):
        if folder in (paths.data, paths.logs) or folder.name == APP_NAME:
            with suppress(OSError):
                folder.rmdir()

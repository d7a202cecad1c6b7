"""Removes all that the program keeps of its user: record, settings, log, and what the system keeps for it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model import AutostartError, AutostartOptions, AutostartReason
from aios_gui.instance.channel_server import address_of
from aios_gui.instance.lock import InstanceLock, WindowPaths
from aios_gui.instance.start_options import HOME_OPTION
from aios_gui.record.relocation import journal as place
from aios_gui.reports.digest import DIGEST_NAME
from aios_gui.reports.past import NOTE
from aios_gui.reports.schedule.run import STATE_NAME
from aios_gui.system.atomic_file import TEMPORARY
from aios_gui.system.paths import APP_NAME, STORE_NAME, Paths

_READ_BYTES = 100_000
_PROFILE = re.compile(r"aios-heartbeat-profile-\d+-\w+")
_MARKS = {
    "settings.toml": re.compile(rb"^# AIOS Heartbeat: settings\.|^\s*\[beat\]", re.MULTILINE),
    "confirmed.json": re.compile(rb'^\s*\{\s*"confirmed"\s*:'),
    "window.ini": re.compile(rb"^normal=@Rect\(|^\[startup\]\s+offered=", re.MULTILINE),
}
"""What the program writes into files whose names are not its own alone."""


class Kind(StrEnum):
    """What a belonging is."""

    RECORD = "record"
    DAMAGED = "damaged"
    SETTINGS = "settings"
    WINDOW = "window"
    LOG = "log"
    REPORTS = "reports"
    """Notes of the reports that were written; the reports stay where the user put them."""
    RUNNING = "running"
    """What instances tell each other by."""
    AUTOSTART = "autostart"


_TMP = TEMPORARY.pattern
# Also the temporary files of version 0.1.
_NAMES: tuple[tuple[Kind, Callable[[Paths], Path], re.Pattern[str]], ...] = (
    (
        Kind.SETTINGS,
        lambda paths: paths.config,
        re.compile(
            r"settings\.toml(\.bak)?|settings\.damaged-\d{8}-\d{6}(-\d+)?\.toml|\.settings\.toml\.\d+\.tmp|confirmed\.json|"
            + _TMP
        ),
    ),
    (Kind.WINDOW, lambda paths: paths.config, re.compile(r"window\.ini(\.lock|\.[A-Za-z0-9]{6})?")),
    (
        Kind.REPORTS,
        lambda paths: paths.reports,
        re.compile(rf"{NOTE.pattern}|{re.escape(STATE_NAME)}|{re.escape(DIGEST_NAME)}|{_TMP}"),
    ),
    (Kind.LOG, lambda paths: paths.logs, re.compile(r"aios-heartbeat\.log(\.\d)?")),
    (
        Kind.RUNNING,
        lambda paths: paths.data,
        re.compile(
            r"record-(folder|move)\.json|\.record-(folder|move)\.json\.\d+\.tmp|(window-)?instance\.lock|"
            r"((window-)?instance\.json|login\.json|(window-)?channel\.key)(\.\d+\.new)?|" + _TMP
        ),
    ),
)
"""Of each kind: the folder, and the names of its files, none of which any other program would use by chance."""


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
    used = _used_folders(paths)
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
    _remove_empty(paths, used)
    return Forgotten(tuple(gone), tuple(left))


def _files(paths: Paths) -> list[tuple[Kind, Path]]:
    """Every file of the program that exists, the record first."""
    record = paths.record_folder
    folders = list(dict.fromkeys((record, paths.data, *place.former_folders(paths))))
    found = [(Kind.RECORD, each) for folder in (record, paths.data) for each in _records(folder)]
    found += [(Kind.DAMAGED, each) for folder in folders for each in place.set_aside_in(folder)]
    for kind, folder, names in _NAMES:
        found += [(kind, each) for each in _named(folder(paths), names)]
    found += [(Kind.RECORD, each) for each in _left_by_profiles(paths.data)]
    for each_paths in (paths, WindowPaths(*paths)):
        with suppress(OSError):
            socket = Path(address_of(each_paths))
            found += [(Kind.RUNNING, socket)] if socket.is_socket() else []
    return list(dict.fromkeys(found))


def _named(folder: Path, names: re.Pattern[str]) -> list[Path]:
    """The program's own files in a folder, which may be one that the user shares with other programs."""
    try:
        return sorted(
            each
            for each in folder.iterdir()
            if names.fullmatch(each.name) and each.is_file() and _is_ours(each)
        )
    except OSError:
        return []


def _is_ours(file: Path) -> bool:
    """Whether the program wrote it, by what stands in it, where other programs have files of that name, too."""
    base = next((name for name in _MARKS if file.name.startswith(name)), "")
    if not base:
        return True
    try:
        # What Qt keeps while it writes a file says nothing of whose it is.
        with (file.with_name(base) if file.suffix == ".lock" else file).open("rb") as stream:
            return bool(_MARKS[base].search(stream.read(_READ_BYTES)))
    except OSError:
        return True  # removing it will say what is wrong with it


def _left_by_profiles(data: Path) -> list[Path]:
    """Folders of profiles that were killed: of their name, and with nothing but a record in them."""
    return [
        each
        for each in sorted(data.glob("aios-heartbeat-profile-*"))
        if _PROFILE.fullmatch(each.name)
        and each.is_dir()
        and not each.is_symlink()
        and set(each.iterdir()) <= set(place.files_of(each / STORE_NAME))
    ]


def _records(folder: Path) -> Iterable[Path]:
    found = (*place.files_of(folder / STORE_NAME), *place.files_of(folder / place.COPY_NAME))
    return [each for each in found if each.is_file()]


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
    if not status.is_registered or status.reason is AutostartReason.UNREADABLE:
        return []
    return [Belonging(Kind.AUTOSTART, status.where)] if _is_for(mechanism, home) else []


def _is_for(mechanism: Mechanism, home: str) -> bool:
    """Whether what is registered starts the program with this home, "" for the usual one."""
    try:
        command = mechanism.registered()
    except (AutostartError, OSError):
        return not home
    named = next((after for word, after in pairwise(command) if word == HOME_OPTION), "")
    return _normal(named) == _normal(home)


def _normal(folder: str) -> str:
    return os.path.normcase(os.path.normpath(folder)) if folder else ""


def _disable(mechanism: Mechanism, home: str, gone: list[Belonging], left: list[tuple[str, str]]) -> None:
    entries = _entries(mechanism, home)
    if not entries and (home or not _is_for(mechanism, home)):
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


def _used_folders(paths: Paths) -> set[Path]:
    """The folders in which there is something of the program's, and those that do not exist yet."""
    used = {each.parent for _kind, each in _files(paths)}
    return used | {each for each in (paths.data, paths.logs, paths.config) if not each.exists()}


def _remove_empty(paths: Paths, used: set[Path]) -> None:
    """The program's own folders that it had used, once nothing is in them; never one that the user named."""
    folders = [each for each in (paths.reports, paths.data, paths.logs, paths.config) if each in used]
    for folder in (*folders, *(each.parent for each in folders if each == paths.logs)):
        if folder in (paths.reports, paths.data, paths.logs) or folder.name == APP_NAME:
            with suppress(OSError):
                folder.rmdir()

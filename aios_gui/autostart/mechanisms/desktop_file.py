"""The autostart folder of Linux desktops: one file that every desktop reads at log-in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aios_gui.autostart.mechanisms import desktop_entry
from aios_gui.autostart.mechanisms.desktop_entry import Entry, EntryError
from aios_gui.autostart.mechanisms.files import read_text, remove, write_text
from aios_gui.autostart.mechanisms.judging import (
    blocked_unless_on,
    is_there,
    judge,
    with_priority,
    without_priority,
)
from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.model.autostart import (
    AutostartError,
    Option,
    Plan,
    Program,
    Reason,
    State,
    Status,
    Wish,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.paths import APP_NAME
from aios_gui.text.catalogue import gettext as _

NAME = f"{APP_NAME}.desktop"
_HIDDEN = {"Type": "Application", "Name": "AIOS Heartbeat", "Hidden": "true"}
_ENABLED = "X-GNOME-Autostart-enabled"
"""GNOME's switch, which the settings of other desktops write as well."""


@dataclass(frozen=True, slots=True)
class AutostartFolders:
    """The user's folder, those for all users, and the names of the desktop that runs, none where that is unknown."""

    own: Path
    for_all: tuple[Path, ...] = ()
    desktops: tuple[str, ...] = ()


def of_system(program: Program, environ: Mapping[str, str]) -> DesktopFile:
    """By the folders that the environment names; relative ones do not count, as the specification has it."""
    home = environ.get("XDG_CONFIG_HOME", "")
    own = Path(home) if os.path.isabs(home) else Path.home() / ".config"  # noqa: PTH117
    listed = environ.get("XDG_CONFIG_DIRS", "") or "/etc/xdg"
    for_all = tuple(Path(each) / "autostart" for each in listed.split(":") if os.path.isabs(each))  # noqa: PTH117
    desktops = tuple(each for each in environ.get("XDG_CURRENT_DESKTOP", "").split(":") if each)
    return DesktopFile(program, AutostartFolders(own / "autostart", for_all, desktops))


class DesktopFile:
    """``aios-heartbeat.desktop`` in the user's autostart folder. One of the same name for all users is overridden."""

    key = "desktop_file"
    options = frozenset({Option.DELAY, Option.SPREAD, Option.TIME_LIMIT, Option.PRIORITY})
    faces = frozenset(LaunchMode)

    def __init__(self, program: Program, folders: AutostartFolders) -> None:
        self._program = program
        self._folders = folders
        self._path = folders.own / NAME

    def is_available(self) -> bool:
        return True

    def plan(self, wish: Wish) -> Plan:
        command = self._command(wish)
        try:
            text = desktop_entry.compose(self._entries(command))
        except EntryError as error:
            raise AutostartError(str(error)) from error
        return Plan(str(self._path), text, command)

    def enable(self, wish: Wish) -> Status:
        plan = self.plan(wish)
        write_text(self._path, plan.text)
        return blocked_unless_on(self.status(wish))

    def disable(self) -> Status:
        remove(self._path)
        if self._path_for_all() is not None:
            # Only a hidden entry of the same name keeps the one for all users from starting it.
            write_text(self._path, desktop_entry.compose(_HIDDEN))
        return self.status(Wish())

    def status(self, wish: Wish) -> Status:
        path = self._effective_path()
        if path is None:
            return Status(self.key, State.OFF, str(self._path))
        found = Status(self.key, State.UNREADABLE, str(path))
        if path != self._path:
            found = replace(found, reason=Reason.FOR_ALL_USERS)
        try:
            entry = Entry(read_text(path))
            return self._judged(entry, wish, found)
        except (EntryError, AutostartError) as error:
            return replace(found, detail=str(error))

    def allow(self) -> Status:
        path = self._effective_path()
        if path == self._path and (for_all := self._path_for_all()) is not None and not self._has_command():
            # Hidden by a file that holds nothing else.
            remove(self._path)
            path = for_all
        elif path is not None:
            command = self._registered(path)
            write_text(self._path, desktop_entry.compose(self._entries(command)))
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        path = self._effective_path()
        if path is None:
            raise AutostartError(_("{path} does not exist").format(path=self._path))
        return launch(self._registered(path), environ)

    # What is written

    def _command(self, wish: Wish) -> tuple[str, ...]:
        """With `nice` in front where a priority is wanted, and where the path of the program has a percent sign.

        GLib and systemd look for the program before they make one percent sign of two, and so do not find it.
        """
        command = self._program.command(wish)
        if wish.nice or "%" in command[0]:
            return with_priority(command, wish.nice)
        return command

    def _entries(self, command: tuple[str, ...]) -> dict[str, str]:
        return {
            "Type": "Application",
            "Name": "AIOS Heartbeat",
            "Comment": "Shows when this computer stuttered, for how long, and why",
            "Exec": desktop_entry.exec_line(command),
            "TryExec": without_priority(command)[0],
            "Icon": APP_NAME,
            "Terminal": "false",
            "StartupNotify": "false",
            _ENABLED: "true",
        }

    # What is found

    def _effective_path(self) -> Path | None:
        """The file that the desktop takes: the user's own, else the first one for all users."""
        return self._path if os.path.lexists(self._path) else self._path_for_all()

    def _path_for_all(self) -> Path | None:
        return next((path for folder in self._folders.for_all if (path := folder / NAME).is_file()), None)

    def _registered(self, path: Path) -> tuple[str, ...]:
        try:
            return Entry(read_text(path)).command
        except EntryError as error:
            raise AutostartError(f"{path}: {error}") from error

    def _has_command(self) -> bool:
        try:
            return bool(self._registered(self._path))
        except AutostartError:
            return False

    def _judged(self, entry: Entry, wish: Wish, found: Status) -> Status:
        off = self._why_off(entry)
        try:
            command = entry.command
        except EntryError:
            if off is None:
                raise
            command = ()  # a hidden entry need not have one
        state, ours = judge(without_priority(command), self._program.command(wish), self._program)
        found = replace(found, command=entry.string("Exec") or "", ours=ours)
        if off is not None:
            since_ns = _changed_ns(found.where)
            return replace(found, state=State.DISABLED, since_ns=since_ns, reason=off[0], detail=off[1])
        if entry.string("Type") != "Application":
            raise EntryError(_("{key} is {text}").format(key="Type", text=repr(entry.string("Type"))))
        sought = entry.string("TryExec")
        if sought and not is_there(sought):
            return replace(found, state=State.PROGRAM_GONE, detail=sought)
        if state is State.ON and (command != self._command(wish) or entry.boolean("Terminal", False)):
            state = State.CHANGED
        return replace(found, state=state)

    def _why_off(self, entry: Entry) -> tuple[Reason, str] | None:
        """Why the desktop does not start it, with what it says of that; None where it does."""
        if entry.boolean("Hidden", False):
            return Reason.HIDDEN, ""
        if not entry.boolean(_ENABLED, True):
            return Reason.SWITCHED_OFF, ""
        here, only, never = self._folders.desktops, entry.names("OnlyShowIn"), entry.names("NotShowIn")
        if here and only is not None and not set(only) & set(here):
            return Reason.OTHER_DESKTOP, ", ".join(only)
        if never is not None and set(never) & set(here):
            return Reason.OTHER_DESKTOP, "NotShowIn: " + ", ".join(never)
        return None


def _changed_ns(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0

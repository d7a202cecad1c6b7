"""The autostart folder of Linux desktops: one file that every desktop reads at log-in.

A command is escaped twice: first each argument as `Exec` has it, then the whole line as the file has any string.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import (
    Mechanism,
    is_there,
    judge,
    read_text,
    remove,
    stamp,
    with_priority,
    without_priority,
    write_text,
)
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartPlan,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
    MechanismOption,
)
from aios_gui.system.paths import APP_NAME
from aios_gui.text.catalogue import N_

NAME = f"{APP_NAME}.desktop"
_GROUP = "[Desktop Entry]"
_HIDDEN = {"Type": "Application", "Name": "AIOS Heartbeat", "Hidden": "true"}
_ENABLED = "X-GNOME-Autostart-enabled"
"""GNOME's switch, which the settings of other desktops write as well."""
_COMPARED = ("Type", "Exec", "Terminal")
"""What decides how it starts; desktops that switch an entry off and on add keys and drop remarks."""
_PLAIN = re.compile(r"[A-Za-z0-9_./:@,+-]+")
_ESCAPED_IN_QUOTES = frozenset('"`$\\')
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class AutostartFolders:
    """The user's folder, those for all users, and the names of the desktop that runs, none where that is unknown."""

    own: Path
    for_all: tuple[Path, ...] = ()
    desktops: tuple[str, ...] = ()


def of_system(program: LaunchProgram, environ: Mapping[str, str]) -> DesktopFile:
    """By the folders that the environment names; relative ones do not count, as the specification has it."""
    home = environ.get("XDG_CONFIG_HOME", "")
    own = Path(home) if os.path.isabs(home) else Path.home() / ".config"  # noqa: PTH117
    listed = environ.get("XDG_CONFIG_DIRS", "") or "/etc/xdg"
    for_all = tuple(Path(each) / "autostart" for each in listed.split(":") if os.path.isabs(each))  # noqa: PTH117
    desktops = tuple(each for each in environ.get("XDG_CURRENT_DESKTOP", "").split(":") if each)
    return DesktopFile(program, AutostartFolders(own / "autostart", for_all, desktops))


class DesktopFile(Mechanism):
    """``aios-heartbeat.desktop`` in the user's autostart folder. One of the same name for all users is overridden."""

    key = "desktop_file"
    options = frozenset(MechanismOption) - {MechanismOption.ON_BATTERY}

    def __init__(self, program: LaunchProgram, folders: AutostartFolders) -> None:
        super().__init__(program)
        self._folders = folders
        self._path = folders.own / NAME

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        command = self._program.command(options)
        # GLib and systemd look for the program before they make one percent sign of two, and so do not find it.
        if options.nice or "%" in command[0]:
            command = with_priority(command, options.nice)
        entries = {
            "Type": "Application",
            "Name": "AIOS Heartbeat",
            "Comment": "Shows when this computer stuttered, for how long, and why",
            "Exec": " ".join(map(_quoted, command)),
            "TryExec": without_priority(command)[0],
            "Icon": APP_NAME,
            "Terminal": "false",
            "StartupNotify": "false",
            _ENABLED: "true",
        }
        return AutostartPlan(str(self._path), _compose(entries), command)

    def _write(self, plan: AutostartPlan) -> None:
        write_text(self._path, plan.text)

    def disable(self) -> AutostartStatus:
        remove(self._path)
        if self._path_for_all() is not None:
            # Only a hidden entry of the same name keeps the one for all users from starting it.
            write_text(self._path, _compose(_HIDDEN))
        return self.status(AutostartOptions())

    def status(self, options: AutostartOptions) -> AutostartStatus:
        path = self._effective_path()
        found = AutostartStatus(self.key, AutostartState.OFF, where=str(path or self._path))
        if path is None:
            return found
        try:
            judged = self._judged(_entries(read_text(path)), options, found)
        except AutostartError as error:
            return found.found(AutostartReason.UNREADABLE, error)
        if judged.state is AutostartState.ON and path != self._path:
            return replace(judged, reason=AutostartReason.FOR_ALL_USERS)
        return judged

    def registered(self) -> tuple[str, ...]:
        path = self._effective_path()
        if path is None:
            raise AutostartError(N_("{path} does not exist"), path=self._path)
        command = command_of(_entries(read_text(path)).get("Exec", ""))
        if not command:
            raise AutostartError(N_("it has no {key}"), key="Exec")
        return command

    def fingerprint(self) -> object:
        return tuple(stamp(folder / NAME) for folder in (self._folders.own, *self._folders.for_all))

    def _effective_path(self) -> Path | None:
        """The file that the desktop takes: the user's own, else the first one for all users."""
        return self._path if os.path.lexists(self._path) else self._path_for_all()

    def _path_for_all(self) -> Path | None:
        return next((path for folder in self._folders.for_all if (path := folder / NAME).is_file()), None)

    def _judged(
        self, entries: Mapping[str, str], options: AutostartOptions, found: AutostartStatus
    ) -> AutostartStatus:
        planned = _entries(self.plan(options).text)
        line = entries.get("Exec", "")
        command = without_priority(command_of(line))
        is_planned = all(entries.get(key) == planned[key] for key in _COMPARED)
        found = replace(found, command=_unescaped(line))
        judged = judge(found, command, is_planned, self._program)
        off = self._why_off(entries)
        if off is not None:
            changed = stamp(Path(found.where))
            since_ns = changed[1] if isinstance(changed, tuple) else 0
            return replace(judged, since_ns=since_ns).found(AutostartReason.SWITCHED_OFF, off)
        if not command:
            raise AutostartError(N_("it has no {key}"), key="Exec")
        sought = _unescaped(entries.get("TryExec", ""))
        return judged if not sought or is_there(sought) else judged.found(AutostartReason.PROGRAM_GONE)

    def _why_off(self, entries: Mapping[str, str]) -> str | None:
        """What keeps the desktop from starting it; None where it does."""
        if entries.get("Hidden") == "true":
            return "Hidden=true"
        if entries.get(_ENABLED) == "false":
            return ""
        here = set(self._folders.desktops)
        for key, is_off in (("OnlyShowIn", set.isdisjoint), ("NotShowIn", set.intersection)):
            if here and key in entries and is_off(here, entries[key].split(";")):
                return f"{key}={entries[key]}"
        return None


def _compose(entries: Mapping[str, str]) -> str:
    return "\n".join([_GROUP, *(f"{key}={_escaped(value)}" for key, value in entries.items()), ""])


def _escaped(value: str) -> str:
    """A string as the file has it; AutostartError for what it cannot hold."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise AutostartError(N_("a desktop entry cannot hold {text}"), text=repr(value)) from error
    return value.replace("\\", "\\\\").replace("\t", "\\t")


def _quoted(argument: str) -> str:
    """An argument of `Exec`, before the whole is escaped as a string."""
    if any(letter in argument for letter in "\n\r\0"):
        raise AutostartError(N_("a command cannot hold a line break: {text}"), text=repr(argument))
    text = "".join("\\" + letter if letter in _ESCAPED_IN_QUOTES else letter for letter in argument)
    text = text.replace("%", "%%")
    return text if _PLAIN.fullmatch(argument) else f'"{text}"'


def _entries(text: str) -> dict[str, str]:
    """The keys of the main group, as they stand; AutostartError for text that desktops refuse as a whole."""
    entries: dict[str, str] = {}
    group = ""
    for line in map(str.strip, text.split("\n")):
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if line.startswith("["):
            group = line
        elif not group or not equals:
            raise AutostartError(N_("“{text}” is no entry"), text=line[:80])
        elif group == _GROUP:
            entries[key.rstrip()] = value.lstrip()
    if not entries:
        raise AutostartError(N_("it has no {key}"), key=_GROUP)
    return entries


def _unescaped(raw: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), raw)


def command_of(raw: str) -> tuple[str, ...]:
    """The arguments of an `Exec` line as the file has it; AutostartError for one that is none.

    For what is quoted a shell's rules are those of the specification, but for two letters.
    """
    line = re.sub(r"\\([\\\"`$])", lambda found: found[1] if found[1] in "`$" else found[0], _unescaped(raw))
    try:
        words: Sequence[str] = shlex.split(line)
    except ValueError as error:
        raise AutostartError(N_("{text} is no command"), text=repr(raw)) from error
    # Codes such as %U stand for files, of which there are none at log-in.
    return tuple(word.replace("%%", "%") for word in words if not re.fullmatch("%[A-Za-z]", word))

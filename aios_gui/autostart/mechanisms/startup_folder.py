"""Started by a shortcut in the folder whose contents Windows opens at each log-in of this user."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aios_gui.autostart.mechanisms.files import read_bytes, remove, write_bytes
from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.mechanisms.shell_link import (
    LONGEST_ARGUMENTS,
    MINIMIZED,
    NORMAL,
    Link,
    LinkError,
    read,
    write,
)
from aios_gui.autostart.mechanisms.startup_approved import Switch
from aios_gui.autostart.mechanisms.windows_judging import IsFile, judge, read_back
from aios_gui.autostart.model.autostart import AutostartError, Option, Plan, Program, State, Status, Wish
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.windows.command_line import expanded, join_arguments, split_arguments
from aios_gui.system.windows.registry import Registry, WindowsRegistry
from aios_gui.text.catalogue import gettext as _

NAME = "AIOS Heartbeat.lnk"


class StartupFolder:
    """The shortcut ``AIOS Heartbeat``; ``folder`` is the user's Startup folder, None where there is no such thing."""

    key = "startup_folder"
    options = frozenset({Option.DELAY, Option.SPREAD, Option.TIME_LIMIT})
    faces = frozenset(LaunchMode)

    def __init__(
        self,
        program: Program,
        folder: Path | None,
        registry: Registry,
        environ: Mapping[str, str] = os.environ,
        is_file: IsFile = os.path.isfile,
    ) -> None:
        self._program = program
        self._folder = folder
        self._environ = environ
        self._is_file = is_file
        self._switch = Switch(registry, "StartupFolder", NAME)

    def is_available(self) -> bool:
        """Where the user has a profile of Windows."""
        return self._folder is not None

    def plan(self, wish: Wish) -> Plan:
        """The shortcut and where it points; AutostartError where a shortcut cannot hold it."""
        link = self._link(wish)
        self._bytes(link)
        text = "\n".join(
            f"{name}={value}"
            for name, value in (
                ("Target", link.target),
                ("Arguments", link.arguments),
                ("WorkingDirectory", link.working_folder),
                ("Icon", f"{link.icon},{link.icon_index}"),
                ("ShowCommand", link.show),
            )
        )
        return Plan(str(self._path()), text + "\n", self._program.command(wish))

    def enable(self, wish: Wish) -> Status:
        """Write the shortcut, in place of one that is there, and read it back. The user's own switch stays as it is."""
        write_bytes(self._path(), self._bytes(self._link(wish)))
        return read_back(self.status(wish))

    def disable(self) -> Status:
        """Remove the shortcut and its switch."""
        if self._folder is not None:
            remove(self._path())
            self._switch.forget()
        return self.status(Wish())

    def status(self, wish: Wish) -> Status:
        """How the shortcut and its switch stand."""
        if self._folder is None:
            return Status(self.key, State.UNAVAILABLE)
        where = str(self._path())
        try:
            link = self._registered()
            since_ns = self._switch.disabled_since_ns()
        except (AutostartError, LinkError) as error:
            return Status(self.key, State.UNREADABLE, where, detail=str(error))
        if link is None:
            return Status(self.key, State.OFF, where)
        found = _command(link)
        state, ours = judge(found, self._program.command(wish), self._program, self._is_file)
        if state is State.ON and link.show != self._link(wish).show:
            state = State.CHANGED
        if since_ns is not None and state in (State.ON, State.CHANGED):
            state = State.DISABLED
        return Status(
            self.key, state, where, f'"{link.target}" {link.arguments}'.rstrip(), ours, since_ns or 0
        )

    def allow(self) -> Status:
        """Enable it in Task Manager's list."""
        self._switch.allow()
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start what the shortcut points at."""
        try:
            link = self._registered()
        except LinkError as error:
            raise AutostartError(str(error)) from error
        return launch(_command(link) if link else (), environ)

    def _path(self) -> Path:
        if self._folder is None:
            raise AutostartError(_("This system has no Startup folder."))
        return self._folder / NAME

    def _link(self, wish: Wish) -> Link:
        program, *arguments = self._program.command(wish)
        return Link(
            program,
            join_arguments(arguments),
            working_folder=self._environ.get("USERPROFILE", ""),
            description="AIOS Heartbeat",
            icon=program,
            show=MINIMIZED if wish.face is LaunchMode.HEADLESS else NORMAL,
        )

    def _bytes(self, link: Link) -> bytes:
        if len(link.arguments) > LONGEST_ARGUMENTS:
            raise AutostartError(
                _(
                    "The arguments are {length} characters long, and a shortcut holds at most {longest}."
                ).format(length=len(link.arguments), longest=LONGEST_ARGUMENTS)
            )
        try:
            return write(link)
        except LinkError as error:
            raise AutostartError(_("A shortcut cannot hold this: {reason}").format(reason=error)) from error

    def _registered(self) -> Link | None:
        """What is there, its variables replaced as the shell does; None where nothing is. AutostartError, LinkError."""
        path = self._path()
        if not os.path.lexists(path):
            return None
        link = read(read_bytes(path))
        return replace(link, target=expanded(link.target, self._environ)) if link.has_variables else link


def _command(link: Link) -> tuple[str, ...]:
    return (link.target, *split_arguments(link.arguments))


def of_system(program: Program, environ: Mapping[str, str]) -> StartupFolder:
    """That of this user."""
    roaming = environ.get("APPDATA", "")
    folder = Path(roaming, "Microsoft", "Windows", "Start Menu", "Programs", "Startup") if roaming else None
    return StartupFolder(program, folder, WindowsRegistry(), environ)

"""Started by a task of Windows' Task Scheduler: with a delay, a priority and rules for the battery of its own."""

from __future__ import annotations

import codecs
import ntpath
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.mechanisms.runner import Answer, Runner, run
from aios_gui.autostart.mechanisms.task_definition import (
    DefinitionError,
    Task,
    compose,
    parse,
    priority_of,
)
from aios_gui.autostart.mechanisms.windows_judging import IsFile, judge, read_back
from aios_gui.autostart.model.autostart import AutostartError, Option, Plan, Program, State, Status, Wish
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.windows.command_line import expanded, join_arguments, split_arguments
from aios_gui.text.catalogue import gettext as _

_TAKEN = frozenset({Option.DELAY, Option.TIME_LIMIT})
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')
_FAILED = 1
"""The status of schtasks for a task that is not there, and for any other failure."""


class ScheduledTask:
    """A task of this user's. Its name has the user's, because all users of a machine share one list of names."""

    key = "scheduled_task"
    options = frozenset(Option)
    faces = frozenset(LaunchMode)

    def __init__(
        self,
        program: Program,
        environ: Mapping[str, str] = os.environ,
        runner: Runner = run,
        is_file: IsFile = os.path.isfile,
    ) -> None:
        self._program = program
        self._environ = environ
        self._run = runner
        self._is_file = is_file
        self._user = _user(environ)
        self._name = _NOT_IN_A_NAME.sub(" ", f"AIOS Heartbeat ({environ.get('USERNAME', '')})")
        self._schtasks = ntpath.join(environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "schtasks.exe")

    def is_available(self) -> bool:
        """Where Windows' own tool for tasks is, and the user has a name."""
        return bool(self._user) and self._is_file(self._schtasks)

    def plan(self, wish: Wish) -> Plan:
        """The task's XML and what registers it; AutostartError where a task cannot hold it."""
        command = self._program.command(wish, _TAKEN)
        commands = (self._delete(), self._create("task.xml"))
        return Plan(self._where(), self._xml(wish), command, commands)

    def enable(self, wish: Wish) -> Status:
        """Delete the task, create it anew, and read it back: a change would keep what is not named in it."""
        xml = self._xml(wish)
        self._run(self._delete())
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder, "task.xml")
            try:
                file.write_bytes(
                    codecs.BOM_UTF16_LE + xml.encode("utf-16-le")
                )  # the only form schtasks takes for sure
            except OSError as error:
                raise AutostartError(str(error)) from error
            answer = self._run(self._create(str(file)))
        if answer.status:
            raise AutostartError(answer.said)
        return read_back(self.status(wish))

    def disable(self) -> Status:
        """Delete the task."""
        if not self.is_available():
            return Status(self.key, State.UNAVAILABLE)
        answer = self._run(self._delete())
        status = self.status(Wish())
        if answer.status and status.state is not State.OFF:
            raise AutostartError(answer.said)
        return status

    def status(self, wish: Wish) -> Status:
        """How the task stands, as Task Scheduler has it."""
        if not self.is_available():
            return Status(self.key, State.UNAVAILABLE)
        answer = self._query()
        if answer.status == _FAILED:
            return Status(self.key, State.OFF, self._where(), detail=answer.said)
        if answer.status or not answer.out.strip():
            said = answer.said if answer.status else _("Task Scheduler does not tell what is registered.")
            return Status(self.key, State.UNREADABLE, self._where(), detail=said)
        try:
            task = parse(answer.out)
        except DefinitionError as error:
            return Status(self.key, State.UNREADABLE, self._where(), detail=str(error))
        return self._judge(task, wish)

    def allow(self) -> Status:
        """Enable the task in Task Scheduler's list."""
        answer = self._run((self._schtasks, "/change", "/tn", self._name, "/enable"))
        if answer.status:
            raise AutostartError(answer.said)
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start what the task starts."""
        answer = self._query()
        if answer.status:
            raise AutostartError(answer.said)
        try:
            task = parse(answer.out)
        except DefinitionError as error:
            raise AutostartError(str(error)) from error
        return launch(self._command(task), environ)

    def _judge(self, task: Task, wish: Wish) -> Status:
        wanted = self._task(wish)
        found = self._command(task)
        state, ours = judge(found, self._program.command(wish, _TAKEN), self._program, self._is_file)
        if state is State.ON and not _same_rules(task, wanted):
            state = State.CHANGED
        if not task.enabled and state in (State.ON, State.CHANGED):
            state = State.DISABLED
        return Status(self.key, state, self._where(), join_arguments(found), ours)

    def _command(self, task: Task) -> tuple[str, ...]:
        """What the task starts; characters that schtasks could not print are known from this copy of the program."""
        read = (expanded(task.command, self._environ).strip('"'), *split_arguments(task.arguments))
        known = {*self._program.window, *self._program.service, self._program.home}
        return tuple(next((text for text in known if _is_print_of(part, text)), part) for part in read)

    def _task(self, wish: Wish) -> Task:
        program, *arguments = self._program.command(wish, _TAKEN)
        return Task(
            self._user,
            program,
            join_arguments(arguments),
            self._environ.get("USERPROFILE", ""),
            wish.delay_s,
            wish.on_battery,
            wish.time_limit_min * 60,
            priority_of(wish.nice),
        )

    def _xml(self, wish: Wish) -> str:
        task = self._task(wish)
        if expanded(task.command, self._environ) != task.command:
            raise AutostartError(
                _(
                    "The command holds the name of a variable between percent signs, which Windows may replace: "
                    "{command}. Rename the folder, or choose another way."
                ).format(command=task.command)
            )
        try:
            return compose(task)
        except DefinitionError as error:
            raise AutostartError(
                _("A scheduled task cannot hold this: {reason}").format(reason=error)
            ) from error

    def _where(self) -> str:
        return rf"Task Scheduler Library\{self._name}"

    def _query(self) -> Answer:
        return self._run((self._schtasks, "/query", "/tn", self._name, "/xml", "ONE"))

    def _delete(self) -> tuple[str, ...]:
        return (self._schtasks, "/delete", "/tn", self._name, "/f")

    def _create(self, file: str) -> tuple[str, ...]:
        return (self._schtasks, "/create", "/tn", self._name, "/xml", file, "/f")


def _user(environ: Mapping[str, str]) -> str:
    """The user as Task Scheduler knows them, the domain or machine first; "" where there is none."""
    name, domain = environ.get("USERNAME", ""), environ.get("USERDOMAIN", "")
    return rf"{domain}\{name}" if name and domain else name


def _same_rules(one: Task, other: Task) -> bool:
    return (one.delay_s, one.on_battery, one.time_limit_s, one.priority) == (
        other.delay_s,
        other.on_battery,
        other.time_limit_s,
        other.priority,
    )


def _is_print_of(printed: str, text: str) -> bool:
    """Whether ``printed`` is ``text`` with characters lost: schtasks prints in a code page that lacks many."""
    one, other = _units(printed), _units(text)
    return len(one) == len(other) and all(
        left.lower() == right.lower() or not right.isascii() for left, right in zip(one, other, strict=True)
    )


def _units(text: str) -> list[str]:
    """Of UTF-16, as each becomes a question mark of its own."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [chr(data[place] | data[place + 1] << 8) for place in range(0, len(data), 2)]


def of_system(program: Program, environ: Mapping[str, str]) -> ScheduledTask:
    """That of this user."""
    return ScheduledTask(program, environ)

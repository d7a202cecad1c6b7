"""Started by a task of Windows' Task Scheduler: with a delay, a priority and rules for the battery of its own."""

from __future__ import annotations

import codecs
import ntpath
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from aios_gui.autostart.mechanisms.mechanism import Mechanism, ToolAnswer, ToolRunner, judge, run_tool
from aios_gui.autostart.mechanisms.run_key import refuse_variables
from aios_gui.autostart.mechanisms.task_definition import Task, compose, parse, priority_of
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
from aios_gui.system.passing_folder import passing_folder
from aios_gui.system.windows.command_line import (
    expanded,
    join_arguments,
    same_arguments,
    same_path,
    split_arguments,
)
from aios_gui.text.catalogue import N_

_TAKEN = frozenset({MechanismOption.DELAY, MechanismOption.TIME_LIMIT})
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]')
_FAILED = 1
"""The status of schtasks for a task that is not there, and for any other failure."""


class ScheduledTask(Mechanism):
    """A task of this user's. Its name has the user's, because all users of a machine share one list of names."""

    key = "scheduled_task"
    options = frozenset(MechanismOption)

    def __init__(
        self,
        program: LaunchProgram,
        environ: Mapping[str, str] = os.environ,
        runner: ToolRunner = run_tool,
        is_file: Callable[[str], bool] = os.path.isfile,
    ) -> None:
        super().__init__(program)
        self._environ = environ
        self._run = runner
        self._is_file = is_file
        self._user = _user(environ)
        self._name = _NOT_IN_A_NAME.sub(" ", f"AIOS Heartbeat ({environ.get('USERNAME', '')})")
        self._schtasks = ntpath.join(environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "schtasks.exe")

    def is_available(self) -> bool:
        """Where Windows' own tool for tasks is, and the user has a name."""
        return bool(self._user) and self._is_file(self._schtasks)

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        """The task's XML and what registers it; AutostartError where a task cannot hold it."""
        command = self._program.command(options, _TAKEN)
        commands = (self._delete(), self._create("task.xml"))
        return AutostartPlan(self._where(), self._xml(options), command, commands)

    def _write(self, plan: AutostartPlan) -> None:
        """Delete the task and create it again: a change would keep what is not named in it."""
        self._run(self._delete())
        with passing_folder("aios-task") as folder:
            file = folder / "task.xml"
            try:
                # The only form that schtasks takes for sure.
                file.write_bytes(codecs.BOM_UTF16_LE + plan.text.encode("utf-16-le"))
            except OSError as error:
                raise AutostartError(str(error)) from error
            answer = self._run(self._create(str(file)))
        if answer.status:
            raise AutostartError(answer.message)

    def disable(self) -> AutostartStatus:
        """Delete the task."""
        if not self.is_available():
            return AutostartStatus(self.key, AutostartState.CANNOT)
        answer = self._run(self._delete())
        status = self.status(AutostartOptions())
        if answer.status and status.state is not AutostartState.OFF:
            raise AutostartError(answer.message)
        return status

    def status(self, options: AutostartOptions) -> AutostartStatus:
        """How the task stands, as Task Scheduler has it."""
        found = AutostartStatus(self.key, AutostartState.OFF, where=self._where())
        if not self.is_available():
            return replace(found, state=AutostartState.CANNOT)
        answer = self._query()
        if answer.status == _FAILED:
            return replace(found, detail=answer.message)
        try:
            task = self._parsed(answer)
        except AutostartError as error:
            return found.found(AutostartReason.UNREADABLE, error)
        command = self._command(task)
        found = replace(found, command=join_arguments(command))
        wanted = self._task(options)
        is_planned = _rules(task) == _rules(wanted) and same_arguments(
            command, self._program.command(options, _TAKEN)
        )
        judged = judge(found, command, is_planned, self._program, self._is_file, same_path)
        if not task.enabled and judged.starts:
            return judged.found(AutostartReason.SWITCHED_OFF)
        return judged

    def registered(self) -> tuple[str, ...]:
        return self._command(self._parsed(self._query()))

    def _parsed(self, answer: ToolAnswer) -> Task:
        if answer.status:
            raise AutostartError(answer.message)
        if not answer.out.strip():
            raise AutostartError(N_("Task Scheduler does not tell what is registered."))
        return parse(answer.out)

    def _command(self, task: Task) -> tuple[str, ...]:
        """What the task starts; characters that schtasks could not print are known from this copy of the program."""
        read = (expanded(task.command, self._environ).strip('"'), *split_arguments(task.arguments))
        known = {*self._program.window, *self._program.service, self._program.home}
        return tuple(next((text for text in known if _is_print_of(part, text)), part) for part in read)

    def _task(self, options: AutostartOptions) -> Task:
        program, *arguments = self._program.command(options, _TAKEN)
        return Task(
            self._user,
            program,
            join_arguments(arguments),
            self._environ.get("USERPROFILE", ""),
            options.delay_s,
            options.on_battery,
            options.time_limit_min * 60,
            priority_of(options.nice),
        )

    def _xml(self, options: AutostartOptions) -> str:
        task = self._task(options)
        refuse_variables(task.command, self._environ)
        return compose(task)

    def _where(self) -> str:
        return rf"Task Scheduler Library\{self._name}"

    def _query(self) -> ToolAnswer:
        return self._run((self._schtasks, "/query", "/tn", self._name, "/xml", "ONE"))

    def _delete(self) -> tuple[str, ...]:
        return (self._schtasks, "/delete", "/tn", self._name, "/f")

    def _create(self, file: str) -> tuple[str, ...]:
        return (self._schtasks, "/create", "/tn", self._name, "/xml", file, "/f")


def _user(environ: Mapping[str, str]) -> str:
    """The user as Task Scheduler knows them, the domain or machine first; "" where there is none."""
    name, domain = environ.get("USERNAME", ""), environ.get("USERDOMAIN", "")
    return rf"{domain}\{name}" if name and domain else name


def _rules(task: Task) -> tuple[object, ...]:
    return task.delay_s, task.on_battery, task.time_limit_s, task.priority


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


def of_system(program: LaunchProgram, environ: Mapping[str, str]) -> ScheduledTask:
    """That of this user."""
    return ScheduledTask(program, environ)

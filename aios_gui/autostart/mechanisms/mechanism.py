"""What every mechanism is, and what they share: small files, the system's own tools, and the judgement of a command."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

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
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.system.console_text import console_encoding
from aios_gui.system.tools import find_tool
from aios_gui.text.catalogue import N_


class Mechanism(ABC):
    """One way to be started at log-in. Constructors do no input or output; every method asks the system again.

    ``key`` names it for scripts, ``options`` is what it can be told and ``modes`` how it can show the program. Methods
    raise AutostartError with what the system said, ``plan`` and ``enable`` also for a mode that is not among ``modes``.
    """

    key: ClassVar[str]
    options: ClassVar[frozenset[MechanismOption]]
    modes: ClassVar[frozenset[LaunchMode]] = frozenset(LaunchMode)

    def __init__(self, program: LaunchProgram) -> None:
        self._program = program

    def is_available(self) -> bool:
        """Whether this system has it."""
        return True

    @abstractmethod
    def plan(self, options: AutostartOptions) -> AutostartPlan:
        """What ``enable`` would write; nothing is written."""

    def enable(self, options: AutostartOptions) -> AutostartStatus:
        """Register, replacing what is there, and read back what the system then has."""
        self._write(self.plan(options))
        status = self.status(options)
        is_other = status.reason in (AutostartReason.EDITED, AutostartReason.OTHER_PROGRAM)
        if is_other or status.state is AutostartState.OFF:
            return status.found(AutostartReason.BLOCKED)
        return status

    @abstractmethod
    def _write(self, plan: AutostartPlan) -> None: ...

    @abstractmethod
    def disable(self) -> AutostartStatus:
        """Remove every trace, also of the system's own switch for it; nothing where there is none."""

    @abstractmethod
    def status(self, options: AutostartOptions) -> AutostartStatus:
        """How it stands, compared with ``options`` and with this copy of the program; does not raise."""

    def allow(self) -> None:
        """Undo the user's own switch where registering again does not undo it."""
        return

    @abstractmethod
    def registered(self) -> tuple[str, ...]:
        """The registered command, taken apart as the system would; AutostartError where there is none to be read."""

    def fingerprint(self) -> object:
        """Something that differs once what is registered was changed, known without waiting; None if it is not."""
        return None


# The files that a mechanism keeps: written whole, for this user alone, and read as a small text or not at all

_LARGEST_BYTES = 100_000


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the file, whole or not at all, its folder made where there is none; AutostartError."""
    try:
        make_private(path.parent)
        write_private(path, content)
    except OSError as error:
        raise refused(path, error) from error


def write_text(path: Path, text: str) -> None:
    """The same for text."""
    write_bytes(path, text.encode())


def read_bytes(path: Path) -> bytes:
    """What the file holds; AutostartError for anything but a file of a sensible size."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AutostartError(N_("{path} is no file"), path=path)
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise refused(path, error) from error
    if len(content) > _LARGEST_BYTES:
        raise AutostartError(N_("{path} is too large for what it should be"), path=path)
    return content


def read_text(path: Path) -> str:
    """The same as text."""
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise AutostartError(N_("{path} is not UTF-8 text"), path=path) from error


def remove(path: Path) -> None:
    """Remove the file where there is one; AutostartError."""
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return  # a file where the folder would be: nothing is registered
    except OSError as error:
        raise refused(path, error) from error


def refused(path: Path, error: OSError) -> AutostartError:
    """What the system said of a file."""
    return AutostartError(f"{path}: {error.strerror or error}")


def stamp(path: Path) -> object:
    """What changes with every change of a file; None where there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


# The system's own tools: whatever they say is kept, and none is waited for without end

_PATIENCE_S = 20.0
NOT_THERE, TOO_SLOW = 127, 124
"""As a shell and `timeout` have it."""


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool said, and its exit status."""

    status: int
    out: str = ""
    err: str = ""

    @property
    def message(self) -> str:
        """What it said of a failure."""
        return self.err.strip() or self.out.strip() or f"exit status {self.status}"


ToolRunner = Callable[[Sequence[str]], ToolAnswer]


def run_tool(command: Sequence[str], patience_s: float = _PATIENCE_S) -> ToolAnswer:
    """Run the system's tool ``command`` and wait ``patience_s`` at most; never raises for what the tool does."""
    tool = command[0] if sys.platform == "win32" else find_tool(command[0])
    if tool is None:
        return ToolAnswer(NOT_THERE, err=f"{command[0]}: {os.strerror(errno.ENOENT)}")
    try:
        done = subprocess.run(
            [tool, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_s,
            check=False,
            # What it says is compared with what is known, so in one language.
            env={**os.environ, "LC_ALL": "C"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return ToolAnswer(TOO_SLOW, err=f"{command[0]} did not answer within {patience_s:.0f} s")
    except OSError as error:
        return ToolAnswer(NOT_THERE, err=f"{command[0]}: {error.strerror or error}")
    encoding = console_encoding()
    return ToolAnswer(
        done.returncode, done.stdout.decode(encoding, "replace"), done.stderr.decode(encoding, "replace")
    )


def run_all(runner: ToolRunner, commands: Sequence[Sequence[str]]) -> None:
    """Run each of ``commands``; AutostartError with what the first that fails says."""
    for command in commands:
        answer = runner(command)
        if answer.status != 0:
            raise AutostartError(f"{' '.join(command)}: {answer.message}")


# Whether a registered command starts this copy of the program, another one, or nothing at all

_NICE = ("nice", "-n")
SameFile = Callable[[str, str], bool]


def with_priority(command: tuple[str, ...], nice: int) -> tuple[str, ...]:
    """``command`` started by `nice`, which also finds a program whose path a reader of the entry would stumble on."""
    return (*_NICE, str(nice), *command)


def without_priority(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command that `nice` starts, or ``command`` itself."""
    return command[len(_NICE) + 1 :] if command[: len(_NICE)] == _NICE else command


def is_there(program: str) -> bool:
    """Whether the program of a command can be found: by its path, or a bare name among the user's programs."""
    if os.path.dirname(program):  # noqa: PTH120 - a bare name is no path
        return Path(program).is_file()
    from shutil import which

    return which(program) is not None


def is_same_file(one: str, other: str) -> bool:
    """Whether two paths name one program: on Windows in any case, elsewhere also python for python3 beside it."""
    if os.path.normcase(one) == os.path.normcase(other):
        return True
    # Two environments share the Python behind their links, so the folder has to be the same as well.
    first, second = Path(one), Path(other)
    if os.path.normcase(first.parent) != os.path.normcase(second.parent):
        return False
    try:
        return first.samefile(second)
    except OSError:
        return False


def judge(
    status: AutostartStatus,
    command: Sequence[str],
    is_planned: bool,
    program: LaunchProgram,
    is_file: Callable[[str], bool] = is_there,
    same_file: SameFile = is_same_file,
) -> AutostartStatus:
    """``status`` with what its ``command`` starts; ``is_planned`` tells that it would be registered like that now."""
    ours = any(starts_with(command, each, same_file) for each in (program.window, program.service))
    status = replace(status, ours=ours)
    if not command or not is_file(command[0]):
        return status.found(AutostartReason.PROGRAM_GONE)
    if not ours:
        return status.found(AutostartReason.OTHER_PROGRAM)
    return replace(status, state=AutostartState.ON) if is_planned else status.found(AutostartReason.EDITED)


def starts_with(command: Sequence[str], beginning: Sequence[str], same_file: SameFile) -> bool:
    """Whether ``command`` begins with these arguments, the program's path compared as the system does."""
    if not beginning or len(command) < len(beginning):
        return False
    return same_file(command[0], beginning[0]) and list(command[1 : len(beginning)]) == list(beginning[1:])

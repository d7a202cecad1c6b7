"""Whether a registered command starts this copy of the program, another one, or nothing at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aios_gui.autostart.model.autostart import Program, Reason, State, Status

_PREFIX = ("nice", "-n")


def with_priority(command: tuple[str, ...], nice: int) -> tuple[str, ...]:
    """``command`` started by `nice`, which also finds a program whose path a reader of the entry would stumble on."""
    return (*_PREFIX, str(nice), *command)


def without_priority(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command that `nice` starts, or ``command`` itself."""
    return command[len(_PREFIX) + 1 :] if command[: len(_PREFIX)] == _PREFIX else command


def judge(command: Sequence[str], wanted: Sequence[str], program: Program) -> tuple[State, bool]:
    """How the registered ``command`` stands beside the ``wanted`` one, and whether it starts this very copy."""
    if not command:
        return State.UNREADABLE, False
    ours = starts_with(command, program.window) or starts_with(command, program.service)
    if not is_there(command[0]):
        return State.PROGRAM_GONE, ours
    if not ours:
        return State.OTHER_PROGRAM, False
    same = starts_with(command, wanted) and len(command) == len(wanted)
    return (State.ON if same else State.CHANGED), True


def is_there(program: str) -> bool:
    """Whether the program of a command can be found: by its path, or a bare name among the user's programs."""
    if os.path.dirname(program):  # noqa: PTH120 - a bare name is no path
        return Path(program).is_file()
    from shutil import which

    return which(program) is not None


def starts_with(command: Sequence[str], beginning: Sequence[str]) -> bool:
    """Whether ``command`` begins with these arguments, the program's path compared as the system does."""
    if not beginning or len(command) < len(beginning):
        return False
    return is_same_file(command[0], beginning[0]) and list(command[1 : len(beginning)]) == list(beginning[1:])


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


def blocked_unless_on(status: Status) -> Status:
    """What was read back right after it was written: on, or blocked by whoever changed or removed it meanwhile."""
    if status.state is State.ON:
        return status
    return replace(status, state=State.BLOCKED, reason=Reason.PUT_BACK)

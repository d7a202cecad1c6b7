"""Whether a command that Windows has registered starts this copy of the program, another one, or nothing at all.

Paths are compared by Windows' rules on every system, and ``is_file`` asks the system for a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aios_gui.autostart.model.autostart import Program, Reason, State, Status
from aios_gui.system.windows.command_line import same_path

IsFile = Callable[[str], bool]


def judge(
    found: Sequence[str], wanted: Sequence[str], program: Program, is_file: IsFile
) -> tuple[State, bool]:
    """How the registered ``found`` stands beside the ``wanted`` command, and whether it starts this very copy."""
    ours = _starts_with(found, program.window) or _starts_with(found, program.service)
    if not found or not is_file(found[0]):
        return State.PROGRAM_GONE, ours
    if not ours:
        return State.OTHER_PROGRAM, False
    same = len(found) == len(wanted) and _starts_with(found, wanted)
    return (State.ON if same else State.CHANGED), True


def _starts_with(command: Sequence[str], beginning: Sequence[str]) -> bool:
    if len(command) < len(beginning):
        return False
    same_arguments = list(command[1 : len(beginning)]) == list(beginning[1:])
    return same_path(command[0], beginning[0]) and same_arguments


def read_back(status: Status) -> Status:
    """How it stands right after it was written: blocked where somebody changed or removed it meanwhile."""
    if status.state in (State.OFF, State.OTHER_PROGRAM, State.CHANGED):
        return replace(status, state=State.BLOCKED, reason=Reason.PUT_BACK)
    return status

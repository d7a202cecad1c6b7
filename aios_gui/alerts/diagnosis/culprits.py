"""Programs as culprits: their figures, and of the foremost process its command and its parent, made harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from aios_gui.alerts.diagnosis.psutil_processes import Refused
from aios_gui.alerts.model.command_lines import program_and_script, without_secrets
from aios_gui.alerts.model.incident import Culprit
from aios_gui.alerts.model.processes import ProcessTable, Program, Usage
from aios_gui.text.plain import plain

NAME_CHARACTERS, COMMAND_CHARACTERS = 60, 160
OWN_NAME = "AIOS Heartbeat"

ArgumentsOf = Callable[[int], Sequence[str]]
"""The command line of a process; Refused, in a word, where it is not told."""


def with_own_name(found: Iterable[Usage], own: frozenset[int]) -> list[Usage]:
    """The processes of this program under its name, apart from others that run in the same interpreter."""
    return [
        replace(usage, row=replace(usage.row, name=OWN_NAME)) if usage.row.pid in own else usage
        for usage in found
    ]


def culprit_of(
    program: Program, table: ProcessTable, arguments_of: ArgumentsOf | None, keep_line: bool
) -> Culprit:
    """The culprit that a program is; without ``arguments_of`` the command line is left unread.

    ``keep_line``: all of it is kept, but for what looks like a secret.
    """
    foremost = program.foremost.row
    unread = list(foremost.unread)
    arguments: Sequence[str] = ()
    if arguments_of is None:
        unread.append("command:no_time")
    else:
        try:
            arguments = arguments_of(foremost.pid)
        except Refused as refused:
            unread.append(f"command:{refused}")
    parent = table.rows.get(foremost.parent)
    return Culprit(
        plain(program.name, NAME_CHARACTERS) or "?",
        foremost.pid,
        _rounded(program.cpu_percent),
        program.memory_bytes,
        _rounded(program.io_bytes_per_s),
        plain(program_and_script(arguments), COMMAND_CHARACTERS),
        plain(parent.name, NAME_CHARACTERS) if parent is not None else "",
        tuple(unread),
        program.processes,
        program.is_new,
        plain(without_secrets(arguments), COMMAND_CHARACTERS) if keep_line else "",
    )


def mover_of(program: Program) -> Culprit:
    """A program with what changed of it."""
    foremost = program.foremost.row
    return Culprit(
        plain(program.name, NAME_CHARACTERS) or "?",
        foremost.pid,
        _rounded(program.cpu_percent),
        program.grown_bytes,
        _rounded(program.io_bytes_per_s),
        processes=program.processes,
        is_new=program.is_new,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

"""Programs as culprits: their figures, and of the foremost process its command and its parent, made harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aios_gui.alerts.diagnosis.processes import ArgumentsOf, Refused
from aios_gui.alerts.diagnosis.tables import NAME_CHARACTERS
from aios_gui.alerts.model.incident import Culprit
from aios_gui.alerts.model.ledger import Program
from aios_gui.text.plain import plain

COMMAND_CHARACTERS = 160


def culprit_of(program: Program, arguments_of: ArgumentsOf | None, keep_line: bool) -> Culprit:
    """The culprit that a program is; without ``arguments_of`` the command line is left unread.

    ``keep_line``: all of it is kept, but for what looks like a secret.
    """
    # Its patterns take a third of a megabyte, which a service that sees nothing never needs.
    from aios_gui.alerts.model.command_lines import program_and_script, without_secrets

    foremost = program.foremost
    unread = list(foremost.row.unread)
    arguments: Sequence[str] = ()
    if arguments_of is None:
        unread.append("command:no_time")
    elif not foremost.gone:
        try:
            arguments = arguments_of(foremost.row.pid)
        except Refused as refused:
            unread.append(f"command:{refused}")
    return replace(
        _figures_of(program, program.memory_bytes),
        command=plain(program_and_script(arguments), COMMAND_CHARACTERS),
        unread=tuple(unread),
        command_line=plain(without_secrets(arguments), COMMAND_CHARACTERS) if keep_line else "",
    )


def mover_of(program: Program) -> Culprit:
    """A program with what changed of it."""
    return _figures_of(program, program.grown_bytes)


def _figures_of(program: Program, memory_bytes: int | None) -> Culprit:
    foremost = program.foremost
    return Culprit(
        plain(program.name, NAME_CHARACTERS) or "?",
        foremost.row.pid,
        _rounded(program.cpu_percent),
        memory_bytes,
        _rounded(program.io_bytes_per_s),
        parent=plain(foremost.parent_name, NAME_CHARACTERS),
        processes=program.processes,
        is_new=program.is_new,
        gone=program.gone,
        ended_children=program.ended_children,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

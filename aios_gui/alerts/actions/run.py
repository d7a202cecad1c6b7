"""Runs the command that a rule names: as a list of arguments, never through a shell, within a time."""

from __future__ import annotations

import os
import shlex
import sys

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.model.action import ActionState
from aios_gui.system.console_text import console_text
from aios_gui.text.plain import plain

COMMAND_LIMIT_S = 30.0
LIMIT_S = COMMAND_LIMIT_S + 3.0
_SHOWN_CHARACTERS = 500


def do(request: ActionRequest, ports: ActionPorts, limit_s: float | None = None) -> ActionOutcome:
    """Run it to its end; what it said is kept, shortened. What is known of the incident it finds in its environment."""
    try:
        arguments = arguments_of(request.action.argument)
    except ValueError as error:
        return ActionOutcome(ActionState.FAILED, plain(error, _SHOWN_CHARACTERS))
    try:
        status, output = ports.commands.run(
            arguments, {**os.environ, **variables(request)}, limit_s or COMMAND_LIMIT_S
        )
    except (OSError, ValueError) as error:
        # Windows does not say what it did not find; a zero byte in an argument is a ValueError.
        reason = f"{getattr(error, 'strerror', None) or error}: {arguments[0]}"
        return ActionOutcome(ActionState.FAILED, plain(reason, _SHOWN_CHARACTERS))
    text = plain(console_text(output), _SHOWN_CHARACTERS)
    if status is None:
        return ActionOutcome(ActionState.TIMED_OUT, text)
    if status != 0:
        return ActionOutcome(ActionState.FAILED, f"{status}: {text}".rstrip(": "))
    return ActionOutcome(ActionState.DONE, text)


def arguments_of(command: str, system: str = sys.platform) -> list[str]:
    """The command as a list of arguments; ValueError, in words, for quotes that do not close or an empty one.

    On Windows it is taken apart as every program there does it: a backslash is a part of a path, not a quote.
    """
    if system == "win32":
        from aios_gui.system.windows.command_line import split

        arguments = list(split(command))
    else:
        arguments = shlex.split(command)
    if not arguments or not arguments[0]:
        raise ValueError("there is no command")
    return arguments


def variables(request: ActionRequest) -> dict[str, str]:
    """What the command is told of the incident; text from other processes is made harmless."""
    incident, finding = request.question.incident, request.finding
    culprit = finding.culprits[0] if finding is not None and finding.culprits else None
    found = {
        "RULE": incident.rule,
        "LEVEL": str(incident.level),
        "MEASURE": incident.measure,
        "VALUE": f"{incident.peak:g}",
        "LIMIT": f"{incident.limit:g}",
        "INCIDENT": str(incident.id),
        "STARTED": str(incident.started_ns // 1_000_000_000),
        "FINDING": str(finding.kind) if finding is not None else "",
        "CULPRIT": plain(culprit.name, 60) if culprit is not None else "",
        "CULPRIT_PID": str(culprit.pid) if culprit is not None else "",
    }
    return {f"AIOS_{name}": value for name, value in found.items()}

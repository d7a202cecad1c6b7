"""Holds this program's own heavy work, processes that it started itself, while the machine is short of something."""

from __future__ import annotations

import os
from contextlib import suppress

import psutil

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.model.action import ActionState, Why

LIMIT_S = 5.0


def do(_request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Hold it; refused where there is none."""
    pids = ports.jobs.pause()
    if not pids:
        return ActionOutcome(ActionState.REFUSED, Why.NOTHING_TO_PAUSE)
    numbers = ",".join(map(str, pids))
    return ActionOutcome(ActionState.DONE, numbers, numbers)


def undo(text: str, ports: ActionPorts) -> ActionOutcome:
    """Let it go on."""
    ports.jobs.resume([int(number) for number in text.split(",") if number.isdigit()])
    return ActionOutcome(ActionState.UNDONE, text)


class OwnChildren:
    """Holds the child processes of this program, and lets them go on."""

    def __init__(self, own_pid: int | None = None) -> None:
        self._own_pid = own_pid or os.getpid()

    def pause(self) -> list[int]:
        """Hold all that run; their numbers."""
        held: list[int] = []
        for child in self._children():
            with suppress(psutil.Error, OSError):
                if child.status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
                    continue
                child.suspend()
                held.append(child.pid)
        return held

    def resume(self, pids: list[int]) -> None:
        """Let those go on that are still children of this program."""
        for child in self._children():
            if child.pid in pids:
                with suppress(psutil.Error, OSError):
                    child.resume()

    def _children(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self._own_pid).children(recursive=True)
        except (psutil.Error, OSError):
            return []

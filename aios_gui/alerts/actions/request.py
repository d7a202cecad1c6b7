"""What an action is given and what it gives back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aios_gui.alerts.actions.commands import RunningCommands
from aios_gui.alerts.actions.steering import OwnChildren, ProcessSteering
from aios_gui.alerts.diagnosis.port import Question
from aios_gui.alerts.model.action import Action, ActionState
from aios_gui.alerts.model.incident import Finding
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.items import Event


@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be said, as one line and a few more; both are harmless text, not markup."""

    title: str
    text: str
    level: Level
    incident: int
    rule: str = ""


Notifier = Callable[[Notification], str]
"""Shows a notification; returns "" or why it cannot, in a word of ``Why`` or as text. May take seconds."""


@dataclass(slots=True)
class ActionPorts:
    """The ports that actions work by."""

    notifier: Notifier
    record_event: Callable[[Event], object]
    jobs: OwnChildren
    steering: ProcessSteering = field(default_factory=ProcessSteering)
    commands: RunningCommands = field(default_factory=RunningCommands)
    own_pid: int = field(default_factory=os.getpid)
    wall_ns: Callable[[], int] = time.time_ns
    stall_notified_ns: Callable[[], int] = lambda: 0
    """From which length on a person wants to be notified of a single stall."""


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """One action to be done for an incident that fired."""

    action: Action
    question: Question
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What came of it, as in an ``ActionResult``."""

    state: ActionState
    detail: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class ActionHandler:
    """How a kind of action is done and undone, each within ``limit_s``; ``undo`` takes the action and what came of it.

    Not ``alerts``: it is also done where the incident is silent.
    """

    do: Callable[[ActionRequest, ActionPorts], ActionOutcome]
    limit_s: float
    undo: Callable[[Action, str, ActionPorts], ActionOutcome] | None = None
    alerts: bool = True

"""What a rule does when it fires, as it is written in the settings, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """What can be done; the words stand in the settings, and ``run`` takes a command: ``run:COMMAND``."""

    NOTIFY = "notify"
    CAPTURE = "capture"
    RUN = "run"

    @property
    def takes_argument(self) -> bool:
        """Whether it is written with something to do it with."""
        return self is ActionKind.RUN


class ActionState(StrEnum):
    """How far an action is; the words are stored."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    kind: ActionKind
    argument: str = ""


def parse_action(text: str) -> Action:
    """The action that ``text`` names; ValueError for one that there is not, or without the argument it takes."""
    name, _, argument = text.partition(":")
    kind, argument = ActionKind(name.strip()), argument.strip()
    if bool(argument) != kind.takes_argument:
        raise ValueError(f"{kind} takes {'an' if kind.takes_argument else 'no'} argument")
    return Action(kind, argument)


def mends(text: str) -> bool:
    """Whether an action is meant to end the incident, rather than to tell of it; not so where nobody knows it."""
    return text.partition(":")[0].strip() == ActionKind.RUN


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of one action: ``action`` as in the settings, ``at_ns`` (wall), ``undo`` says how to take it back."""

    action: str
    state: ActionState
    detail: str = ""
    at_ns: int = 0
    undo: str = ""

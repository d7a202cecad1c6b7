"""What a rule does when it fires, as it is written in the settings, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """What can be done; the words stand in the settings.

    ``run`` takes a command, ``renice`` and ``confine`` the names of the programs they may touch:
    ``renice:cargo,python``.
    """

    NOTIFY = "notify"
    CAPTURE = "capture"
    EVENT = "event"
    RUN = "run"
    RENICE = "renice"
    CONFINE = "confine"
    PAUSE_OWN = "pause_own"

    @property
    def takes_argument(self) -> bool:
        """Whether it is written with something to do it with."""
        return self in (ActionKind.RUN, ActionKind.RENICE, ActionKind.CONFINE)

    @property
    def mends(self) -> bool:
        """Whether it is meant to end the incident, rather than to tell of it."""
        return self in (ActionKind.RUN, ActionKind.RENICE, ActionKind.CONFINE, ActionKind.PAUSE_OWN)


class ActionState(StrEnum):
    """How far an action is; the words are stored."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    PASSED_ON = "passed_on"
    """Handed to something that does not say whether it did it."""
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
    """Whether an action is meant to end the incident, rather than to tell of it; False for an unknown one."""
    name = text.partition(":")[0].strip()
    return name in tuple(ActionKind) and ActionKind(name).mends


class Why(StrEnum):
    """Why an action was refused or failed, or what became of it, where that has a word; the words are stored."""

    NO_NOTIFIER = "no_notifier"
    SWITCHED_OFF = "switched_off"
    TRAY = "tray"
    SHORT_STALL = "short_stall"
    TOLD_LATELY = "told_lately"
    FULL_SCREEN = "full_screen"
    QUIET_HOURS = "quiet_hours"
    NOT_READ = "not_read"
    NO_LISTED_CULPRIT = "no_listed_culprit"
    PROTECTED = "protected"
    NOT_TO_BE_UNDONE = "not_to_be_undone"
    NOT_ON_THIS_SYSTEM = "not_on_this_system"
    NOTHING_TO_PAUSE = "nothing_to_pause"
    ONE_CORE = "one_core"
    TOO_MANY = "too_many"
    NO_ANSWER = "no_answer"
    CHANGED_SINCE = "changed_since"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of one action: ``action`` as in the settings, ``at_ns`` (wall), ``undo`` says how to take it back.

    ``detail`` is one of the words of ``Why``, or text from outside, as what a command said.
    """

    action: str
    state: ActionState
    detail: str = ""
    at_ns: int = 0
    undo: str = ""

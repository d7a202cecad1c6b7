"""How something done to several processes is written down and taken back, one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import psutil

from aios_gui.alerts.actions.listed import is_same, named
from aios_gui.alerts.actions.request import Means, Outcome
from aios_gui.alerts.actions.steering import Target
from aios_gui.alerts.model.action import ActionState, Why


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed of a process: from ``old`` to ``new``."""

    pid: int
    started: float
    old: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changed:
    """The processes that were changed, and what was changed of them."""

    targets: tuple[Target, ...]
    changes: tuple[Change, ...]

    def outcome(self, refused: str) -> Outcome:
        """Done where anything was; ``refused`` says why the rest was not."""
        if not self.changes:
            return Outcome(ActionState.FAILED, refused or Why.NO_LISTED_CULPRIT)
        return Outcome(ActionState.DONE, named(self.targets), written(self.changes))


def written(changes: tuple[Change, ...]) -> str:
    """The changes as text that ``read`` gives back."""
    return json.dumps([asdict(each) for each in changes], separators=(",", ":"))


def read(text: str) -> list[Change]:
    """The changes out of a record; ValueError where it is something else."""
    try:
        return [Change(**each) for each in json.loads(text)]
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def change_each(
    targets: tuple[Target, ...], change: Callable[[Target], Change | None]
) -> tuple[Changed, str]:
    """Change one after the other; what the system refused of the last is told beside."""
    done: list[tuple[Target, Change]] = []
    refused = ""
    for target in targets:
        try:
            made = change(target)
        except (psutil.Error, OSError) as error:
            refused = f"{type(error).__name__}: {error}"[:200]
            continue
        if made is not None:
            done.append((target, made))
    return Changed(tuple(each for each, _ in done), tuple(made for _, made in done)), refused


def take_back_each(text: str, means: Means, restore: Callable[[Change], None]) -> Outcome:
    """Restore every process that is still the same; those that have ended need it no more."""
    try:
        changes = read(text)
    except ValueError:
        return Outcome(ActionState.FAILED, Why.CHANGED_SINCE)
    restored: list[Target] = []
    refused = ""
    for change in changes:
        target = means.steering.find(change.pid)
        if target is None or not is_same(target, change.started):
            continue
        try:
            restore(change)
        except psutil.NoSuchProcess:
            continue
        except (psutil.Error, OSError) as error:
            refused = f"{type(error).__name__}: {error}"[:200]
            continue
        restored.append(target)
    if refused:
        return Outcome(ActionState.FAILED, refused, text)
    return Outcome(ActionState.UNDONE, named(restored))

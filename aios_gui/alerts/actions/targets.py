"""Which processes an action may touch, and how what was changed of them is written down and taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.actions.steering import TargetProcess
from aios_gui.alerts.diagnosis.tables import NAME_CHARACTERS
from aios_gui.alerts.model.action import Action, ActionState, Why
from aios_gui.alerts.model.processes import OWN_NAME, family
from aios_gui.alerts.watch.rule_watch import is_allowed
from aios_gui.record.store.encode import encode
from aios_gui.system.late_module import LateModule
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    import psutil
else:
    psutil = LateModule("psutil")

log = logging.getLogger(__name__)
MOST = 64
SAME_START_S = 2.0
PROTECTED = (
    "systemd", "init", "dbus-daemon", "dbus-broker", "sshd", "login", "udevd", "systemd-udevd", "systemd-logind",
    "systemd-journald", "NetworkManager", "polkitd", "Xorg", "X", "Xwayland", "gnome-shell", "kwin_x11",
    "kwin_wayland", "plasmashell", "sway", "mutter", "gdm", "sddm", "lightdm", "pipewire", "wireplumber",
    "pulseaudio", "kthreadd",
    "System", "Registry", "smss", "csrss", "wininit", "winlogon", "services", "lsass", "svchost", "dwm", "explorer",
    "fontdrvhost", "sihost", "MsMpEng", "audiodg",
    "launchd", "kernel_task", "WindowServer", "loginwindow", "Dock", "Finder", "coreaudiod", "opendirectoryd",
)  # fmt: skip
"""Without these the machine or its desktop would suffer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The processes, or why there are none."""

    targets: tuple[TargetProcess, ...]
    why: str = ""


def listed(request: ActionRequest, ports: ActionPorts) -> Listed:
    """The processes of the culprits whose names the action lists."""
    names = names_of(request.action)
    culprits = request.finding.culprits if request.finding is not None else ()
    found = [each.name for each in culprits if is_allowed(each.name, names) and each.name != OWN_NAME]
    if not found:
        return Listed((), Why.NO_LISTED_CULPRIT)
    free = [name for name in found if not is_protected(name)]
    if not free:
        return Listed((), Why.PROTECTED)
    everything = list(ports.steering.all())
    own = family({each.pid: each.parent for each in everything}, ports.own_pid)
    targets = [
        each
        for each in everything
        if each.pid > 1 and each.pid not in own and is_allowed(plain(each.name, NAME_CHARACTERS), free)
    ]
    if len(targets) > MOST:
        return Listed((), Why.TOO_MANY)
    return Listed(tuple(targets), "" if targets else Why.NO_LISTED_CULPRIT)


def names_of(action: Action) -> list[str]:
    """The programs that an action may touch."""
    return [name.strip() for name in action.argument.split(",") if name.strip()]


def is_protected(name: str) -> bool:
    """Whether the machine or its desktop lives by that program."""
    return is_allowed(name, PROTECTED)


def named(targets: tuple[TargetProcess, ...] | list[TargetProcess]) -> str:
    """Those processes in a line: ``cargo (4711, 4712), rustc (4713)``."""
    by_name: dict[str, list[str]] = {}
    for each in targets:
        by_name.setdefault(plain(each.name, NAME_CHARACTERS), []).append(str(each.pid))
    return ", ".join(f"{name} ({', '.join(pids)})" for name, pids in by_name.items())


def is_same(target: TargetProcess | None, started: float) -> bool:
    """Whether it is the process that it was, and not another with its number."""
    return target is not None and abs(target.started - started) < SAME_START_S


@dataclass(frozen=True, slots=True)
class ProcessChange:
    """What was changed of a process: from ``old`` to ``new``."""

    pid: int
    started: float
    old: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProcessChanges:
    """The processes that were changed, and what was changed of them."""

    targets: tuple[TargetProcess, ...]
    changes: tuple[ProcessChange, ...]

    def outcome(self, refused: str) -> ActionOutcome:
        """Done where anything was; ``refused`` says why the rest was not."""
        if not self.changes:
            return ActionOutcome(ActionState.FAILED, refused or Why.NO_LISTED_CULPRIT)
        return ActionOutcome(ActionState.DONE, named(self.targets), written(self.changes))


def written(changes: tuple[ProcessChange, ...]) -> str:
    """The changes as text that ``read`` gives back."""
    return encode([asdict(each) for each in changes])


def read(text: str) -> list[ProcessChange]:
    """The changes out of a record; ValueError where it is something else."""
    import msgspec  # only where something is taken back

    return msgspec.json.decode(text, type=list[ProcessChange])


def change_each(
    targets: tuple[TargetProcess, ...], change: Callable[[TargetProcess], ProcessChange | None]
) -> tuple[ProcessChanges, str]:
    """Change one after the other; also what the system refused of the last."""
    done: list[tuple[TargetProcess, ProcessChange]] = []
    refused = ""
    for target in targets:
        try:
            made = change(target)
        except (psutil.Error, OSError) as error:
            refused = f"{type(error).__name__}: {error}"[:200]
            continue
        if made is not None:
            done.append((target, made))
    return ProcessChanges(tuple(each for each, _ in done), tuple(made for _, made in done)), refused


def take_back_each(
    action: Action,
    text: str,
    ports: ActionPorts,
    restore: Callable[[ProcessChange], None],
    is_its: Callable[[ProcessChange], bool],
) -> ActionOutcome:
    """Restore every process that is still the same; those that have ended need it no more.

    A record may have been written by another: what the action does not name, or does not change so, is left alone.
    """
    try:
        changes = read(text)
    except ValueError:
        return ActionOutcome(ActionState.FAILED, Why.CHANGED_SINCE)
    names = names_of(action)
    restored: list[TargetProcess] = []
    refused = ""
    for change in changes:
        target = ports.steering.find(change.pid)
        if target is None or not is_same(target, change.started):
            continue
        name = plain(target.name, NAME_CHARACTERS)
        if not is_allowed(name, names) or is_protected(name) or target.pid <= 1 or not is_its(change):
            log.warning("the record asks to undo what %s does not do: %s", action, change)
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
        return ActionOutcome(ActionState.FAILED, refused, text)
    return ActionOutcome(ActionState.UNDONE, named(restored))

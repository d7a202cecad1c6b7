"""Which processes an action may touch: culprits that the rule lists by name, and nothing that the machine lives by."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.alerts.actions.request import Deed, Means
from aios_gui.alerts.actions.steering import Target
from aios_gui.alerts.diagnosis.culprits import NAME_CHARACTERS, OWN_NAME
from aios_gui.alerts.model.action import Why
from aios_gui.alerts.model.processes import family
from aios_gui.alerts.watch.rule_watch import is_allowed
from aios_gui.text.plain import plain

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
"""The machine or its desktop would suffer, whoever lists them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The processes, or why there are none."""

    targets: tuple[Target, ...]
    why: str = ""


def listed(deed: Deed, means: Means) -> Listed:
    """The processes of the culprits whose names the action lists."""
    names = [name.strip() for name in deed.action.argument.split(",") if name.strip()]
    culprits = deed.finding.culprits if deed.finding is not None else ()
    found = [each.name for each in culprits if is_allowed(each.name, names) and each.name != OWN_NAME]
    if not found:
        return Listed((), Why.NO_LISTED_CULPRIT)
    free = [name for name in found if not is_protected(name)]
    if not free:
        return Listed((), Why.PROTECTED)
    everything = list(means.steering.all())
    own = family({each.pid: each.parent for each in everything}, means.own_pid)
    targets = [
        each
        for each in everything
        if each.pid > 1 and each.pid not in own and is_allowed(plain(each.name, NAME_CHARACTERS), free)
    ]
    if len(targets) > MOST:
        return Listed((), Why.TOO_MANY)
    return Listed(tuple(targets), "" if targets else Why.NO_LISTED_CULPRIT)


def is_protected(name: str) -> bool:
    """Whether the machine or its desktop lives by that program."""
    return is_allowed(name, PROTECTED)


def named(targets: tuple[Target, ...] | list[Target]) -> str:
    """Those processes in a line: ``cargo (4711, 4712), rustc (4713)``."""
    by_name: dict[str, list[str]] = {}
    for each in targets:
        by_name.setdefault(plain(each.name, NAME_CHARACTERS), []).append(str(each.pid))
    return ", ".join(f"{name} ({', '.join(pids)})" for name, pids in by_name.items())


def is_same(target: Target | None, started: float) -> bool:
    """Whether it is the process that it was, and not another with its number."""
    return target is not None and abs(target.started - started) < SAME_START_S

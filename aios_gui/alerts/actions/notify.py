"""Notifies the person at the machine: what happened, and who did it; by a tray or by the desktop's own program."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from html import escape

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest, Notification, Notifier
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.alerts.model.rules import Level
from aios_gui.system.tools import find_tool
from aios_gui.text.plain import plain

LIMIT_S = 5.0
_TITLE_CHARACTERS, _TEXT_CHARACTERS = 100, 300


def do(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Have it shown; refused where there is nothing to show it by."""
    problem = ports.notifier(notification_of(request))
    if not problem:
        return ActionOutcome(ActionState.DONE)
    state = ActionState.REFUSED if problem in (Why.NO_NOTIFIER, Why.SWITCHED_OFF) else ActionState.FAILED
    return ActionOutcome(state, problem)


def notification_of(request: ActionRequest) -> Notification:
    """The words, in the language of the user."""
    from aios_gui.alerts.words import incidents as incident_words
    from aios_gui.alerts.words.findings import finding_sentence

    incident = replace(request.question.incident, finding=request.finding)
    text = finding_sentence(request.finding) if request.finding is not None else ""
    title = incident_words.what_happened(incident)
    return Notification(
        plain(title, _TITLE_CHARACTERS), plain(text, _TEXT_CHARACTERS), incident.level, incident.id
    )


_PATIENCE_S = 3.0
_PROGRAM = "notify-send"


def no_notifier(notification: Notification) -> str:  # noqa: ARG001 - as the port has it
    """There is nothing to show it by."""
    return Why.NO_NOTIFIER


def notify_send(
    notification: Notification,
    find: Callable[[str], str | None] = find_tool,
    patience_s: float = _PATIENCE_S,
) -> str:
    """By ``notify-send`` of the desktop, which reads the text as markup: so it is escaped."""
    program = find(_PROGRAM)
    if program is None:
        return Why.NO_NOTIFIER
    urgency = "critical" if notification.level is Level.CRITICAL else "normal"
    try:
        done = subprocess.run(
            [
                program,
                "--app-name=AIOS Heartbeat",
                f"--urgency={urgency}",
                "--",
                notification.title,
                escape(notification.text),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience_s,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return plain(error) or _PROGRAM
    if done.returncode:
        return plain(done.stderr.decode(errors="replace")) or _PROGRAM
    return ""


def desktop_notifier(system: str = sys.platform) -> Notifier:
    """What this system has beside a window: ``notify-send`` on Linux, nothing elsewhere."""
    return notify_send if system == "linux" else no_notifier


WINDOW_NS = 10_000_000_000
"""For this long after it last asked for the picture, a window of another process counts as watching."""


class NotificationRouter:
    """A notifier that shows nothing twice. ``wanted`` is whether notifications are switched on."""

    def __init__(
        self, wanted: Callable[[], bool], desktop: Notifier, now_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.tray_notifies = False
        """The window of this process has a tray, which tells of what fires by itself."""
        self._wanted = wanted
        self._desktop = desktop
        self._now_ns = now_ns
        self._window_ns: int | None = None

    def window_asked(self) -> None:
        """A window of another process that tells by its tray has asked for the picture."""
        self._window_ns = self._now_ns()

    def __call__(self, notification: Notification) -> str:
        if not self._wanted():
            return Why.SWITCHED_OFF
        elsewhere = self._window_ns is not None and self._now_ns() - self._window_ns < WINDOW_NS
        return "" if self.tray_notifies or elsewhere else self._desktop(notification)

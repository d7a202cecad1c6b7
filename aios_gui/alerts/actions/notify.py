"""Notifies the person at the machine: what happened, and who did it; by a tray or by the desktop's own program."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest, Notification, Notifier
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.alerts.model.announcing import PER_RULE_NS
from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.items import hiccup_length_ns
from aios_gui.system.full_screen import full_screen_runs
from aios_gui.system.tools import find_tool
from aios_gui.text.plain import plain

LIMIT_S = 5.0
_TITLE_CHARACTERS, _TEXT_CHARACTERS = 100, 300


def do(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Have it shown: done where that is confirmed, refused where it is not wanted or nothing can show it."""
    stall_ns = stall_of(request)
    if stall_ns is not None and stall_ns < ports.stall_notified_ns():
        return ActionOutcome(ActionState.REFUSED, Why.SHORT_STALL)
    problem = ports.notifier(notification_of(request))
    return ActionOutcome(_STATES.get(problem, ActionState.FAILED), problem)


_STATES = {
    "": ActionState.DONE,
    Why.TRAY: ActionState.PASSED_ON,
    Why.NO_NOTIFIER: ActionState.REFUSED,
    Why.SWITCHED_OFF: ActionState.REFUSED,
    Why.TOLD_LATELY: ActionState.REFUSED,
    Why.FULL_SCREEN: ActionState.REFUSED,
    Why.QUIET_HOURS: ActionState.REFUSED,
}


def stall_of(request: ActionRequest) -> int | None:
    """How long the single stall was that a request is about, ns; None where its rule is about something else."""
    question = request.question
    if not question.rule.is_of_stalls:
        return None
    return (
        hiccup_length_ns(question.hiccup)
        if question.hiccup is not None
        else round(question.incident.peak * 1e6)
    )


def notification_of(request: ActionRequest) -> Notification:
    """The words, in the language of the user."""
    from aios_gui.alerts.words import incidents as incident_words
    from aios_gui.alerts.words.findings import finding_sentence

    incident = replace(request.question.incident, finding=request.finding)
    text = finding_sentence(request.finding) if request.finding is not None else ""
    stall_ns = stall_of(request)
    if stall_ns is None:
        title = incident_words.message_title((IncidentBrief.of(incident),))
    else:
        title = incident_words.hiccup_sentence(stall_ns)
    return Notification(
        plain(title, _TITLE_CHARACTERS),
        plain(text, _TEXT_CHARACTERS),
        incident.level,
        incident.id,
        incident.rule,
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
    from html import escape

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
    """A notifier that shows nothing twice, no bursts, and nothing over a program that uses the whole screen.

    ``wanted`` is whether notifications are switched on, ``is_quiet`` whether these are quiet hours, asked with
    whether it is critical.
    """

    def __init__(
        self,
        wanted: Callable[[], bool],
        desktop: Notifier,
        now_ns: Callable[[], int] = time.monotonic_ns,
        full_screen: Callable[[], bool] = full_screen_runs,
        is_quiet: Callable[[bool], bool] = lambda _critical: False,
    ) -> None:
        self.tray_notifies = False
        """The window of this process has a tray, which tells of what fires by itself."""
        self._wanted = wanted
        self._desktop = desktop
        self._now_ns = now_ns
        self._full_screen, self._is_quiet = full_screen, is_quiet
        self._window_ns: int | None = None
        self._last_ns: dict[str, int] = {}
        self._kept_back: dict[str, int] = {}

    def window_asked(self) -> None:
        """A window of another process that tells by its tray has asked for the picture."""
        self._window_ns = self._now_ns()

    def __call__(self, notification: Notification) -> str:
        if not self._wanted():
            return Why.SWITCHED_OFF
        now_ns, rule = self._now_ns(), notification.rule
        if self.tray_notifies or (self._window_ns is not None and now_ns - self._window_ns < WINDOW_NS):
            return Why.TRAY
        last_ns = self._last_ns.get(rule)
        if last_ns is not None and now_ns - last_ns < PER_RULE_NS:
            self._kept_back[rule] = self._kept_back.get(rule, 0) + 1
            return Why.TOLD_LATELY
        if self._is_quiet(notification.level is Level.CRITICAL):
            self._kept_back[rule] = self._kept_back.get(rule, 0) + 1
            return Why.QUIET_HOURS
        if self._full_screen():
            self._kept_back[rule] = self._kept_back.get(rule, 0) + 1
            return Why.FULL_SCREEN
        problem = self._desktop(_counting(notification, self._kept_back.get(rule, 0)))
        if not problem:
            self._last_ns[rule] = now_ns
            self._kept_back.pop(rule, None)
        return problem


def _counting(notification: Notification, kept_back: int) -> Notification:
    """``notification`` with a word on those of its rule that were kept back before it."""
    from aios_gui.alerts.words.incidents import more_phrase

    return replace(notification, text="\n".join(filter(None, (notification.text, more_phrase(kept_back)))))

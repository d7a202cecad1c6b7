"""Ways to show a notification: by the desktop's own program where there is one, or by nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from html import escape

from aios_gui.alerts.actions.request import Notification, Notifier
from aios_gui.alerts.model.action import Why
from aios_gui.alerts.model.rules import Level
from aios_gui.text.plain import plain

_PATIENCE_S = 3.0
_PROGRAM = "notify-send"


def no_notifier(notification: Notification) -> str:  # noqa: ARG001 - as the port has it
    """There is nothing to show it by."""
    return Why.NO_NOTIFIER


def notify_send(
    notification: Notification,
    find: Callable[[str], str | None] = shutil.which,
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

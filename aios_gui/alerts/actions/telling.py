"""By whom a person is told: by the tray of a window where one watches, or by the desktop's own means."""

from __future__ import annotations

import time
from collections.abc import Callable

from aios_gui.alerts.actions.request import Notification, Notifier
from aios_gui.alerts.model.action import Why

WINDOW_NS = 10_000_000_000
"""So long after it last asked for the picture, a window of another process counts as watching."""


class Telling:
    """A notifier that tells nobody twice. ``wanted`` is whether the settings let anybody be told."""

    def __init__(
        self, wanted: Callable[[], bool], desktop: Notifier, now_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.tray_tells = False
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
        return "" if self.tray_tells or elsewhere else self._desktop(notification)

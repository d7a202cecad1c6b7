"""Notifies of incidents by messages of the system, where the user wants that and does not look at the window."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.announcing import Announcer
from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.settings import rules_of
from aios_gui.alerts.words.incidents import message_text, message_title
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.tray import Tray


class Notifications(QObject):
    """Looks whenever the tray does. ``asked`` brings the number of the incident whose message was clicked."""

    asked = Signal(object)

    def __init__(
        self,
        controller: Controller,
        tray: Tray,
        is_watched: Callable[[], bool],
        now_ns: Callable[[], int] = time.perf_counter_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._tray = tray
        self._is_watched = is_watched
        self._now_ns = now_ns
        self._announcer = Announcer()
        tray.looked.connect(self.look)

    def look(self) -> None:
        """Look once; costs next to nothing while nothing is open."""
        self._controller.set_tray_notifies(self._tray.available)
        found = [each for each in self._controller.snapshot.open_incidents if self._is_to_be_notified(each)]
        now_ns = self._now_ns()
        if self._is_watched() or not self._controller.settings["window.notifications"]:
            self._announcer.pass_over(found, now_ns)
            return
        due = self._announcer.look(found, now_ns)
        if due:
            self._notify(due)

    def _is_to_be_notified(self, incident: IncidentBrief) -> bool:
        if incident.silence or incident.acknowledged:
            return False
        rule = next(
            (each for each in rules_of(self._controller.settings) if each.name == incident.rule), None
        )
        return rule is None or ActionKind.NOTIFY in rule.actions

    def _notify(self, incidents: tuple[IncidentBrief, ...]) -> None:
        worst = incidents[0]
        level = Severity.CRITICAL if worst.level is Level.CRITICAL else Severity.WARNING
        notice = Notice(f"incident-{worst.id}", level, lambda: message_text(incidents, time.time_ns()))
        self._tray.notify(notice, message_title(incidents), lambda: self.asked.emit(worst.id))

"""The icon in the tray: shows the state, opens the window, pauses, quits. There may be no tray at all."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.now import now_of
from aios_gui.instance.now_words import tooltip
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.widgets.icons import mark_icon

TICK_MS = 2_000
MESSAGE_MS = 10_000
_LOOK_ALIKES = str.maketrans({"&": "\uff06", "<": "\u2039", ">": "\u203a"})


class Tray(QObject):
    """Looks every two seconds for the state, and for a tray that has come or gone."""

    open_asked = Signal()
    quit_asked = Signal()
    appeared = Signal()
    vanished = Signal()
    looked = Signal()
    """After each look for the state."""

    def __init__(
        self,
        controller: Controller,
        there_is_one: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._there_is_one = there_is_one
        self._icon: QSystemTrayIcon | None = None
        self._severity: Severity | None = None
        self._tip = ""
        self._on_message: Callable[[], object] | None = None
        self._menu = QMenu()
        self._open = self._menu.addAction("")
        self._open.triggered.connect(self.open_asked)
        self._pause = self._menu.addAction("")
        self._pause.triggered.connect(controller.toggle_pause)
        self._menu.addSeparator()
        self._quit = self._menu.addAction("")
        self._quit.triggered.connect(self.quit_asked)
        self._menu.aboutToShow.connect(controller.theme.dress)
        self._menu.aboutToShow.connect(self.retranslate)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.tick)
        controller.theme.changed.connect(self._repaint)
        controller.language_changed.connect(self.retranslate)
        self.retranslate()

    @property
    def available(self) -> bool:
        """Whether the icon stands in a tray."""
        return self._icon is not None

    @property
    def menu(self) -> QMenu:
        """What a right click shows."""
        return self._menu

    @property
    def tip(self) -> str:
        """What the icon says when pointed at."""
        return self._tip

    def start(self) -> None:
        """Show the icon if there is a tray, and keep looking."""
        self.tick()
        self._timer.start(TICK_MS)

    def tick(self) -> None:
        """Look once."""
        there = self._there_is_one()
        if there and self._icon is None:
            self._show_icon()
            self.appeared.emit()
            self.looked.emit()
            return
        if not there and self._icon is not None:
            self._hide_icon()
            self.vanished.emit()
        if self._icon is not None:
            self._show_state(self._icon)
        self.looked.emit()

    def notify(self, notice: Notice, title: str = "", on_click: Callable[[], object] | None = None) -> None:
        """Show a message of the system, if an icon is there. A click calls ``on_click``, or opens the window."""
        if self._icon is None:
            return
        self._on_message = on_click
        kinds = {
            Severity.CRITICAL: QSystemTrayIcon.MessageIcon.Critical,
            Severity.WARNING: QSystemTrayIcon.MessageIcon.Warning,
        }
        kind = kinds.get(notice.level, QSystemTrayIcon.MessageIcon.Information)
        title = f"AIOS Heartbeat: {title}" if title else "AIOS Heartbeat"
        self._icon.showMessage(title, unmarked(notice.text()), kind, MESSAGE_MS)

    def retranslate(self) -> None:
        """The language has changed, or what the menu can do."""
        paused = self._controller.snapshot.state is EngineState.PAUSED
        self._open.setText(_("Open AIOS Heartbeat"))
        self._pause.setText(_("Resume the heartbeat") if paused else _("Pause the heartbeat"))
        self._pause.setEnabled(not self._controller.is_remote)
        self._quit.setText(_("Quit"))

    def shutdown(self) -> None:
        """Take the icon away."""
        self._timer.stop()
        self._hide_icon()
        self._menu.deleteLater()

    def _show_icon(self) -> None:
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self._on_message_clicked)
        self._icon, self._severity, self._tip = icon, None, "AIOS Heartbeat"
        self._show_mark(icon, now_of(self._controller.snapshot, time.time_ns()).severity)
        icon.show()
        # Windows 11 knows an icon that a user has put in view by its first tip, which is set once it is shown.
        icon.setToolTip(self._tip)

    def _hide_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _show_state(self, icon: QSystemTrayIcon) -> None:
        snapshot, now_ns = self._controller.snapshot, time.time_ns()
        now = now_of(snapshot, now_ns)
        self._show_mark(icon, now.severity)
        tip = unmarked("AIOS Heartbeat\n" + tooltip(now, snapshot, now_ns))
        if tip != self._tip:
            self._tip = tip
            icon.setToolTip(tip)

    def _show_mark(self, icon: QSystemTrayIcon, severity: Severity) -> None:
        if severity is not self._severity:
            self._severity = severity
            icon.setIcon(mark_icon(severity, self._controller.theme.tokens))

    def _repaint(self) -> None:
        self._severity = None
        if self._icon is not None:
            self._show_state(self._icon)

    def _on_message_clicked(self) -> None:
        if self._on_message is not None:
            self._on_message()
        else:
            self.open_asked.emit()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS every click opens the menu, which has Open as its first line.
        if reason is not QSystemTrayIcon.ActivationReason.Context and sys.platform != "darwin":
            self.open_asked.emit()


def unmarked(text: str) -> str:
    """``text`` for a message or a tip: desktops take it for markup or for plain text, and there is no telling which."""
    return text.translate(_LOOK_ALIKES)

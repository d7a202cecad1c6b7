"""Window and tray together: opens, hides, asks, and ends the program in order."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from aios_gui.alerts.watch.rule_watch import local_minute
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.settings import keeps_quiet
from aios_gui.system.termination import do_every
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Place
from aios_gui.ui.shell import geometry
from aios_gui.ui.shell.confirming import ConfirmQuestion
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.tray import Tray
from aios_gui.ui.widgets.icons import tinted

if TYPE_CHECKING:
    from aios_gui.instance.commands import RaiseWindow
    from aios_gui.ui.shell.window import Window

log = logging.getLogger(__name__)
LATE_TRAY_MS = 10_000
"""How long a start into the tray waits for one that comes late, as at log-in."""


class Desktop(QObject):
    """The window is made when it is first opened. Without a tray it is hidden only while a service takes over."""

    ending = Signal()
    """It begins to end: nothing that is asked for after this is done any more."""
    finished = Signal()
    shown = Signal(str)
    """What there is to see from now on: "window", "minimized" or "tray"; "" for nothing."""

    def __init__(
        self,
        controller: Controller,
        tray: Tray,
        make_window: Callable[[], Window],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._tray = tray
        self._make_window = make_window
        self._waiting: dict[str, Notice] = {}
        """What is to be told in the window, by key, until there is one."""
        self._down = False
        self.window: Window | None = None
        self._late_tray = QTimer(self)
        self._late_tray.setSingleShot(True)
        self._late_tray.timeout.connect(self._on_no_tray)
        tray.open_asked.connect(self.open)
        tray.quit_asked.connect(self.quit)
        tray.appeared.connect(self._late_tray.stop)
        tray.appeared.connect(self._emit_shown)
        tray.vanished.connect(self._on_tray_vanished)
        controller.raise_asked.connect(self.open)
        controller.span_asked.connect(self._show_span)
        controller.quit_asked.connect(self.quit)
        controller.notice_raised.connect(self._on_notice)
        controller.notice_over.connect(lambda key: self._waiting.pop(key, None))
        controller.confirming.asked.connect(self._ask_to_confirm)

    def start(self, minimized: bool, panel: str = "") -> None:
        """Show the window, or only the tray icon if there is a tray."""
        self._tray.start()
        if not minimized:
            self.open(panel)
        elif not self._tray.available:
            self._late_tray.start(LATE_TRAY_MS)

    def open(self, panel: str = "") -> None:
        """Bring the window to the front."""
        if self._down:
            return
        self._late_tray.stop()
        window = self.window
        if window is None:
            window = self._first_window()
            window.open_panel(panel or geometry.remembered_panel(self._controller.paths.window_state))
        elif panel:
            window.open_panel(panel)
        if window.isMinimized():
            window.showNormal()
        elif not window.isVisible():
            window.show()
        window.raise_()
        window.activateWindow()
        self._emit_shown()

    @property
    def is_watched(self) -> bool:
        """Whether the window can be seen."""
        window = self.window
        return window is not None and window.is_live and window.isActiveWindow()

    def open_incident(self, number: int) -> None:
        """Bring the window to the front at an incident."""
        self.open("incidents")
        self._controller.place_asked.emit(Place("incidents", incident=number))

    def _show_span(self, asked: RaiseWindow) -> None:
        place = Place(asked.panel, asked.start_ns, asked.end_ns, asked.at_ns)
        self._controller.place_asked.emit(place)

    def quit(self) -> None:
        """End the program; ``finished`` comes whatever fails on the way."""
        try:
            self.shutdown()
        finally:
            self.finished.emit()

    def shutdown(self) -> None:
        """Window, tray, engine, services, in this order, each whatever fails before; a second call does nothing."""
        if self._down:
            return
        self._down = True
        self.ending.emit()
        leave = self.window.leave if self.window is not None else lambda: None
        do_every(self._late_tray.stop, self.remember, leave, self._tray.shutdown, self._controller.shutdown)

    def remember(self) -> None:
        """Keep where the window is."""
        window = self.window
        if window is not None and not window.isMinimized():
            geometry.remember(window, window.panel, self._controller.paths.window_state)

    def _first_window(self) -> Window:
        window = self._make_window()
        window.close_asked.connect(self._on_close_asked)
        window.quit_asked.connect(self.quit)
        if geometry.restore(window, self._controller.paths.window_state):
            window.showMaximized()
        self.window = window
        for notice in self._waiting.values():
            window.notices.show_notice(notice)
        self._waiting.clear()
        return window

    def _on_notice(self, notice: Notice) -> None:
        if self.window is None:
            self._waiting.setdefault(notice.key, notice)
        seen = self.window is not None and self.window.is_live
        grave = notice.level in (Severity.WARNING, Severity.CRITICAL)
        settings, minute = self._controller.settings, local_minute(time.time_ns())
        quiet = keeps_quiet(settings, minute, notice.level is Severity.CRITICAL)
        if grave and not seen and not quiet and settings["window.notifications"]:
            self._tray.notify(notice)

    def _on_close_asked(self) -> None:
        choice, there_is_a_tray = self._controller.settings["window.close_button"], self._tray.available
        if choice in ("quit", "service") or (choice == "tray" and there_is_a_tray):
            self._leave(choice)
        elif self._controller.is_remote and not there_is_a_tray:
            self.quit()  # the service that beats goes on
        elif self.window is not None and self.window.findChild(CloseQuestion) is None:
            question = CloseQuestion(self.window, there_is_a_tray, self._controller.is_served)
            question.answered.connect(self._on_answer)
            question.open()

    def _ask_to_confirm(self) -> None:
        if self.window is not None and self.window.findChild(ConfirmQuestion) is None:
            ConfirmQuestion(self._controller.confirming, self.window).open()

    def _on_answer(self, choice: str, remember: bool) -> None:
        if remember:
            self._controller.set_value("window.close_button", choice)
        self._leave(choice)

    def _leave(self, choice: str) -> None:
        if choice == "tray":
            self._hide()
        elif choice == "service" and not self._controller.is_remote:
            self._hide()
            self._controller.hand_over()
        else:
            self.quit()

    def _hide(self) -> None:
        self.remember()
        if self.window is not None:
            self.window.hide()
        self._emit_shown()

    def _on_no_tray(self) -> None:
        log.info("there is no tray: the window opens minimized instead")
        window = self._first_window() if self.window is None else self.window
        window.showMinimized()
        self._emit_shown()

    def _emit_shown(self) -> None:
        if self.window is not None and self.window.isVisible():
            self.shown.emit("minimized" if self.window.isMinimized() else "window")
        else:
            self.shown.emit("tray" if self._tray.available else "")

    def _on_tray_vanished(self) -> None:
        self._emit_shown()
        if self.window is None or not self.window.isVisible():
            self._late_tray.start(LATE_TRAY_MS)


def no_tray_text(environ: Mapping[str, str] = os.environ) -> str:
    """What happens to a window that is closed where there is no tray, and on GNOME, what brings one."""
    about = _(
        "This desktop shows no tray icon. A background service can go on with the same record; start AIOS Heartbeat "
        "again to see it. If you quit, nothing is recorded until you start it again."
    )
    if "GNOME" not in environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":"):
        return about
    remedy = _("On GNOME, the AppIndicator extension adds a tray.")
    return f"{about}\n\n{remedy}"


class CloseQuestion(QMessageBox):
    """``answered`` carries ``tray``, ``service`` or ``quit``, and whether to remember it; nothing when cancelled."""

    answered = Signal(str, bool)

    def __init__(self, parent: QWidget, there_is_a_tray: bool, is_served: bool = False) -> None:
        """``is_served``: a service beats, which goes on whatever is answered; there is a tray then."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("AIOS Heartbeat")
        self.setIconPixmap(tinted("app", "#FFFFFF", 40, self.devicePixelRatioF()))
        self._staying = "tray" if there_is_a_tray else "service"
        if there_is_a_tray:
            text, stay = _("Keep the heartbeat running in the tray?"), _("Keep running in the tray")
            about = _(
                "In the tray it goes on recording. If you quit, nothing is recorded until you start it again."
            )
            if is_served:
                text = _("Keep AIOS Heartbeat in the tray?")
                about = _("The background service goes on recording either way.")
        else:
            text, stay = _("Keep recording without a window?"), _("Keep recording without a window")
            about = no_tray_text()
        self.setText(text)
        self.setInformativeText(about)
        self.stay = self.addButton(stay, QMessageBox.ButtonRole.AcceptRole)
        self.leave = self.addButton(_("Quit"), QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.stay)
        self.remember = QCheckBox(_("Remember this"), self)
        self.remember.setChecked(True)
        self.setCheckBox(self.remember)
        self.buttonClicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        clicked = self.clickedButton()
        if clicked is self.stay:
            self.answered.emit(self._staying, self.remember.isChecked())
        elif clicked is self.leave:
            self.answered.emit("quit", self.remember.isChecked())

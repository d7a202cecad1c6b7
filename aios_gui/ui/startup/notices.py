"""Offers to start at log-in, once ever; at each start says as a notice what would keep it from starting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.start_options import is_trial
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.startup import CHANGED, PLACE

if TYPE_CHECKING:
    from aios_gui.autostart.service import AutostartService, AutostartSnapshot
    from aios_gui.ui.shell.controller import Controller
    from aios_gui.ui.shell.desktop import Desktop
    from aios_gui.ui.startup.offer import StartupOffer
    from aios_gui.ui.startup.worker import AutostartWorker

PANEL = "startup"
OFFERED_OVER = "live"
"""Its lower right corner has nothing to press; that of other panels, in a small window, has."""
AFTER_MS = 1_500
"""How long after the window has opened it looks, so that the window is not held up."""


class AutostartNotices(QObject):
    """Looks once, some time after the window was first shown; not in a start that is only a test."""

    def __init__(
        self,
        controller: Controller,
        desktop: Desktop,
        make_service: Callable[[], AutostartService] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._desktop = desktop
        self._make_service = make_service or self._service_of_system
        self._worker: AutostartWorker | None = None
        self.offer: StartupOffer | None = None
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Wait for the window from now on."""
        if not is_trial():
            self._desktop.shown.connect(self._on_shown)
            self._on_shown("window" if self._is_shown() else "")

    def close(self) -> None:
        """Look no more, and wait for a look that is under way."""
        self._timer.stop()
        if self._worker is not None:
            self._worker.close()

    def look(self) -> None:
        """Ask the system how it stands, and say what there is to be mended."""
        from aios_gui.ui.startup.worker import AutostartWorker

        if self._worker is None:
            self._worker = AutostartWorker(self._make_service, self)
            self._worker.looked.connect(self._on_looked)
        self._worker.look(self._controller.settings)

    def _service_of_system(self) -> AutostartService:
        from aios_gui.autostart.service import service_of_system
        from aios_gui.instance.smoke_test_probe import ChannelProbe

        return service_of_system(self._controller.paths, ChannelProbe())

    def _is_shown(self) -> bool:
        return self._desktop.window is not None and self._desktop.window.isVisible()

    def _on_shown(self, what: str) -> None:
        if what == "window" and self._worker is None and not self._timer.isActive():
            self._timer.start()

    def _on_looked(self, snapshot: AutostartSnapshot) -> None:
        from aios_gui.autostart import words
        from aios_gui.autostart.model import AutostartState

        status, place = snapshot.status, snapshot.place
        is_off = status.state is AutostartState.OFF and snapshot.plan is not None
        is_first = is_off and self._is_shown() and not was_offered(self._controller.paths.window_state)
        if is_first:
            keep_offered(self._controller.paths.window_state)
        if self._desktop.window is not None and self._desktop.window.panel == PANEL:
            return  # which says it itself
        if is_first:
            self._show_offer()
        if snapshot.needs_mending:
            self._notify(CHANGED, lambda: words.notice_sentence(status), lambda: _("See and repair"))
        if place is not None:
            self._notify(PLACE, lambda: words.place_sentence(place), lambda: _("Show"))

    def _show_offer(self) -> None:
        from aios_gui.ui.startup.offer import StartupOffer

        window = self._desktop.window
        assert window is not None  # or it would not be the first time
        panel = window.panels.get(OFFERED_OVER)
        self.offer = StartupOffer(window, window if panel is None else panel.open_ground())
        self.offer.accepted.connect(self._on_accepted)
        self.offer.declined.connect(self._drop_offer)
        self._controller.language_changed.connect(self.offer.retranslate)
        window.panel_ready.connect(self._on_panel)
        self._on_panel(window.panel)

    def _on_panel(self, panel: str) -> None:
        if panel == PANEL:  # which says it itself
            self._drop_offer()
        elif self.offer is not None:
            self.offer.setVisible(panel == OFFERED_OVER)

    def _drop_offer(self) -> None:
        if self.offer is not None:
            self.offer.hide()
            self.offer.deleteLater()
            self.offer = None

    def _notify(self, key: str, text: Callable[[], str], action: Callable[[], str]) -> None:
        notice = Notice(key, Severity.WARNING, text, action, self._open_panel)
        self._controller.notice_raised.emit(notice)

    def _open_panel(self) -> None:
        self._desktop.open(PANEL)

    def _on_accepted(self) -> None:
        from aios_gui.ui.startup.panel import StartupPanel

        self._drop_offer()
        self._open_panel()
        window = self._desktop.window
        panel = window.panels.get(PANEL) if window is not None else None
        if isinstance(panel, StartupPanel):
            panel.set_up()


def was_offered(file: Path) -> bool:
    """Whether it was offered before, by the file that keeps the window's state."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    return str(memory.value("startup/offered", "false")).lower() == "true"


def keep_offered(file: Path) -> None:
    """Keep that it was offered. A folder that cannot be written is no error."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    memory.setValue("startup/offered", True)
    memory.sync()

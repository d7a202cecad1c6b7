"""Offers to start at log-in, once ever, and at each start tells what would keep it from starting, as notices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.start_options import is_trial
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.notices import Notice

if TYPE_CHECKING:
    from aios_gui.autostart.model.setup import Advice
    from aios_gui.autostart.service import Clerk, Picture
    from aios_gui.ui.shell.controller import Controller
    from aios_gui.ui.shell.desktop import Desktop
    from aios_gui.ui.startup.worker import Registrar

PANEL = "startup"
AFTER_MS = 1_500
"""How long after the window has opened it looks, so that the window is not held up."""


class StartupAdviser(QObject):
    """Looks once, some time after the window was first shown; a start that is a test tells nobody anything."""

    def __init__(
        self,
        controller: Controller,
        desktop: Desktop,
        make_clerk: Callable[[], Clerk] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._desktop = desktop
        self._make_clerk = make_clerk or self._clerk_of_system
        self._registrar: Registrar | None = None
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
        if self._registrar is not None:
            self._registrar.close()

    def look(self) -> None:
        """Ask the system how it stands, and tell what is to be told."""
        from aios_gui.ui.startup.worker import Registrar

        if self._registrar is None:
            self._registrar = Registrar(self._make_clerk, self)
            self._registrar.looked.connect(self._on_looked)
        self._registrar.look(self._controller.settings)

    def _clerk_of_system(self) -> Clerk:
        from aios_gui.autostart.service import clerk_of_system

        return clerk_of_system(self._controller.paths)

    def _is_shown(self) -> bool:
        return self._desktop.window is not None and self._desktop.window.isVisible()

    def _on_shown(self, what: str) -> None:
        if what == "window" and self._registrar is None and not self._timer.isActive():
            self._timer.start()

    def _on_looked(self, picture: Picture) -> None:
        from aios_gui.autostart.model.autostart import State

        is_off = picture.verdict.state is State.OFF and picture.plan is not None
        first = is_off and not was_offered(self._controller.paths.window_state)
        if first and self._is_shown():
            keep_offered(self._controller.paths.window_state)
            self._offer()
        for advice in picture.advice:
            self._tell(advice)

    def _offer(self) -> None:
        from aios_gui.ui.startup.notice_keys import OFFER

        if self._desktop.window is not None and self._desktop.window.panel == PANEL:
            return  # the panel is the offer
        notice = Notice(
            OFFER,
            Severity.OK,
            lambda: _("AIOS Heartbeat can start by itself when you log in, so that no stutter goes unseen."),
            lambda: _("Set it up"),
            self._on_accepted,
            other_action=lambda: _("Not now"),
            on_other_action=lambda: self._controller.notice_over.emit(OFFER),
            closable=False,
        )
        self._controller.notice_raised.emit(notice)

    def _tell(self, advice: Advice) -> None:
        from aios_gui.autostart.words import advice_sentence
        from aios_gui.ui.startup.notice_keys import advice_key

        action = _mend if advice.is_mendable else _show
        self._controller.notice_raised.emit(
            Notice(
                advice_key(advice.kind),
                Severity.WARNING,
                partial(advice_sentence, advice),
                action,
                self._open_panel,
            )
        )

    def _open_panel(self) -> None:
        self._desktop.open(PANEL)

    def _on_accepted(self) -> None:
        from aios_gui.ui.startup.notice_keys import OFFER
        from aios_gui.ui.startup.panel import StartupPanel

        self._controller.notice_over.emit(OFFER)
        self._open_panel()
        window = self._desktop.window
        panel = window.panels.get(PANEL) if window is not None else None
        if isinstance(panel, StartupPanel):
            panel.set_up()


def _mend() -> str:
    return _("See and repair")


def _show() -> str:
    return _("Show")


def was_offered(file: Path) -> bool:
    """Whether it was offered before, by the file that keeps the window's state."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    return str(memory.value("startup/offered", "false")).lower() == "true"


def keep_offered(file: Path) -> None:
    """Keep that it was offered. A folder that cannot be written is no error."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    memory.setValue("startup/offered", True)
    memory.sync()

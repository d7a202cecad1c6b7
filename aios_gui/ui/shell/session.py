"""One run of the window, from the application object to its end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from aios_gui import __version__
from aios_gui.instance.start_options import LaunchOptions
from aios_gui.instance.words import not_closed_sentence, yielded_sentence
from aios_gui.settings.file import Loaded, SettingsFile
from aios_gui.system.own_program import WINDOW_PROGRAM
from aios_gui.system.paths import Paths
from aios_gui.system.termination import HeldSignals, LastResort, any_left_behind, do_every
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain
from aios_gui.ui.panel import place_of
from aios_gui.ui.shell.controller import Controller, Kit
from aios_gui.ui.shell.desktop import Desktop
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.log_off import EndSignals
from aios_gui.ui.shell.notifications import Notifications
from aios_gui.ui.shell.settings_store import settings_notice
from aios_gui.ui.shell.sources import LocalSource, Source, start_local
from aios_gui.ui.shell.tray import Tray
from aios_gui.ui.startup.notices import AutostartNotices
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.spoken import tell_roles

if TYPE_CHECKING:
    from aios_gui.ui.shell.taskbar import TaskbarMark
    from aios_gui.ui.shell.window import Window

_PICTURE_LOOK_MS = 100
_PICTURE_BEATS = 3
_PICTURE_SETTLE_MS = 700
log = logging.getLogger(__name__)
FINE, FAILURE = 0, 2
AFTER_SHOWN_MS = 1_000
"""When the button in the task bar gets its mark: the window is painted first."""


class Session:
    """Everything of Qt that lives while the program runs."""

    def __init__(
        self,
        app: QApplication,
        paths: Paths,
        settings_file: SettingsFile,
        loaded: Loaded,
        source: Source,
        held: HeldSignals | None = None,
    ) -> None:
        settings = loaded.settings
        self.app = app
        self.status = FINE
        self.theme = Theme()
        self.theme.choose(settings["window.theme"])
        self.theme.apply(app)
        language = Language()
        language.choose(settings["window.language"])
        kit = Kit(
            paths, settings_file, self.theme, language, lambda: start_local(paths, self.controller.settings)
        )
        self.controller = Controller(kit, settings, source, loaded.problems)
        self.tray = Tray(self.controller)
        self.desktop = Desktop(self.controller, self.tray, self._make_window)
        # Queued, since an application cannot be quit before its loop runs.
        self.desktop.finished.connect(app.quit, Qt.ConnectionType.QueuedConnection)
        self.notifications = Notifications(self.controller, self.tray, lambda: self.desktop.is_watched)
        self.notifications.asked.connect(self.desktop.open_incident)
        if isinstance(source, LocalSource):
            # Set by this thread and read by the channel's: one attribute, swapped.
            self.desktop.shown.connect(partial(setattr, source.resident, "shown"))
        self._mark: TaskbarMark | None = None
        if sys.platform == "win32":
            self.desktop.shown.connect(self._on_shown)
        self._last_resort = LastResort(FAILURE, not_closed_sentence)
        self.desktop.ending.connect(self._last_resort.arm)
        self._autostart_notices = AutostartNotices(self.controller, self.desktop)
        self._signals = EndSignals(
            self.desktop.quit, self.desktop.remember, asked=held is not None and held.asked
        )
        app.aboutToQuit.connect(self.desktop.shutdown)
        for number, problem in enumerate(loaded.problems):
            self.controller.notice_raised.emit(settings_notice(f"settings-{number}", problem))

    def run(self, options: LaunchOptions) -> int:
        """Show what was asked for, until the end; returns the exit status."""
        self.desktop.start(options.minimized and options.screenshot is None, options.panel)
        if options.view is not None:
            self.controller.place_asked.emit(place_of(options.panel, options.view))
        if options.screenshot is not None and self.desktop.window is not None:
            self._photograph(options.screenshot, stay=options.quit_after_s > 0)
        else:
            self._autostart_notices.start()
        if options.quit_after_s > 0:
            QTimer.singleShot(round(options.quit_after_s * 1000), self.desktop, self.desktop.quit)
        code = self.app.exec()
        do_every(self._autostart_notices.close, self.desktop.shutdown, self._signals.close)
        if self.controller.unsaved and not self.controller.forgetting:
            sentence = _("These settings could not be saved before the end: {list}")
            complain(sentence.format(list=", ".join(self.controller.unsaved)), WINDOW_PROGRAM)
        if any_left_behind():
            return FAILURE
        if options.screenshot is not None and self.status != FINE:
            sentence = _("no picture was written to {file}")
            complain(sentence.format(file=options.screenshot), WINDOW_PROGRAM)
        if (other := self.controller.yielded_to) is not None:
            self.status = FAILURE
            complain(yielded_sentence(other.pid), WINDOW_PROGRAM)
        self._last_resort.disarm()
        if self.controller.forgetting:
            from aios_gui.ui.shell.forgetting import forget_and_report

            if not forget_and_report(self.controller.paths, unattended=options.quit_after_s > 0):
                return FAILURE
        return code or self.status

    def _make_window(self) -> Window:
        from aios_gui.ui.shell.window import Window

        self.theme.dress()
        return Window(self.controller)

    def _on_shown(self, what: str) -> None:
        if what in ("window", "minimized") and self._mark is None:
            QTimer.singleShot(AFTER_SHOWN_MS, self.desktop, self._mark_button)

    def _mark_button(self) -> None:
        from aios_gui.ui.shell.taskbar import TaskbarMark  # of Windows alone, and not for the tray

        window = self.desktop.window
        if self._mark is None and window is not None and window.isVisible():
            self._mark = TaskbarMark(self.controller, window, self.tray.looked)

    def _photograph(self, file: Path, stay: bool) -> None:
        assert self.desktop.window is not None
        self._stay = stay
        self.status = FAILURE  # until there is a picture: it may end before that
        photographer = Photographer(self.desktop.window, file, self._shows_beats)
        photographer.done.connect(self._on_photographed)

    def _shows_beats(self) -> bool:
        snapshot = self.controller.snapshot
        cost = snapshot.context.own_cpu_percent if snapshot.context is not None else None
        return snapshot.made >= _PICTURE_BEATS and cost is not None

    def _on_photographed(self, saved: bool) -> None:
        if saved:
            self.status = FINE
        if not self._stay:
            self.desktop.quit()


def make_application() -> QApplication:
    """The application object, named as the desktop knows the program."""
    if sys.platform == "win32":
        from aios_gui.system.windows.identity import take_app_id

        take_app_id()
    QApplication.setApplicationName("aios-heartbeat")
    QApplication.setApplicationDisplayName("AIOS Heartbeat")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("aios-heartbeat")
    app = QApplication(sys.argv[:1])
    tell_roles()
    app.setQuitOnLastWindowClosed(False)
    return app


def run(
    options: LaunchOptions,
    paths: Paths,
    settings_file: SettingsFile,
    loaded: Loaded,
    source: Source,
    held: HeldSignals,
) -> int:
    """Run the window on ``source``, which beats already; returns the exit status.

    ``held`` tells whether the system has asked for the end before there was a window to end.
    """
    try:
        session = Session(make_application(), paths, settings_file, loaded, source, held)
        return session.run(options)
    finally:
        source.stop()


class Photographer(QObject):
    """Takes a picture of the window once it is ready, for tests and documentation. ``done``: whether it is saved."""

    done = Signal(bool)

    def __init__(self, window: Window, file: Path, is_ready: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._file, self._is_ready = window, file, is_ready
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_PICTURE_LOOK_MS)

    def _look(self) -> None:
        if self._window.panel in self._window.panels and self._is_ready():
            self._timer.stop()
            QTimer.singleShot(_PICTURE_SETTLE_MS, self, self._take)

    def _take(self) -> None:
        self._window.refresh()
        saved = self._window.grab().save(str(self._file))
        if not saved:
            log.error("the picture could not be written to %s", self._file)
        self.done.emit(saved)

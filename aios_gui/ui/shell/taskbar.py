"""The window's button in the task bar of Windows: a mark over it for the worst there is, and a menu of tasks.

Loaded only there, and only once there is a button.
"""

from __future__ import annotations

import ctypes
import logging
import os
import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import (
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    QSize,
    QTimer,
    SignalInstance,
)
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.start_options import is_trial
from aios_gui.system.own_program import own_window_command
from aios_gui.system.paths import HOME_VARIABLE
from aios_gui.system.windows.com import ComError
from aios_gui.system.windows.identity import APP_ID
from aios_gui.system.windows.jump_list import JumpListWriter, Task
from aios_gui.system.windows.taskbar import Taskbar, button_created
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.health import health_of
from aios_gui.ui.shell.state_mark import mark_phrase
from aios_gui.ui.widgets.icons import mark_icon

log = logging.getLogger(__name__)
MARK_PX = 16
_MESSAGE_AT = ctypes.sizeof(ctypes.c_void_p)
"""Where the number of a message lies in a MSG, after the window that it is for."""
_END_S = 1.0


class Writer(Protocol):
    """Writes the menu."""

    def write(self, tasks: tuple[Task, ...]) -> None:
        """Have it written; does not wait."""
        ...

    def wait(self, patience_s: float) -> bool:
        """Whether it is written in time."""
        ...


class ButtonMark(QObject):
    """Keeps the mark in step with the state; the task bar is called only when that changes."""

    def __init__(
        self,
        controller: Controller,
        window: QWidget,
        open_taskbar: Callable[[], Taskbar] = Taskbar,
        icon_of: Callable[[QImage], int] = lambda image: image.toHICON(),  # type: ignore[attr-defined, unused-ignore]
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._window = window
        self._open = open_taskbar
        self._icon_of = icon_of
        self._taskbar: Taskbar | None = None
        self._shown: tuple[Severity, int, int] | None = None
        self._has_failed = False

    def look(self) -> None:
        """Look once; a window that is hidden has no button."""
        if not self._window.isVisible():
            self._shown = None
            return
        cell = health_of(self._controller.snapshot, time.time_ns())
        wanted = (cell, round(MARK_PX * self._window.devicePixelRatioF()), int(self._window.winId()))
        if wanted != self._shown:
            self._shown = wanted
            self._mark(*wanted)

    def renew(self) -> None:
        """Mark the button as it is now: colours or language have changed."""
        self._shown = None
        self.look()

    def begin_anew(self) -> None:
        """There is a new button, perhaps in a new task bar."""
        self.close()
        self.renew()

    def close(self) -> None:
        """Give the task bar back; again is harmless."""
        if self._taskbar is not None:
            self._taskbar.close()
            self._taskbar = None

    def _mark(self, cell: Severity, side_px: int, window: int) -> None:
        try:
            if self._taskbar is None:
                self._taskbar = self._open()
            icon = 0 if cell is Severity.OK else self._icon_of(self._picture(cell, side_px))
            self._taskbar.mark(window, icon, mark_phrase(cell))
        except (ComError, OSError) as error:
            if not self._has_failed:
                log.debug("the button in the task bar was not marked: %s", error)
            self._has_failed = True

    def _picture(self, cell: Severity, side_px: int) -> QImage:
        icon = mark_icon(cell, self._controller.theme.tokens)
        return icon.pixmap(QSize(side_px, side_px), 1.0).toImage()


class ButtonWatch(QAbstractNativeEventFilter):
    """Calls ``created`` with a window that has got a button. It is asked of every message: it does next to nothing."""

    def __init__(self, number: int, created: Callable[[int], None]) -> None:
        super().__init__()
        self._number = number
        self._created = created

    def nativeEventFilter(
        self, _kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        at = int(message)
        if ctypes.c_uint32.from_address(at + _MESSAGE_AT).value == self._number:
            self._created(ctypes.c_void_p.from_address(at).value or 0)
        return False, 0


class TaskbarButton(QObject):
    """Mark and menu of ``window``, which has a button already; ``looked`` tells when to look for the state."""

    def __init__(
        self,
        controller: Controller,
        window: QWidget,
        looked: SignalInstance,
        mark: ButtonMark | None = None,
        writer: Writer | None = None,
        number: int | None = None,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._window = window
        self._tasks: tuple[Task, ...] = ()
        self._mark = mark or ButtonMark(controller, window, parent=self)
        self._writer = writer or JumpListWriter(APP_ID)
        # Not within the message: while a program answers one, COM lets it call nobody.
        self._anew = QTimer(self)
        self._anew.setSingleShot(True)
        self._anew.timeout.connect(self._mark.begin_anew)
        self._watch = ButtonWatch(button_created() if number is None else number, self._on_created)
        application = QCoreApplication.instance()
        assert application is not None
        application.installNativeEventFilter(self._watch)
        looked.connect(self._mark.look)
        controller.theme.changed.connect(self._mark.renew)
        controller.language_changed.connect(self._on_language)
        controller.source_changed.connect(self._write)
        self._on_language()

    def close(self) -> None:
        """Give everything back."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self._watch)
        self._anew.stop()
        self._mark.close()
        self._writer.wait(_END_S)

    def _on_created(self, window: int) -> None:
        if self._window.isVisible() and window == int(self._window.winId()):
            self._anew.start(0)

    def _on_language(self) -> None:
        self._mark.renew()
        self._write()

    def _write(self) -> None:
        tasks = menu_tasks(self._controller.is_remote)
        # A trial has a home of its own, which is gone after it.
        if tasks != self._tasks and not is_trial():
            self._tasks = tasks
            self._writer.write(tasks)


def menu_tasks(is_remote: bool) -> tuple[Task, ...]:
    """What the menu offers: starts of this program, which tell the one that runs.

    Where that is the background service, the window does not offer to end it.
    """
    home = os.environ.get(HOME_VARIABLE, "")
    where = ("--home", home) if home else ()
    offered: list[tuple[str, tuple[str, ...]]] = [
        (_("Open AIOS Heartbeat"), ()),
        (_("Incidents"), ("--panel", "incidents")),
        (_("Settings"), ("--panel", "settings")),
    ]
    if not is_remote:
        offered.append((_("Quit"), ("quit",)))
    return tuple(Task(title, tuple(own_window_command(*arguments, *where))) for title, arguments in offered)

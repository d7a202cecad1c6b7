"""Where the window was, remembered; and kept on a screen that exists."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMargins, QPoint, QRect, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

DEFAULT_SIZE = QSize(1280, 800)
MINIMUM_SIZE = QSize(760, 420)
"""What a task bar and a title bar leave of a screen of 1366 × 768 at 150 %."""
_GRIP = QSize(160, 40)
"""How much of the window must lie on a screen for a person to be able to take hold of it."""

_FRAME = QMargins(4, 32, 4, 4)
"""Room for what the window manager draws around a window, which is not known before it is shown."""


def placed(wanted: QRect, screens: list[QRect]) -> QRect:
    """``wanted`` where a person can reach it: as it is when its top edge shows, else within the first screen.

    ``screens`` are the usable areas, the main one first.
    """
    if not screens:
        return wanted
    top = QRect(wanted.topLeft(), QSize(wanted.width(), _GRIP.height()))
    for screen in screens:
        seen = screen.intersected(top)
        if seen.width() >= min(_GRIP.width(), wanted.width()) and seen.height() >= _GRIP.height() // 2:
            return QRect(wanted.topLeft(), wanted.size().boundedTo(screen.size()))
    room = screens[0].marginsRemoved(_FRAME)
    place = QRect(QPoint(0, 0), wanted.size().boundedTo(room.size()))
    place.moveCenter(room.center())
    return place


def screens() -> list[QRect]:
    """The usable areas of the screens there are, the main one first."""
    main = QGuiApplication.primaryScreen()
    return [s.availableGeometry() for s in sorted(QGuiApplication.screens(), key=lambda s: s is not main)]


def restore(window: QWidget, file: Path) -> bool:
    """Put the window where it was, or centre it in its usual size; True where it was maximized."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    wanted = memory.value("window/normal")
    areas = screens()
    if not isinstance(wanted, QRect) or not wanted.isValid():
        # Far away, so that it comes to lie in the middle of the main screen.
        wanted = QRect(QPoint(-1_000_000, -1_000_000), DEFAULT_SIZE)
    window.setGeometry(placed(QRect(wanted.topLeft(), wanted.size().expandedTo(MINIMUM_SIZE)), areas))
    return str(memory.value("window/maximized", "false")).lower() == "true"


def remember(window: QWidget, panel: str, file: Path) -> None:
    """Keep where the window is, and which panel it shows. A folder that cannot be written is no error."""
    memory = QSettings(str(file), QSettings.Format.IniFormat)
    memory.setValue("window/normal", window.normalGeometry() if window.isMaximized() else window.geometry())
    memory.setValue("window/maximized", window.isMaximized())
    memory.setValue("window/panel", panel)
    memory.sync()


def remembered_panel(file: Path) -> str:
    """The panel that was open last, or nothing."""
    return str(QSettings(str(file), QSettings.Format.IniFormat).value("window/panel", ""))

"""Copies to the clipboard, and confirms it at the foot of the window for a few seconds."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from aios_gui.ui.theme import LABEL, font
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.spoken import say_aloud

_SHOWN_MS = 2_500
_ABOVE_PX = 72
"""Over the line of buttons that many panels end with."""


class Toast(PlainLabel):
    """A few words over the lower edge of a window; it takes neither keyboard nor mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(parent=window)
        self._window = window
        self.setProperty("look", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def show_text(self, text: str) -> None:
        """Show it, and have a screen reader say it."""
        self.setFont(font(LABEL + 1))
        self.setText(text)
        self.adjustSize()
        window = self._window
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - _ABOVE_PX)
        self.raise_()
        self.show()
        self._timer.start()
        say_aloud(self, text)


def confirm(widget: QWidget, text: str) -> None:
    """Say at the foot of the window of ``widget`` that something was done."""
    window = widget.window()
    toast = window.findChild(Toast) or Toast(window)
    toast.show_text(text)


def copy_text(widget: QWidget, text: str, said: str) -> None:
    """Put ``text`` on the clipboard, and confirm it in the words ``said``."""
    QGuiApplication.clipboard().setText(text)
    confirm(widget, said)

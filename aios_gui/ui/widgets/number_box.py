"""A field for a figure into which anything can be typed, so that what is wrong with it can be said."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from aios_gui.settings.model import Setting

_DIGITS = 6
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class TypedLine(QLineEdit):
    """``escaped`` comes with Escape. Keys for undo are left to the page unless something is ``being_typed``."""

    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.being_typed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if not self.being_typed and any(event.matches(key) for key in keys):
                event.ignore()
                return False
        return bool(super().event(event))


class NumberBox(TypedLine):
    """Arrow keys step up and down within the range, and emit ``stepped``."""

    stepped = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setting = setting
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.step(steps)

    def step(self, steps: int) -> None:
        """Go some steps up, or down where negative; nothing where what stands there is no figure."""
        setting = self._setting
        try:
            value = float(setting.read(self.text()))
        except ValueError:
            return
        low, high = float(setting.minimum or 0), float(setting.maximum or 0)
        wanted = min(high, max(low, stepped(value, steps, setting.kind is int)))
        self.setText(setting.written(setting.check(wanted)))
        self.selectAll()
        self.stepped.emit()


def stepped(value: float, steps: int, whole: bool) -> float:
    """``value`` some steps on: by ones, or by a half or a tenth of its first digit's weight where it has decimals."""
    if whole:
        return value + steps
    size = abs(value) if value else 1.0
    step = 10.0 ** math.floor(math.log10(size)) / (2.0 if size < 10 else 10.0)
    return float(f"{value + steps * step:.{_DIGITS}g}")

"""A figure with its small label above, as in the header; painted, so that a change costs no new layout."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, STRONG, Theme, font

TILE_HEIGHT_PX = 40
_LABEL_HEIGHT_PX = 16


class StatTile(QWidget):
    """Right-aligned. ``wish`` is the width it would like: it grows with longer figures and never shrinks.

    From the start it is that of ``widest``, a figure as wide as they get.
    """

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, theme: Theme, parent: QWidget | None = None, widest: str = "") -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = self._value = ""
        self._fonts = font(LABEL), font(STRONG, strong=True)
        self._metrics = tuple(QFontMetrics(f) for f in self._fonts)
        self._widest = widest
        self._is_stale = False

    @property
    def value(self) -> str:
        """The figure shown."""
        return self._value

    @property
    def wish(self) -> int:
        """The width it would like, px."""
        label, value = self._metrics
        return max(label.horizontalAdvance(self._label), value.horizontalAdvance(self._widest)) + 2

    def set_label(self, label: str) -> None:
        """Give it its label in the user's language."""
        self._label = label
        self._fonts = font(LABEL), font(STRONG, strong=True)
        self._metrics = tuple(QFontMetrics(f) for f in self._fonts)
        self._name()
        self.update()

    def set_value(self, value: str) -> bool:
        """Show a figure; True where its wish for width has grown. Repaints only what is new."""
        if value == self._value:
            return False
        before, self._value = self.wish, value
        self._widest = max(self._widest, value, key=self._metrics[1].horizontalAdvance)
        self._name()
        self.update()
        return self.wish > before

    def set_stale(self, is_stale: bool) -> None:
        """Whether the figure is of earlier and says nothing of now."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.wish, TILE_HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._fonts[0])
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QRect(0, 0, self.width(), _LABEL_HEIGHT_PX), right, self._label)
        painter.setFont(self._fonts[1])
        painter.setPen(QColor(tokens.muted if self._is_stale else tokens.text))
        box = QRect(0, _LABEL_HEIGHT_PX, self.width(), self.height() - _LABEL_HEIGHT_PX)
        painter.drawText(box, right, self._value)
        painter.end()

    def _name(self) -> None:
        self.setAccessibleName(_("{label}: {value}").format(label=self._label, value=self._value))

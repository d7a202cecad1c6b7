"""A text that wraps anywhere, as paths and commands have to, which no label can do."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QStaticText,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, Theme, font
from aios_gui.ui.widgets.toast import copy_text

_WIDEST_PX = 10_000


class WrappedText(QWidget):
    """Words are kept together where they fit; its menu copies the text."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._font: QFont = font(LABEL + 1)
        self._metrics = QFontMetrics(self._font)
        self._copy = QAction(self)
        self._copy.triggered.connect(lambda: copy_text(self, self._text, _("Copied")))
        self.addAction(self._copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text; nothing is laid out again where it is the same."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        """The font goes with the language."""
        self._font = font(LABEL + 1)
        self._metrics = QFontMetrics(self._font)
        self._copy.setText(_("Copy"))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return max(self._metrics.height(), math.ceil(self._laid_out(width).size().height()))

    def sizeHint(self) -> QSize:
        wanted = self._metrics.horizontalAdvance(self._text) + 2
        return QSize(min(wanted, 320), self.heightForWidth(self.width() or _WIDEST_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        text = self._laid_out(self.width())
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.drawStaticText(QPointF(0, max(0.0, (self.height() - text.size().height()) / 2)), text)
        painter.end()

    def _laid_out(self, width: int) -> QStaticText:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        text = QStaticText(self._text)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextOption(option)
        text.setTextWidth(max(1, width))
        text.prepare(font=self._font)
        return text

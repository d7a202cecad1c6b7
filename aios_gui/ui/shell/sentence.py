"""The state of the machine in a sentence, with a second line below; shortened where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from aios_gui.ui.theme import STRONG, TEXT, Theme, font
from aios_gui.ui.widgets.plain_tip import plain_tip

HEIGHT_PX = 42
_FIRST_PX = 22


class Sentence(QWidget):
    """Two lines of text; what does not fit ends in an ellipsis and stands in full in the tooltip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = ("", "")
        self._take_fonts()

    @property
    def lines(self) -> tuple[str, str]:
        """Both lines in full."""
        return self._lines

    @property
    def wish(self) -> int:
        """The width at which nothing is cut, px."""
        pairs = zip(self._metrics, self._lines, strict=True)
        return max(metrics.horizontalAdvance(line) for metrics, line in pairs) + 2

    @property
    def shortened(self) -> bool:
        """Whether something is cut at this width."""
        return self.wish > self.width()

    def set_lines(self, first: str, second: str) -> bool:
        """Show two lines; True where they have changed."""
        if (first, second) == self._lines:
            return False
        self._lines = (first, second)
        self.setAccessibleName(first)
        self.setAccessibleDescription(second)
        self._set_tip()
        self.update()
        return True

    def retranslate(self) -> None:
        """The language has changed, and with it perhaps the fonts."""
        self._take_fonts()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.wish, HEIGHT_PX)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._set_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        first = QRect(0, 0, self.width(), _FIRST_PX)
        second = QRect(0, _FIRST_PX, self.width(), self.height() - _FIRST_PX)
        for index, (box, colour) in enumerate(((first, tokens.text), (second, tokens.muted))):
            painter.setFont(self._fonts[index])
            painter.setPen(QColor(colour))
            cut = self._metrics[index].elidedText(
                self._lines[index], Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(box, left, cut)
        painter.end()

    def _take_fonts(self) -> None:
        self._fonts = font(STRONG, strong=True), font(TEXT)
        self._metrics = tuple(QFontMetrics(f) for f in self._fonts)

    def _set_tip(self) -> None:
        self.setToolTip(plain_tip("\n".join(self._lines)) if self.shortened else "")

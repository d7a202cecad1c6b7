"""The state of the machine in a sentence, with a second line below; in a shorter form where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from aios_gui.ui.theme import STRONG, TEXT, Theme, font
from aios_gui.ui.widgets.plain_tip import plain_tip

HEIGHT_PX = 42
COLUMN_PX = 320
"""Room for an ordinary headline. The same whatever it says, so that nothing beside it moves."""
_FIRST_PX = 22


class Sentence(QWidget):
    """Two lines of text: of the first the longest form that fits. The tooltip has in full what is shortened."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._forms: tuple[str, ...] = ("",)
        self._second = ""
        self._take_fonts()

    @property
    def lines(self) -> tuple[str, str]:
        """Both lines in full."""
        return self._forms[0], self._second

    @property
    def first_shown(self) -> str:
        """The longest form of the first line that fits, else the shortest, cut in its middle: its end is a name."""
        fitting = (each for each in self._forms if self._metrics[0].horizontalAdvance(each) <= self.width())
        shortest = self._forms[-1]
        return next(fitting, None) or self._metrics[0].elidedText(
            shortest, Qt.TextElideMode.ElideMiddle, self.width()
        )

    @property
    def used_px(self) -> int:
        """How much of its width the lines take."""
        lines = zip(self._metrics, (self.first_shown, self._second), strict=True)
        return min(self.width(), max(metrics.horizontalAdvance(line) for metrics, line in lines))

    @property
    def shortened(self) -> bool:
        """Whether something is not shown in full at this width."""
        return (
            self.first_shown != self._forms[0]
            or self._metrics[1].horizontalAdvance(self._second) > self.width()
        )

    def set_lines(self, forms: tuple[str, ...], second: str) -> None:
        """Show two lines; ``forms`` are those of the first, the longest one first."""
        if (forms, second) == (self._forms, self._second):
            return
        self._forms, self._second = forms, second
        self.setAccessibleName(forms[0])
        self.setAccessibleDescription(second)
        self._set_tip()
        self.update()

    def retranslate(self) -> None:
        """The language has changed, and with it perhaps the fonts."""
        self._take_fonts()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(COLUMN_PX, HEIGHT_PX)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._set_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        first = QRect(0, 0, self.width(), _FIRST_PX)
        second = QRect(0, _FIRST_PX, self.width(), self.height() - _FIRST_PX)
        cut = self._metrics[1].elidedText(self._second, Qt.TextElideMode.ElideRight, self.width())
        lines = ((first, tokens.text, self.first_shown), (second, tokens.muted, cut))
        for face, (box, colour, text) in zip(self._fonts, lines, strict=True):
            painter.setFont(face)
            painter.setPen(QColor(colour))
            painter.drawText(box, left, text)
        painter.end()

    def _take_fonts(self) -> None:
        self._fonts = font(STRONG, strong=True), font(TEXT)
        self._metrics = tuple(QFontMetrics(f) for f in self._fonts)

    def _set_tip(self) -> None:
        self.setToolTip(plain_tip("\n".join(self.lines)) if self.shortened else "")

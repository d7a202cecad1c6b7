"""The rail at the left: one button a panel, those that stand apart at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout, QWidget

from aios_gui.instance.now_words import unseen_phrase
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import PanelEntry
from aios_gui.ui.theme import LABEL, RADIUS, XS, M, S, Theme, font, mix
from aios_gui.ui.widgets.icons import tinted
from aios_gui.ui.widgets.segments import lead_tab

WIDTH_PX = 84
_BUTTON = QSize(WIDTH_PX - 2 * S - 1, 56)
_ICON_PX = 20
_BADGE_PX = 15
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,  # arrow keys within the group
)


class RailButton(QAbstractButton):
    """An icon above its label; filled where chosen, framed where it has the keyboard."""

    def __init__(self, theme: Theme, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self._pointed = False
        self._by_keyboard = False
        self._badge, self._is_grave = 0, False
        self.setFixedSize(_BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def name(self, label: str, tip: str = "") -> None:
        """Give it its label in the user's language."""
        self.setText(label)
        self.setAccessibleName(label)
        self.setToolTip(tip)

    def show_badge(self, count: int, grave: bool, spoken: str) -> None:
        """Show a number beside the icon, in the colour of what is critical or only a warning; 0 shows none."""
        if (count, grave) != (self._badge, self._is_grave):
            self._badge, self._is_grave = count, grave
            self.update()
        if spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)

    def sizeHint(self) -> QSize:
        return _BUTTON

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pointed = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = False
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tokens.accent if self.isChecked() else tokens.muted
        ground = None
        if self.isChecked():
            ground = tokens.accent_ground
        elif self._pointed or self.isDown():
            ground = mix(tokens.accent, tokens.surface, 0.06)
        box = QRectF(self.rect())
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus() and self._by_keyboard:
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        left = (self.width() - _ICON_PX) // 2
        painter.drawPixmap(left, 9, tinted(self._icon_name, colour, _ICON_PX, self.devicePixelRatioF()))
        face = font(LABEL, strong=self.isChecked())
        painter.setFont(face)
        painter.setPen(QColor(colour))
        line = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(
            QRectF(0, 31, self.width(), 20),
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
            line,
        )
        if self._badge:
            self._paint_badge(painter, QPointF(left + _ICON_PX - 5, 4))
        painter.end()

    def _paint_badge(self, painter: QPainter, corner: QPointF) -> None:
        tokens = self._theme.tokens
        painter.setFont(font(LABEL - 1, strong=True))
        text = str(self._badge) if self._badge < 100 else "99+"
        width = max(_BADGE_PX + 2.0, painter.fontMetrics().horizontalAdvance(text) + 9.0)
        box = QRectF(corner.x(), corner.y(), width, _BADGE_PX)
        painter.setPen(QPen(QColor(tokens.surface), 1.5))
        painter.setBrush(QColor(tokens.critical if self._is_grave else tokens.warning))
        painter.drawRoundedRect(box, _BADGE_PX / 2, _BADGE_PX / 2)
        painter.setPen(QColor(tokens.surface))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """Emits ``chosen`` with the key of a panel. Arrow keys move between panels."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, entries: tuple[PanelEntry, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "rail")
        self.setFixedWidth(WIDTH_PX)
        self._entries = entries
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(S, M, S, M)
        layout.setSpacing(XS)
        self._keys: tuple[str, ...] = ()
        for index, entry in sorted(enumerate(entries), key=lambda pair: pair[1].apart):
            button = RailButton(theme, entry.icon, self)
            button.setCheckable(True)
            self._group.addButton(button, index)
            self._buttons[entry.key] = button
        for entry in entries:
            if not entry.apart:
                layout.addWidget(self._buttons[entry.key])
        layout.addStretch(1)
        for entry in entries:
            if entry.apart:
                layout.addWidget(self._buttons[entry.key])
        self._group.idToggled.connect(self._on_toggled)
        self._group.buttonToggled.connect(lambda _button, _on: lead_tab(self._group))
        self.retranslate()

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Tell what keys open each panel, in their order."""
        self._keys = keys
        self.retranslate()

    def button(self, key: str) -> RailButton:
        """The button of a panel."""
        return self._buttons[key]

    def show_badge(self, key: str, count: int, grave: bool) -> None:
        """Show how many are not seen yet beside the icon of a panel, where there is that panel."""
        button = self._buttons.get(key)
        if button is not None:
            button.show_badge(count, grave, unseen_phrase(count))

    def choose(self, key: str) -> None:
        """Mark a panel as chosen; tells by ``chosen`` where it was another."""
        button = self._buttons.get(key)
        if button is not None:
            button.setChecked(True)

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(_("Panels"))
        for index, entry in enumerate(self._entries):
            self._buttons[entry.key].name(entry.title(), self._keys[index] if self._keys else "")

    def _on_toggled(self, index: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._entries[index].key)

"""Notices: what the user should know, with what can be done about it; and the bar of them above the panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.icons import colour_of, icon, paint_mark
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.spoken import say_aloud

MOST_AT_ONCE = 3
_LEAST_GRAVE_FIRST = (Severity.INACTIVE, Severity.OK, Severity.WARNING, Severity.CRITICAL)


@dataclass(frozen=True, slots=True)
class Notice:
    """Its words are asked again when the language changes. ``key`` tells one from another."""

    key: str
    level: Severity
    text: Callable[[], str]
    action: Callable[[], str] | None = None
    on_action: Callable[[], None] | None = None
    closable: bool = True


class _Mark(QWidget):
    def __init__(self, theme: Theme, level: Severity, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._level = theme, level
        self.setFixedSize(QSize(14, 14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = colour_of(self._level, self._theme.tokens)
        paint_mark(painter, QRectF(1, 1, 12, 12), self._level, colour)
        painter.end()


class NoticeRow(QFrame):
    """One notice."""

    def __init__(self, theme: Theme, notice: Notice, close: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self._theme = theme
        self.setProperty(
            "look", {Severity.CRITICAL: "trouble", Severity.WARNING: "notice"}.get(notice.level, "card")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(10)
        layout.addWidget(_Mark(theme, notice.level, self))
        self.label = PlainLabel(parent=self)
        self.label.setWordWrap(True)
        layout.addWidget(self.label, 1)
        self.button = self._add_button(layout, notice.action, notice.on_action)
        self.closer = QPushButton(self)
        self.closer.setProperty("look", "quiet")
        self.closer.clicked.connect(close)
        self.closer.setVisible(notice.closable)
        layout.addWidget(self.closer)
        self.retranslate()

    def _add_button(
        self, layout: QHBoxLayout, words: Callable[[], str] | None, on_click: Callable[[], None] | None
    ) -> QPushButton | None:
        if words is None or on_click is None:
            return None
        button = QPushButton(self)
        button.clicked.connect(on_click)
        layout.addWidget(button)
        return button

    def retranslate(self) -> None:
        """The language or the theme has changed."""
        self.label.setText(self.notice.text())
        self.setAccessibleName(self.notice.text())
        if self.button is not None and self.notice.action is not None:
            self.button.setText(self.notice.action())
            self.button.setAccessibleName(self.notice.action())
        self.closer.setIcon(icon("close", self._theme.tokens.muted))
        self.closer.setAccessibleName(_("Dismiss"))
        self.closer.setToolTip(_("Dismiss"))


class NoticeBar(QWidget):
    """Up to three notices, newest last; of more, the least grave goes, the oldest of these.

    One that was dismissed stays away until it was dropped.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[str, NoticeRow] = {}
        self._dismissed: set[str] = set()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(20, 12, 20, 0)
        self._layout.setSpacing(8)
        self.hide()
        theme.changed.connect(self.retranslate)

    @property
    def keys(self) -> tuple[str, ...]:
        """The notices shown."""
        return tuple(self._rows)

    def row(self, key: str) -> NoticeRow:
        """The row of a notice shown."""
        return self._rows[key]

    def show_notice(self, notice: Notice) -> None:
        """Show a notice, unless it is shown already or was dismissed."""
        if notice.key in self._rows or notice.key in self._dismissed:
            return
        row = NoticeRow(self._theme, notice, lambda: self._dismiss(notice.key), self)
        self._rows[notice.key] = row
        self._layout.addWidget(row)
        before = [each.notice for each in self._rows.values() if each.notice.closable and each is not row]
        if len(self._rows) > MOST_AT_ONCE and before:
            self._remove(min(before, key=lambda each: _LEAST_GRAVE_FIRST.index(each.level)).key)
        self.show()
        say_aloud(row, notice.text())

    def refresh(self, key: str) -> None:
        """Set its text again, because its figures have changed."""
        row = self._rows.get(key)
        if row is not None:
            row.retranslate()

    def drop(self, key: str) -> None:
        """The notice no longer holds."""
        self._dismissed.discard(key)
        self._remove(key)

    def retranslate(self) -> None:
        """The language or the theme has changed."""
        for row in self._rows.values():
            row.retranslate()

    def _dismiss(self, key: str) -> None:
        self._dismissed.add(key)
        self._remove(key)

    def _remove(self, key: str) -> None:
        row = self._rows.pop(key, None)
        if row is not None:
            for button in row.findChildren(QPushButton):
                button.clearFocus()  # else Qt hands the keyboard to the rail, which then looks as if asked for
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self.keys))

"""A figure or a card on the clipboard, as picture or in words, with where it comes from and when."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QMenu, QWidget

from aios_gui.system.origin import origin
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, font
from aios_gui.ui.widgets.fact_table import FactTable
from aios_gui.ui.widgets.toast import Toast, confirm, copy_text

_EDGE_PX, _CAPTION_PX = 10, 42


def captioned(widget: QWidget, start_ns: int | None = None, end_ns: int | None = None) -> QPixmap:
    """A picture of a widget, and below it which machine it is of, by what, and when; by the wall clock, ns."""
    shown = widget.grab()
    ratio, look = shown.devicePixelRatio(), widget.palette()
    picture = QPixmap(
        shown.width() + round(2 * _EDGE_PX * ratio), shown.height() + round(_CAPTION_PX * ratio)
    )
    picture.setDevicePixelRatio(ratio)
    picture.fill(look.color(QPalette.ColorRole.Window))
    painter = QPainter(picture)
    painter.drawPixmap(_EDGE_PX, _EDGE_PX, shown)
    painter.setFont(font(LABEL + 1))
    painter.setPen(look.color(QPalette.ColorRole.PlaceholderText))
    text = origin(time.time_ns() if start_ns is None else start_ns, end_ns)
    painter.drawText(_EDGE_PX, round(picture.height() / ratio) - _EDGE_PX, text)
    painter.end()
    return picture


def copy_picture(widget: QWidget, start_ns: int | None = None, end_ns: int | None = None) -> None:
    """Put that picture on the clipboard, and confirm it."""
    QGuiApplication.clipboard().setPixmap(captioned(widget, start_ns, end_ns))
    confirm(widget, _("Picture copied"))


def copy_words(widget: QWidget, words: str) -> None:
    """Put what a figure says on the clipboard, below where it comes from, and confirm it."""
    copy_text(widget, f"# {origin(time.time_ns())}\n{words.strip()}\n", _("Copied"))


def words_of(widget: QWidget) -> str:
    """What a card says: its texts and tables, and what a screen reader says of its pictures, from top to bottom."""
    found: list[tuple[int, int, str]] = []
    for child in widget.findChildren(QWidget):
        text = _words(child) if child.isVisibleTo(widget) else ""
        if text:
            at = child.mapTo(widget, child.rect().topLeft())
            found.append((at.y(), at.x(), text))
    return "\n".join(text for _y, _x, text in sorted(found))


def fill_copies(menu: QMenu, card: QWidget) -> None:
    """Add the ways to copy a card to a menu."""
    menu.addAction(_("Copy as picture"), lambda: copy_picture(card))
    menu.addAction(_("Copy as text"), lambda: copy_words(card, words_of(card)))


def _words(child: QWidget) -> str:
    if isinstance(child, Toast):
        return ""  # what was confirmed before
    if isinstance(child, QLabel):
        return child.text().replace("\u00a0", " ").strip()
    if isinstance(child, FactTable):
        return child.as_text().strip() if child.facts.rows else ""
    if isinstance(child, QAbstractButton | QAbstractItemView) or not child.accessibleDescription():
        return ""
    return f"{child.accessibleName()}: {child.accessibleDescription()}"

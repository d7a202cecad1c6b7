"""Icons: small drawings tinted by the theme, and the marks that show a state by shape and colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.system.resources import resource
from aios_gui.ui.theme import Tokens


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def tinted(name: str, colour: str, size_px: int, ratio: float) -> QPixmap:
    """The icon ``name`` drawn in ``colour`` for a screen with ``ratio`` pixels a point."""
    from PySide6.QtSvg import QSvgRenderer  # costs memory that the tray alone does not need

    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    side = round(size_px * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, colour: str) -> QIcon:
    """The icon ``name`` in ``colour``, 16 px wide, sharp on screens of one to three pixels a point."""
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        made.addPixmap(tinted(name, colour, 16, ratio))
    return made


def application_icon() -> QIcon:
    """The program's own picture, for windows and task bars."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(tinted("app", "#FFFFFF", side, 1.0))
    return made


def colour_of(severity: Severity, tokens: Tokens) -> str:
    """The colour that goes with a state."""
    return {
        Severity.OK: tokens.fine,
        Severity.WARNING: tokens.warning,
        Severity.CRITICAL: tokens.critical,
        Severity.INACTIVE: tokens.gap,
    }[severity]


def paint_mark(painter: QPainter, box: QRectF, severity: Severity, colour: str) -> None:
    """Fill ``box`` with the shape of a state: dot, square, triangle, or hatching within a ring for none."""
    ink = QColor(colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if severity is Severity.OK:
        painter.drawEllipse(box)
    elif severity is Severity.WARNING:
        inset = box.width() * 0.06
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), inset * 2, inset * 2)
    elif severity is Severity.CRITICAL:
        top = QPointF(box.center().x(), box.top())
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
    else:
        width = max(1.5, box.width() * 0.12)
        painter.setPen(QPen(ink, width))
        painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
        half = width / 2
        painter.drawEllipse(box.adjusted(half, half, -half, -half))


def mark_icon(severity: Severity, tokens: Tokens) -> QIcon:
    """A state as a picture for the tray: its shape in its colour on a disc of the theme's surface."""
    made = QIcon()
    for side in (16, 22, 24, 32, 48, 64):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = colour_of(severity, tokens)
        painter.setPen(QPen(QColor(colour), max(1.0, side / 16)))
        painter.setBrush(QColor(tokens.surface))
        rim = max(0.5, side / 32)
        painter.drawEllipse(QRectF(0, 0, side, side).adjusted(rim, rim, -rim, -rim))
        inset = side * (0.25 if severity is Severity.CRITICAL else 0.28)
        lift = -side * 0.05 if severity is Severity.CRITICAL else 0.0
        box = QRectF(inset, inset + lift, side - 2 * inset, side - 2 * inset)
        paint_mark(painter, box, severity, colour)
        painter.end()
        made.addPixmap(pixmap)
    return made

"""Draws what the first and the last page of the installer for Windows show at their left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from building.order import ROOT

WIDTH, HEIGHT = 164, 314
"""What NSIS shows at 100 %."""
_SCALE = 2
"""Windows makes it smaller well, and larger badly."""
_TOP, _BOTTOM, _LINE = QColor("#2459D6"), QColor("#16357F"), QColor(255, 255, 255, 70)
_BEAT = ((0, 0), (58, 0), (66, 16), (78, -44), (90, 24), (98, 0), (WIDTH, 0))
"""One beat across the picture, as points to the right and down."""


def draw_picture(target: Path) -> Path:
    """Draw it as a bitmap without transparency, which is all that NSIS reads."""
    image = QImage(WIDTH * _SCALE, HEIGHT * _SCALE, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SCALE, _SCALE)
    ground = QLinearGradient(0, 0, 0, HEIGHT)
    ground.setColorAt(0, _TOP)
    ground.setColorAt(1, _BOTTOM)
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), ground)
    painter.setPen(QPen(_LINE, 2.5))
    for y in (190, 245, 300):
        painter.drawPolyline(QPolygonF([QPointF(x, y + dy * 0.6) for x, dy in _BEAT]))
    QSvgRenderer(str(ROOT / "resources" / "icons" / "app.svg")).render(painter, QRectF(46, 56, 72, 72))
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(target)):
        raise OSError(f"{target} cannot be written")
    return target

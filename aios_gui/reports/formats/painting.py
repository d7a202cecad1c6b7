"""Paints figures with Qt, for PDF and PNG. Only a child process loads this: it makes an application of its own."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import PySide6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPen, QPolygonF

from aios_gui.reports.formats.svg import corners
from aios_gui.reports.model.drawing import Anchor, Box, Curve, Drawing, Ink, Item, Label, Line, Mark, Shape
from aios_gui.text.colours import Tokens

_HATCH = 6.0


def application() -> QGuiApplication:
    """The one application of the process, which shows nothing and needs no display."""
    found = QGuiApplication.instance()
    if isinstance(found, QGuiApplication):
        return found
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if getattr(sys, "frozen", False):
        # The frozen command line starts without the hook that tells Qt where its plugins are.
        folder = Path(PySide6.__file__).parent / ("" if sys.platform == "win32" else "Qt") / "plugins"
        os.environ.setdefault("QT_PLUGIN_PATH", str(folder))
    return QGuiApplication([sys.argv[0]])


def font(size: float, strong: bool = False) -> QFont:
    """The system's font, for drawing at any scale: of ``size`` px, without hinting to the pixels of a screen.

    Digits have one width, and there are no ligatures, which a search in a PDF would not find.
    """
    made = QFont(QGuiApplication.font())
    made.setPixelSize(max(1, round(size)))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
    for feature, value in (("tnum", 1), ("liga", 0)):
        made.setFeature(QFont.Tag(feature), value)
    return made


def paint(drawing: Drawing, painter: QPainter, tokens: Tokens) -> None:
    """Paint all of it, in its own units from the origin of the painter."""
    colours = {ink: QColor(asdict(tokens)[ink]) for ink in Ink}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for item in drawing.items:
        _paint(item, painter, colours)


def _paint(item: Item, painter: QPainter, colours: dict[Ink, QColor]) -> None:
    colour = QColor(colours[item.ink])
    match item:
        case Line():
            painter.setPen(_pen(colour, item))
            painter.drawLine(QPointF(item.x1, item.y1), QPointF(item.x2, item.y2))
        case Curve():
            points = QPolygonF([QPointF(x, y) for x, y in zip(item.xs, item.ys, strict=True)])
            if not item.is_area:
                painter.setPen(_pen(colour, item))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(points)
                return
            colour.setAlphaF(item.opacity)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(points)
        case Box():
            _box(item, painter, colour)
        case Mark():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            if item.shape is Shape.DOT:
                painter.drawEllipse(QPointF(item.x, item.y), item.size / 2, item.size / 2)
            else:
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners(item)]))
        case Label():
            _label(item, painter, colour)


def _pen(colour: QColor, item: Line | Curve) -> QPen:
    pen = QPen(colour, item.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if item.dashes:
        pen.setDashPattern([length / item.width for length in item.dashes])
    return pen


def _box(box: Box, painter: QPainter, colour: QColor) -> None:
    frame = QRectF(box.x, box.y, max(0.0, box.width), max(0.0, box.height))
    if not box.is_hatched:
        colour.setAlphaF(box.opacity)
        painter.fillRect(frame, colour)
        return
    ground = QColor(colour)
    ground.setAlphaF(0.14)
    painter.fillRect(frame, ground)
    # Lines of our own: a brush with a pattern becomes a picture in a PDF.
    painter.save()
    painter.setClipRect(frame, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colour, 1.0))
    x = frame.left() - frame.height()
    x -= x % _HATCH
    while x < frame.right():
        painter.drawLine(QPointF(x, frame.bottom()), QPointF(x + frame.height(), frame.top()))
        x += _HATCH
    painter.restore()


def _label(label: Label, painter: QPainter, colour: QColor) -> None:
    used = font(label.size, label.is_strong)
    shares = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}
    wide = QFontMetricsF(used).horizontalAdvance(label.text)
    painter.setFont(used)
    painter.setPen(colour)
    painter.drawText(QPointF(label.x - wide * shares[label.anchor], label.y), label.text)

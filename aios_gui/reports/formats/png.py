"""A figure as a picture of pixels, twice as fine as a usual screen."""

from __future__ import annotations

from typing import BinaryIO

from aios_gui.reports.model.report import Figure
from aios_gui.text.colours import LIGHT

_SCALE = 2.0


def write(figure: Figure, out: BinaryIO) -> None:
    """Write the figure on a light ground."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
    from PySide6.QtGui import QColor, QImage, QPainter

    from aios_gui.reports.formats.painting import application, paint

    kept = application()
    drawing = figure.drawing
    size = QSize(round(drawing.width * _SCALE), round(drawing.height * _SCALE))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    image.setText("Title", figure.title)
    image.setText("Description", figure.summary)
    painter = QPainter(image)
    painter.scale(_SCALE, _SCALE)
    paint(drawing, painter, LIGHT)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload, unused-ignore]
    buffer.close()
    out.write(content.data())
    del kept

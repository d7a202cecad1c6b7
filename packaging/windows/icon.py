"""Draws the icon of the program for Windows from the one that everything else uses."""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
"""What Windows asks for at 100, 125 and 150 %, and its largest."""
_LARGEST_BITMAP = 64
"""Larger ones are stored as PNG, which Windows reads since Vista and which is far smaller."""


def write_icon(drawing: Path, icon: Path) -> None:
    """Draw the SVG file ``drawing`` in every size into the .ico file ``icon``."""
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise ValueError(f"{drawing} is no SVG that Qt can draw")
    pictures = [_picture(renderer, size) for size in SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in zip(SIZES, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    icon.write_bytes(head + entries + b"".join(pictures))


def _picture(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return _png(image) if size > _LARGEST_BITMAP else _bitmap(image)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _bitmap(image: QImage) -> bytes:
    """A bitmap as icons hold it: twice as high as it is, for the mask below it, and upside down."""
    size = image.width()
    head = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    rows = [bytes(image.constScanLine(y)[: 4 * size]) for y in reversed(range(size))]
    mask = bytes((size + 31) // 32 * 4 * size)  # the pictures' own transparency holds instead
    return head + b"".join(rows) + mask

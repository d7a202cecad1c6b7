"""Draws the icon of the program, at every size that a system asks for, from resources/icons/app.svg.

`python packaging/draw_icons.py` writes them all into packaging/icons; the same drawing gives the same files.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "icons" / "app.svg"
FOLDER = Path(__file__).resolve().parent / "icons"
NAME = "aios-heartbeat"
PNG_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""The sizes of a Linux theme's folders."""
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
"""What Windows asks for at 100, 125 and 150 %, and its largest."""
_LARGEST_BITMAP = 64
"""Larger ones are stored as PNG, which Windows reads since Vista and which is far smaller."""
ICNS_KINDS = {
    b"icp4": 16,
    b"icp5": 32,
    b"icp6": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Each kind of picture in a file for macOS and its width; the last four are for screens of double density."""


def main() -> None:
    """Draw every icon."""
    FOLDER.mkdir(exist_ok=True)
    for size in PNG_SIZES:
        write_if_changed(FOLDER / f"{NAME}-{size}.png", png(drawn(DRAWING, size)))
    write_if_changed(FOLDER / f"{NAME}.ico", ico(DRAWING))
    write_if_changed(FOLDER / f"{NAME}.icns", icns(DRAWING))


def write_if_changed(file: Path, content: bytes) -> None:
    """Leave a file that holds just this alone, so that nothing is built again for it."""
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)


def drawn(drawing: Path, size: int) -> QImage:
    """The SVG file ``drawing`` as a square of ``size`` pixels; ValueError for one that Qt cannot draw."""
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise ValueError(f"{drawing} is no SVG that Qt can draw")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


def png(image: QImage) -> bytes:
    """The picture as a PNG without a word more than its pixels, so that no library's version shows in it."""
    width, height = image.width(), image.height()
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = b"".join(b"\0" + _row(plain, y) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_part(*part) for part in parts)


def _row(image: QImage, y: int) -> bytes:
    """The pixels of one row of a picture that has four bytes for each."""
    scan: Any = image.constScanLine(y)
    return bytes(scan[: 4 * image.width()])


def _png_part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def ico(drawing: Path) -> bytes:
    """The file of Windows."""
    pictures = [_ico_picture(drawn(drawing, size)) for size in ICO_SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in zip(ICO_SIZES, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return head + entries + b"".join(pictures)


def _ico_picture(image: QImage) -> bytes:
    """As icons hold a bitmap: told to be twice as high as it is, for the mask below it, and upside down."""
    size = image.width()
    if size > _LARGEST_BITMAP:
        return png(image)
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    head = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    rows = [_row(plain, y) for y in reversed(range(size))]
    mask = bytes((size + 31) // 32 * 4 * size)  # the pictures' own transparency holds instead
    return head + b"".join(rows) + mask


def icns(drawing: Path) -> bytes:
    """The file of macOS."""
    parts = b""
    for kind, size in ICNS_KINDS.items():
        picture = png(drawn(drawing, size))
        parts += kind + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


if __name__ == "__main__":
    main()

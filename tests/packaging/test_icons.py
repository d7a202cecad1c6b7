"""The icons: committed ones show the drawing, and each file is what its system takes."""

import struct
from pathlib import Path

import draw_icons
import pytest
from PySide6.QtGui import QImage

FAR = 24
"""How far a shade may be off, of 255: versions of Qt smooth edges differently."""


def differing(a: QImage, b: QImage) -> float:
    """The share of pixels that are seen to differ."""
    plain = [each.convertToFormat(QImage.Format.Format_RGBA8888) for each in (a, b)]
    size = a.width()
    colours = [[each.pixelColor(x, y).getRgb() for x in range(size) for y in range(size)] for each in plain]
    far: list[bool] = [
        max(abs(p - q) for p, q in zip(*pair, strict=True)) > FAR for pair in zip(*colours, strict=True)
    ]
    return sum(far) / len(far)


@pytest.mark.parametrize("size", draw_icons.PNG_SIZES[:-2])
def test_a_committed_picture_shows_the_drawing(size: int) -> None:
    committed = QImage(str(draw_icons.FOLDER / f"{draw_icons.NAME}-{size}.png"))
    assert (committed.width(), committed.height()) == (size, size)
    assert differing(committed, draw_icons.drawn(draw_icons.DRAWING, size)) < 0.01


@pytest.mark.parametrize("write", [draw_icons.ico, draw_icons.icns])
def test_the_same_drawing_gives_the_same_file(write: object) -> None:
    assert callable(write)
    assert write(draw_icons.DRAWING) == write(draw_icons.DRAWING)


def test_the_file_of_windows_holds_every_size_within_itself() -> None:
    whole = (draw_icons.FOLDER / f"{draw_icons.NAME}.ico").read_bytes()
    zero, kind, count = struct.unpack_from("<HHH", whole)
    assert (zero, kind, count) == (0, 1, len(draw_icons.ICO_SIZES))
    end = 6 + 16 * count
    for place, size in enumerate(draw_icons.ICO_SIZES):
        width, _height, _colours, _zero, _planes, bits, length, start = struct.unpack_from(
            "<BBBBHHII", whole, 6 + 16 * place
        )
        assert (width, bits, start) == (size % 256, 32, end)
        end += length
    assert end == len(whole)


def test_the_file_of_macos_holds_pictures_as_wide_as_their_kind_says() -> None:
    whole = (draw_icons.FOLDER / f"{draw_icons.NAME}.icns").read_bytes()
    assert whole[:4] == b"icns"
    assert struct.unpack_from(">I", whole, 4)[0] == len(whole)
    found, place = {}, 8
    while place < len(whole):
        kind, length = struct.unpack_from(">4sI", whole, place)
        found[kind] = QImage.fromData(whole[place + 8 : place + length]).width()
        place += length
    assert found == draw_icons.ICNS_KINDS


@pytest.mark.qt_log_ignore("Cannot read file")
def test_what_is_no_drawing_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.svg"
    broken.write_text("<svg")
    with pytest.raises(ValueError, match=r"broken\.svg"):
        draw_icons.drawn(broken, 16)

"""What is painted around a curve."""

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import paint_gaps
from aios_gui.ui.theme import LIGHT

S = 1_000_000_000


class Counting(QPainter):
    """Keeps what it fills."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.filled: list[tuple[float, float]] = []

    def fillRect(self, *what: Any) -> None:
        self.filled.append((what[0].left(), what[0].right()))
        super().fillRect(*what)


def filled(gaps: list[Gap]) -> list[tuple[float, float]]:
    """From where to where it is hatched in a plot of 100 pixels and 100 seconds."""
    image = QImage(100, 10, QImage.Format.Format_RGB32)
    painter = Counting(image)
    paint_gaps(painter, Frame(QRectF(0, 0, 100, 10), 0, 100), gaps, LIGHT)
    painter.end()
    return painter.filled[::2]


def test_gaps_that_touch_on_the_screen_are_painted_as_one(qtbot: QtBot) -> None:
    many = [Gap(GapKind.PAUSED, 20 * S + at * S // 1000, 20 * S + at * S // 1000 + 1) for at in range(10_000)]
    one = Gap(GapKind.SUSPENDED, 50 * S, 60 * S)
    ((left, right), last) = filled([one, *reversed(many)])
    assert (left, round(right)) == (20.0, 32)
    assert last == (50.0, 60.0)


def test_a_short_gap_has_two_pixels_and_one_outside_none(qtbot: QtBot) -> None:
    back, outside = Gap(GapKind.CLOCK_JUMP, 40 * S, 30 * S), Gap(GapKind.PAUSED, 200 * S, 300 * S)
    assert filled([back, outside, Gap(GapKind.PAUSED, 99 * S, 400 * S)]) == [(30.0, 32.0), (99.0, 100.0)]

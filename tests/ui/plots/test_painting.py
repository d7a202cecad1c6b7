"""What is painted around a curve."""

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import paint_gaps, paint_time_labels
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.theme import LIGHT

S = 1_000_000_000


class Counting(QPainter):
    """Keeps what it fills, and where it writes."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.filled: list[tuple[float, float]] = []
        self.written: list[tuple[float, str]] = []

    def fillRect(self, *what: Any) -> None:
        self.filled.append((what[0].left(), what[0].right()))
        super().fillRect(*what)

    def drawText(self, *what: Any) -> None:  # type: ignore[override]
        self.written.append((what[0].x(), what[1]))
        super().drawText(*what)


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


def test_the_first_and_the_last_label_are_whole_where_there_is_no_value_axis(qtbot: QtBot) -> None:
    image = QImage(300, 30, QImage.Format.Format_RGB32)
    painter = Counting(image)
    ticks = [TimeTick(at_s, label) for at_s, label in ((1, "18:00"), (50, "21:00"), (99, "00:00"))]
    font = QApplication.font()
    paint_time_labels(painter, Frame(QRectF(2, 0, 296, 10), 0, 100), ticks, LIGHT, font, edge_px=0.0)
    painter.end()
    (first, *_middle, last), width = painter.written, QFontMetricsF(font).horizontalAdvance("00:00")
    assert first == (0.0, "18:00")
    assert last[0] + width <= 298

"""What is painted around a curve."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import Span, paint_gaps, paint_span, paint_spans, paint_time_labels
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.theme import LIGHT

S = 1_000_000_000


class Counting(QPainter):
    """Keeps what it fills with a picture, and where it writes."""

    def __init__(self, device: QImage) -> None:
        super().__init__(device)
        self.filled: list[tuple[float, float]] = []
        self.written: list[tuple[float, str]] = []

    def drawPixmap(self, *what: Any) -> None:
        self.filled.append((what[0].left(), what[0].right()))
        super().drawPixmap(*what)

    def drawText(self, *what: Any) -> None:  # type: ignore[override]
        self.written.append((what[0].x(), what[1]))
        super().drawText(*what)


def filled(gaps: list[Gap]) -> list[tuple[float, float]]:
    """From where to where it is hatched in a plot of 100 pixels and 100 seconds."""
    image = QImage(100, 10, QImage.Format.Format_RGB32)
    painter = Counting(image)
    paint_gaps(painter, Frame(QRectF(0, 0, 100, 10), 0, 100), gaps, LIGHT)
    painter.end()
    return painter.filled


def test_gaps_that_touch_on_the_screen_are_painted_as_one(qtbot: QtBot) -> None:
    many = [Gap(GapKind.PAUSED, 20 * S + at * S // 1000, 20 * S + at * S // 1000 + 1) for at in range(10_000)]
    one = Gap(GapKind.SUSPENDED, 50 * S, 60 * S)
    ((left, right), last) = filled([one, *reversed(many)])
    assert (left, round(right)) == (20.0, 32)
    assert last == (50.0, 60.0)


def test_a_short_gap_has_two_pixels_and_one_outside_none(qtbot: QtBot) -> None:
    back, outside = Gap(GapKind.CLOCK_JUMP, 40 * S, 30 * S), Gap(GapKind.PAUSED, 200 * S, 300 * S)
    assert filled([back, outside, Gap(GapKind.PAUSED, 99 * S, 400 * S)]) == [(30.0, 32.0), (99.0, 100.0)]


def test_a_long_gap_is_hatched_without_a_seam(qtbot: QtBot) -> None:
    for ratio in (1.0, 1.25, 1.5):
        image = QImage(round(1_000 * ratio), round(300 * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        paint_gaps(painter, Frame(QRectF(0, 0, 1_000, 300), 0, 100), [Gap(GapKind.PAUSED, 0, 100 * S)], LIGHT)
        painter.end()
        side = round(8 * ratio)
        last = image.width() - side, image.height() - side
        assert all(
            image.pixel(x, y) == image.pixel(x % side, y % side)
            for x in range(0, last[0], 7)
            for y in range(0, last[1], 5)
        )


@pytest.mark.skipif(sys.platform != "linux", reason="it looks at threads in /proc")
def test_painting_many_gaps_and_incidents_wakes_no_other_thread(qtbot: QtBot) -> None:
    image = QImage(1_000, 300, QImage.Format.Format_RGB32)
    painter, frame = QPainter(image), Frame(QRectF(0, 0, 1_000, 300), 0, 1_000)
    gaps = [Gap(GapKind.PAUSED, at * 9 * S, at * 9 * S + 2 * S) for at in range(100)]
    spans = [Span(at * 9.0, at * 9.0 + 4.0, "critical") for at in range(100)]
    for again in range(2):
        before = wakeups_of_qt()
        paint_gaps(painter, frame, gaps, LIGHT)
        for span in spans:
            paint_span(painter, frame, span, LIGHT)
        if again:  # at first the pictures are made
            assert sum(after - before.get(thread, 0) for thread, after in wakeups_of_qt().items()) < 20
    painter.end()


def test_marks_of_one_tone_that_touch_are_tinted_once(qtbot: QtBot) -> None:
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    painter = Counting(image)
    close = [Span(40 + n / 10, 40 + n / 10, "lateness") for n in range(50)]
    far, other = Span(60, 60, "lateness"), Span(42, 44, "accent")
    noted = [Span(80, 85, "accent", tip="a note"), Span(84, 90, "accent", tip="another")]
    paint_spans(painter, Frame(QRectF(0, 0, 100, 50), 0, 100), [*reversed(close), far, *noted, other], LIGHT)
    painter.end()
    found = sorted((round(left), round(right)) for left, right in painter.filled)
    assert found == [(40, 48), (42, 45), (60, 63), (80, 85), (84, 90)]


@pytest.mark.parametrize("width_s", [1e-9, 0.3, 0.49, 0.5, 0.7, 1.0])
def test_of_a_mark_narrower_than_a_pixel_nothing_reaches_beyond_the_plot(
    qtbot: QtBot, width_s: float
) -> None:
    image = QImage(140, 70, QImage.Format.Format_RGB32)
    image.fill(LIGHT.surface)
    painter = QPainter(image)
    frame = Frame(QRectF(0, 0, 100, 50), 0, 100)
    paint_span(painter, frame, Span(100 - width_s, 101, "lateness"), LIGHT)
    paint_gaps(painter, frame, [Gap(GapKind.PAUSED, round((100 - width_s) * S), 101 * S)], LIGHT)
    painter.end()
    beyond = [(x, y) for x in range(140) for y in range(70) if x > 100 or y > 50]
    assert {image.pixelColor(*each).name() for each in beyond} == {image.pixelColor(139, 69).name()}
    assert image.pixelColor(139, 69).name() == LIGHT.surface.lower()


def wakeups_of_qt() -> dict[str, int]:
    """How often each of the threads that Qt paints with was woken."""
    found = {}
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            if (thread / "comm").read_text() == "Thread (pooled)\n":
                lines = (thread / "status").read_text().splitlines()
                found[thread.name] = sum(
                    int(line.split()[1]) for line in lines if line.startswith("voluntary")
                )
    return found


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

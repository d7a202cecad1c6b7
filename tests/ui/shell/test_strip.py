"""The strip: what it paints, when it paints, what it tells."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.model.snapshot import STRIP_CELLS
from aios_gui.text.figures import clock_time
from aios_gui.ui.shell.strip import HEIGHT_PX, Strip
from aios_gui.ui.theme import LIGHT, Theme
from aios_gui.ui.widgets.icons import colour_of
from tests.fakes import WALL, S
from tests.ui.fakes import PaintCounter

ALL_FINE = (Severity.OK,) * STRIP_CELLS


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> Strip:
    made = Strip(theme)
    qtbot.addWidget(made)
    made.resize(600, HEIGHT_PX)
    return made


def parts(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _height_of(strip: Strip, x: int, colour: str) -> int:
    image = strip.grab().toImage()
    wanted = QColor(colour)
    near = [
        y
        for y in range(image.height())
        if all(abs(a - b) < 24 for a, b in zip(parts(image.pixelColor(x, y)), parts(wanted), strict=True))
    ]
    return len(near)


def test_worse_beats_stand_taller(strip: Strip) -> None:
    strip.show_cells((*ALL_FINE[:-2], Severity.WARNING, Severity.CRITICAL))
    warning = _height_of(strip, 584, colour_of(Severity.WARNING, LIGHT))
    critical = _height_of(strip, 594, colour_of(Severity.CRITICAL, LIGHT))
    assert 0 < warning < critical
    assert _height_of(strip, 4, colour_of(Severity.CRITICAL, LIGHT)) == 0


def test_gaps_are_hatched_and_no_block(strip: Strip) -> None:
    strip.show_cells((*ALL_FINE[:-1], Severity.INACTIVE))
    column = _height_of(strip, 594, colour_of(Severity.INACTIVE, LIGHT))
    assert 0 < column < HEIGHT_PX // 2


def test_paints_only_what_has_changed(
    strip: Strip, qtbot: QtBot, count_paints: Callable[..., PaintCounter]
) -> None:
    strip.show_cells(ALL_FINE)
    strip.show()
    qtbot.waitExposed(strip)
    qtbot.wait(0)
    counter = count_paints(strip)
    for _again in range(5):
        strip.show_cells(tuple(ALL_FINE))
        qtbot.wait(0)
    assert counter.count == 0
    strip.show_cells((*ALL_FINE[1:], Severity.CRITICAL))
    qtbot.waitUntil(lambda: counter.count == 1)


def test_a_few_cells_stand_at_the_right(strip: Strip) -> None:
    strip.show_cells((Severity.OK, Severity.CRITICAL))
    assert strip.cell_at(599) == 1
    assert strip.cell_at(585) == 0
    assert strip.cell_at(10) is None
    assert strip.cell_at(-3) is None


def test_more_cells_than_fit_show_the_newest(strip: Strip) -> None:
    strip.show_cells((Severity.CRITICAL, *ALL_FINE))
    assert strip.cells == ALL_FINE


def test_says_what_a_cell_means(strip: Strip) -> None:
    moments = tuple((WALL + number * S, 24_000) for number in range(60))
    strip.show_cells((*ALL_FINE[:-1], Severity.CRITICAL), moments)
    assert strip.tip_of(0).endswith(f"{clock_time(WALL, seconds=True)} · 24 µs · OK")
    assert "hiccup" in strip.tip_of(59)
    strip.show_cells(ALL_FINE)
    assert strip.tip_of(0) == "OK", "an older program does not tell when it was"


def point_at(strip: Strip, x: int) -> None:
    """Tell it of the pointer; moving the machine's own one is up to each system."""
    place, none = QPointF(x, strip.height() / 2), Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, strip.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QCoreApplication.sendEvent(strip, moved)


def test_pointing_at_a_cell_tells_what_it_means(strip: Strip) -> None:
    strip.show()
    strip.show_cells((*ALL_FINE[:-1], Severity.CRITICAL))
    point_at(strip, strip.width() - 3)
    assert strip.toolTip() == strip.tip_of(59)
    strip.show_cells((Severity.OK,))
    point_at(strip, 3)
    assert strip.toolTip() == ""


def test_screen_readers_are_told_the_counts(strip: Strip) -> None:
    strip.show_cells((*ALL_FINE[:-2], Severity.WARNING, Severity.CRITICAL))
    assert strip.accessibleName() == "Last 60 beats"
    assert strip.accessibleDescription() == "58 fine, 1 with a warning, 1 critical, 0 without beats"

"""The plot of one quantity: a line is as strong at the edge as elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.plots.plot_view import PlotView, Surroundings
from aios_gui.ui.theme import LIGHT


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[PlotView]:
    # Within another widget, as in the panel: pyqtgraph's own way to close a view would end it too early.
    around = QWidget()
    qtbot.addWidget(around)
    made = PlotView("cpu", LIGHT, around)
    around.show()
    yield made
    around.hide()


def ink(image: QImage, x: int) -> int:
    """How much darker than paper one column of the picture is, in all."""
    paper = QColor(LIGHT.surface).lightness()
    return sum(paper - image.pixelColor(x, y).lightness() for y in range(image.height()))


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("height", [101, 161, 222])
def test_a_line_at_the_edge_is_drawn_whole(plot: PlotView, share: float, height: int) -> None:
    plot.resize(301, height)
    column = round(plot.frame.rect.center().x())
    found = []
    for at in (0.4, share):
        plot.show_span(0.0, 1.0)
        plot.show_curve(np.array([0.0, 1.0]), np.array([at, at]))
        plot.surround(Surroundings())
        found.append(ink(plot.grab().toImage(), column))
    assert found[0] > 0
    assert found[1] >= 0.9 * found[0]

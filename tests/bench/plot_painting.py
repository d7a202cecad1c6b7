"""What painting around the curves costs, by own code and by pyqtgraph's items: ``python -m tests.bench.plot_painting``.

Four plots of 600 points on a window that moves with each beat, as the Live panel paints them. The ways take turns,
block by block, so that a busy machine is busy for all of them. See docs/decisions/hand-drawn-axes.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.ui.plots import painting
from aios_gui.ui.plots.plot_view import PlotView, Surroundings
from aios_gui.ui.plots.time_ticks import time_ticks
from aios_gui.ui.plots.value_scale import Tick
from aios_gui.ui.theme import LIGHT, Tokens

POINTS, SPAN_S, BLOCK = 600, 900.0, 20
NOW_S = 1_741_785_300.0
NS = 1_000_000_000
TICKS = (Tick(1.0, "100 %"), Tick(0.5, "50"), Tick(0.0, "0"))
GAPS = (Gap(GapKind.SUSPENDED, int((NOW_S - 300) * NS), int((NOW_S - 200) * NS)),)
PARTS = ("values", "times", "target", "gaps", "crosshair")
WAYS: dict[str, tuple[str, ...]] = {"own": (), **{part: (part,) for part in PARTS}, "all": PARTS}
"""Which parts the library paints."""


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Labels and grid lines at the ticks of a value scale."""

    def tickValues(self, _least: float, _most: float, _size: float) -> list[tuple[float, list[float]]]:
        return [(0.5, [tick.share for tick in TICKS])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [tick.label for tick in TICKS if tick.share in values]


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Labels at round moments of the local clock."""

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        self._ticks = time_ticks(least, most, max(2, int(size / 110)))
        return [(1.0, [tick.at_s for tick in self._ticks])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [tick.label for tick in self._ticks if tick.at_s in values]


class Plot(PlotView):
    """A plot of which the library paints ``parts``."""

    def __init__(self, colour: str, tokens: Tokens, parts: tuple[str, ...]) -> None:
        self.parts = parts
        self.axes: list[pg.AxisItem] = []
        super().__init__(colour, tokens)
        pen = QPen(QColor(tokens.muted), 0)
        if "values" in parts:
            self._add_axis(ValueAxis("left"), grid_opacity=60)
        if "times" in parts:
            self._add_axis(TimeAxis("bottom"), grid_opacity=0)
        pen.setDashPattern([2, 4])
        if "target" in parts:
            options = {"position": 0.95, "color": tokens.muted, "anchors": [(1, 1), (1, 1)]}
            self._box.addItem(pg.InfiniteLine(0.8, 0, pen, label="target 80 %", labelOpts=options))
        if "gaps" in parts:
            brush = painting.hatch_brush(tokens.gap, 1.0)
            for gap in GAPS:
                ends = (gap.start_ns / NS, gap.end_ns / NS)
                self._box.addItem(pg.LinearRegionItem(ends, brush=brush, movable=False))
        self._line = pg.InfiniteLine(0, 90, QPen(QColor(tokens.gap), 0))
        if "crosshair" in parts:
            self._box.addItem(self._line)

    def _add_axis(self, axis: pg.AxisItem, grid_opacity: int) -> None:
        axis.setPen(QPen(QColor(self._tokens.grid), 0))
        axis.setTextPen(QColor(self._tokens.muted))
        axis.setStyle(tickFont=self._label_font, tickLength=0)
        axis.linkToView(self._box)
        axis.setGrid(grid_opacity or False)
        self.scene().addItem(axis)
        self.axes.append(axis)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        for axis in getattr(self, "axes", ()):
            area = self._rect
            if axis.orientation == "left":
                axis.setGeometry(QRectF(0, area.top(), area.left(), area.height()))
            else:
                axis.setGeometry(QRectF(area.left(), area.bottom(), area.width(), 20))

    def read_at(self, at_s: float) -> None:
        if "crosshair" in self.parts:
            self._line.setValue(at_s)
        else:
            self.show_crosshair(at_s, None)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        frame, around, tokens = self.frame, self._around, self._tokens
        painter.fillRect(rect, QColor(tokens.surface))
        if "values" not in self.parts:
            painting.paint_grid(painter, frame, around.ticks, tokens)
        if "gaps" not in self.parts:
            painting.paint_gaps(painter, frame, around.gaps, tokens)
        if "target" not in self.parts:
            painting.paint_target(painter, frame, around.target, tokens)
            painting.paint_target_label(painter, frame, around.target_label, tokens, self._label_font)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        frame, around, tokens, type_ = self.frame, self._around, self._tokens, self._label_font
        if "values" not in self.parts:
            painting.paint_value_labels(painter, frame, around.ticks, tokens, type_)
        if "times" not in self.parts:
            painting.paint_time_labels(painter, frame, list(around.time_ticks), tokens, type_)
        if self._crosshair is not None and "crosshair" not in self.parts:
            painting.paint_crosshair(painter, frame, *self._crosshair, tokens.accent, tokens)


class Four(QWidget):
    """Four plots in one window, as the Live panel has them."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.plots = [Plot(name, LIGHT, parts) for name in ("duration", "lateness", "cpu", "memory")]
        for plot in self.plots:
            column.addWidget(plot)
        self.resize(980, 680)
        self.painted = 0
        self.plots[0].viewport().installEventFilter(self)
        random = np.random.default_rng(1)
        self.values = random.random((4, POINTS)) / 2
        self.end_s = NOW_S

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.painted += event.type() == QEvent.Type.Paint
        return False

    def beat(self) -> None:
        """A second passes: everything that a beat changes is set."""
        self.end_s += 1.0
        times = np.linspace(self.end_s - SPAN_S, self.end_s, POINTS)
        # What the library paints asks for its ticks itself.
        asks = "times" not in self.plots[0].parts
        ticks = tuple(time_ticks(self.end_s - SPAN_S, self.end_s, 8)) if asks else ()
        for plot, values in zip(self.plots, self.values, strict=True):
            plot.show_span(self.end_s - SPAN_S, self.end_s)
            plot.show_curve(times, np.roll(values, int(self.end_s)))
            plot.read_at(self.end_s - 100)
            plot.surround(
                Surroundings(ticks=TICKS, time_ticks=ticks, gaps=GAPS, target=0.8, target_label="target 80 %")
            )


def measure(blocks: int, folder: str) -> dict[str, list[float]]:
    """For each way, CPU time a frame of the four plots, ms, block by block."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    fours = {name: Four(parts) for name, parts in WAYS.items()}
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for block in range(blocks + 1):
        for name, four in fours.items():
            four.show()
            app.processEvents()
            four.beat()
            app.processEvents()
            four.painted = 0
            began = time.process_time()
            for _frame in range(BLOCK):
                four.beat()
                app.processEvents()
            spent_ms = (time.process_time() - began) * 1000 / BLOCK
            assert four.painted == BLOCK, (name, four.painted)
            if block:  # the first is a warm-up
                found[name].append(spent_ms)
            elif folder:
                four.grab().save(f"{folder}/{name}.png")
            four.hide()
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=15)
    parser.add_argument("--pictures", default="", metavar="FOLDER", help="also keep a picture of each way")
    arguments = parser.parse_args()
    found = measure(arguments.blocks, arguments.pictures)
    own = statistics.median(found["own"])
    print("painted by the library   ms a frame (median, least)   against own")
    for name, spent in found.items():
        middle = statistics.median(spent)
        print(f"{name:<22} {middle:8.2f} {min(spent):8.2f} {100 * (middle / own - 1):+18.0f} %")


if __name__ == "__main__":
    main()

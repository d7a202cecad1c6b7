"""Turns the columns of a smoke into paths: two shades, the line of the medians and that of the maxima."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from aios_gui.history.analysis.model.smoke import Puff
from aios_gui.ui.plots.value_scale import ValueScale

Floats = npt.NDArray[np.float64]
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_BEGIN, _LINE = 0, 1


@dataclass(frozen=True, slots=True)
class SmokeShape:
    """Paths in seconds after ``origin_s`` and shares of the value axis, so that to zoom and to pan draws them again."""

    outer: QPainterPath
    inner: QPainterPath
    median: QPainterPath
    top: QPainterPath


NOTHING = SmokeShape(QPainterPath(), QPainterPath(), QPainterPath(), QPainterPath())


def shape_of(puff: Puff, starts_s: Floats, bucket_s: float, scale: ValueScale) -> SmokeShape:
    """The paths of a measure; ``starts_s`` is where its buckets begin."""
    layout = _Layout.of(starts_s, bucket_s, np.isfinite(column(puff.p50)))
    tops = column(puff.max)
    highest = _Layout.of(starts_s, bucket_s, np.isfinite(tops))
    p5, p25, p50, p75, p95 = (
        np.clip(scale.shares(column(each)), 0.0, 1.0)
        for each in (puff.p5, puff.p25, puff.p50, puff.p75, puff.p95)
    )
    return SmokeShape(
        layout.area(p5, p95),
        layout.area(p25, p75),
        layout.line(p50),
        highest.line(np.clip(scale.shares(tops), 0.0, 1.0)),
    )


def column(values: object) -> Floats:
    """A column as an array, without a copy."""
    return np.frombuffer(values, np.float64) if len(values) else np.empty(0)  # type: ignore[call-overload, arg-type]


@dataclass(frozen=True, eq=False)
class _Layout:
    """Points through the middle of each bucket, and at either end of a stretch of buckets that have something."""

    x: Floats
    row: npt.NDArray[np.intp]
    first: npt.NDArray[np.bool_]
    begin: npt.NDArray[np.intp]
    length: npt.NDArray[np.intp]
    """For each point where its stretch begins among the points, and how many points that has."""

    @classmethod
    def of(cls, starts_s: Floats, bucket_s: float, known: npt.NDArray[np.bool_]) -> _Layout:
        before, after = np.append(False, known[:-1]), np.append(known[1:], False)
        is_first, is_last = (known & ~before)[known], (known & ~after)[known]
        row = np.repeat(np.flatnonzero(known), 1 + is_first + is_last)
        ends = np.cumsum(1 + is_first + is_last)
        begins = (ends - 1 - is_first - is_last)[is_first]
        lasts = (ends - 1)[is_last]
        x = starts_s[row] + bucket_s / 2
        x[begins] -= bucket_s / 2
        x[lasts] += bucket_s / 2
        first = np.zeros(len(row), dtype=bool)
        first[begins] = True
        lengths = lasts - begins + 1
        return cls(x, row, first, np.repeat(begins, lengths), np.repeat(lengths, lengths))

    def line(self, y: Floats) -> QPainterPath:
        elements = np.empty(len(self.x), _ELEMENT)
        elements["kind"] = np.where(self.first, _BEGIN, _LINE)
        elements["x"], elements["y"] = self.x, y[self.row]
        return _path(elements)

    def area(self, low: Floats, high: Floats) -> QPainterPath:
        """Along the low side, and back along the high one."""
        count = len(self.x)
        elements = np.empty(2 * count, _ELEMENT)
        within = np.arange(count) - self.begin
        out, back = 2 * self.begin + within, 2 * self.begin + 2 * self.length - 1 - within
        elements["kind"] = _LINE
        elements["kind"][out[self.first]] = _BEGIN
        for places, side in ((out, low), (back, high)):
            elements["x"][places], elements["y"][places] = self.x, side[self.row]
        return _path(elements)


def _path(elements: npt.NDArray[np.void]) -> QPainterPath:
    """A path of elements, by way of its stored form: one call for all of them."""
    path = QPainterPath()
    if len(elements):
        stored = struct.pack(">i", len(elements)) + elements.tobytes() + struct.pack(">ii", 0, 0)
        stream = QDataStream(QByteArray(stored))
        stream >> path
    return path

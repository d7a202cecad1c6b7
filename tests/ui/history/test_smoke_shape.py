"""Smoke as paths: where nothing was measured nothing is drawn, and each stretch is a shape of its own."""

from array import array
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QPainterPath

from aios_gui.history.analysis.model.smoke import Puff
from aios_gui.ui.history.scene import edges_of, joined
from aios_gui.ui.history.smoke_shape import SmokeShape, shape_of
from aios_gui.ui.plots.value_scale import PercentScale
from tests.ui.machine import gap_at

NAN = float("nan")


def puff(*medians: float) -> Puff:
    """With shades of 10 and 20 around the medians, and 30 above them."""
    values = np.array(medians)
    return Puff(*(array("d", (values + each).tobytes()) for each in (-20, -10, 0, 10, 20, 30)))


def points(path: QPainterPath) -> list[tuple[bool, float, float]]:
    """Whether a shape begins there, and where it is, to nine digits."""
    found: list[Any] = [path.elementAt(place) for place in range(path.elementCount())]
    return [(each.isMoveTo(), each.x, round(each.y, 9)) for each in found]


def shaped(*medians: float) -> SmokeShape:
    starts_s = np.arange(len(medians), dtype=np.float64) * 60
    return shape_of(puff(*medians), starts_s, 60.0, PercentScale())


def test_a_line_reaches_from_the_first_edge_to_the_last_and_breaks_where_nothing_is_known() -> None:
    shape = shaped(50, 60, NAN, 40)
    assert points(shape.median) == [
        (True, 0, 0.5),
        (False, 30, 0.5),
        (False, 90, 0.6),
        (False, 120, 0.6),
        (True, 180, 0.4),
        (False, 210, 0.4),
        (False, 240, 0.4),
    ]


def test_a_shade_goes_along_below_and_back_above() -> None:
    shape = shaped(NAN, 50, NAN)
    assert points(shape.inner) == [
        (True, 60, 0.4),
        (False, 90, 0.4),
        (False, 120, 0.4),
        (False, 120, 0.6),
        (False, 90, 0.6),
        (False, 60, 0.6),
    ]


def test_without_anything_known_nothing_is_drawn() -> None:
    shape = shaped(NAN, NAN)
    assert all(getattr(shape, name).isEmpty() for name in ("outer", "inner", "median", "top"))


@given(st.lists(st.one_of(st.just(NAN), st.floats(20, 70)), min_size=1, max_size=60))
def test_each_stretch_is_one_shape_within_its_buckets(medians: list[float]) -> None:
    shape = shaped(*medians)
    known = np.isfinite(medians)
    stretches = int(np.count_nonzero(known & ~np.append(False, known[:-1])))
    for name in ("outer", "inner", "median", "top"):
        found = points(getattr(shape, name))
        assert sum(begins for begins, _x, _y in found) == stretches
        for _begins, x, _y in found:
            near = {min(len(medians) - 1, int(x // 60)), max(0, int(x // 60) - (x % 60 == 0))}
            assert any(known[bucket] for bucket in near)


def test_gaps_that_touch_on_the_screen_are_one_and_the_shortest_can_be_seen() -> None:
    gaps = tuple(
        gap_at(start, end) for start, end in ((100, 150), (120, 130), (151, 160), (300, 300.01), (500, 480))
    )
    starts, ends = edges_of(gaps)
    found = joined(starts, ends, lambda at_s: at_s, 2.0)
    assert found == [(100.0, 160.0), (300.0, 302.0), (480.0, 482.0)]
    assert joined(*edges_of(()), lambda at_s: at_s, 2.0) == []

"""What is said of a quantity in place of its plot."""

import numpy as np

from aios_gui.ui.plots.curve import Rows
from aios_gui.ui.plots.quantity import QUANTITIES, reach


def said(times: list[float], duration: float, cpu: float) -> list[str]:
    values = tuple(np.full(len(times), value) for value in (duration, 1.0, cpu, 1.0))
    rows = Rows(np.array(times), values, values)
    return [reach(QUANTITIES[place], rows, place) for place in (0, 2)]


def test_beats_that_know_nothing_of_it_are_beats_nonetheless() -> None:
    assert said([1.0, 2.0], 25_000.0, 12.0) == ["25 µs to 25 µs", "12 % to 12 %"]
    assert said([1.0, 2.0], 25_000.0, np.nan) == ["25 µs to 25 µs", "Not known"]
    assert said([1.0, 2.0], np.nan, np.nan) == ["No beats", "No beats"]
    assert said([], np.nan, np.nan) == ["No beats", "No beats"]

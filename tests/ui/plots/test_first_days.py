"""The time axis of a plot that has no span yet, and of a record from a clock that begins with the Unix epoch."""

import pytest

from aios_gui.ui.plots.time_ticks import time_ticks

DAY_S = 86_400


@pytest.mark.parametrize("length_s", [1, 3600, 2 * DAY_S, 14 * DAY_S, 400 * DAY_S])
@pytest.mark.parametrize("start_s", [0, 5, DAY_S])
def test_the_first_days_of_1970_have_ticks(start_s: float, length_s: float) -> None:
    moments = [tick.at_s for tick in time_ticks(start_s, start_s + length_s, 8)]
    assert moments
    assert moments == sorted(set(moments))
    assert start_s <= moments[0]
    assert moments[-1] <= start_s + length_s

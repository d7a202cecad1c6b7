"""What a child process reckoned comes back as it was."""

import json

import pytest

from aios_gui.history.model.distribution import Distribution, Distributions, Timing
from aios_gui.history.passing import passed_on, received
from aios_gui.record.model.histogram import Histogram


def distributions() -> Distributions:
    histogram = Histogram()
    histogram.add([24_000, 25_000, 3_000_000])
    timing = Timing(Distribution(histogram, 24_000, 3_000_000, 3_049_000), Distribution())
    return Distributions(timing, timing)


def test_histograms_come_back_as_they_were() -> None:
    made = distributions()
    assert received(json.loads(json.dumps(passed_on(made), allow_nan=False)), Distributions) == made


@pytest.mark.parametrize(
    "strange", [None, {}, {"duration": 1, "lateness": 2}, {"duration": {"raw": {"histogram": "?"}}}]
)
def test_what_another_version_says_is_refused(strange: object) -> None:
    with pytest.raises(ValueError, match="another version"):
        received(strange, Distributions)

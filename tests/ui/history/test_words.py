"""When something was is told as closely as it is known, and no closer."""

import time

import pytest

from aios_gui.ui.history.words import stretch_text

S = 1_000_000_000


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-11-27 15:36:04", "2026-11-27 15:36:06", "2026-11-27 15:36:05"),
        ("2026-11-27 15:36:00", "2026-11-27 15:38:00", "2026-11-27 15:36–15:38"),
        ("2026-11-27 23:00:00", "2026-11-28 00:00:00", "2026-11-27 23:00 – 2026-11-28 00:00"),
        ("2026-11-27 00:00:00", "2026-11-28 00:00:00", "2026-11-27"),
        ("2026-11-26 00:00:00", "2026-11-29 00:00:00", "2026-11-26 – 2026-11-28"),
    ],
)
def test_a_stretch_is_a_moment_an_hour_or_days(first: str, last: str, text: str) -> None:
    first_s, last_s = (time.mktime(time.strptime(each, "%Y-%m-%d %H:%M:%S")) for each in (first, last))
    assert stretch_text(round(first_s) * S, round(last_s) * S) == text

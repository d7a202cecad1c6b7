"""When something was is told as closely as it is known, and no closer."""

import time

import pytest

from aios_gui.history.analysis.model.smoke import DayMark
from aios_gui.history.model.distribution import Band
from aios_gui.ui.history.words import day_sentence, stretch_text

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


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set here")
def test_a_day_of_utc_is_told_by_its_local_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        told = day_sentence(DayMark(86_400 * S, Band.GOOD, 1.0, 0, 86_400))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert told.startswith("1970-01-02 08:00 – 1970-01-03 08:00: good")

"""Where the labels of a time axis stand, on a clock that is changed, too."""

import os
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from aios_gui.reports.figures.plot import moments

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no zone of its own for a process")


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clocks go forward on 30 March 2025 and back on 26 October."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def ticks(start: str, end: str) -> list[str]:
    return [
        text for _at, text in moments(*(datetime.fromisoformat(each).timestamp() for each in (start, end)))
    ]


def test_labels_stand_at_round_local_moments() -> None:
    cases: list[tuple[str, str, str]] = [
        ("2025-03-12 22:00", "2025-03-12 22:20", "22:00 22:05 22:10 22:15 22:20"),
        ("2025-03-12 22:00:03", "2025-03-12 22:00:23", "22:00:05 22:00:10 22:00:15 22:00:20"),
        ("2025-03-28 00:00", "2025-04-01 00:00", "03-28 12:00 03-29 12:00 03-30 12:00 03-31 12:00 04-01"),
        ("2025-10-25 00:00", "2025-10-27 00:00", "10-25 06:00 12:00 18:00 10-26 06:00 12:00 18:00 10-27"),
        ("2025-03-01 00:00", "2025-03-31 00:00", "03-01 03-08 03-15 03-22 03-29"),
        ("2024-01-01 00:00", "2024-12-31 00:00", "2024-01-01 2024-04-01 2024-07-01 2024-09-30 2024-12-30"),
    ]
    for start, end, expected in cases:
        assert ticks(start, end) == expected.split()


def test_years_have_as_few_labels_as_a_day() -> None:
    for years in (3, 5, 10, 40, 230):
        found = ticks("2025-01-01 00:00", f"{2025 + years}-01-01 00:00")
        assert 3 <= len(found) <= 10, years


def test_none_is_told_twice_where_the_clocks_go_back() -> None:
    found = ticks("2025-10-26 00:00", "2025-10-26 06:00")
    assert len(found) == len(set(found))
    assert len(found) <= 10

"""The table of culprits: compared by what the incident is about."""

from __future__ import annotations

from array import array

import pytest

from aios_gui.alerts.model.incident import Culprit
from aios_gui.alerts.model.rules import Measure
from aios_gui.ui.incidents.evidence import By, compared_by, culprit_columns, culprit_rows
from aios_gui.ui.incidents.subject import rows_of
from aios_gui.ui.plots.series_buffer import BUCKETS

MB = 2**20
BACKUP = Culprit("backup", 10, cpu_percent=2.0, memory_bytes=30 * MB, io_bytes_per_s=80 * MB)
BUILD = Culprit("build", 20, cpu_percent=190.0, memory_bytes=300 * MB, io_bytes_per_s=20 * MB)
OTHERS = Culprit("others", 30, cpu_percent=None, memory_bytes=None, io_bytes_per_s=None)
BAR = 3


def test_they_are_compared_by_what_it_is_about() -> None:
    cases: list[tuple[str, By]] = [
        (Measure.CPU, By.CPU),
        (Measure.LATENESS, By.CPU),
        ("custom:queue", By.CPU),
        ("sunspots", By.CPU),
        (Measure.MEMORY, By.MEMORY),
        (Measure.SWAP, By.MEMORY),
        (Measure.DISK_BUSY, By.DISK),
        (Measure.DISK_FREE, By.DISK),
    ]
    for measure, by in cases:
        assert compared_by(measure) is by


@pytest.mark.parametrize(
    ("by", "bars", "strong"),
    [
        (By.CPU, [2 / 190, 1.0, None], "190 %"),
        (By.MEMORY, [0.1, 1.0, None], "300 MB"),
        (By.DISK, [1.0, 0.25, None], "20 MB/s"),
    ],
)
def test_the_bar_is_the_share_of_the_greatest(by: By, bars: list[float | None], strong: str) -> None:
    found = culprit_rows((BACKUP, BUILD, OTHERS), by, "cpu")
    assert [row[BAR].bar for row in found] == bars
    assert [fact.text for fact in found[1] if fact.strong] == [strong]
    assert len(found[0]) == len(culprit_columns((BACKUP,), "Culprit"))


def test_of_cpu_a_whole_core_is_the_least_that_fills_the_bar() -> None:
    (row,) = culprit_rows((BACKUP,), By.CPU, "cpu")
    assert row[BAR].bar == 0.02
    (row,) = culprit_rows((BACKUP,), By.CPU, "cpu", beside=(BUILD,))
    assert row[BAR].bar == 2 / 190


def test_programs_of_one_name_are_told_apart_by_their_command() -> None:
    alike = [
        Culprit("python3", number, 50.0, command=f"python3 {script}")
        for number, script in ((1, "a.py"), (2, "b.py"))
    ]
    rows = culprit_rows((*alike, BUILD), By.CPU, "cpu")
    assert [row[0].text for row in rows] == ["python3 a.py", "python3 b.py", "build"]
    assert [row[0].text for row in culprit_rows((alike[0], BUILD), By.CPU, "cpu")] == ["python3", "build"]


def test_nothing_known_of_anybody_is_no_bar() -> None:
    (row,) = culprit_rows((OTHERS,), By.DISK, "cpu")
    assert row[BAR].bar is None
    assert not any(fact.text == "0 B/s" for fact in row)


def test_a_chart_of_months_draws_no_more_rows_than_one_of_an_hour_and_keeps_the_worst() -> None:
    times = array("d", (60.0 * minute for minute in range(50_000)))
    values = array("d", [40.0] * len(times))
    values[33_333] = 5.0
    rows = rows_of(times, values)
    assert len(rows.times) <= BUCKETS
    assert (rows.lows[0].min(), rows.highs[0].max(), rows.bucketed) == (5.0, 40.0, True)
    assert not rows.breaks()[1:].any()
    few = rows_of(times[:1_000], values[:1_000])
    assert (len(few.times), few.bucketed) == (1_000, False)

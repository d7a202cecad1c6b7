"""Reports by schedule: the period that is due, what is written and removed, and what is told when it cannot be."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aios_gui.instance.settings import settings_file
from aios_gui.reports.doctor_checks import schedule_of
from aios_gui.reports.jobs.model import JobResult
from aios_gui.reports.jobs.run import JobFailed
from aios_gui.reports.past import past_reports
from aios_gui.reports.schedule.model import (
    Cadence,
    Plan,
    ScheduleState,
    due_period,
    last_period,
    next_due_ns,
)
from aios_gui.reports.schedule.run import STATE_NAME, NotWritten, read_state, write_due
from aios_gui.system.own_child import OwnChild
from aios_gui.system.paths import Paths
from aios_gui.text.check import CheckState
from tests.defaults import DEFAULTS
from tests.fakes import S, recorded_beat, write_run
from tests.processes import run_here
from tests.systems import knows_zones

DAY = 86_400 * S
HOUR = 3600 * S


def ns(text: str, zone: str = "Europe/Berlin") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * S


@knows_zones
@pytest.mark.parametrize(
    ("cadence", "now", "start", "end", "name"),
    [
        (Cadence.DAILY, "2025-03-12T00:00:00", "2025-03-11", "2025-03-12", "2025-03-11"),
        (Cadence.DAILY, "2025-03-12T23:59:59", "2025-03-11", "2025-03-12", "2025-03-11"),
        (Cadence.WEEKLY, "2025-03-12T10:00:00", "2025-03-03", "2025-03-10", "2025-W10"),
        (Cadence.WEEKLY, "2025-01-01T10:00:00", "2024-12-23", "2024-12-30", "2024-W52"),
        (Cadence.WEEKLY, "2021-01-04T00:00:00", "2020-12-28", "2021-01-04", "2020-W53"),
        (Cadence.MONTHLY, "2025-03-01T00:00:00", "2025-02-01", "2025-03-01", "2025-02"),
        (Cadence.MONTHLY, "2025-01-31T10:00:00", "2024-12-01", "2025-01-01", "2024-12"),
    ],
)
def test_the_last_period_that_is_over(cadence: Cadence, now: str, start: str, end: str, name: str) -> None:
    period = last_period(cadence, ns(now), ZoneInfo("Europe/Berlin"))
    assert (period.start_ns, period.end_ns, period.name) == (ns(start), ns(end), name)


@knows_zones
@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-06-01", 24)])
def test_days_on_which_the_clocks_change(day: str, hours: int) -> None:
    period = last_period(Cadence.DAILY, ns(day) + 30 * HOUR, ZoneInfo("Europe/Berlin"))
    assert (period.start_ns, period.end_ns) == (ns(day), ns(day) + hours * HOUR)


def test_of_several_that_were_missed_the_last_is_due_once() -> None:
    for cadence in Cadence:
        plan, now_ns = Plan(cadence, "summary", "csv", "system", "", 3), time.time_ns()
        old = ScheduleState({cadence: last_period(cadence, now_ns - 200 * DAY).end_ns})
        due = due_period(plan, old, now_ns)
        assert due == last_period(cadence, now_ns)
        assert due is not None
        done = ScheduleState({cadence: due.end_ns})
        assert due_period(plan, done, now_ns) is None
        after_ns = next_due_ns(cadence, now_ns)
        assert due_period(plan, done, after_ns - S) is None
        following = due_period(plan, done, after_ns)
        assert following is not None
        assert following.start_ns == due.end_ns


def test_a_clock_that_was_ahead_keeps_no_report_from_being_due() -> None:
    plan, now_ns = Plan(Cadence.DAILY, "summary", "csv", "system", "", 3), time.time_ns()
    ahead = ScheduleState({Cadence.DAILY: now_ns + 900 * DAY})
    assert due_period(plan, ahead, now_ns) == last_period(Cadence.DAILY, now_ns)


class Work:
    """Stands for the child: writes what it is asked for, or fails."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.fault = ""

    def __call__(self, _child: OwnChild, arguments: list[str]) -> JobResult:
        self.asked.append(arguments)
        if self.fault:
            raise JobFailed(self.fault)
        Path(arguments[-1]).write_text(f"report {len(self.asked)}")
        return JobResult(arguments[-1], "csv", 1, 0.1)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    folder = tmp_path / "reports"
    folder.mkdir()
    return Plan(Cadence.DAILY, "summary", "csv", "system", str(folder), 2)


@pytest.fixture
def noon(paths: Paths) -> int:
    """Of a day before which a beat was made on each of many."""
    noon_ns = last_period(Cadence.DAILY, time.time_ns()).end_ns + 12 * HOUR
    beats = [recorded_beat(day, noon_ns - day * DAY) for day in range(1, 20)]
    write_run(paths.store, beats, noon_ns - 20 * DAY)
    return noon_ns


def names(plan: Plan) -> list[str]:
    return sorted(each.name.split(" ", 3)[3] for each in Path(plan.folder).iterdir())


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
def test_a_ring_of_links_in_the_place_of_a_report_keeps_its_name(
    paths: Paths, plan: Plan, work: Work, noon: int
) -> None:
    first = write_due(paths, plan, noon - DAY, OwnChild(), work)
    assert first is not None
    before, today = (last_period(Cadence.DAILY, at_ns).name for at_ns in (noon - DAY, noon))
    ring = first.with_name(first.name.replace(before, today))
    ring.symlink_to(ring)
    second = write_due(paths, plan, noon, OwnChild(), work)
    assert second is not None
    assert second.stem == f"{ring.stem} (2)"


def test_each_day_once_and_only_so_many_stay(paths: Paths, plan: Plan, work: Work, noon: int) -> None:
    for day in (4, 3, 2, 1, 1):
        write_due(paths, plan, noon - day * DAY, OwnChild(), work)
    days = [last_period(Cadence.DAILY, noon - day * DAY) for day in (4, 3, 2, 1)]
    assert len(work.asked) == 4
    assert names(plan) == [f"{each.name}.csv" for each in days[-2:]]
    assert all(each.scheduled for each in past_reports(paths))
    assert work.asked[0][:4] == ["export", "--format", "csv", "--range"]
    start, end = (datetime.fromisoformat(each).timestamp() for each in work.asked[0][4].split(".."))
    assert (round(start) * S, round(end) * S) == (days[0].start_ns, days[0].end_ns)


def test_a_file_of_another_is_never_overwritten_and_one_that_was_changed_stays(
    paths: Paths, plan: Plan, work: Work, noon: int
) -> None:
    first = write_due(paths, plan, noon - 4 * DAY, OwnChild(), work)
    assert first is not None
    before, day = (last_period(Cadence.DAILY, noon - day * DAY).name for day in (4, 3))
    taken = first.with_name(first.name.replace(before, day))
    taken.write_text("another's")
    first.write_text("with my remarks")
    written = [write_due(paths, plan, noon - day * DAY, OwnChild(), work) for day in (3, 2, 1)]
    assert written[0] == taken.with_name(f"{taken.stem} (2).csv")
    assert (taken.read_text(), first.read_text()) == ("another's", "with my remarks")
    kept = set(Path(plan.folder).iterdir())
    assert kept == {first, taken, *(each for each in written[1:] if each is not None)}


def test_what_keeps_it_from_being_written_is_told_and_tried_again(
    paths: Paths, plan: Plan, work: Work, noon: int
) -> None:
    folder = Path(plan.folder)
    folder.rmdir()
    with pytest.raises(NotWritten, match="is not there"):
        write_due(paths, plan, noon, OwnChild(), work)
    assert not folder.exists()
    check = schedule_of(paths, plan)
    assert check.state is CheckState.WARNING
    assert "is not there" in check.detail
    folder.mkdir()
    work.fault = "there is too little room on the disk"
    with pytest.raises(NotWritten, match="too little room"):
        write_due(paths, plan, noon, OwnChild(), work)
    assert "too little room" in schedule_of(paths, plan).detail
    work.fault = ""
    assert write_due(paths, plan, noon, OwnChild(), work) is not None
    check = schedule_of(paths, plan)
    assert check.state is CheckState.OK
    assert str(folder) in check.detail
    assert read_state(paths).failed_ns == 0


def test_a_day_without_beats_is_passed_over(paths: Paths, plan: Plan, work: Work, noon: int) -> None:
    assert write_due(paths, plan, noon + 40 * DAY, OwnChild(), work) is None
    assert work.asked == []
    assert due_period(plan, read_state(paths), noon + 40 * DAY) is None


def test_a_damaged_note_is_passed_over(paths: Paths, plan: Plan, work: Work, noon: int) -> None:
    paths.reports.mkdir(parents=True)
    (paths.reports / "schedule.json").write_bytes(os.urandom(50))
    assert write_due(paths, plan, noon, OwnChild(), work) is not None
    assert read_state(paths).done_until_ns


def test_the_command_writes_what_is_due_in_a_child(
    paths: Paths, plan: Plan, noon: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no report is scheduled" in run_here(capsys, "schedule", "run")[2]
    settings = DEFAULTS.with_value("reports.schedule", "daily").with_value("reports.format", "csv")
    settings_file(paths).save(settings.with_value("reports.folder", plan.folder))
    status, out, said = run_here(capsys, "schedule", "run")
    assert (status, said) == (0, "")
    (file,) = Path(plan.folder).iterdir()
    assert str(file) in out
    assert len(file.read_text().splitlines()) == 2
    assert run_here(capsys, "schedule", "run")[1] == "nothing is due\n"
    assert file.name in run_here(capsys, "schedule")[1]


def test_where_it_cannot_be_noted_nothing_is_written(paths: Paths, plan: Plan, work: Work, noon: int) -> None:
    (paths.reports / STATE_NAME).mkdir(parents=True)
    for _try in range(2):
        with pytest.raises(NotWritten):
            write_due(paths, plan, noon, OwnChild(), work)
    assert work.asked == []

"""The running program has the report that is due written by a child, and looks again later."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from aios_gui.instance.report_schedule import AFTER_CHANGE_NS, AGAIN_NS, EVERY_NS, FIRST_NS, ReportSchedule
from aios_gui.reports.past import past_reports
from aios_gui.reports.schedule.model import Cadence, Plan, last_period
from aios_gui.reports.schedule.run import read_state
from aios_gui.system.paths import Paths
from tests.fakes import recorded_beat, write_run
from tests.processes import wait_until


def test_a_due_report_is_written_by_a_child_minutes_after_the_start(paths: Paths, tmp_path: Path) -> None:
    period = last_period(Cadence.DAILY, time.time_ns())
    write_run(paths.store, [recorded_beat(1, period.start_ns + 5)], period.start_ns)
    folder = tmp_path / "gone"
    plan = Plan(Cadence.DAILY, "summary", "jsonl", "system", str(folder), 3)
    schedule = ReportSchedule(paths, None)
    schedule.write_if_due(0)
    schedule.write_if_due(FIRST_NS)  # nothing is to be written
    schedule.change(plan)
    schedule.write_if_due(FIRST_NS + 1)
    assert not read_state(paths).failed_ns
    schedule.write_if_due(FIRST_NS + 1 + AFTER_CHANGE_NS)
    wait_until(lambda: bool(read_state(paths).failed_ns), "the folder that is gone was noted")
    wait_until(lambda: bool(schedule._failed), "the thread has ended")
    folder.mkdir()
    now_ns = FIRST_NS + 1 + AFTER_CHANGE_NS + EVERY_NS
    schedule.write_if_due(now_ns)  # as before: this was planned before the failure
    schedule.write_if_due(now_ns + AGAIN_NS)
    wait_until(
        lambda: bool(past_reports(paths)) and past_reports(paths)[0].scheduled, "the report was written"
    )
    assert [each.path.parent for each in past_reports(paths)] == [folder]
    schedule.stop()
    schedule.write_if_due(now_ns * 9)
    assert len(list(folder.iterdir())) == 1


def test_a_week_that_cannot_be_told_is_logged_once(paths: Paths, caplog: pytest.LogCaptureFixture) -> None:
    paths.store.parent.mkdir(parents=True, exist_ok=True)
    paths.store.write_bytes(b"no record" * 1000)
    schedule = ReportSchedule(paths, None, tells_week=True)
    for _time in range(3):
        schedule._do(None, True)
    assert [each.message for each in caplog.records].count("the week could not be told") == 1


def test_a_plan_that_is_changed_while_it_is_gone_by_waits_its_turn(paths: Paths) -> None:
    go_on = threading.Event()

    class Slow(ReportSchedule):
        def _do(self, plan: Plan | None, tells_week: bool) -> None:
            go_on.wait()

    schedule = Slow(paths, None, tells_week=True)
    schedule.write_if_due(0)
    schedule.write_if_due(FIRST_NS)
    schedule.change(Plan(Cadence.DAILY, "summary", "jsonl", "system", "", 3), tells_week=True)
    schedule.write_if_due(FIRST_NS + 1)
    schedule.write_if_due(FIRST_NS + 1 + AFTER_CHANGE_NS)
    at_work = [each.name for each in threading.enumerate()].count("report-schedule")
    go_on.set()
    assert at_work == 1

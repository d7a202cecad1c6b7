"""`schedule`: the scheduled report: when it is due, what was written, and writing it now."""

from __future__ import annotations

import argparse
import signal
import time
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import FINE, CommandError, load_settings, print_json
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.reports.schedule.model import Plan
    from aios_gui.system.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `schedule`."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=("list", "run"),
        default="list",
        help=_("list what is due and what was written (default), or write what is due now"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one object"))


def run(arguments: argparse.Namespace) -> int:
    """List or run it; 2 where a report cannot be written."""
    from aios_gui.reports.settings import plan_of
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    plan = plan_of(load_settings(paths))
    if arguments.what == "run":
        return _run(paths, plan, arguments.json)
    if arguments.json:
        print_json(_facts(paths, plan))
    else:
        _list(paths, plan)
    return FINE


def _run(paths: Paths, plan: Plan | None, as_json: bool) -> int:
    from aios_gui.reports.schedule.run import NotWritten, write_due
    from aios_gui.system.own_child import OwnChild

    if plan is None:
        raise CommandError(
            _("no report is scheduled; “aios-heartbeat settings set reports.schedule weekly” schedules one")
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        file = write_due(paths, plan, time.time_ns(), OwnChild())
    except NotWritten as error:
        raise CommandError(_("the report was not written: {reason}").format(reason=error)) from error
    if as_json:
        print_json({"file": str(file) if file is not None else None})
    else:
        print(_("nothing is due") if file is None else _("Written to {file}.").format(file=file))
    return FINE


def _facts(paths: Paths, plan: Plan | None) -> dict[str, Any]:
    from dataclasses import asdict

    from aios_gui.reports.past import past_reports
    from aios_gui.reports.schedule.model import next_due_ns
    from aios_gui.reports.schedule.run import read_state
    from aios_gui.text.figures import iso_time

    state = read_state(paths)
    failed = {"at": iso_time(state.failed_ns), "period": state.period, "reason": state.reason}
    return {
        "schedule": None if plan is None else asdict(plan),
        "next_at": None if plan is None else iso_time(next_due_ns(plan.cadence, time.time_ns())),
        "failed": failed if state.failed_ns else None,
        "written": [
            {"file": each.file, "size_bytes": each.size_bytes, "made_at": iso_time(each.made_ns)}
            for each in past_reports(paths)
            if each.scheduled
        ],
    }


def _list(paths: Paths, plan: Plan | None) -> None:
    from aios_gui.reports.doctor_checks import schedule_of
    from aios_gui.reports.past import past_reports
    from aios_gui.text import figures
    from aios_gui.text.plain import plain

    check = schedule_of(paths, plan)
    print(check.detail)
    if check.remedy:
        print(check.remedy)
    for each in past_reports(paths):
        if each.scheduled:
            print(
                f"{figures.clock_time(each.made_ns)}  {figures.size(each.size_bytes)}  {plain(each.file, 400)}"
            )

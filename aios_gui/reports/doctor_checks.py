"""What the doctor checks of reports: whether those that are scheduled are written."""

from __future__ import annotations

import time

from aios_gui.reports.past import past_reports
from aios_gui.reports.schedule.model import Plan, next_due_ns
from aios_gui.reports.schedule.run import read_state
from aios_gui.reports.settings import plan_of
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain


def schedule(paths: Paths, settings: Settings) -> Check:
    """Whether scheduled reports are written, and what keeps them from it."""
    return schedule_of(paths, plan_of(settings))


def schedule_of(paths: Paths, plan: Plan | None) -> Check:
    """The same of what is to be written."""
    if plan is None:
        return Check("schedule", CheckState.OK, _("no report is scheduled"))
    state = read_state(paths)
    if state.failed_ns:
        detail = _("the report of {period} could not be written on {moment}: {reason}").format(
            period=plain(state.period, 40),
            moment=figures.clock_time(state.failed_ns),
            reason=plain(state.reason, 400),
        )
        remedy = _("It is tried again every hour; “aios-heartbeat schedule run” tries it now.")
        return Check("schedule", CheckState.WARNING, detail, remedy)
    last = next((each for each in past_reports(paths) if each.scheduled), None)
    detail = _("the next report is due on {moment}").format(
        moment=figures.clock_time(next_due_ns(plan.cadence, time.time_ns()))
    )
    if last is not None:
        detail += "; " + _("the last one is {file}").format(file=plain(last.file, 400))
    return Check("schedule", CheckState.OK, detail)

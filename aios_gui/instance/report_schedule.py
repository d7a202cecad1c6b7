"""Has the report that is due written by a child: minutes after the start, then looking every ten minutes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from aios_gui.alerts.model.action import Why
from aios_gui.reports.schedule.model import Plan
from aios_gui.system.own_child import OwnChild
from aios_gui.system.paths import Paths
from aios_gui.system.threads import Thread, begin

log = logging.getLogger(__name__)
_MINUTE_NS = 60_000_000_000
FIRST_NS, EVERY_NS, AFTER_CHANGE_NS = 3 * _MINUTE_NS, 10 * _MINUTE_NS, 5_000_000_000
AGAIN_NS, LIMIT_NS = 60 * _MINUTE_NS, 60 * _MINUTE_NS
"""After a failure; and how long a child may take."""


class ReportSchedule:
    """Writes by a plan, None for nothing, and has ``notify`` tell of the week where that is wanted.

    It looks on a thread that begins when it is time and ends when it is done.
    """

    def __init__(
        self,
        paths: Paths,
        plan: Plan | None,
        tells_week: bool = False,
        notify: Callable[[str, str], str] = lambda _title, _text: Why.NO_NOTIFIER,
    ) -> None:
        self._paths, self._plan = paths, plan
        self._tells_week, self._notify = tells_week, notify
        self._look_at_ns: int | None = None
        self._kill_at_ns = 0
        self._child = OwnChild()
        self._thread: Thread | None = None
        self._failed = self._untold = ""
        self._has_changed = False

    def change(self, plan: Plan | None, tells_week: bool = False) -> None:
        """Go by another plan from now on; on any thread."""
        if (plan, tells_week) != (self._plan, self._tells_week):
            self._plan, self._tells_week, self._has_changed = plan, tells_week, True

    def write_if_due(self, now_ns: int) -> None:
        """Called every second or so, with monotonic ns."""
        if self._look_at_ns is None:
            self._look_at_ns = now_ns + FIRST_NS
        if self._has_changed:
            self._has_changed, self._look_at_ns = False, now_ns + AFTER_CHANGE_NS
        if self._thread is not None and self._thread.is_alive():
            if now_ns >= self._kill_at_ns:
                self._child.kill()
        elif now_ns >= self._look_at_ns and not self._child.is_stopped:
            self._look_at_ns = now_ns + (AGAIN_NS if self._failed or self._untold else EVERY_NS)
            if self._plan is not None or self._tells_week:
                self._kill_at_ns = now_ns + LIMIT_NS
                todo = (self._plan, self._tells_week)
                self._thread = Thread(target=self._do, args=todo, name="report-schedule", daemon=True)
                begin(self._thread)

    def stop(self) -> None:
        """Let no child go on."""
        self._child.stop()

    def _do(self, plan: Plan | None, tells_week: bool) -> None:
        if plan is not None:
            self._write(plan)
        if tells_week:
            self._tell()

    def _tell(self) -> None:
        from aios_gui.reports.digest import tell_week

        try:
            tell_week(self._paths, time.time_ns(), self._child, self._notify)
        except Exception as error:
            reason = str(error) or type(error).__name__
            if self._untold != reason and not self._child.is_stopped:
                log.exception("the week could not be told")
            self._untold = reason
        else:
            self._untold = ""

    def _write(self, plan: Plan) -> None:
        # Only where a report is wanted, and off the recorder's thread: it takes memory, and reads files.
        from aios_gui.reports.schedule.run import NotWritten, write_due

        try:
            file = write_due(self._paths, plan, time.time_ns(), self._child)
        except NotWritten as error:
            if self._failed != str(error):
                log.warning("the scheduled report was not written: %s", error)
            self._failed = str(error)
        except Exception:
            log.exception("the scheduled report was not written")
            self._failed = "unexpected"
        else:
            self._failed = ""
            if file is not None:
                log.info("the scheduled report was written: %s", file)

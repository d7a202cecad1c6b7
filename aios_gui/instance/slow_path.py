"""Puts the slow path together: who looks into what fires, and what does something about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aios_gui.alerts.diagnosis.late import LateDiagnosis
from aios_gui.heartbeat.model.items import Event
from aios_gui.system.supervised_thread import Supervisor

if TYPE_CHECKING:
    from aios_gui.alerts.actions.notify import NotificationRouter
    from aios_gui.alerts.actions.request import Notification
    from aios_gui.alerts.actions.worker import ActionWorker
    from aios_gui.alerts.diagnosis.worker import DiagnosisWorker
    from aios_gui.history.who_ran.model import WhoRan


class SlowPath:
    """The diagnosis with its actions. What they need is only loaded when there is something to look into, or to do.

    ``wake`` has the answers fetched soon, ``wanted`` is whether notifications are switched on, ``is_quiet`` whether
    these are quiet hours for what is critical or not, ``keep_lines`` whether whole command lines of other programs are
    kept, and ``stall_notified_ns`` from which length on a single stall is worth a notification. ``keep`` takes who ran,
    to be recorded.
    """

    def __init__(
        self,
        record_event: Callable[[Event], object],
        wake: Callable[[], object],
        wanted: Callable[[], bool],
        keep_lines: Callable[[], bool],
        stall_notified_ns: Callable[[], int],
        supervisor: Supervisor | None = None,
        keep: Callable[[WhoRan], object] = lambda _sample: None,
        is_quiet: Callable[[bool], bool] = lambda _critical: False,
    ) -> None:
        self._supervisor = supervisor or Supervisor()
        self.diagnosis = LateDiagnosis(self._make_diagnosis)
        self._wake, self._keep_lines, self._keep = wake, keep_lines, keep
        self.tray_notifies = False
        """The window of this process has a tray, which tells of what fires by itself."""
        self._record_event = record_event
        self._wanted, self._is_quiet = wanted, is_quiet
        self._stall_notified_ns = stall_notified_ns
        self._router: NotificationRouter | None = None
        self._window_asked = False

    def window_asked(self) -> None:
        """A window of another process that tells by its tray has asked for the picture."""
        if self._router is not None:
            self._router.window_asked()
        self._window_asked = True

    def stop(self) -> None:
        """Leave everything that is not done; what hangs is left to itself. Again is harmless."""
        self.diagnosis.stop()

    def notify(self, notification: Notification) -> str:
        """Have it shown, as a ``Notifier`` does."""
        router = self._router = self._router or self._make_router()
        router.tray_notifies = self.tray_notifies
        return router(notification)

    def _make_router(self) -> NotificationRouter:
        from aios_gui.alerts.actions.notify import NotificationRouter, desktop_notifier

        made = NotificationRouter(self._wanted, desktop_notifier(), is_quiet=self._is_quiet)
        if self._window_asked:
            made.window_asked()
        return made

    def _make_diagnosis(self) -> DiagnosisWorker:
        from aios_gui.alerts.diagnosis.worker import KEPT_S, DiagnosisWorker
        from aios_gui.history.who_ran.keeper import WhoRanKeeper

        made = DiagnosisWorker(
            make_actions=self._make_actions,
            supervisor=self._supervisor,
            keep_lines=self._keep_lines,
            on_table=WhoRanKeeper(self._keep, self._keep_lines).take,
            kept_s=KEPT_S,
        )
        made.on_answer = self._wake
        return made

    def _make_actions(self) -> ActionWorker:
        from aios_gui.alerts.actions.request import ActionPorts
        from aios_gui.alerts.actions.steering import OwnChildren
        from aios_gui.alerts.actions.worker import ActionWorker

        ports = ActionPorts(
            self.notify, self._record_event, OwnChildren(), stall_notified_ns=self._stall_notified_ns
        )
        return ActionWorker(ports, self.diagnosis.worker.put_answer, supervisor=self._supervisor)

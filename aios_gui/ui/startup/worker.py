"""Asks the system how autostart stands, and changes it, on a thread of its own: the window never waits for either."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from aios_gui.autostart.model import AutostartError, SetupReport, SetupResult
from aios_gui.autostart.words import message_text
from aios_gui.settings.model import Settings
from aios_gui.ui.pool import WorkerPool

if TYPE_CHECKING:
    from aios_gui.autostart.service import AutostartService, AutostartSnapshot
    from aios_gui.autostart.setup import OnReport

log = logging.getLogger(__name__)
Work = Callable[["AutostartService", "OnReport", threading.Event], SetupResult]
LONGEST_S = 60.0
"""After this long it looks again, though nothing seems to have changed."""


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """How something that was asked for ended; without a ``result`` ``error`` says why."""

    result: SetupResult | None = None
    error: str = ""


class AutostartWorker(QObject):
    """One worker; what is asked for is done in order. What is asked while it looks is looked at once more afterwards.

    ``looked`` brings an ``AutostartSnapshot``, or ``unread`` why there is none; ``stepped`` a ``SetupReport``,
    ``ended`` an ``ActionEnded``. ``clock_s`` is monotonic.
    """

    looked = Signal(object)
    unread = Signal(str)
    stepped = Signal(object)
    ended = Signal(object)
    _answered = Signal(object, object)

    def __init__(
        self,
        make_service: Callable[[], AutostartService],
        parent: QObject | None = None,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._make_service = make_service
        self._service: AutostartService | None = None
        self._pool = WorkerPool()
        self._cancelled = threading.Event()
        self._looking = self._working = self._closed = False
        self._next: Settings | None = None
        self._clock_s = clock_s
        self._due_s = 0.0
        self._fingerprint: object = None
        self._answered.connect(self._on_answered)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    @property
    def busy(self) -> bool:
        """Whether something is being changed or tried."""
        return self._working

    def look(self, settings: Settings) -> None:
        """Ask how it stands; ``looked`` answers. Nothing while something is being changed."""
        if self._working or self._closed:
            return
        if self._looking:
            self._next = settings  # the look under way may have been too early
            return
        self._looking = True
        self._run("looked", lambda service: self._look(service, settings))

    def refresh(self, settings: Settings) -> None:
        """Look where something seems to have changed, or the last look is a minute old; else nothing answers."""
        if not (self._working or self._looking or self._closed):
            self._looking = True
            self._run("looked", lambda service: self._look(service, settings, only_if_due=True))

    def do(self, work: Work) -> None:
        """Change or try something; ``stepped`` tells how it goes, ``ended`` how it ended. One at a time."""
        if self._working or self._closed:
            return
        self._working = True
        self._cancelled = cancelled = threading.Event()
        self._run("ended", lambda service: ActionEnded(work(service, self._on_report, cancelled)))

    def cancel(self) -> None:
        """End the test start that is under way; what was registered before it stays."""
        self._cancelled.set()

    def close(self) -> None:
        """Cancel what runs and wait for its end; nothing is answered any more. A second call does nothing."""
        self._closed = True
        self._cancelled.set()
        self._pool.finish()

    def _look(
        self, service: AutostartService, settings: Settings, only_if_due: bool = False
    ) -> AutostartSnapshot | None:
        seen, now_s = service.fingerprint(), self._clock_s()
        if only_if_due and seen == self._fingerprint and now_s < self._due_s:
            return None
        self._fingerprint, self._due_s = seen, now_s + LONGEST_S
        return service.look(settings)

    def _on_report(self, report: SetupReport) -> None:
        if not self._closed:
            self.stepped.emit(report)

    def _run(self, name: str, work: Callable[[AutostartService], object]) -> None:
        def job() -> None:
            answer: object
            try:
                # Here, since what it imports takes a while.
                self._service = self._service or self._make_service()
                answer = work(self._service)
            except AutostartError as error:
                answer = ActionEnded(error=message_text(error))
            except Exception as error:  # noqa: BLE001 - the window goes on, and says what happened
                answer = error
            if not self._closed:
                self._answered.emit(name, answer)

        self._pool.start(job)

    def _on_answered(self, name: str, answer: object) -> None:
        if self._closed:
            return
        if isinstance(answer, Exception):
            # Here and not where it happened: logging from a thread of Qt's leaves a dummy of it in Python for good.
            log.error("%s failed", name, exc_info=answer)
            answer = ActionEnded(error=f"{type(answer).__name__}: {answer}")
        if name == "ended":
            self._working = False
            self.ended.emit(answer)
            return
        self._looking = False
        settings, self._next = self._next, None
        if settings is not None:
            self.look(settings)
        if isinstance(answer, ActionEnded):
            self.unread.emit(answer.error)
        elif answer is not None:
            self.looked.emit(answer)

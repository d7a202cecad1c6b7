"""Asks the system how autostart stands, and changes it, on a thread of its own: the window never waits for either."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.autostart.model.setup import SetupReport, SetupResult
from aios_gui.settings.model import Settings
from aios_gui.ui.pool import WorkerPool

if TYPE_CHECKING:
    from aios_gui.autostart.service import Clerk
    from aios_gui.autostart.steps import Tell

log = logging.getLogger(__name__)
Work = Callable[["Clerk", "Tell", threading.Event], SetupResult]


@dataclass(frozen=True, slots=True)
class Ended:
    """How something that was asked for ended; without a ``result`` ``error`` says why."""

    result: SetupResult | None = None
    error: str = ""


class Registrar(QObject):
    """One worker; what is asked for is done in order. What is asked while it looks is looked at once more afterwards.

    ``looked`` brings a ``Picture``, or ``unread`` why there is none; ``stepped`` a ``SetupReport``, ``ended`` an
    ``Ended``.
    """

    looked = Signal(object)
    unread = Signal(str)
    stepped = Signal(object)
    ended = Signal(object)
    _answered = Signal(object, object)

    def __init__(self, make_clerk: Callable[[], Clerk], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_clerk = make_clerk
        self._clerk: Clerk | None = None
        self._pool = WorkerPool()
        self._cancelled = threading.Event()
        self._looking = self._working = self._closed = False
        self._next: Settings | None = None
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
        self._run("looked", lambda clerk: clerk.look(settings))

    def do(self, work: Work) -> None:
        """Change or try something; ``stepped`` tells how it goes, ``ended`` how it ended. One at a time."""
        if self._working or self._closed:
            return
        self._working = True
        self._cancelled = cancelled = threading.Event()
        self._run("ended", lambda clerk: Ended(work(clerk, self._tell, cancelled)))

    def cancel(self) -> None:
        """End the test start that is under way; what was registered before it stays."""
        self._cancelled.set()

    def close(self) -> None:
        """Cancel what runs and wait for its end; nothing is answered any more. A second call does nothing."""
        self._closed = True
        self._cancelled.set()
        self._pool.finish()

    def _tell(self, report: SetupReport) -> None:
        if not self._closed:
            self.stepped.emit(report)

    def _run(self, name: str, work: Callable[[Clerk], object]) -> None:
        def job() -> None:
            answer: object
            try:
                # Here, since what it imports takes a while.
                self._clerk = self._clerk or self._make_clerk()
                answer = work(self._clerk)
            except AutostartError as error:
                answer = Ended(error=str(error))
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
            answer = Ended(error=f"{type(answer).__name__}: {answer}")
        if name == "ended":
            self._working = False
            self.ended.emit(answer)
            return
        self._looking = False
        settings, self._next = self._next, None
        if settings is not None:
            self.look(settings)
        if isinstance(answer, Ended):
            self.unread.emit(answer.error)
        else:
            self.looked.emit(answer)

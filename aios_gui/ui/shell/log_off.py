"""Signals of the system that end the program: SIGTERM, SIGINT, log-off."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Signal
from PySide6.QtGui import QGuiApplication

from aios_gui.system.termination import give_back, take_signals

log = logging.getLogger(__name__)


class _Waking(QObject):
    """Makes Qt's loop call Python at a signal: Python runs its handlers only when it gets to run."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pair: tuple[socket.socket, ...] = ()
        try:
            self._pair = socket.socketpair()
        except OSError:
            # Windows makes it from the network that the machine has with itself, which may be shut off. Without it a
            # signal is noticed at the next step of Python, which the beat makes soon.
            log.warning("signals do not wake the window", exc_info=True)
            return
        for each in self._pair:
            each.setblocking(False)
        reading, writing = self._pair
        self._before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def close(self) -> None:
        """Wake no handler any more."""
        if self._pair:
            signal.set_wakeup_fd(self._before)
            self._notifier.setEnabled(False)
        for each in self._pair:
            each.close()

    def _drain(self) -> None:
        try:
            while self._pair[0].recv(64):
                pass
        except BlockingIOError:
            return


class EndSignals(QObject):
    """Calls ``end`` on the GUI's thread when the system asks the program to end, and ``save`` at log-off.

    ``asked``: the system has asked already.
    """

    _asked = Signal()

    def __init__(self, end: Callable[[], None], save: Callable[[], None], *, asked: bool = False) -> None:
        super().__init__()
        # Handlers run between any two steps of Python, also within a paint: what ends the program waits.
        self._asked.connect(end, Qt.ConnectionType.QueuedConnection)
        self._save = save
        self._waking = _Waking(self)
        self._before = take_signals(self._on_signal)
        if asked:
            self._asked.emit()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self._on_log_off)

    def close(self) -> None:
        """Give the signals back."""
        give_back(self._before)
        self._before = {}
        self._waking.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked.emit()

    def _on_log_off(self, _manager: object) -> None:
        # Another program may still cancel the log-off: only what would be lost is kept now.
        self._save()

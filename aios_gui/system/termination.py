"""Ends the program cleanly whoever asks: a signal, Ctrl-C, a closed terminal or console, a log-off."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_CONSOLE_WAIT_S = 8.0


class Termination:
    """While entered, calls ``stop`` when the process is asked to end; the second Ctrl-C ends it at once.

    Entered on the main thread. ``stop`` may be called on any thread and more than once.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._asked = False
        self._left = threading.Event()
        self._before: dict[int, Any] = {}
        self._console: Any = None
        self._session: Any = None

    def __enter__(self) -> Self:
        for name in _NAMES:
            number = getattr(signal, name, None)
            # What is ignored stays ignored: nohup asks for that.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        if sys.platform == "win32":
            self._watch_console()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._left.set()
        if self._console is not None:
            self._console(False)
        if self._session is not None:
            self._session.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._asked = True
        # Not here: this may run in the midst of a wait of the main thread, and what sets an event waits for that wait.
        _thread.start_new_thread(self._stop, ())

    def _watch_console(self) -> None:
        """Windows tells a console program of its end on a thread of its own, and kills it when that returns."""
        import ctypes

        from aios_gui.system.windows.session import SessionEnd, has_console

        if not has_console():
            self._session = SessionEnd(self._stop, self._left)
            self._session.start()

        routine = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)  # type: ignore[attr-defined, unused-ignore]
        handler = routine(self._on_console)
        install = ctypes.windll.kernel32.SetConsoleCtrlHandler  # type: ignore[attr-defined, unused-ignore]
        if install(handler, True):
            # The closure also keeps the handler alive.
            self._console = lambda add: install(handler, add)

    def _on_console(self, event: int) -> int:
        self._stop()
        # Closing, log-off and shutdown: the process may live until this returns.
        if event >= 2:
            self._left.wait(_CONSOLE_WAIT_S)
        return 1

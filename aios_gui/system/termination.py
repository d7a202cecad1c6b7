"""Ends the program cleanly at any request: a signal, Ctrl-C, a closed terminal or console, a log-off."""

from __future__ import annotations

import _thread
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, NoReturn, Self

from aios_gui.system.logs import stop_logging
from aios_gui.system.threads import Thread, begin

log = logging.getLogger(__name__)
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_CONSOLE_WAIT_S = 8.0
_LAST_WORDS_S = 1.0
LONGEST_END_S = 20.0
"""From when it is asked to end, the process lives for this long at most, whatever hangs."""


def take_signals(handler: Callable[[int, FrameType | None], None]) -> dict[int, Any]:
    """Have ``handler`` called when a signal asks the program to end; returns what was to be called before.

    On the main thread. What is ignored stays ignored: nohup asks for that.
    """
    before: dict[int, Any] = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handler)
    return before


def give_back(before: dict[int, Any]) -> None:
    """Undo ``take_signals``."""
    for number, handler in before.items():
        signal.signal(number, handler)


class HeldSignals:
    """While entered, signals that ask the program to end are only noted, in ``asked``.

    So none ends the program half-way, before it can act on them or when it is ending already.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._before = take_signals(self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        give_back(self._before)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def do_every(*steps: Callable[[], object]) -> bool:
    """Do every step, whatever another raises; errors are logged. False where one raised or returned False."""
    done = True
    for step in steps:
        try:
            done = step() is not False and done
        except Exception:
            log.exception("a step of the end failed; the others are done all the same")
            done = False
    return done


_left_behind: list[Callable[[], bool]] = []


def leave_behind(goes_on: Callable[[], bool]) -> None:
    """Something would not end; ``goes_on`` tells whether that is still so, and keeps what it belongs to."""
    _left_behind.append(goes_on)


def any_left_behind() -> bool:
    """Whether something still would not end: the process must then ``leave``, since tidying up would wait or crash."""
    return any(goes_on() for goes_on in _left_behind)


def leave(status: int, words: str) -> NoReturn:
    """End the process now, without tidying up, which would wait for a thread that hangs. ``words`` say why."""

    def tell() -> None:
        if sys.stdout is not None:  # a program without a console has none
            sys.stdout.flush()
        if sys.stderr is not None:
            print(f"aios-heartbeat: {words}", file=sys.stderr, flush=True)
        log.critical("%s", words)
        stop_logging()

    # The log may lie on the disk that hangs, and what is printed may not be read by anyone.
    teller = Thread(target=tell, name="last-words", daemon=True)
    try:
        teller.start()
        teller.join(_LAST_WORDS_S)
    finally:
        os._exit(status)


class LastResort:
    """Once ``arm`` was called, the process lives for ``limit_s`` more, whatever hangs, unless it is disarmed.

    It leaves with ``status``, and with what ``words`` say.
    """

    def __init__(self, status: int, words: Callable[[], str], limit_s: float = LONGEST_END_S) -> None:
        self._limit_s = limit_s
        self._status = status
        self._words = words
        self._disarmed = threading.Event()
        self._armed = False

    def arm(self) -> None:
        """From now on; from any thread, and again is harmless."""
        if not self._armed:
            self._armed = True
            begin(Thread(target=self._wait, name="last-resort", daemon=True))

    def disarm(self) -> None:
        """The end was reached in order."""
        self._disarmed.set()

    def _wait(self) -> None:
        if not self._disarmed.wait(self._limit_s):
            leave(self._status, self._words())


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
        self._before = take_signals(self._on_signal)
        if sys.platform == "win32":
            self._watch_console()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        give_back(self._before)
        self._left.set()
        if self._console is not None:
            self._console(False)
        if self._session is not None:
            self._session.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._asked = True
        # Not here: this may run within a wait of the main thread, and what sets an event waits for that wait.
        _thread.start_new_thread(self._stop, ())

    def _watch_console(self) -> None:
        """Windows tells a console program of its end on a thread of its own, and kills it when that returns."""
        import ctypes

        from aios_gui.system.windows.session import SessionEnd

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
        # The console is closed: the process may live until this returns.
        if event >= 2:
            self._left.wait(_CONSOLE_WAIT_S)
        return 1

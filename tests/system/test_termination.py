"""Asked to end, a program does so whatever its main thread is at."""

import signal
import threading

from aios_gui.system.termination import Termination

PATIENCE_S = 20


def test_asked_while_the_main_thread_holds_what_stopping_needs_it_still_stops() -> None:
    held, stopped = threading.Lock(), threading.Event()

    def stop() -> None:
        with held:
            stopped.set()

    before = signal.getsignal(signal.SIGTERM)
    with Termination(stop):
        with held:  # as a wait does for a moment
            signal.raise_signal(signal.SIGTERM)
        assert stopped.wait(PATIENCE_S)
    assert signal.getsignal(signal.SIGTERM) is before

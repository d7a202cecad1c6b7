"""Asked to end, a program does so whatever its main thread is at."""

import signal
import subprocess
import sys
import threading

import pytest

from aios_gui.system.termination import Termination, do_every
from tests.processes import ROOT

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


def test_every_step_is_done_whatever_another_raises_or_says(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def fail() -> None:
        raise OSError(5, "Input/output error")

    assert do_every(lambda: done.append(1), lambda: done.append(2))
    assert not do_every(fail, lambda: done.append(3))
    assert "Input/output error" in caplog.text
    assert not do_every(lambda: False, lambda: done.append(4))
    assert done == [1, 2, 3, 4]


LEAVING = """
import logging, sys, threading
from aios_gui.system import termination

logging.getLogger().addHandler(logging.NullHandler())
if sys.argv[1] == "log":  # which lies on the disk that hangs
    class Hanging(logging.Handler):
        def emit(self, record):
            threading.Event().wait()

    logging.getLogger().addHandler(Hanging())
    termination._LAST_WORDS_S = 0.1
resort = termination.LastResort(7, lambda: "it hangs", 0.1)
resort.arm()
resort.arm()
if sys.argv[1] == "disarmed":
    resort.disarm()
    raise SystemExit(0)
print("last line")
threading.Event().wait()
"""


@pytest.mark.parametrize(
    ("how", "status", "out", "err"),
    [
        ("hangs", 7, "last line\n", "aios-heartbeat: it hangs\n"),
        ("log", 7, "last line\n", "aios-heartbeat: it hangs\n"),
        ("disarmed", 0, "", ""),
    ],
)
def test_at_last_the_process_leaves_whatever_hangs(how: str, status: int, out: str, err: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", LEAVING, how],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S * 3,
        check=False,
    )
    assert found.returncode == status
    assert (found.stdout, found.stderr) == (out, err)

"""The side of a job that does the work: tells how far it is, and ends when it is not wanted any more."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from aios_gui.instance.cli.common import print_json
from aios_gui.reports.jobs.model import Step
from aios_gui.system.progress import Progress, progress_facts

_NICENESS = 10
_TOLD_EVERY_S = 0.2
_FIRST_ESTIMATE_S = 0.5
Tell = Callable[[float, Step], object]
"""Told how much is done, 0 to 1, and what is done now; it may be called as often as one likes."""


@contextmanager
def working(as_json: bool) -> Iterator[Tell]:
    """While entered, a signal or the end of the parent is a KeyboardInterrupt, which leaves no half a file.

    Progress is drawn on the terminal, or printed for the parent; then the work is behind all else that runs.
    """
    from aios_gui.reports.jobs.words import progress_sentence
    from aios_gui.system.parent import EndWithParent
    from aios_gui.text.terminal.progress_line import ProgressLine

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        if as_json:
            _step_back()
            stack.enter_context(EndWithParent(end=_thread.interrupt_main))
            yield _Telling(lambda progress: print_json(progress_facts(progress), indent=None)).tell
        else:
            line = stack.enter_context(ProgressLine(sys.stderr))
            yield _Telling(lambda progress: line.show(progress.share, progress_sentence(progress))).tell


class _Telling:
    """Tells at most a few times a second, with an estimate of the time that is left."""

    def __init__(self, show: Callable[[Progress], object]) -> None:
        self._show = show
        self._began_s, self._told_s = time.monotonic(), 0.0
        self._step: Step | None = None

    def tell(self, share: float, step: Step) -> None:
        now_s = time.monotonic()
        if step is self._step and now_s - self._told_s < _TOLD_EVERY_S:
            return
        self._step, self._told_s = step, now_s
        share, took_s = min(1.0, max(0.0, share)), now_s - self._began_s
        known = share > 0 and took_s >= _FIRST_ESTIMATE_S
        self._show(Progress(share, took_s * (1 - share) / share if known else 0.0, step))


def _step_back() -> None:
    if sys.platform == "linux" and os.getloadavg()[0] < (os.cpu_count() or 1):
        # Linux lets whatever has any weight run its slice of 3 ms to the end, so that a beat that wakes has to wait for
        # it, but not this. Where all cores are taken it would hardly ever run.
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
    if sys.platform != "win32":
        os.nice(_NICENESS)
    else:
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)

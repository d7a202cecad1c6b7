"""The real program with one thing altered that cannot be made to fail from outside: `altered.py WHAT SWITCH …`.

The file SWITCH tells it, while it runs, when and how the thing fails.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Calls = Callable[..., Any]
SWITCH = Path(sys.argv[2])


def _hanging(real: Calls) -> Calls:
    def method(*arguments: Any, **named: Any) -> Any:
        if SWITCH.exists():
            SWITCH.with_suffix(".reached").touch()
        if SWITCH.is_fifo():
            SWITCH.open()  # in the system itself, until something is written into it
        elif SWITCH.exists():
            threading.Event().wait()
        return real(*arguments, **named)

    return method


def _less_patience() -> None:
    """The bounds of the program itself are seconds."""
    from aios_gui.instance import recorder
    from aios_gui.system import termination

    recorder.SILENT_NS = recorder.OVERDUE_NS = 1_500_000_000
    recorder.Recorder.stop.__defaults__ = (0.5,)
    termination.LastResort.__init__.__defaults__ = (3.0,)


def hanging_write() -> None:
    """The record hangs when it is written, as a dying disk does."""
    from aios_gui.record.store.writer import SqliteWriter

    _less_patience()
    SqliteWriter.write = _hanging(SqliteWriter.write)  # type: ignore[method-assign]


def hanging_open() -> None:
    """The record hangs when it is opened."""
    from aios_gui.record.store.writer import SqliteWriter

    _less_patience()
    SqliteWriter.open = _hanging(SqliteWriter.open)  # type: ignore[method-assign]


def hanging_release() -> None:
    """The lock hangs when it is given back."""
    from aios_gui.instance.lock import InstanceLock

    _less_patience()
    InstanceLock.release = _hanging(InstanceLock.release)  # type: ignore[method-assign]


def hanging_read() -> None:
    """The record hangs when the window reads it."""
    from aios_gui.history.queries import History

    _less_patience()
    History.series = _hanging(History.series)  # type: ignore[method-assign]


def clocks() -> None:
    """The wall clock, and the one that counts sleep, run ahead by the two numbers of ns in the file."""
    wall_ns, of_ns = time.time_ns, time.clock_gettime_ns

    def ahead(which: int) -> int:
        return int(SWITCH.read_text().split()[which])

    time.time_ns = lambda: wall_ns() + ahead(0)
    time.time = lambda: time.time_ns() / 1e9
    time.clock_gettime_ns = lambda clock: of_ns(clock) + (ahead(1) if clock == time.CLOCK_BOOTTIME else 0)


def psutil_fails() -> None:
    """What is asked of the system, for the beat by psutil, as no faster sampler spares it, raises what the file names.

    Beside the file, a pipe called "beat" or "context" makes what is asked for these hang.
    """
    import psutil

    from aios_gui.heartbeat import sampling, watchdog
    from aios_gui.system.linux.machine import LinuxMachine

    sampling.CANDIDATES["linux"] = sampling.CANDIDATES["linux"][-1:]
    watchdog.STUCK_AFTER_NS = 400_000_000
    errors = {
        "AccessDenied": psutil.AccessDenied(1),
        "NoSuchProcess": psutil.NoSuchProcess(1),
        "RuntimeError": RuntimeError("RuntimeError of the test"),
        "OSError": OSError(5, "OSError of the test"),
    }

    def failing(real: Calls, pipe: Path) -> Calls:
        def method(*arguments: Any, **named: Any) -> Any:
            if pipe.exists():
                pipe.open()
            elif SWITCH.exists() and (name := SWITCH.read_text()):
                raise errors[name]
            return real(*arguments, **named)

        return method

    for owner, pipe, names in (
        (psutil, "beat", ("cpu_times",)),
        (psutil, "both", ("virtual_memory",)),
        (LinuxMachine, "context", ("disk_io_counters", "net_io_counters", "swap_memory")),
    ):
        for name in names:
            setattr(owner, name, failing(getattr(owner, name), SWITCH.with_name(pipe)))


def little_room() -> None:
    """Few beats wait for a disk that is full."""
    from aios_gui.record import resilient_store

    resilient_store.PENDING_LIMIT = 30


def samples_often() -> None:
    """What lies beside the beats is looked at ten times a second."""
    from aios_gui.instance import recorder

    recorder.START_NS = recorder.FAST_TICK_NS = 100_000_000
    recorder.CONTEXT_NS.update(dict.fromkeys(recorder.CONTEXT_NS, recorder.START_NS))


def impatient_for_a_tray() -> None:
    """A tray that is not there yet is waited for for a moment only."""
    from aios_gui.ui.shell import desktop

    desktop.LATE_TRAY_MS = 500


def examines_soon() -> None:
    """The record is read through in idle time a moment after it was opened, and again and again."""
    from aios_gui.record import resilient_store

    resilient_store.EXAMINE_FIRST_NS = resilient_store.EXAMINE_AGAIN_NS = 500_000_000


def gui_hog() -> None:
    """While the file is there, the window's thread keeps the interpreter for a third of a second at a time."""
    import json

    from PySide6.QtCore import QTimer

    from aios_gui.ui.shell.window import Window

    real = Window.__init__
    rows = [{"n": n} for n in range(500_000)]

    def hogging() -> None:
        if SWITCH.exists():
            json.dumps(rows)  # the C encoder lets no other thread run until the whole list is done

    def with_a_hog(window: Window, *arguments: Any, **named: Any) -> None:
        real(window, *arguments, **named)
        timer = QTimer(window)
        timer.timeout.connect(hogging)
        timer.start(600)

    setattr(Window, "__init__", with_a_hog)  # noqa: B010 - mypy takes no method for another


ALTERATIONS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        hanging_write,
        hanging_open,
        hanging_release,
        hanging_read,
        clocks,
        psutil_fails,
        little_room,
        gui_hog,
        examines_soon,
        impatient_for_a_tray,
        samples_often,
    )
}

if __name__ == "__main__":
    ALTERATIONS[sys.argv[1]]()
    if sys.argv[3] == "service":
        from aios_gui.cli import main
    else:
        from aios_gui.app import main
    raise SystemExit(main(sys.argv[3:]))

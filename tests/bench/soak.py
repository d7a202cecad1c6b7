"""Leaves the real window running while it is opened and closed again and again; tells whether anything grows.

``python -m tests.bench.soak --minutes 20 --windows 200 --interval 0.1``, with a display.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from aios_gui.instance.settings import settings_file

SETTLING_SHARE = 0.75
"""The first part of a run, in which the last 15 minutes fill up in memory, is left out of the slope."""
LARGEST_SLOPE_MB_PER_H = 3.0
LARGEST_FALL_OF_REFERENCES = 200


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the process. ``none_references`` and ``true_references`` mean nothing where they are immortal."""

    seconds: float
    windows: int
    beats: int
    missed: int
    threads: int
    descriptors: int
    uss_mb: float
    rss_mb: float
    none_references: int
    true_references: int


def slope_per_hour(looks: list[Look]) -> float:
    """Growth of RSS in MB an hour, by least squares.

    USS would jump whenever another process comes to share a library, or ceases to.
    """
    times = [look.seconds / 3600 for look in looks]
    sizes = [look.rss_mb for look in looks]
    mean_time, mean_size = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((moment - mean_time) ** 2 for moment in times)
    return sum((t - mean_time) * (s - mean_size) for t, s in zip(times, sizes, strict=True)) / (spread or 1)


def verdict(looks: list[Look]) -> dict[str, bool]:
    """What stayed flat once the run had settled."""
    settled = looks[int(len(looks) * SETTLING_SHARE) :]
    first, last = settled[0], settled[-1]
    half = len(settled) // 2
    early, late = settled[:half], settled[half:]
    return {
        # A window that is just opening reads the record on a thread that ends soon: so maxima are compared.
        "threads": max(look.threads for look in late) <= max(look.threads for look in early),
        "descriptors": max(look.descriptors for look in late) <= max(look.descriptors for look in early),
        "memory": slope_per_hour(settled) <= LARGEST_SLOPE_MB_PER_H,
        "references of None": last.none_references >= first.none_references - LARGEST_FALL_OF_REFERENCES,
        "references of True": last.true_references >= first.true_references - LARGEST_FALL_OF_REFERENCES,
        "no beat missed": last.missed == 0,
    }


def open_handles(process: psutil.Process) -> int:
    """Descriptors, or the handles that Windows has in their place."""
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


def run(minutes: float, windows: int, interval_s: float) -> list[Look]:
    """Run the program in this process and look at it about sixty times."""
    from PySide6.QtCore import QTimer

    from aios_gui.system.paths import find_paths
    from aios_gui.ui.shell.session import Session, make_application
    from aios_gui.ui.shell.sources import start_local

    paths = find_paths()
    file = settings_file(paths)
    settings = file.load().settings.with_value("beat.interval_s", interval_s)
    file.save(settings.with_value("window.close_button", "tray"))
    loaded = file.load()
    source = start_local(paths, loaded.settings)
    source.start()
    session = Session(make_application(), paths, file, loaded, source)
    session.desktop.start(minimized=False)
    process, began, looks, opened = psutil.Process(), time.monotonic(), [], 0

    def toggle() -> None:
        nonlocal opened
        window = session.desktop.window
        if window is not None and window.isVisible():
            window.close() if session.tray.available else window.hide()
        elif opened < windows:
            opened += 1
            session.desktop.open()

    def look() -> None:
        memory, snapshot = process.memory_full_info(), session.controller.snapshot
        looks.append(
            Look(
                round(time.monotonic() - began, 1),
                opened,
                snapshot.made,
                snapshot.missed,
                process.num_threads(),
                open_handles(process),
                round(memory.uss / 1e6, 2),
                round(memory.rss / 1e6, 2),
                sys.getrefcount(None),
                sys.getrefcount(True),
            )
        )
        print("  ".join(f"{name}={value}" for name, value in asdict(looks[-1]).items()), flush=True)

    timers = []
    for period_s, action in ((minutes * 60 / windows / 2, toggle), (minutes, look)):
        timer = QTimer()
        timer.timeout.connect(action)
        timer.start(round(period_s * 1000))
        timers.append(timer)
    QTimer.singleShot(round(minutes * 60_000), session.desktop.quit)
    session.app.exec()
    for timer in timers:
        timer.stop()
    session.desktop.shutdown()
    source.stop()
    return looks


def main() -> int:
    """Run, print a line a look and the verdict; exit status 1 where something grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--windows", type=int, default=200)
    parser.add_argument("--interval", type=float, default=0.1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aios-soak-") as home:
        os.environ["AIOS_HOME"] = str(Path(home) / "home")
        looks = run(options.minutes, options.windows, options.interval)
    results = verdict(looks)
    settled = looks[int(len(looks) * SETTLING_SHARE) :]
    print(f"memory after it settled: {slope_per_hour(settled):+.2f} MB an hour")
    for name, flat in results.items():
        print(f"{'pass' if flat else 'FAIL'}  {name}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

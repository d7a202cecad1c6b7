"""The real window with an observer in it: tells when it was painted, or makes it repaint without pause.

The program is started by its own entry point. The observer waits until the program itself has loaded Qt, so that it
moves nothing forward. While the window repaints without pause, the seed's minimal heartbeat beats beside it on a thread
of its own, half an interval away from the program's beats: what a painting process does to a heartbeat that does not
guard itself.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aios_gui import app
from aios_gui.heartbeat.clock import system_clock
from aios_gui.selfcheck.benchmark.heartbeats import MinimalHeartbeat

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_PLOTS = 4


class Painted:
    """Moments (wall clock, ns) at which the window and all four plots were first painted; counts what followed."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self.facts: dict[str, int] = {}
        self.plots: set[int] = set()
        self.frames = 0
        self.seed_beats: list[tuple[int, int, int]] = []

    def note(self, name: str) -> None:
        """Remember when something first happened."""
        self.facts.setdefault(name, time.time_ns())

    def write(self) -> None:
        """Leave the facts for the bench, whole or not at all."""
        unfinished = self._output.with_suffix(".part")
        unfinished.write_text(
            json.dumps({**self.facts, "frames": self.frames, "seed_beats": self.seed_beats})
        )
        unfinished.replace(self._output)


def observe(application: QApplication, painted: Painted, flat_out: bool) -> None:
    """Look at every paint of ``application`` until all plots were painted, then let it be or drive it."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self._look(watched)
            return False

        def _look(self, watched: QObject) -> None:
            if type(watched).__name__ == "Window":
                painted.note("window_ns")
            elif type(watched.parent()).__name__ == "PlotView":
                painted.plots.add(id(watched.parent()))
                if len(painted.plots) == _PLOTS:
                    application.removeEventFilter(self)
                    # After the paint that is in course here.
                    QTimer.singleShot(0, self, self._all_painted)

        def _all_painted(self) -> None:
            painted.note("plots_ns")
            painted.write()
            if flat_out:
                drive(application, painted)

    application.installEventFilter(Watcher(application))


def drive(application: QApplication, painted: Painted) -> None:
    """Have the Live panel draw everything again as often as Qt can."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    window = next(each for each in QApplication.topLevelWidgets() if type(each).__name__ == "Window")
    panel: Any = window.panels["live"]  # type: ignore[attr-defined]

    def draw() -> None:
        panel.refresh(force=True)
        for card in panel.cards:
            card.plot.viewport().repaint()
        painted.frames += 1

    timer = QTimer(application)
    timer.timeout.connect(draw)
    timer.start(0)


class SeedThread:
    """The seed's minimal heartbeat on a thread of this process, half an interval after the beats of ``engine``."""

    def __init__(self, engine: Any, beats: list[tuple[int, int, int]]) -> None:
        self._engine = engine
        self._beats = beats
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="seed", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        heartbeat = MinimalHeartbeat(system_clock())
        heartbeat.prepare()
        interval_ns = self._engine.options.interval_ns
        while not self._engine.made:
            if self._ended.wait(0.05):
                return
        due_ns = self._engine.next_alarm_ns + interval_ns // 2
        while not self._ended.wait(max(0, due_ns - time.perf_counter_ns()) / 1e9):
            late_ns = time.perf_counter_ns() - due_ns
            self._beats.append((time.time_ns(), heartbeat.beat(), late_ns))
            due_ns += interval_ns * (1 + max(0, late_ns) // interval_ns)


def hook(painted: Painted, flat_out: bool, threads: list[SeedThread]) -> None:
    """Put the observer where the application object is made."""
    claim = app._claim

    def claim_and_hook(*arguments: Any) -> Any:
        source = claim(*arguments)
        start = source.start

        def start_and_hook() -> None:
            start()
            if flat_out:
                from aios_gui.ui.shell.sources import LocalSource

                assert isinstance(source, LocalSource)
                threads.append(SeedThread(source.resident.engine, painted.seed_beats))
                threads[-1].start()
            from aios_gui.ui.shell import session  # what the program imports next

            make = session.make_application

            def make_and_observe() -> QApplication:
                application = make()
                observe(application, painted, flat_out)
                return application

            session.make_application = make_and_observe

        setattr(source, "start", start_and_hook)  # noqa: B010
        return source

    setattr(app, "_claim", claim_and_hook)  # noqa: B010


def main() -> int:
    """Run the window; what was seen is written to --output when the plots are painted and again at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--flat-out", action="store_true")
    arguments = parser.parse_args()
    painted = Painted(arguments.output)
    threads: list[SeedThread] = []
    hook(painted, arguments.flat_out, threads)
    status = app.main([])
    for thread in threads:
        thread.stop()
    if "plots_ns" in painted.facts:
        painted.write()
    return status


if __name__ == "__main__":
    sys.exit(main())

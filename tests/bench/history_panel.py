"""History over a large record: how soon it opens, how fast the brush is followed, who ran; and the beat beside it.

``python -m tests.bench.history_panel --record FILE`` copies a record, as ``tests.bench.year`` makes one, into a home of
its own, beats there ten times a second, and takes turns: nothing to see, then a brush that is dragged without pause.
Exit status 1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.arithmetic import Figures, Goal, Verdict
from tests.bench.rows import MICROSECONDS, MILLISECONDS, TIMES, Row, Unit, render

if TYPE_CHECKING:
    from aios_gui.ui.history.panel import HistoryPanel

MS = 1e6
_PATIENCE_S = 60.0
_CLICKS = 15
_TURNS = 3
_FRAMES = Unit("a second", 1)
_MOVE_S = 0.008
"""A mouse tells 125 times a second where it is."""


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="history_panel", description=__doc__)
    parser.add_argument("--record", type=Path, required=True, help="the record that is looked at")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each turn lasts (10)")
    return parser.parse_args(argv)


def _spin(until: Callable[[], bool]) -> None:
    """Let the program run until ``until`` holds, or for a minute at most."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    end_s = time.monotonic() + _PATIENCE_S
    while not until() and time.monotonic() < end_s:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def _now(controller: Any, seconds: float, work: Callable[[], None]) -> tuple[list[int], list[int]]:
    """Durations and latenesses (ns) of the beats that are made while ``work`` is done over and over."""
    from aios_gui.heartbeat.model.items import RecordedBeat

    feed = controller.feed
    cursor, _items = feed.since(0)
    end_s, beats = time.monotonic() + seconds, []
    while time.monotonic() < end_s:
        work()
        cursor, items = feed.since(cursor)
        beats += [each for each in items or () if isinstance(each, RecordedBeat)]
    return [each.duration_ns for each in beats], [each.lateness_ns for each in beats]


def _idle() -> None:
    """Let the program run for as long as lies between two moves of a mouse."""
    from PySide6.QtCore import QCoreApplication

    QCoreApplication.processEvents()
    time.sleep(_MOVE_S)


class Brush:
    """Drags the brush over the whole record, to and fro, as a mouse does, and counts what was painted."""

    def __init__(self, panel: HistoryPanel) -> None:
        from PySide6.QtCore import QEvent, QObject

        class Painted(QObject):
            count = 0

            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
                self.count += event.type() == QEvent.Type.Paint
                return False

        self._panel = panel
        self._place = 0
        self._painted = Painted(panel)
        panel.plots.plots[0].installEventFilter(self._painted)
        self.frame_ns: list[int] = []

    def step(self) -> None:
        """One move of the mouse, and what the window makes of it."""
        from PySide6.QtCore import QCoreApplication

        from aios_gui.record.model.timerange import TimeRange

        state = self._panel.state
        room_ns = state.whole.end_ns - state.whole.start_ns - state.length_ns
        self._place = (self._place + 7) % 2000
        share = abs(self._place - 1000) / 1000
        start_ns = state.whole.start_ns + int(share * room_ns)
        began_ns = time.perf_counter_ns()
        before = self._painted.count
        state.drag(TimeRange(start_ns, start_ns + state.length_ns))
        QCoreApplication.processEvents()
        took_ns = time.perf_counter_ns() - began_ns
        if self._painted.count > before:
            self.frame_ns.append(took_ns)
        time.sleep(max(0.0, _MOVE_S - took_ns / 1e9))


def measure(record: Path, seconds: float) -> list[Row]:
    """Every row, with the record in a home of its own."""
    home = Path(tempfile.mkdtemp(prefix="history-panel-"))
    os.environ.update({"AIOS_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"})
    from aios_gui.ui.shell.qt_start import load_qt

    load_qt()
    from aios_gui.instance.settings import settings_file
    from aios_gui.system.paths import find_paths
    from aios_gui.ui.shell.controller import Controller, Kit
    from aios_gui.ui.shell.language import Language
    from aios_gui.ui.shell.session import make_application
    from aios_gui.ui.shell.sources import start_local
    from aios_gui.ui.shell.window import Window
    from aios_gui.ui.theme import Theme

    paths = find_paths()
    paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy(record, paths.store)
    file = settings_file(paths)
    settings = file.load().settings.with_value("beat.interval_s", 0.1)
    app, theme = make_application(), Theme()
    theme.choose("light")
    theme.apply(app)
    source = start_local(paths, settings)
    source.start()
    controller = Controller(Kit(paths, file, theme, Language(), lambda: source), settings, source)
    theme.dress()
    window = Window(controller)
    window.resize(1280, 800)
    try:
        _spin(lambda: controller.snapshot.made > 20)
        began_ns = time.perf_counter_ns()
        window.open_panel("history")
        window.show()
        _spin(lambda: _panel(window) is not None and _panel(window).plots.scene is not None)
        panel = _panel(window)
        for each in panel.plots.plots:
            each.repaint()
        opened_ns = time.perf_counter_ns() - began_ns
        _spin(lambda: panel.source.is_settled and getattr(panel, "is_complete", True))
        who_ns = [_click(panel, share / _CLICKS) for share in range(_CLICKS)]
        brush, alone, beside = Brush(panel), ([], []), ([], [])  # type: ignore[var-annotated]
        for _turn in range(_TURNS):
            panel.state.settle()
            window.hide()
            _add(alone, _now(controller, seconds, _idle))
            window.show()
            _spin(lambda: panel.source.is_settled)
            _add(beside, _now(controller, seconds, brush.step))
        panel.state.settle()
        return _rows(opened_ns, who_ns, brush.frame_ns, (_TURNS * seconds), alone, beside)
    finally:
        window.leave()
        controller.shutdown()
        shutil.rmtree(home, ignore_errors=True)


def _panel(window: Any) -> Any:
    return window.panels.get("history")


def _add(to: tuple[list[int], list[int]], found: tuple[list[int], list[int]]) -> None:
    for column, values in zip(to, found, strict=True):
        column.extend(values)


def _click(panel: HistoryPanel, share: float) -> int:
    """From a click to the answer who ran, ns."""
    span, told = panel.state.span, panel.moments.who.said
    told.setText("")
    at_s = (span.start_ns + share * panel.state.length_ns) / 1e9
    began_ns = time.perf_counter_ns()
    panel.plots.moment_asked.emit(at_s, "cpu")
    _spin(lambda: bool(told.text()))
    return time.perf_counter_ns() - began_ns


def _rows(
    opened_ns: int,
    who_ns: list[int],
    frame_ns: list[int],
    seconds: float,
    alone: tuple[list[int], list[int]],
    beside: tuple[list[int], list[int]],
) -> list[Row]:
    frames, who = Figures.of(frame_ns), Figures.of(who_ns)
    rows = [
        Row("history.open", "History opens, and is painted", MILLISECONDS, opened_ns, Goal(500 * MS)),
        Row(
            "history.frames", "the brush followed", _FRAMES, len(frame_ns) / seconds, Goal(20, at_least=True)
        ),
        Row("history.frame", "a frame of it, P50", MILLISECONDS, frames.p50),
        Row("history.frame_p99", "a frame of it, P99", MILLISECONDS, frames.p99),
        Row("history.who", "a click to who ran, P50", MILLISECONDS, who.p50, Goal(100 * MS)),
        Row("history.who_most", "a click to who ran, longest", MILLISECONDS, max(who_ns), Goal(100 * MS)),
    ]
    for name, none, some in zip(("duration", "lateness"), alone, beside, strict=True):
        without, with_ = Figures.of(none), Figures.of(some)
        rows += [
            Row(f"history.{name}_alone", f"beat {name} P99, nothing to see", MICROSECONDS, without.p99),
            Row(f"history.{name}", f"beat {name} P99, beside the brush", MICROSECONDS, with_.p99),
            Row(
                f"history.{name}_ratio",
                f"beat {name} P99, beside ÷ alone",
                TIMES,
                _ratio(with_.p99, without.p99),
            ),
        ]
    return rows


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    arguments = _arguments(argv)
    rows = measure(arguments.record, arguments.seconds)
    print(render(rows))
    return 1 if any(row.verdict is Verdict.FAIL for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

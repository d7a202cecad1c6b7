"""The four heartbeats side by side: runs the benchmark in a process of its own, shows this result and past ones."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from aios_gui.record.store.errors import StoreError
from aios_gui.selfcheck.benchmark import words
from aios_gui.selfcheck.benchmark.facts import result_in, result_of
from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, BenchmarkResult, Heartbeat, Pacing
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.system.progress import progress_of
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.plots.history_loader import Failed, HistoryLoader, MeasurementsLoaded
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.run_bar import RunBar
from aios_gui.ui.widgets.save_dialog import ask_where_to_save

_log = logging.getLogger(__name__)
_READ_AGAIN_MS = 1_200
"""By then the recorder has written what it was given."""
_READ_TIMES = 4
_TREND = 6
_TABLE_PX = 122


@dataclass(frozen=True, slots=True)
class Past:
    """A benchmark: its place in the record, 0 before it is there, and what it found."""

    number: int
    result: BenchmarkResult


class BenchExport(QObject):
    """``finished`` brings a function that says how it went, and whether that is trouble."""

    finished = Signal(object, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._target = Path()
        self.choose_file: Callable[[], Path | None] = self._ask_for_file
        self.child = OwnProcess(self)
        self.child.ended.connect(self._on_ended)

    def ask(self, number: int) -> None:
        """Ask for a file and write the benchmark of this number to it."""
        chosen = self.choose_file()
        if chosen is not None:
            self._target = chosen
            self.child.start(["bench", "--show", str(number), "-o", str(chosen)])

    def close(self) -> None:
        """End what is still being written."""
        self.child.cancel()

    def _on_ended(self, end: Ended) -> None:
        name, reason = self._target.name, end.message
        if end.succeeded:
            self.finished.emit(lambda: _("Saved {file}").format(file=name), False)
            return
        _log.warning("the benchmark could not be saved: %s", reason)
        self.finished.emit(
            lambda: _("The benchmark could not be saved: {reason}").format(reason=reason), True
        )

    def _ask_for_file(self) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = time.strftime("aios-heartbeat benchmark %Y-%m-%d") + ".json"
        kinds = ";;".join(("JSON (*.json)", _("Comma-separated values (*.csv)"), "Markdown (*.md)"))
        return ask_where_to_save(self._window, _("Export the benchmark"), Path(folder) / name, kinds)


class BenchCard(Card):
    """Shows the newest benchmark until another is chosen."""

    def __init__(self, theme: Theme, open_history: Callable[[], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.past: list[Past] = []
        self.shown: Past | None = None
        self._message: Callable[[], str] | None = None
        self._is_trouble = False
        self._reads_left = 0
        self._loader = HistoryLoader(open_history, self)
        self._loader.done.connect(self._on_loaded)
        self._again = QTimer(self, singleShot=True, interval=_READ_AGAIN_MS)
        self._again.timeout.connect(self.load)
        self.child = OwnProcess(self)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)
        self.export = BenchExport(self)
        self.export.finished.connect(self._set_message)
        self.choice = QPushButton()
        self.choices = QMenu(self.choice)
        self.choice.setMenu(self.choices)
        self.save = QPushButton()
        self.save.clicked.connect(self._save)
        self.start_button = QPushButton()
        self.menu = QMenu(self.start_button)
        self.start_button.setMenu(self.menu)
        self.run = RunBar(self.choice, self.save, self.start_button)
        self.run.cancel_asked.connect(self.cancel)
        self.head.addWidget(self.run, 1)
        self.table = FactTable(theme)
        self.table.setMinimumHeight(_TABLE_PX)
        self.message = muted_label()
        self.notes = muted_label()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.message)
        self.body.addWidget(self.notes)
        self.body.addStretch(0)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Four heartbeats on this machine"))
        self.run.retranslate()
        self.start_button.setText(_("Run benchmark…"))
        self.start_button.setToolTip(
            _("Run all four heartbeats side by side in a separate process; this one keeps beating")
        )
        self.start_button.setAccessibleDescription(self.start_button.toolTip())
        self.menu.clear()
        self.menu.addAction(_("Quick, about half a minute"), lambda: self.start(quick=True))
        self.menu.addAction(_("Full, about two minutes"), lambda: self.start(quick=False))
        self.save.setText(_("Export…"))
        self.save.setToolTip(_("Write the benchmark that is shown to a file: JSON, CSV or Markdown"))
        self.save.setAccessibleDescription(self.save.toolTip())
        self.choice.setToolTip(_("Choose among the benchmarks in the record"))
        self.choice.setAccessibleDescription(self.choice.toolTip())
        self.table.setAccessibleName(self.title.text())
        self.table.retranslate()
        self._fill_choice()
        self._show()

    def load(self) -> None:
        """Read the past benchmarks from the record, on another thread."""
        self._loader.measurements(MeasurementKind.BENCHMARK)

    def stop(self) -> None:
        """The panel has gone from view; what is measured goes on."""
        self._again.stop()

    def close_down(self) -> None:
        """The program ends: leave no process and no thread."""
        self._again.stop()
        self.child.cancel()
        self.export.close()
        self._loader.close()

    # Running one

    def start(self, quick: bool) -> None:
        """Run the benchmark, in a process of its own."""
        self._set_message(None)
        self.run.begin(_("Starting…"))
        self.child.start(["bench", *(["--quick"] if quick else []), "--progress"], tells_progress=True)

    def cancel(self) -> None:
        """End a benchmark that runs."""
        if self.child.running:
            self.child.cancel()
            self.run.end()
            self._set_message(lambda: _("The benchmark was cancelled; nothing was kept."))

    def _on_progress(self, line: dict[str, Any]) -> None:
        made = progress_of(line)
        if made is None:
            return
        name = words.name(Heartbeat(made.now)) if made.now in list(Heartbeat) else plain(made.now, 20)
        self.run.progress(made.share, _(", ").join(filter(None, (name, figures.time_left(made.remaining_s)))))

    def _on_ended(self, end: Ended) -> None:
        self.run.end()
        try:
            if not end.succeeded:
                raise ValueError(end.message)
            result = result_of(end.result)
        except ValueError as error:
            reason = plain(error)
            _log.warning("the benchmark failed: %s", reason)
            self._set_message(lambda: _failure(reason), trouble=True)
            return
        self.shown = Past(0, result)
        self.past = [*(each for each in self.past if each.number), self.shown]
        warning = end.message
        self._set_message((lambda: warning) if warning else None, trouble=True)
        self._fill_choice()
        self._show()
        self._reads_left = _READ_TIMES
        self.load()

    # Past ones

    def _on_loaded(self, answer: object) -> None:
        if isinstance(answer, Failed):
            reason = plain(answer.reason)
            self._set_message(
                lambda: _("The past benchmarks cannot be read: {reason}").format(reason=reason), trouble=True
            )
        elif isinstance(answer, MeasurementsLoaded):
            self._take(answer.measurements)

    def _take(self, measurements: list[Measurement]) -> None:
        """Show the one that was shown, now from the record, or else the newest."""
        known = [past for past in map(_understood, measurements) if past is not None]
        shown, fresh = self.shown, self.shown is not None and not self.shown.number
        found = next((each for each in known if shown and _same(each, shown)), None)
        if fresh and found is None and shown is not None:
            known.append(shown)
            self._reads_left -= 1
            if self._reads_left > 0 and not self._again.isActive():
                self._again.start()
            found = shown
        if known == self.past and found == shown:
            return
        self.past = known
        self.shown = found or (known[-1] if known else None)
        self._fill_choice()
        self._show()

    def _fill_choice(self) -> None:
        self.choices.clear()
        for past in reversed(self.past):
            action = self.choices.addAction(_entry(past.result))
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, past=past: self._choose(past))
        self.choice.setVisible(len(self.past) > 1)
        self._mark_choice()

    def _mark_choice(self) -> None:
        for action, past in zip(self.choices.actions(), reversed(self.past), strict=True):
            action.setChecked(past == self.shown)
        if self.shown is not None:
            at = words.made_at(self.shown.result)
            self.choice.setText(at)
            self.choice.setAccessibleName(_("Benchmark shown: {time}").format(time=at))

    def _choose(self, past: Past) -> None:
        self.shown = past
        self._mark_choice()
        self._show()

    def _save(self) -> None:
        if self.shown is not None and self.shown.number:
            self.export.ask(self.shown.number)

    # What is shown

    def _show(self) -> None:
        result = self.shown.result if self.shown else None
        self.save.setEnabled(self.shown is not None and self.shown.number > 0)
        self.table.show_facts(columns(), rows(result))
        set_text(self.notes, "\n".join(_notes(result, self.past)))
        self._show_message()

    def _set_message(self, message: Callable[[], str] | None, trouble: bool = False) -> None:
        self._message, self._is_trouble = message, trouble
        self._show_message()

    def _show_message(self) -> None:
        set_look(self.message, "critical" if self._is_trouble else "muted")
        set_text(self.message, self._message() if self._message else "")
        self.message.setVisible(self._message is not None)


def _understood(measurement: Measurement) -> Past | None:
    try:
        return Past(measurement.number, result_in(measurement))
    except StoreError as error:
        _log.warning("%s", error)
        return None


def _same(one: Past, other: Past) -> bool:
    return one.result.started_ns == other.result.started_ns


def _entry(result: BenchmarkResult) -> str:
    ratio = figures.times(result.speedup(Heartbeat.ORIGINAL, Heartbeat.WARMED))
    entry = _("{time} (quick), {ratio}") if result.quick else _("{time}, {ratio}")
    return entry.format(time=words.made_at(result), ratio=ratio)


def _failure(reason: str) -> str:
    if not reason:
        return _("The benchmark could not be finished; it ended without an error message.")
    return _("The benchmark could not be finished: {reason}").format(reason=reason)


def _notes(result: BenchmarkResult | None, past: list[Past]) -> list[str]:
    if result is None:
        return [
            _(
                "Not measured on this machine yet. The benchmark runs the four heartbeats one after the other, once a "
                "second and then without pause, in a separate process. This heartbeat keeps beating, and its figures "
                "meanwhile are shown with the result."
            ),
            words.published(),
        ]
    notes = [words.machine(result), words.beside(result)]
    warmed = [each.result.timing(Heartbeat.WARMED, Pacing.CADENCE) for each in past[-_TREND:]]
    medians = [figures.duration(timing.p50_ns) for timing in warmed if timing is not None]
    if len(medians) > 1:
        notes.append(_("Warmed, from benchmark to benchmark: {figures}").format(figures=" → ".join(medians)))
    return [*notes, words.published()]


# The table, with bars on a logarithmic scale


def columns() -> tuple[Column, ...]:
    """Name, P50 at cadence, its bar, P50 back to back, published, against the original."""
    return (
        Column(_("heartbeat"), right=False),
        Column(_("P50, once a second")),
        Column(_("log scale"), right=False, bar=True),
        Column(_("P50, without pause")),
        Column(_("published")),
        Column(_("against original")),
    )


def rows(result: BenchmarkResult | None) -> list[Row]:
    """A row a heartbeat; without a result only what was published."""
    return [_row(result, heartbeat) for heartbeat in Heartbeat]


def _row(result: BenchmarkResult | None, heartbeat: Heartbeat) -> Row:
    ours = heartbeat is Heartbeat.WARMED
    spaced = result.timing(heartbeat, Pacing.CADENCE) if result else None
    close = result.timing(heartbeat, Pacing.BACK_TO_BACK) if result else None
    ratio = result.speedup(Heartbeat.ORIGINAL, heartbeat) if result else None
    if result and heartbeat is Heartbeat.ORIGINAL and spaced:
        ratio = 1.0
    spread = ""
    if spaced:
        spread = _("P95 {p95}, P99 {p99}, {count} beats").format(
            p95=figures.duration(spaced.p95_ns), p99=figures.duration(spaced.p99_ns), count=spaced.count
        )
    share = log_share(spaced.p50_ns, result) if spaced and result else 0.0
    return (
        Fact(words.name(heartbeat), tip=words.description(heartbeat)),
        Fact(figures.duration(spaced.p50_ns if spaced else None), tip=spread),
        Fact(bar=share, tone="accent" if ours else "gap", tip=spread),
        Fact(figures.duration(close.p50_ns if close else None), tone="muted"),
        Fact(figures.duration(PUBLISHED_NS[heartbeat]), tone="muted", tip=words.published()),
        Fact(figures.times(round(ratio, 1) if ratio == 1.0 else ratio), strong=ours),
    )


def log_share(value_ns: int, result: BenchmarkResult) -> float:
    """How long the bar of a duration is, 0 to 1: from the decade below the least to the greatest."""
    found = [
        timing.p50_ns for timing in result.timings if timing.mode is Pacing.CADENCE and timing.p50_ns > 0
    ]
    if value_ns <= 0 or not found:
        return 0.0
    bottom = math.floor(math.log10(min(found)))
    span = math.log10(max(found)) - bottom
    return (math.log10(value_ns) - bottom) / span if span > 0 else 1.0

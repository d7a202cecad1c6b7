"""Two spans side by side and overlaid, with the verdict first and then what it rests on."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aios_gui.history.comparison.side_by_side import Side, SideBySide
from aios_gui.history.comparison.suggested import Suggestion, suggested
from aios_gui.history.model.distribution import Timing
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.history.compare.medians_card import MediansCard
from aios_gui.ui.history.compare.spans_card import SpansCard
from aios_gui.ui.history.compare.verdict_cards import MeasuresCard, VerdictCard
from aios_gui.ui.history.findings.card_grid import CardGrid
from aios_gui.ui.history.findings.shape_cards import QUANTITIES, Curves, DistributionCard, PercentilesCard
from aios_gui.ui.history.findings.shapes import Curve
from aios_gui.ui.history.span_state import SpanState
from aios_gui.ui.history.worker import Question, Worker
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.plots.history_loader import Answered, HistoryLoader
from aios_gui.ui.theme import S

_CHANGES_NS = 366 * 86_400_000_000_000


class Compare(QWidget):
    """The second span is the one of ``span_state``, to begin with and after ``follow``; the first is just before it."""

    def __init__(
        self,
        context: PanelContext,
        span_state: SpanState,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._span_state = span_state
        self._spans: tuple[TimeRange, TimeRange] | None = None
        self._answer: SideBySide | None = None
        self._ticket = -1
        self.worker = Worker(context, self)
        self._loader = HistoryLoader(context.open_history, self)
        self.spans = SpansCard(context.controller.record_words, now_ns)
        self.verdict = VerdictCard(context.theme)
        self.measures = MeasuresCard(context.theme)
        self.percentiles = PercentilesCard(context.theme)
        self.distribution = DistributionCard(context.theme)
        self.medians = MediansCard(context.theme)
        self._cards = (self.verdict, self.measures, self.percentiles, self.distribution, self.medians)
        self.grid = CardGrid(
            [[self.verdict], [self.measures], [self.percentiles, self.distribution], [self.medians]]
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(S + 2)
        whole.addWidget(self.spans)
        whole.addWidget(self.grid)
        whole.addStretch(1)
        self.grid.hide()
        self._wire()
        self.retranslate()

    def _wire(self) -> None:
        self.spans.wanted.connect(self.compare)
        self.spans.run.cancel_asked.connect(self.cancel)
        self.worker.began.connect(lambda: self.spans.run.begin(_("Reading the record")))
        self.worker.progressed.connect(self._on_progress)
        self.worker.answered.connect(self._on_answer)
        self.worker.failed.connect(self._on_failure)
        self._loader.done.connect(self._on_loaded)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close_down)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        for card in (self.spans, *self._cards):
            card.retranslate()
        self._show()

    def activate(self) -> None:
        """It has come into view: offer what suits the span that is looked at."""
        span = self._span_state.span
        if self._spans is None:
            self.spans.show_spans(*_first_spans(span, self._span_state.whole))
        self._suggest()

    def follow(self) -> None:
        """A person went to another span: it becomes the second one."""
        span = self._span_state.span
        if self._spans is not None and span == self._spans[1]:
            return
        self._spans = None
        self.cancel()
        self.spans.show_abouts(("", ""))
        self.activate()

    def _suggest(self) -> None:
        span = self._span_state.span
        self._ticket = self._loader.ask("suggestions", lambda history: _suggestions(history, span))

    def compare(self, a: TimeRange, b: TimeRange) -> None:
        """Have two spans compared."""
        self._spans = a, b
        self._span_state.go(b)
        self.spans.show_abouts(("", ""))
        self.worker.ask(Question("compare", (a, b), SideBySide))

    def cancel(self) -> None:
        """Stop comparing."""
        self.worker.cancel()
        self._end()

    def _end(self) -> None:
        """Nothing came of it: what was found of earlier spans does not stay below these."""
        self.spans.run.end()
        self._answer = None
        self._show()

    def close_down(self) -> None:
        """The program ends: leave no process and no thread."""
        self.worker.close()
        self._loader.close()

    def _on_progress(self, share: float, left_s: float) -> None:
        self.spans.run.progress(share, figures.time_left(left_s))

    def _on_answer(self, answer: SideBySide) -> None:
        self.spans.run.end()
        self._answer = answer
        self._show()

    def _on_failure(self, reason: str) -> None:
        self._end()
        self.spans.say(_("The spans could not be compared: {reason}").format(reason=reason))

    def _on_loaded(self, answer: object) -> None:
        if isinstance(answer, Answered) and answer.ticket == self._ticket:
            self.spans.show_suggestions(answer.value)

    def _show(self) -> None:
        answer = self._answer
        self.grid.setVisible(answer is not None)
        if answer is None:
            return
        matched = answer.comparison.matched_hours
        self.spans.show_abouts((_about(answer.a, matched[0]), _about(answer.b, matched[1])))
        self.verdict.show_comparison(answer.comparison)
        self.measures.show_comparison(answer.comparison)
        self.measures.setVisible(bool(answer.comparison.measures))
        beats = answer.a.coverage.made + answer.b.coverage.made
        for card in (self.percentiles, self.distribution, self.medians):
            card.setVisible(beats > 0)
        curves = _curves(answer)
        self.percentiles.show_curves(curves)
        self.distribution.show_curves(curves)
        self.medians.show_answer(answer)


def _suggestions(history: History, span: TimeRange) -> list[Suggestion]:
    whole = history.reader.span()
    if whole is None:
        return []
    record = TimeRange(whole[0], whole[1] + 1)
    changes = history.changes(TimeRange(max(0, record.end_ns - _CHANGES_NS), record.end_ns))
    return suggested(span, record, changes)


def _about(side: Side, hours: int) -> str:
    """How much a span has to say."""
    beats = ngettext("{count} beat", "{count} beats", side.coverage.made)
    parts = [beats.format(count=figures.count(side.coverage.made))]
    if side.coverage.share is not None:
        parts.append(_("{share} recorded").format(share=figures.availability(side.coverage.share)))
    matched = ngettext("{count} hour compared", "{count} hours compared", hours)
    parts.append(matched.format(count=figures.count(hours)))
    return " · ".join(parts)


def _curves(answer: SideBySide) -> Curves:
    """The first span muted, the second in the colour of its quantity."""
    found: Curves = {}
    for name in QUANTITIES:
        sides: list[Timing] = [getattr(side.distributions, name) for side in (answer.a, answer.b)]
        found[name] = [
            Curve(letter, tone, timing.raw)
            for letter, tone, timing in zip("AB", ("muted", name), sides, strict=True)
        ]
    return found


def _first_spans(span: TimeRange, whole: TimeRange) -> tuple[TimeRange, TimeRange]:
    """The span with as much before it; its two halves where nothing is recorded before it."""
    if span.start_ns <= whole.start_ns:
        middle_ns = (span.start_ns + span.end_ns) // 2
        return TimeRange(span.start_ns, middle_ns), TimeRange(middle_ns, span.end_ns)
    length_ns = span.end_ns - span.start_ns
    return TimeRange(max(whole.start_ns, span.start_ns - length_ns), span.start_ns), span

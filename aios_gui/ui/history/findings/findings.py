"""Everything that an analysis found of the span that is looked at."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.card_grid import CardGrid
from aios_gui.ui.history.findings.head_card import HeadCard
from aios_gui.ui.history.span_state import SpanState
from aios_gui.ui.history.worker import Question, Worker
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.theme import S, Theme
from aios_gui.ui.widgets.in_steps import InSteps

if TYPE_CHECKING:
    from aios_gui.ui.history.findings.days_card import DaysCard
    from aios_gui.ui.history.findings.shape_cards import DistributionCard, PercentilesCard
    from aios_gui.ui.history.findings.span_cards import BandsCard, CoverageCard, HeatCard
    from aios_gui.ui.history.findings.told_cards import ToldCard

CardT = TypeVar("CardT", bound=FindingCard)
_SETTLE_MS = 250
_LEAST_WEEK_NS = 6 * 3600 * 1_000_000_000
"""Of less the hours of the week have nothing to say."""
_LEAST_DAYS = 2
_STALE_SHARE = 0.02
"""How much of a span that goes on with the record is new when it is analysed again."""


class Findings(QWidget):
    """Follows the span. It works only between ``activate`` and ``deactivate``.

    Its cards are made while the first span is analysed, a few milliseconds at a time: few fit on the screen.
    """

    moment_chosen = Signal(object)
    """A person opened a moment (wall, ns) in one of the tables."""
    filled = Signal()
    """All that was found of a span is shown, or why there is nothing."""
    bands: BandsCard
    coverage: CoverageCard
    percentiles: PercentilesCard
    distribution: DistributionCard
    heat: HeatCard
    days: DaysCard
    unusual: ToldCard
    changed: ToldCard
    anomalies: ToldCard
    advice: ToldCard

    def __init__(self, context: PanelContext, span_state: SpanState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span_state = span_state
        self._active = False
        self._shown: TimeRange | None = None
        self.analysis: Analysis | None = None
        """What is shown; None before the first."""
        theme = context.theme
        self.worker = Worker(context, self)
        self.head = HeadCard(theme)
        self.grid = CardGrid()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(S + 2)
        whole.addWidget(self.head)
        whole.addWidget(self.grid)
        whole.addStretch(1)
        for part in (self.head, self.grid):
            part.hide()  # until there is a record to say something of
        self._cards: tuple[
            BandsCard | CoverageCard | HeatCard | DaysCard | PercentilesCard | DistributionCard | ToldCard,
            ...,
        ] = ()
        self._making = self._make_cards(theme)
        # The brush may be dragged on: nothing begins before it has come to rest.
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._filling = InSteps(self)
        self._wire()
        self.retranslate()

    def _wire(self) -> None:
        self._span_state.changed.connect(self._on_span)
        self.head.run.cancel_asked.connect(self.cancel)
        self.worker.began.connect(lambda: self.head.run.begin(_("Reading the record")))
        self.worker.progressed.connect(self._on_progress)
        self.worker.answered.connect(self._on_answer)
        self.worker.failed.connect(self._on_failure)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close_down)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.head.retranslate()
        for card in self._cards:
            card.retranslate()
        if self.analysis is not None:
            self._show(self.analysis)

    def _make_cards(self, theme: Theme) -> Iterator[None]:
        """Make one card after the other; what each needs is imported just before."""
        from aios_gui.ui.history.findings.told_cards import (
            make_advice,
            make_anomalies,
            make_changed,
            make_unusual,
        )

        yield
        from aios_gui.ui.history.findings.span_cards import BandsCard, CoverageCard, HeatCard

        yield
        from aios_gui.ui.history.findings.shape_cards import DistributionCard, PercentilesCard

        yield
        from aios_gui.ui.history.findings.days_card import DaysCard

        grid = self.grid
        self.advice = yield from self._made(make_advice(theme, grid))
        grid.add(self.advice)
        self.bands = yield from self._made(BandsCard(theme, grid))
        self.coverage = yield from self._made(CoverageCard(theme, grid))
        grid.add(self.bands, self.coverage)
        self.percentiles = yield from self._made(PercentilesCard(theme, grid))
        self.distribution = yield from self._made(DistributionCard(theme, grid))
        grid.add(self.percentiles, self.distribution)
        self.heat = yield from self._made(HeatCard(theme, grid))
        self.unusual = yield from self._made(make_unusual(theme, grid))
        grid.add(self.heat, self.unusual)
        self.days = yield from self._made(DaysCard(theme, grid))
        grid.add(self.days)
        self.changed = yield from self._made(make_changed(theme, grid))
        grid.add(self.changed)
        self.anomalies = yield from self._made(make_anomalies(theme, grid))
        grid.add(self.anomalies)
        self.days.day_chosen.connect(self._span_state.go)
        for told in (self.changed, self.anomalies):
            told.moment_chosen.connect(self.moment_chosen)
        self._cards = (
            self.advice,
            self.bands,
            self.coverage,
            self.percentiles,
            self.distribution,
            self.heat,
            self.unusual,
            self.days,
            self.changed,
            self.anomalies,
        )

    def _made(self, card: CardT) -> Generator[None, None, CardT]:
        card.retranslate()
        yield
        return card

    @property
    def settled(self) -> bool:
        """Whether all that was found is shown."""
        return not self._filling.running

    def activate(self) -> None:
        """It has come into view: analyse the span, unless it is shown already."""
        self._active = True
        self.head.show()
        span = self._span_state.span
        if self._shown != span and not self._goes_on(span):
            self._settle.start(0)

    def deactivate(self) -> None:
        """It has gone from view: nothing is analysed any more."""
        self._active = False
        self._settle.stop()
        if self.worker.running:
            self._shown = None  # not shown after all: asked for again with the next look
        self._drop()

    def cancel(self) -> None:
        """Leave the span unanalysed."""
        self._drop()
        self.head.show_trouble(_("Cancelled. Choose a span to have it analysed."))
        self.filled.emit()

    def close_down(self) -> None:
        """The program ends: leave no process behind."""
        self.deactivate()
        self._filling.stop()
        self.worker.close()

    def _on_span(self, span: TimeRange) -> None:
        if self._active and not self._goes_on(span):
            self._drop()
            self._settle.start()

    def _goes_on(self, span: TimeRange) -> bool:
        """Whether it is the span that is shown, which has only gone on with the record a little."""
        shown = self._shown
        if shown is None or not self._span_state.live:
            return False
        little_ns = (shown.end_ns - shown.start_ns) * _STALE_SHARE
        moves_ns = span.start_ns - shown.start_ns, span.end_ns - shown.end_ns
        return all(0 <= moved_ns < little_ns for moved_ns in moves_ns)

    def _drop(self) -> None:
        """Give up what is being worked out."""
        self.worker.cancel()
        self.head.run.end()

    def _ask(self) -> None:
        span = self._span_state.span
        self._shown = span
        if not self._cards:
            self._filling.begin(self._making)
        # A span that goes on with the record is another one within seconds.
        self.worker.ask(Question("analyze", (span,), Analysis), keep=not self._span_state.live)

    def _on_progress(self, share: float, left_s: float) -> None:
        self.head.run.progress(share, figures.time_left(left_s))

    def _on_failure(self, reason: str) -> None:
        self._shown = None
        self.head.run.end()
        self.head.show_trouble(_("The span could not be analysed: {reason}").format(reason=reason))
        self.filled.emit()

    def _on_answer(self, analysis: Analysis) -> None:
        self.head.run.end()
        self._show(analysis)

    def _show(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.head.show_analysis(analysis)
        self._filling.begin(self._in_steps(analysis))

    def _in_steps(self, analysis: Analysis) -> Iterator[None]:
        """Fill one card after the other, those on top first, once all of them are made."""
        # Not “yield from”: where another analysis takes the place of these steps, that would end those.
        for _made in self._making:
            yield
        for card in self._cards:
            if not self._has_to_say(card, analysis):
                card.hide()
        self.grid.show()
        for card in self._cards:
            yield
            if card is self.days:
                yield from self.days.show_analysis(analysis)
            else:
                card.show_analysis(analysis)
            # Not before: what it says of the span before is not of this one.
            card.setVisible(self._has_to_say(card, analysis))
        self.filled.emit()

    def _has_to_say(self, card: QWidget, analysis: Analysis) -> bool:
        if card is self.coverage:
            return bool(analysis.count or analysis.gaps)
        if card is self.heat and analysis.span.end_ns - analysis.span.start_ns < _LEAST_WEEK_NS:
            return False
        if card is self.days and sum(day.count > 0 for day in analysis.days) < _LEAST_DAYS:
            return False
        return bool(analysis.count) or card is self.advice

"""The cards of a comparison: the verdict with what it rests on, and each measure with interval and noise."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from aios_gui.history.comparison import words
from aios_gui.history.comparison.model import Comparison, MeasureResult, Verdict
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.theme import STRONG, Theme, font
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.fact_table import Column, Fact, Row, Whisker
from aios_gui.ui.widgets.plain_label import PlainLabel

_MARKS = {
    Verdict.BETTER: Mark.FINE,
    Verdict.WORSE: Mark.FAILED,
    Verdict.NO_DIFFERENCE: Mark.FINE,
    Verdict.UNRESOLVED: Mark.WARNING,
    Verdict.NOT_ENOUGH: Mark.WAITING,
    Verdict.NOT_COMPARABLE: Mark.WARNING,
}
_TONES = {Verdict.BETTER: "fine", Verdict.WORSE: "critical"}
_EDGE = math.log(4)
"""The logarithm of the change at the edge of the column of whiskers."""


class VerdictCard(FindingCard):
    """The verdict in one sentence, and below it what it rests on."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._comparison: Comparison | None = None
        self.dot = Dot(theme, 11)
        self.verdict = PlainLabel()
        self.verdict.setWordWrap(True)
        self.head.insertWidget(0, self.dot)
        self.body.insertWidget(0, self.verdict)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Verdict"))
        super().retranslate()
        self.verdict.setFont(font(STRONG, strong=True))
        if self._comparison is not None:
            self.show_comparison(self._comparison)

    def show_comparison(self, comparison: Comparison) -> None:
        """Say what came out."""
        self._comparison = comparison
        self.dot.show_mark(_MARKS[comparison.verdict])
        set_text(self.verdict, words.verdict_sentence(comparison))
        self.tell(paragraph(words.basis_sentences(comparison)))

    def as_text(self) -> str:
        """The verdict, too."""
        return f"{self.verdict.text()}\n\n{super().as_text()}"


class MeasuresCard(FindingCard):
    """A row a measure."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._comparison: Comparison | None = None

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Measure by measure"))
        super().retranslate()
        if self._comparison is not None:
            self.show_comparison(self._comparison)

    def show_comparison(self, comparison: Comparison) -> None:
        """Fill the table."""
        self._comparison = comparison
        columns = (
            Column(_("measure"), right=False),
            Column("A"),
            Column("B"),
            Column(_("change"), tip=_("B ÷ A, over hours of the same kind of day")),
            Column(
                _("÷ 4 … × 4"),
                right=False,
                bar=True,
                tip=_("The change with its interval; grey, the noise of this machine"),
            ),
            Column(
                _("95 % interval"),
                tip=_("Where the change lies in 95 of 100 cases, widened for all measures"),
            ),
            Column(_("noise"), tip=_("By how much two spans of this length differ here without any change")),
            Column(
                _("Cliff’s delta"),
                tip=_(
                    "The chance that a beat of B takes longer than one of A, less the chance of the reverse"
                ),
            ),
            Column(_("verdict"), right=False),
        )
        rows = [_row(each) for each in comparison.measures]
        sentence = _("The change is B against A. More is worse in every measure.") if rows else ""
        self.tell(sentence, columns, rows)


def _row(result: MeasureResult) -> Row:
    tone = _TONES.get(result.verdict, "")
    whisker = whisker_of(result)
    return (
        Fact(words.measure_name(result.measure)),
        Fact(words.figure(result.measure, result.a)),
        Fact(words.figure(result.measure, result.b)),
        Fact(words.change(result.ratio), tone=tone, strong=bool(tone)),
        Fact(whisker=whisker, tone=tone),
        Fact(words.interval(result), tone="muted"),
        Fact(words.noise(result), tone="muted"),
        Fact(words.delta(result.cliffs_delta), tone="muted"),
        Fact("" if result.low is None else words.verdict_word(result.verdict), tone=tone, strong=bool(tone)),
    )


def whisker_of(result: MeasureResult) -> Whisker | None:
    """The change as a picture; None where there is no interval."""
    if not result.ratio or not result.low or not result.high:
        return None
    low, at, high = (math.log(each) / _EDGE for each in (result.low, result.ratio, result.high))
    return Whisker(low, at, high, math.log(result.noise) / _EDGE if result.noise else 0.0)

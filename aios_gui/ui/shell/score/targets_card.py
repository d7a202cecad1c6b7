"""A card with every target: its goal, what is reached, and whether that is enough."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aios_gui.selfcheck.targets import words
from aios_gui.selfcheck.targets.model import TargetResult, TargetState, failing
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row

_TONES = {TargetState.PASS: "fine", TargetState.FAIL: "critical", TargetState.UNKNOWN: "muted"}


class TargetsCard(Card):
    """Shows results; of those that do not apply now only the published ones, which always stand there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: tuple[TargetResult, ...] = ()
        self.summary = muted_label(wraps=False)
        self.head.addStretch(1)
        self.head.addWidget(self.summary)
        self.table = FactTable(theme)
        self.body.addWidget(self.table, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Targets"))
        self.table.setAccessibleName(_("Targets"))
        self.table.retranslate()
        results, self.results = self.results, ()
        self.show_results(results)

    def show_results(self, results: tuple[TargetResult, ...]) -> None:
        """Show these."""
        self.results = results
        shown = [result for result in results if result.counts or result.target.published]
        self.table.show_facts(_columns(), [_row(result) for result in shown])
        set_text(self.summary, summary(results))


def summary(results: tuple[TargetResult, ...]) -> str:
    """How many are reached and missed."""
    reached = sum(result.state is TargetState.PASS for result in results)
    missed = len(failing(results))
    parts = [ngettext("{count} reached", "{count} reached", reached).format(count=reached)]
    if missed:
        parts.append(ngettext("{count} missed", "{count} missed", missed).format(count=missed))
    return " · ".join(parts)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Name"), right=False),
        Column(_("Target")),
        Column(_("Reached")),
        Column(_("State"), right=False),
        Column(_("Set by"), right=False),
    )


def _row(result: TargetResult) -> Row:
    target, tip = result.target, words.explanation(result.target)
    origin = _("Reference") if target.published else _("Ours")
    return (
        Fact(words.name(target), strong=result.state is TargetState.FAIL, tip=tip),
        Fact(words.goal(target), tone="muted", tip=tip),
        Fact(words.actual(result), tip=tip),
        Fact(words.state_word(result), tone=_TONES[result.state], strong=True, tip=tip),
        Fact(origin, tone="muted", tip=tip),
    )

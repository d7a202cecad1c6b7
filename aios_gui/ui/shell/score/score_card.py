"""A card with the score: its value, its four parts and what each was made from, and the reasons of the health."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aios_gui.alerts.model.health import HealthState
from aios_gui.alerts.model.score import DEGRADED_BELOW, GOAL, WEIGHTS, Part, Score
from aios_gui.alerts.words import score as words
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import FIGURE, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.plain_label import PlainLabel

_LITTLE = 0.05
"""A part that costs the whole score less than this is still well."""
_TABLE_PX = 22 + len(Part) * 24 + 2


class ScoreCard(Card):
    """Shows snapshots; touches only what says something else."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._missed = 0
        self.value = PlainLabel()
        self.goal = muted_label(wraps=False)
        self.span = muted_label(wraps=False)
        self.head.addWidget(self.span)
        self.head.addStretch(1)
        self.head.addWidget(self.goal)
        self.head.addWidget(self.value)
        self.parts = FactTable(theme)
        self.parts.setMinimumHeight(_TABLE_PX)
        self.health = muted_label()
        self.body.addWidget(self.parts)
        self.body.addWidget(self.health)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Score"))
        self.value.setFont(font(FIGURE, strong=True))
        self.parts.setAccessibleName(_("Parts of the score"))
        self.parts.retranslate()
        snapshot, self._snapshot = self._snapshot, None
        self.show_snapshot(snapshot or Snapshot(), self._missed)

    def show_snapshot(self, snapshot: Snapshot, missed: int = 0) -> None:
        """Show the score and health of a snapshot, beside which ``missed`` targets stand."""
        if snapshot is self._snapshot and missed == self._missed:
            return
        self._snapshot, self._missed = snapshot, missed
        score, health = snapshot.score, snapshot.health
        set_text(self.value, figures.score(score.value if score is not None else None))
        self.value.setAccessibleName(words.score_sentence(score))
        marks = {"goal": figures.score(GOAL), "limit": figures.score(DEGRADED_BELOW)}
        set_text(self.goal, _("target over {goal}, degraded under {limit}").format(**marks))
        set_text(self.span, words.over_hour(snapshot.hour) if score is not None else "")
        self.parts.show_facts(_columns(), [_row(part, score) for part in Part])
        told = words.health_sentence(health, snapshot.hour, missed)
        lines = [told if score is not None else words.score_sentence(None)]
        lines += [words.reason_sentence(reason) for reason in health.reasons] if health is not None else []
        set_look(
            self.health,
            "critical" if health is not None and health.state is HealthState.DEGRADED else "muted",
        )
        set_text(self.health, "\n".join(lines))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Part"), right=False),
        Column("", bar=True),
        Column(_("Reached")),
        Column(_("Weight")),
        Column(_("Made from"), right=False),
    )


def _row(part: Part, score: Score | None) -> Row:
    name, weight = Fact(words.part_name(part), strong=True), Fact(words.part_weight(part), tone="muted")
    if score is None:
        return (name, Fact(bar=0.0), Fact(figures.NONE), weight, Fact())
    value = score.part(part)
    lost = (1 - value) * WEIGHTS[part]
    tone = "fine" if lost < _LITTLE else "warning" if value > 0 else "critical"
    reason = words.part_reason(part, score)
    return (
        name,
        Fact(bar=value, tone=tone),
        Fact(figures.score(value)),
        weight,
        Fact(reason, tone="muted", tip=reason),
    )

"""The steps of the last warm-up as a checklist, and the evidence that it worked."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aios_gui.heartbeat.model.warmup import StepReport, StepState
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.heartbeat.warmup import words
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import XS, Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.dot import Mark
from aios_gui.ui.widgets.step_row import MARKS, StepRow


class WarmupStepRow(StepRow):
    """One step with its figure; below, where it failed, why and what still works."""

    def show_step(self, step: StepReport, status: WarmupStatus) -> None:
        """Say how a step is, in the language spoken."""
        failed, dropped = step.state is StepState.FAILED, words.is_dropped(step, status.warmth)
        figure = words.step_figure(step, status.report, status.warmth)
        self.show_state(
            Mark.NONE if dropped else MARKS[step.state],
            words.step_title(step.name),
            figure,
            words.failure_sentences(step) if failed else "",
            figure if dropped else words.step_state(step.state),
        )


class WarmupStepsCard(Card):
    """Rows are made when their steps are first seen, and kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self.rows: dict[str, WarmupStepRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.evidence = muted_label()
        self.body.addLayout(self._list, 1)
        self.body.addSpacing(XS)
        self.body.addWidget(self.evidence)
        self.body.addStretch(0)
        self.retranslate()

    def retranslate(self) -> None:
        """Say the title in the language spoken; the rows follow with the next status."""
        self.set_title(_("Steps"))
        self._shown = ()

    def show_status(self, status: WarmupStatus) -> None:
        """Show the steps and what the last warm-up found."""
        shown = (status.steps, status.report, status.warmth)
        if shown == self._shown:
            return
        self._shown = shown
        if [step.name for step in status.steps] != list(self.rows):
            self._make_rows(status.steps)
        for step in status.steps:
            self.rows[step.name].show_step(step, status)
        set_text(self.evidence, _evidence(status))

    def _make_rows(self, steps: tuple[StepReport, ...]) -> None:
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = {step.name: WarmupStepRow(self._theme, self) for step in steps}
        for row in self.rows.values():
            self._list.addWidget(row, 1)


def _evidence(status: WarmupStatus) -> str:
    report = status.report
    if report is None:
        return _("Not warmed up since it started.")
    return f"{words.reason_sentence(report)}\n{words.evidence_sentence(report)}"

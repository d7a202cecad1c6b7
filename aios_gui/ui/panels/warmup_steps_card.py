"""The steps of the last warm-up as a checklist, and the evidence that it worked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.core.snapshot import WarmthPicture
from aios_gui.core.warmup import StepReport, StepState, WarmupReport
from aios_gui.services.wording import warmup_words as words
from aios_gui.services.wording.catalogue import gettext as _
from aios_gui.ui.card import Card, muted_label, say
from aios_gui.ui.dot import Dot, Mark
from aios_gui.ui.theme import TEXT, XS, S, Theme, font

_MARKS = {
    StepState.WAITING: Mark.WAITING,
    StepState.RUNNING: Mark.RUNNING,
    StepState.DONE: Mark.FINE,
    StepState.FAILED: Mark.FAILED,
}
_LEAST_PX, _MOST_PX = 23, 38


class StepRow(QFrame):
    """One step: mark, title, figure; below, where it failed, why and what still works."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: tuple[object, ...] = ()
        self.dot = Dot(theme)
        self.title = QLabel()
        self.figure = QLabel()
        self.detail = muted_label()
        self.detail.setContentsMargins(0, 0, 0, XS)
        self.detail.hide()
        for label in (self.title, self.figure):
            label.setTextFormat(Qt.TextFormat.PlainText)
        line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedHeight(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.dot, 0, 0)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.figure, 0, 2)
        grid.addWidget(self.detail, 1, 1, 1, 2)
        grid.addWidget(line, 2, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)
        self.setMinimumHeight(_LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_step(self, step: StepReport, report: WarmupReport | None) -> None:
        """Say how a step is, in the language spoken; nothing is touched where it is the same."""
        failed = step.state is StepState.FAILED
        title, figure = words.step_title(step.name), words.step_figure(step, report)
        detail = words.failure_sentences(step) if failed else ""
        said = (step.state, title, figure, detail)
        if said == self._said:
            return
        self._said = said
        self.dot.show_mark(_MARKS[step.state])
        self.title.setFont(font(TEXT))
        self.figure.setFont(font(TEXT))
        say(self.title, title)
        say(self.figure, figure)
        say(self.detail, detail)
        self.detail.setVisible(failed)
        self.setMaximumHeight(16_777_215 if failed else _MOST_PX)
        state = words.step_state(step.state)
        told = ", ".join(dict.fromkeys(part for part in (state, figure, detail) if part))
        self.setAccessibleName(_("{step}: {state}").format(step=title, state=told))


class StepsCard(Card):
    """Rows are made when their steps are first seen, and kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: tuple[object, ...] = ()
        self.rows: dict[str, StepRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.evidence = muted_label()
        self.body.addLayout(self._list, 1)
        self.body.addSpacing(XS)
        self.body.addWidget(self.evidence)
        self.body.addStretch(0)
        self.retranslate()

    def retranslate(self) -> None:
        """Say the title in the language spoken; the rows follow with the next picture."""
        self.say_title(_("Steps"))
        self._picture = ()

    def show_picture(self, picture: WarmthPicture) -> None:
        """Show the steps and what the last warm-up found."""
        shown = (picture.steps, picture.report)
        if shown == self._picture:
            return
        self._picture = shown
        if [step.name for step in picture.steps] != list(self.rows):
            self._make_rows(picture.steps)
        for step in picture.steps:
            self.rows[step.name].show_step(step, picture.report)
        say(self.evidence, _evidence(picture))

    def _make_rows(self, steps: tuple[StepReport, ...]) -> None:
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = {step.name: StepRow(self._theme, self) for step in steps}
        for row in self.rows.values():
            self._list.addWidget(row, 1)


def _evidence(picture: WarmthPicture) -> str:
    report = picture.report
    if report is None:
        return _("Not warmed up since it started.")
    return f"{words.reason_sentence(report)}\n{words.evidence_sentence(report)}"

"""What is being done, as a checklist: setting up, a test start, a removal; and how it ended."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aios_gui.autostart import words
from aios_gui.autostart.model import SETUP_STEPS, WARNINGS, SetupReport, SetupResult, SetupStep
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.theme import LABEL, XS, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.dot import Mark
from aios_gui.ui.widgets.icons import icon
from aios_gui.ui.widgets.step_row import MARKS, StepRow

_LONGEST = 400


class StartupAction(Enum):
    """What can be under way: its steps, and whether it can be cancelled."""

    SET_UP = (SETUP_STEPS, True)
    TRY = ((SetupStep.TRIAL,), True)
    REMOVE = ((SetupStep.REMOVE,), False)


class StepsCard(Card):
    """Hidden until something is begun, and again when it is dismissed."""

    cancel_asked = Signal()
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.action = StartupAction.SET_UP
        self._reports: dict[SetupStep, SetupReport] = {}
        self._ended: SetupResult | str | None = None
        self._cancelling = False
        self.rows: dict[SetupStep, StepRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.outcome = muted_label()
        self.cancel, self.dismiss = QPushButton(), QPushButton()
        self.dismiss.setProperty("look", "quiet")
        self.cancel.clicked.connect(self._on_cancel)
        self.dismiss.clicked.connect(self._on_dismissed)
        self.head.addStretch(1)
        self.head.addWidget(self.cancel)
        self.head.addWidget(self.dismiss)
        self.body.addLayout(self._list)
        self.body.addSpacing(XS)
        self.body.addWidget(self.outcome)
        self.body.addStretch(0)
        theme.changed.connect(self._dress)
        self._dress()
        self.retranslate()
        self.hide()

    # What is shown

    def begin(self, action: StartupAction) -> None:
        """Show the steps of something that begins, all of them still to be done."""
        self.action = action
        self._ended = None
        self._reports = {step: SetupReport(step) for step in action.value[0]}
        self._make_rows()
        self.cancel.setVisible(action.value[1])
        self._cancelling = False
        self.dismiss.hide()
        self.retranslate()
        self.show()

    def show_report(self, report: SetupReport) -> None:
        """Show where a step stands."""
        self._reports[report.step] = report
        self._show_rows()

    def end(self, ended: SetupResult | str) -> None:
        """Show how it ended, or why it never got to a step."""
        self._ended = ended
        if isinstance(ended, SetupResult):
            self._reports |= {report.step: report for report in ended.reports}
        self.cancel.hide()
        self.dismiss.show()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(
            {
                StartupAction.SET_UP: _("Setting up"),
                StartupAction.TRY: _("Test start"),
                StartupAction.REMOVE: _("Removing"),
            }[self.action]
        )
        self.cancel.setText(_("Cancelling…") if self._cancelling else _("Cancel"))
        tip = _("End the test start at once. What is registered stays.")
        self.cancel.setToolTip(tip)
        self.cancel.setAccessibleDescription(tip)
        self.dismiss.setToolTip(_("Dismiss"))
        self.dismiss.setAccessibleName(_("Dismiss"))
        self.outcome.setFont(font(LABEL + 1))
        self._show_rows()
        self._show_outcome()

    # Within

    def _make_rows(self) -> None:
        if list(self.rows) == list(self._reports):
            return
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {step: StepRow(self._theme, self) for step in self._reports}
        for row in self.rows.values():
            self._list.addWidget(row)

    def _show_rows(self) -> None:
        for step, row in self.rows.items():
            report = self._reports[step]
            row.show_state(
                _mark_of(report),
                words.step_title(step),
                _figure_of(report),
                "\n".join(words.report_lines(report)),
                words.step_state(report.state),
            )

    def _show_outcome(self) -> None:
        ended = self._ended
        text, look = "", "muted"
        if isinstance(ended, SetupResult):
            text = words.outcome_sentence(ended, self.action is StartupAction.REMOVE)
            cancelled = any(report.is_cancelled for report in ended.reports)
            look = "critical" if ended.failed is not None and not cancelled else "muted"
        elif ended:
            text, look = _("That did not work: {reason}").format(reason=plain(ended, _LONGEST)), "critical"
        set_look(self.outcome, look)
        set_text(self.outcome, text)
        self.outcome.setVisible(bool(text))

    def _on_cancel(self) -> None:
        # It stays enabled, so that a user who pressed it by keyboard stays there.
        self._cancelling = True
        self.retranslate()
        self.cancel_asked.emit()

    def _on_dismissed(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _dress(self) -> None:
        self.dismiss.setIcon(icon("close", self._theme.tokens.muted))
        for row in self.rows.values():
            row.dot.update()

    def focus_cancel(self) -> None:
        """Give the keyboard to what can end it."""
        if not self.cancel.isHidden():
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)


def _mark_of(report: SetupReport) -> Mark:
    if report.is_cancelled and report.state is StepState.FAILED:
        return Mark.NONE
    if any(finding.kind in WARNINGS for finding in report.findings):
        return Mark.WARNING
    return MARKS[report.state]


def _figure_of(report: SetupReport) -> str:
    if report.state is StepState.DONE:
        return figures.spoken_duration(report.took_ns) if report.took_ns else words.step_state(report.state)
    return words.step_state(report.state)

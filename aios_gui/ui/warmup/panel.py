"""The Warm-up panel: how warm the heartbeat is and what made it so, what that is worth, and how to steer it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from PySide6.QtWidgets import QSizePolicy as Policy

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.warmup import StepState, Warmth
from aios_gui.heartbeat.warmup import words
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.theme import STRONG, TITLE, XL, M, S, font
from aios_gui.ui.warmup.benchmark_card import BenchCard
from aios_gui.ui.warmup.first_beats_card import FirstBeatsCard
from aios_gui.ui.warmup.profile_card import ProfileCard
from aios_gui.ui.warmup.rehearsal_card import RehearsalCard
from aios_gui.ui.warmup.steps_card import WarmupStepsCard
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.fold_button import FoldButton
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

_BESIDE_PX = 1130
"""From this width on cards stand beside each other."""
_SOON_MS = 150
_GAP_PX = S + 2
_PLOT_PX = 170
_UNREACHABLE = (EngineState.LOST, EngineState.STOPPED, EngineState.STARTING)


class WarmupPanel(Panel):
    """Pulls from the feed while shown; touches only what says something else."""

    key = "warmup"

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._controller = context.controller
        self._snapshot: Snapshot | None = None
        self._wanted: RehearsalMode | None = None
        theme = context.theme
        self._title = PlainLabel()
        self.dot = Dot(theme, 11)
        self.state = PlainLabel()
        self.state.setWordWrap(True)
        self.report, self.cool_down, self.warm_up = QPushButton(), QPushButton(), QPushButton()
        self.warm_up.setProperty("look", "primary")
        self.fold = FoldButton()
        self.steps = WarmupStepsCard(theme)
        self.chart = FirstBeatsCard(theme)
        self.rehearsal = RehearsalCard(theme)
        self.profile = ProfileCard(theme)
        self.bench = BenchCard(theme, context.open_history)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.refresh)
        # What was asked for is done long before the next look.
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self._wire()
        self.retranslate()

    def _lay_out(self) -> None:
        self._title.setSizePolicy(Policy.Policy.Fixed, Policy.Policy.Preferred)
        head = QHBoxLayout()
        head.setSpacing(S)
        head.addWidget(self._title)
        head.addSpacing(M)
        head.addWidget(self.dot)
        head.addWidget(self.state, 1)
        head.addWidget(self.cool_down)
        head.addWidget(self.warm_up)
        self.chart.plot.setMinimumHeight(_PLOT_PX)
        self.lab = QWidget()
        details = QVBoxLayout(self.lab)
        details.setContentsMargins(0, 0, 0, 0)
        details.setSpacing(_GAP_PX)
        self._rows = [_pair(self.steps, self.rehearsal), _pair(self.profile, self.bench)]
        for row in self._rows:
            details.addLayout(row)
        self.lab.hide()
        below = QHBoxLayout()
        below.addWidget(self.fold)
        below.addStretch(1)
        below.addWidget(self.report)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(XL - 4, 0, XL - 4, M + 2)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.chart, 1)
        column.addLayout(below)
        column.addWidget(self.lab)
        self.view = ScrollView(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(_GAP_PX)
        head.setContentsMargins(XL - 4, 0, XL - 4, 0)
        whole.addLayout(head)
        whole.addWidget(self.view, 1)

    def _wire(self) -> None:
        self.fold.toggled.connect(self._on_folded)
        self.report.clicked.connect(
            lambda: self._controller.place_asked.emit(Place("reports", template="warmup"))
        )
        self.warm_up.clicked.connect(self._ask_to_warm_up)
        self.cool_down.clicked.connect(self._ask_to_cool_down)
        self.rehearsal.mode_chosen.connect(self._choose_mode)
        self.rehearsal.automatic_chosen.connect(self._choose_automatic)
        self._controller.notice_raised.connect(self._on_notice)
        self._controller.settings_changed.connect(self._on_setting)
        self._controller.source_changed.connect(self._on_source)
        self._context.theme.changed.connect(self.update_all)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._close_down)

    def title(self) -> str:
        return _("Warm-up")

    def activate(self) -> None:
        self._timer.start(round(1000 / self._context.refresh_hz))
        if self.fold.isChecked():
            self.bench.load()
        self.refresh()

    def deactivate(self) -> None:
        self._timer.stop()
        self._soon.stop()
        self.bench.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self._close_down()
        super().closeEvent(event)

    def _close_down(self) -> None:
        self.profile.child.cancel()
        self.bench.close_down()

    def retranslate(self) -> None:
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Warm-up"))
        self.state.setFont(font(STRONG, strong=True))
        for button, text, tip in (
            (self.report, _("Report this…"), _("Write a report on the warm-up, to keep or to send")),
            (
                self.cool_down,
                _("Cool down"),
                _(
                    "Drop what keeps beats warm, to see what a cold one costs. Beats and the record go on, "
                    "and it warms up again automatically."
                ),
            ),
            (
                self.warm_up,
                _("Warm up now"),
                _("Open all that a beat needs and run it until its timing is stable: a few milliseconds."),
            ),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.fold.say(_("Details"), _("Steps, rehearsal, where the time goes, and the benchmark"))
        for card in (self.steps, self.chart, self.rehearsal, self.profile, self.bench):
            card.retranslate()
        self._snapshot = None
        self.refresh()

    def refresh(self) -> None:
        """Show the latest snapshot; nothing is touched where it is the one shown."""
        snapshot = self._context.feed.snapshot
        if snapshot is self._snapshot:
            return
        self._snapshot = snapshot
        status = snapshot.warm_up
        able = snapshot.state not in _UNREACHABLE
        self.dot.show_mark(mark_of(snapshot))
        sentence = words.warmth_sentence(status, snapshot.rehearsal, snapshot.state, snapshot.interval_ns)
        set_text(self.state, sentence)
        for button in (self.cool_down, self.warm_up):
            button.setEnabled(able)
        self.steps.show_status(status)
        self.chart.show_status(status, snapshot.rehearsal, snapshot.duration)
        self.rehearsal.show_snapshot(
            snapshot,
            self._mode_in_force(snapshot),
            bool(self._context.settings()["beat.warm_up"]),
            able,
            self._controller.is_remote,
        )

    def _mode_in_force(self, snapshot: Snapshot) -> RehearsalMode:
        """What is set here, or in the other process; what was just asked of that until it says so itself."""
        if not self._controller.is_remote:
            return RehearsalMode(self._context.settings()["beat.rehearsal"])
        if self._wanted is snapshot.rehearsal.mode:
            self._wanted = None
        return self._wanted or snapshot.rehearsal.mode

    # What the user asks for

    def _ask_to_warm_up(self) -> None:
        from aios_gui.instance.commands import WarmUp

        self._controller.send(WarmUp())
        self._soon.start()

    def _ask_to_cool_down(self) -> None:
        from aios_gui.instance.commands import CoolDown

        self._controller.send(CoolDown())
        self._soon.start()

    def _choose_mode(self, mode: RehearsalMode) -> None:
        self._wanted = mode
        self._controller.set_rehearsal(mode)
        self._soon.start()

    def _choose_automatic(self, automatic: bool) -> None:
        self._controller.set_value("beat.warm_up", automatic)

    def _on_notice(self, notice: Notice) -> None:
        if notice.key == "steering":
            self._wanted = None
            self._look_again()

    def _on_setting(self, name: str) -> None:
        if name == "window.refresh_hz" and self._timer.isActive():
            self._timer.start(round(1000 / self._context.refresh_hz))
        elif name.startswith("beat."):
            self._look_again()

    def _on_source(self) -> None:
        self._wanted = None
        self._look_again()

    def _look_again(self) -> None:
        self._snapshot = None
        if self._timer.isActive():
            self.refresh()

    # How it looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE_PX
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        for row in self._rows:
            if row.direction() is not way:
                row.setDirection(way)

    def _on_folded(self, shown: bool) -> None:
        self.lab.setVisible(shown)
        if not shown:
            return
        self.bench.load()
        # Once its place is known.
        QTimer.singleShot(0, self.fold, lambda: self.view.verticalScrollBar().setValue(self.fold.y()))


def mark_of(snapshot: Snapshot) -> Mark:
    """How the state looks: warm is fine unless a step failed."""
    if snapshot.state in _UNREACHABLE:
        return Mark.NONE
    status = snapshot.warm_up
    if status.warmth is Warmth.COLD:
        return Mark.COLD
    if status.warmth is Warmth.WARMING:
        return Mark.RUNNING
    return Mark.WARNING if any(step.state is StepState.FAILED for step in status.steps) else Mark.FINE


def _pair(left: QWidget, right: QWidget) -> QBoxLayout:
    row = QBoxLayout(QBoxLayout.Direction.TopToBottom)
    row.setSpacing(_GAP_PX)
    row.addWidget(left, 38)
    row.addWidget(right, 62)
    return row

"""The Startup panel: whether the program starts at log-in, what makes it so, and the button that sets it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.autostart import words
from aios_gui.autostart.model import AutostartReason, AutostartStatus, SetupReport
from aios_gui.settings.model import Settings
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.startup import CHANGED, PLACE
from aios_gui.ui.startup.head_card import HeadCard, is_set_up
from aios_gui.ui.startup.options_card import OptionsCard
from aios_gui.ui.startup.plan_card import PlanCard
from aios_gui.ui.startup.registered_card import RegisteredCard
from aios_gui.ui.startup.steps_card import StartupAction, StepsCard
from aios_gui.ui.startup.worker import ActionEnded, AutostartWorker, Work
from aios_gui.ui.theme import TITLE, XL, M, S, font
from aios_gui.ui.widgets.fold_button import FoldButton
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

if TYPE_CHECKING:
    from aios_gui.autostart.service import AutostartService, AutostartSnapshot

_BESIDE_PX = 980
"""From this width on cards stand beside each other."""
REFRESH_MS = 3_000
_GAP_PX = S + 2


class StartupPanel(Panel):
    """Asks the system when it comes into view, and again once something changed; remembers nothing of what it said."""

    key = "startup"

    def __init__(
        self, context: PanelContext, make_service: Callable[[], AutostartService] | None = None
    ) -> None:
        super().__init__()
        self._context = context
        self._controller = context.controller
        self._snapshot: AutostartSnapshot | None = None
        self._unread = ""
        self._last: AutostartStatus | None = None
        self._standing: tuple[object, ...] | None = None
        self._folded_by_hand = False
        theme = context.theme
        self._title = PlainLabel()
        self.report = QPushButton()
        self.head = HeadCard(theme)
        self.registered = RegisteredCard(theme)
        self.steps = StepsCard(theme)
        self.plan = PlanCard(theme)
        self.options = OptionsCard(theme)
        self.fold = FoldButton()
        self.more = QWidget()
        self.more.hide()
        self.worker = AutostartWorker(make_service or self._service_of_system, self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._refresh)
        self._lay_out()
        self._wire()
        self.retranslate()

    def _service_of_system(self) -> AutostartService:
        from aios_gui.autostart.service import service_of_system
        from aios_gui.instance.smoke_test_probe import ChannelProbe

        return service_of_system(self._controller.paths, ChannelProbe())

    def _lay_out(self) -> None:
        left, right = _column(self.registered), _column(self.plan, self.options)
        self._pair = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._pair.setSpacing(_GAP_PX)
        self._pair.addLayout(left, 1)
        self._pair.addLayout(right, 1)
        self.more.setLayout(self._pair)
        self._pair.setContentsMargins(0, 0, 0, 0)
        below = QHBoxLayout()
        below.addWidget(self.fold)
        below.addStretch(1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(XL - 4, 0, XL - 4, M + 2)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.head)
        column.addWidget(self.steps)
        column.addLayout(below)
        column.addWidget(self.more)
        column.addStretch(1)
        self.view = ScrollView(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(_GAP_PX)
        head = QHBoxLayout()
        head.setContentsMargins(XL - 4, 0, XL - 4, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.report)
        whole.addLayout(head)
        whole.addWidget(self.view, 1)

    def _wire(self) -> None:
        self.report.clicked.connect(
            lambda: self._controller.place_asked.emit(Place("reports", template="startup"))
        )
        self.head.button.clicked.connect(self.mend)
        self.head.switch.clicked.connect(self._remove)
        self.fold.clicked.connect(self._on_fold_clicked)
        self.fold.toggled.connect(self.more.setVisible)
        self.registered.test.clicked.connect(self._try)
        self.registered.remove.clicked.connect(self._remove)
        self.steps.cancel_asked.connect(self.worker.cancel)
        self.options.chosen.connect(self._controller.set_value)
        self.worker.looked.connect(self._on_looked)
        self.worker.unread.connect(self._on_unread)
        self.worker.stepped.connect(self._on_stepped)
        self.worker.ended.connect(self._on_ended)
        self._controller.settings_changed.connect(self._on_setting)
        self._controller.store.lock_changed.connect(self._show)
        self._context.theme.changed.connect(self.update_all)

    # As of every panel

    def title(self) -> str:
        return _("Startup")

    def activate(self) -> None:
        self._timer.start(REFRESH_MS)
        self.look()

    def deactivate(self) -> None:
        self._timer.stop()
        self.options.settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self.worker.close()
        super().closeEvent(event)

    def retranslate(self) -> None:
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Startup"))
        self.report.setText(_("Report this…"))
        self.report.setToolTip(_("Write a report on how it is started, to keep or to send"))
        self.report.setAccessibleDescription(self.report.toolTip())
        self.fold.say(_("Details"), _("What is registered, what is written, and other ways to start"))
        for card in (self.head, self.registered, self.steps, self.plan, self.options):
            card.retranslate()
        self._show()

    def look(self) -> None:
        """Ask the system how it stands now."""
        self.worker.look(self._context.settings())

    def _refresh(self) -> None:
        self.worker.refresh(self._context.settings())

    # What is shown

    def _on_looked(self, snapshot: AutostartSnapshot) -> None:
        self._snapshot, self._unread = snapshot.after(self._last), ""
        status = snapshot.status
        standing = (status.state, status.reason, status.mechanism, status.command)
        if self._standing not in (None, standing):
            self.steps.hide()  # what was done no longer tells how it stands
        if self._standing != standing:
            self._folded_by_hand = False
        self._standing = standing
        self._show()
        # What the panel itself shows need not be said above it.
        for key in (CHANGED, PLACE):
            self._controller.notice_over.emit(key)

    def _on_unread(self, reason: str) -> None:
        self._snapshot, self._unread = None, reason
        self._show()

    def _show(self) -> None:
        """Show the last snapshot; what says the same already is not touched."""
        snapshot = self._snapshot
        locked = self._controller.store.locked is not None
        self.options.show_settings(self._context.settings(), snapshot, locked)
        for card in (self.fold, self.plan, self.options):
            card.setVisible(snapshot is not None)
        registered = snapshot is not None and snapshot.status.is_registered
        self.registered.setVisible(registered)
        self._pair.setStretch(0, int(registered))  # or else its half stays empty
        if not self._folded_by_hand:
            self.fold.setChecked(snapshot is not None and not is_set_up(snapshot))
        if snapshot is None:
            self.registered.show_facts([], "", able=False)
            if self._unread:
                self.head.show_unread(plain(self._unread, 400))
            else:
                self.head.show_waiting()
            return
        status, idle = snapshot.status, not self.worker.busy
        self.head.show_snapshot(snapshot, idle)
        self.registered.show_facts(
            words.registered_facts(snapshot),
            words.by_hand(status.mechanism if status.is_registered else snapshot.chosen),
            idle and status.is_registered,
        )
        plan = snapshot.next_plan
        lingers = plan.lingers if plan is not None else None
        self.plan.show_plan(
            words.plan_title(status),
            plan,
            words.lingering_sentence(lingers),
            words.refusal(snapshot),
        )

    def _on_fold_clicked(self) -> None:
        self._folded_by_hand = True
        if self.fold.isChecked():
            self._reveal(self.more)

    # What is done

    def mend(self) -> None:
        """Do what the large button says."""
        snapshot = self._snapshot
        if snapshot is not None and snapshot.takes_other:
            self._controller.set_value("autostart.mechanism", snapshot.other)
        self.set_up(allow=snapshot is not None and snapshot.status.reason is AutostartReason.SWITCHED_OFF)

    def set_up(self, allow: bool = False) -> None:
        """Set autostart up as the settings say; ``allow`` as of ``Setup``."""
        settings = self._settled()
        self._do(
            StartupAction.SET_UP,
            lambda service, on_report, cancelled: service.set_up(settings, on_report, cancelled, allow),
        )

    def _try(self) -> None:
        if self._snapshot is not None:
            key, settings = self._snapshot.status.mechanism, self._settled()
            self._do(
                StartupAction.TRY,
                lambda service, on_report, cancelled: service.try_registered(
                    settings, on_report, key, cancelled
                ),
            )

    def _remove(self) -> None:
        self.head.switch.setChecked(True)  # until it is read back that it is off
        self._do(StartupAction.REMOVE, lambda service, on_report, _cancelled: service.remove(on_report))

    def _settled(self) -> Settings:
        """The settings, with what was being typed."""
        self.options.settle()
        return self._context.settings()

    def _do(self, action: StartupAction, work: Work) -> None:
        if self.worker.busy:
            return
        self._last = self._standing = None
        self.steps.begin(action)
        focused = QApplication.focusWidget()
        self.worker.do(work)
        self._show()
        self._reveal(self.steps)
        if focused in (self.head.button, self.head.switch, self.registered.test, self.registered.remove):
            self.steps.focus_cancel()

    def _on_stepped(self, report: SetupReport) -> None:
        self.steps.show_report(report)

    def _on_ended(self, ended: ActionEnded) -> None:
        had_focus = self.steps.cancel.hasFocus()
        self.steps.end(ended.result if ended.result is not None else ended.error)
        self._last = ended.result.status if ended.result is not None else None
        self._show()
        if had_focus:
            self.head.setFocus(Qt.FocusReason.OtherFocusReason)
        result = ended.result
        changed = self.steps.action is not StartupAction.TRY and result is not None and result.failed is None
        self._reveal(self.head if changed else self.steps.outcome)
        self.look()

    def _reveal(self, widget: QWidget) -> None:
        """Bring it into view, once its new place is known."""
        QTimer.singleShot(0, widget, lambda: self.view.ensureWidgetVisible(widget, 0, M))

    def _on_setting(self, name: str) -> None:
        if name.startswith("autostart."):
            self._show()
            if self._timer.isActive():
                self.look()

    # How it looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = (
            QBoxLayout.Direction.LeftToRight
            if self.width() >= _BESIDE_PX
            else QBoxLayout.Direction.TopToBottom
        )
        if self._pair.direction() is not way:
            self._pair.setDirection(way)


def _column(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(_GAP_PX)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column

"""The Startup panel: whether the program starts at log-in, what makes it so, and the button that sets it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from aios_gui.autostart import panel_words as words
from aios_gui.autostart.model.autostart import Status
from aios_gui.autostart.model.setup import AdviceKind, SetupReport
from aios_gui.autostart.model.verdict import Mend, Verdict, blocked
from aios_gui.settings.model import Settings
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.panel import Panel, PanelContext
from aios_gui.ui.startup.head_card import HeadCard
from aios_gui.ui.startup.notice_keys import OFFER, advice_key
from aios_gui.ui.startup.options_card import OptionsCard
from aios_gui.ui.startup.plan_card import PlanCard
from aios_gui.ui.startup.registered_card import RegisteredCard
from aios_gui.ui.startup.steps_card import Doing, StepsCard
from aios_gui.ui.startup.worker import Ended, Registrar, Work
from aios_gui.ui.theme import TITLE, XL, M, S, font
from aios_gui.ui.widgets.scroll_view import ScrollView

if TYPE_CHECKING:
    from aios_gui.autostart.service import Clerk, Picture

_BESIDE_PX = 980
"""From this width on cards stand beside each other."""
LOOK_MS = 5_000
_GAP_PX = S + 2


class StartupPanel(Panel):
    """Asks the system when it comes into view and every so often while it is; remembers nothing of what it said."""

    key = "startup"

    def __init__(self, context: PanelContext, make_clerk: Callable[[], Clerk] | None = None) -> None:
        super().__init__()
        self._context = context
        self._controller = context.controller
        self._picture: Picture | None = None
        self._unread = ""
        self._last: Status | None = None
        theme = context.theme
        self._title = QLabel()
        self.head = HeadCard(theme)
        self.registered = RegisteredCard(theme)
        self.steps = StepsCard(theme)
        self.plan = PlanCard(theme)
        self.options = OptionsCard(theme)
        self.registrar = Registrar(make_clerk or self._clerk_of_system, self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        self._lay_out()
        self._wire()
        self.retranslate()

    def _clerk_of_system(self) -> Clerk:
        from aios_gui.autostart.service import clerk_of_system

        return clerk_of_system(self._controller.paths)

    def _lay_out(self) -> None:
        left, right = _column(self.registered), _column(self.steps, self.plan, self.options)
        self._pair = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._pair.setSpacing(_GAP_PX)
        self._pair.addLayout(left, 1)
        self._pair.addLayout(right, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(XL - 4, 0, XL - 4, M + 2)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.head)
        column.addLayout(self._pair)
        column.addStretch(1)
        self.view = ScrollView(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(_GAP_PX)
        self._title.setContentsMargins(XL - 4, 0, XL - 4, 0)
        whole.addWidget(self._title)
        whole.addWidget(self.view, 1)

    def _wire(self) -> None:
        self.head.button.clicked.connect(self.mend)
        self.registered.test.clicked.connect(self._try)
        self.registered.remove.clicked.connect(self._remove)
        self.steps.cancel_asked.connect(self.registrar.cancel)
        self.options.chosen.connect(self._controller.set_value)
        self.registrar.looked.connect(self._on_looked)
        self.registrar.unread.connect(self._on_unread)
        self.registrar.stepped.connect(self._on_stepped)
        self.registrar.ended.connect(self._on_ended)
        self._controller.settings_changed.connect(self._on_setting)
        self._controller.desk.lock_changed.connect(self._show)
        self._context.theme.changed.connect(self.update_all)

    # As of every panel

    def title(self) -> str:
        return _("Startup")

    def activate(self) -> None:
        self._timer.start(LOOK_MS)
        self.look()

    def deactivate(self) -> None:
        self._timer.stop()
        self.options.settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self.registrar.close()
        super().closeEvent(event)

    def retranslate(self) -> None:
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Startup"))
        for card in (self.head, self.registered, self.steps, self.plan, self.options):
            card.retranslate()
        self._show()

    def look(self) -> None:
        """Ask the system how it stands now."""
        self.registrar.look(self._context.settings())

    # What is shown

    def _on_looked(self, picture: Picture) -> None:
        self._picture, self._unread = picture, ""
        self._show()
        self._drop_notices(picture)

    def _on_unread(self, reason: str) -> None:
        self._picture, self._unread = None, reason
        self._show()

    def _show(self) -> None:
        """Show the last picture; what says the same already is not touched."""
        picture = self._picture
        locked = self._controller.desk.locked is not None
        self.options.show_settings(self._context.settings(), picture, locked)
        if picture is None:
            self.registered.show_facts([], "", able=False)
            for card in (self.registered, self.plan, self.options):
                card.hide()
            if self._unread:
                self.head.show_unread(plain(self._unread, 400))
            else:
                self.head.show_waiting()
            return
        verdict = self._verdict(picture)
        idle = not self.registrar.busy
        self.head.show_verdict(
            verdict,
            words.headline(verdict, picture.wish),
            words.evidence(picture, verdict),
            words.warning(picture.advice),
            idle,
        )
        told = verdict.status.mechanism if verdict.status is not None and verdict.is_registered else ""
        self.registered.show_facts(
            words.registered_facts(picture, verdict),
            words.by_hand(told or picture.chosen),
            idle and verdict.is_registered,
        )
        notes = words.plan_notes(picture)
        self.plan.show_plan(words.plan_title(verdict), picture.plan, notes, words.refusal(picture))
        for card in (self.registered, self.plan, self.options):
            card.show()

    def _verdict(self, picture: Picture) -> Verdict:
        verdict = picture.verdict
        return blocked(verdict, self._last, picture.other) if self._last is not None else verdict

    def _drop_notices(self, picture: Picture) -> None:
        """What the panel itself shows need not be said above it, once it no longer holds."""
        offered = {advice.kind for advice in picture.advice}
        for kind in AdviceKind:
            if kind not in offered:
                self._controller.notice_over.emit(advice_key(kind))
        if picture.verdict.is_registered:
            self._controller.notice_over.emit(OFFER)

    # What is done

    def mend(self) -> None:
        """Do what the large button says."""
        picture = self._picture
        mend = self.head.mend
        status = picture.verdict.status if picture is not None else None
        if mend is Mend.OTHER_WAY and picture is not None:
            self._controller.set_value("autostart.mechanism", picture.other)
            self.set_up()
        elif mend is Mend.ALLOW and status is not None:
            key, settings = status.mechanism, self._settled()
            self._do(Doing.ALLOW, lambda clerk, tell, cancelled: clerk.allow(settings, tell, cancelled, key))
        else:
            self.set_up()

    def set_up(self) -> None:
        """Set autostart up as the settings say."""
        settings = self._settled()
        self._do(Doing.SET_UP, lambda clerk, tell, cancelled: clerk.set_up(settings, tell, cancelled))

    def _try(self) -> None:
        status = self._picture.verdict.status if self._picture is not None else None
        if status is not None:
            key, settings = status.mechanism, self._settled()
            self._do(Doing.TRY, lambda clerk, tell, cancelled: clerk.try_out(settings, tell, cancelled, key))

    def _remove(self) -> None:
        self._do(Doing.REMOVE, lambda clerk, tell, _cancelled: clerk.remove(tell))

    def _settled(self) -> Settings:
        """The settings, with what was being typed."""
        self.options.settle()
        return self._context.settings()

    def _do(self, doing: Doing, work: Work) -> None:
        if self.registrar.busy:
            return
        self._last = None
        self.steps.begin(doing)
        focused = QApplication.focusWidget()
        self.registrar.do(work)
        self._show()
        self._reveal(self.steps)
        if focused in (self.head.button, self.registered.test, self.registered.remove):
            self.steps.focus_cancel()

    def _on_stepped(self, report: SetupReport) -> None:
        self.steps.show_report(report)

    def _on_ended(self, ended: Ended) -> None:
        had_focus = self.steps.cancel.hasFocus()
        self.steps.end(ended.result if ended.result is not None else ended.error)
        self._last = ended.result.status if ended.result is not None else None
        self._show()
        if had_focus:
            self.head.button.setFocus(Qt.FocusReason.OtherFocusReason)
        result = ended.result
        changed = self.steps.doing is not Doing.TRY and result is not None and result.failed is None
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

"""The Reports panel: what is to be written at the left; how it will look, and what was written, at the right."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.reports.files import Files
from aios_gui.ui.reports.form import DATA, OrderForm
from aios_gui.ui.reports.order_card import OrderCard
from aios_gui.ui.reports.past_card import PastCard
from aios_gui.ui.reports.preview import PreviewCard
from aios_gui.ui.reports.schedule_card import ScheduleCard
from aios_gui.ui.reports.templates import Templates
from aios_gui.ui.theme import TITLE, XL, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView
from aios_gui.ui.widgets.segments import Segments

PREVIEW, PAST, PLAN = range(3)
_BESIDE_PX = 900
"""From this width on the cards stand beside each other."""
_ORDER_PX = 400
_LEAST_PAGE_PX = 380
_WIDEST_PX = 16_777_215


class ReportsPanel(Panel):
    """Nothing is read or made before the panel is shown; what makes the preview ends when it goes from view."""

    key = "reports"

    def __init__(self, context: PanelContext, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__()
        self._context = context
        self._title = PlainLabel()
        paths, slice_file = context.controller.paths, context.controller.slice_file
        self.files = Files(self)
        self.templates = Templates(self)
        self.form = OrderForm(self.templates, slice_file, now_ns)
        self.order = OrderCard(paths, self.form, self.files)
        self.preview = PreviewCard(context.theme)
        self.past = PastCard(context.theme, paths, self.templates, self.files)
        self.schedule = ScheduleCard(context.theme, paths, self.templates, context.settings)
        # What is written by itself is of this machine.
        self.pages = Segments((PREVIEW, PAST) if slice_file is not None else (PREVIEW, PAST, PLAN))
        self._stack = QStackedWidget()
        self._has_texts = False
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self._stack.addWidget(self.preview)
        self._stack.addWidget(self.past)
        self._stack.addWidget(self.schedule)
        self._stack.setMinimumHeight(_LEAST_PAGE_PX)
        head = QHBoxLayout()
        head.setContentsMargins(XL - 4, 0, XL - 4, 0)
        head.addWidget(self._title)
        head.addSpacing(M)
        head.addWidget(self.pages)
        head.addStretch(1)
        page = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._columns.setContentsMargins(XL - 4, 0, XL - 4, M + 2)
        self._columns.setSpacing(S + 2)
        self._columns.addWidget(self.order)
        self._columns.addWidget(self._stack, 1)
        self.view = ScrollView(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(S + 2)
        whole.addLayout(head)
        whole.addWidget(self.view, 1)
        self._turn(PREVIEW)

    def _wire(self) -> None:
        self.pages.chosen.connect(self.show_page)
        self.form.changed.connect(self._on_order)
        self.order.written.connect(self.past.note)
        self.past.read.connect(self._name_pages)
        self.files.failed.connect(self.order.tell)
        self.preview.figures_known.connect(self.form.show_figures)
        self.schedule.chosen.connect(self._context.controller.set_value)
        self._context.controller.settings_changed.connect(self._on_setting)
        self._context.theme.changed.connect(self.update_all)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._close_down)

    def title(self) -> str:
        return _("Reports")

    def activate(self) -> None:
        if not self._has_texts:
            # Not before: Qt forgets fonts that are set within a stack of pages which then comes into another.
            self.retranslate()
        else:
            self.schedule.look()
        self.past.load()
        if not self.templates.offers:
            self.templates.load()
        if self._stack.currentWidget() is self.preview:
            self.preview.activate()

    def deactivate(self) -> None:
        self.form.stop()
        self.schedule.settle()
        self.preview.deactivate()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self._close_down()
        super().closeEvent(event)

    def _close_down(self) -> None:
        self.templates.child.cancel()
        self.order.close_down()
        self.preview.close_down()
        self.past.close_down()
        self.schedule.close_down()

    def go_to(self, place: Place) -> None:
        """Have the template and the span of a place filled in."""
        span = (place.start_ns, place.end_ns) if place.end_ns else None
        self.form.fill_in(place.template, span, place.incident, place.against)
        self.show_page(PREVIEW)

    def show_page(self, page: int) -> None:
        """Show the preview, what was written, or what is written by itself."""
        self._turn(page)
        if page == PREVIEW:
            self.preview.activate()
        else:
            self.preview.deactivate()
        if self._columns.direction() is QBoxLayout.Direction.TopToBottom:  # it is below what is in view
            QTimer.singleShot(0, self._stack, lambda: self.view.verticalScrollBar().setValue(self._stack.y()))

    def _turn(self, page: int) -> None:
        """Bring a page; the others claim no height, else the panel would scroll for what is not in view."""
        self.pages.mark(page)
        self.order.setVisible(page != PLAN)  # what is written by itself has another template and span
        self._stack.setCurrentIndex(page)
        for place, card in enumerate((self.preview, self.past, self.schedule)):
            policy = QSizePolicy.Policy.Expanding if place == page else QSizePolicy.Policy.Ignored
            card.setSizePolicy(QSizePolicy.Policy.Expanding, policy)

    def retranslate(self) -> None:
        self._has_texts = True
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Reports"))
        self.order.retranslate()
        self.preview.retranslate()
        self.past.retranslate()
        self.schedule.retranslate()
        self._name_pages()
        if self.templates.offers or self.templates.child.running:
            self.templates.load()  # their titles are in the language, too
        self._on_order()

    def _name_pages(self) -> None:
        written = self.past.model.rowCount()
        names = {
            PREVIEW: _("Preview"),
            PAST: _("Written so far ({count})").format(count=written),
            PLAN: _("Schedule"),
        }
        self.pages.name(lambda page: names[page], lambda text: text)

    def _on_order(self) -> None:
        fault = self.form.fault
        if self.form.kinds.checkedId() == DATA:
            self.preview.want(None, _("Raw data is written as it was recorded; there is no preview of it."))
        else:
            self.preview.want(None if fault else self.form.order, fault)

    def _on_setting(self, name: str) -> None:
        if name.startswith("reports."):
            self.schedule.show_settings()
            self.schedule.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE_PX
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() != way:
            self._columns.setDirection(way)
        self.order.setMinimumWidth(_ORDER_PX if beside else 0)
        self.order.setMaximumWidth(_ORDER_PX if beside else _WIDEST_PX)

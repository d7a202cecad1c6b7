"""The Reports panel: what is to be written at the left; how it will look, and what was written, at the right."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.reports.files import Files
from aios_gui.ui.reports.order_card import OrderCard
from aios_gui.ui.reports.past_card import PastCard
from aios_gui.ui.theme import TITLE, XL, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

_BESIDE_PX = 900
"""From this width on the cards stand beside each other."""
_ORDER_PX = 400


class ReportsPanel(Panel):
    """Nothing is read or written before the panel is shown, and no timer runs in it."""

    key = "reports"

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._title = PlainLabel()
        paths = context.controller.paths
        self.files = Files(self)
        self.order = OrderCard(paths, self.files)
        self.past = PastCard(context.theme, paths, self.files)
        self._lay_out()
        self.order.written.connect(self.past.load)
        self.files.failed.connect(self.past.tell)
        context.theme.changed.connect(self.update_all)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._close_down)
        self.retranslate()

    def _lay_out(self) -> None:
        page = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._columns.setContentsMargins(XL - 4, 0, XL - 4, M + 2)
        self._columns.setSpacing(S + 2)
        self._columns.addWidget(self.order)
        self._columns.addWidget(self.past, 1)
        self.view = ScrollView(page)
        self._title.setContentsMargins(XL - 4, 0, XL - 4, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, M + 2, 0, 0)
        whole.setSpacing(S + 2)
        whole.addWidget(self._title)
        whole.addWidget(self.view, 1)

    def title(self) -> str:
        return _("Reports")

    def activate(self) -> None:
        self.past.load()

    def deactivate(self) -> None:
        self.order.span.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self._close_down()
        super().closeEvent(event)

    def _close_down(self) -> None:
        self.order.close_down()
        self.past.close_down()

    def go_to(self, place: Place) -> None:
        """Have the template and the span of a place filled in."""
        if place.end_ns:
            self.order.span.show_span(place.start_ns, place.end_ns)

    def retranslate(self) -> None:
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Reports"))
        self.order.retranslate()
        self.past.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE_PX
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(way)
        self.order.setFixedWidth(_ORDER_PX) if beside else self.order.setMaximumWidth(16_777_215)

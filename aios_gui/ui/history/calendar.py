"""Two calendars in a popup: the first day and the last day of a span."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, QPoint, Qt, QTime, Signal
from PySide6.QtGui import QColor, QGuiApplication, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QGridLayout,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)

from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import catalogue
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.strip import day_of
from aios_gui.ui.theme import M, S, Theme
from aios_gui.ui.widgets.icons import icon
from aios_gui.ui.widgets.plain_label import PlainLabel

_NS = 1_000_000_000
_CALENDAR_PX = 250
"""High enough for six weeks; Qt reckons without the spaces of the theme, and would cut the last."""


class CalendarPopup(QFrame):
    """``chosen`` brings the ``TimeRange`` of whole local days. Escape closes it; it is gone once closed."""

    chosen = Signal(object)

    def __init__(self, span: TimeRange, whole: TimeRange, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        first, last = _date(span.start_ns), _date(span.end_ns - 1)
        self.first, self.last = QCalendarWidget(), QCalendarWidget()
        grid = QGridLayout(self)
        grid.setContentsMargins(M, M, M, M)
        grid.setSpacing(S)
        locale = QLocale(catalogue.current_language())
        for column, (calendar, day, text) in enumerate(
            ((self.first, first, _("From")), (self.last, last, _("Through")))
        ):
            calendar.setLocale(locale)
            calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
            calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            calendar.setMinimumDate(_date(whole.start_ns))
            calendar.setMaximumDate(_date(whole.end_ns))
            calendar.setSelectedDate(day)
            _dress(calendar, theme.tokens.muted)
            days = calendar.findChild(QTableView)
            if days is not None:  # that, and not the calendar around it, has the keyboard
                days.setAccessibleName(text)
            label = PlainLabel()
            label.setText(text)
            label.setBuddy(calendar)
            grid.addWidget(label, 0, column)
            grid.addWidget(calendar, 1, column)
        self.first.selectionChanged.connect(self._keep_order)
        self.last.activated.connect(self._choose)
        self.show_days = QPushButton(_("Show"))
        self.show_days.setProperty("look", "primary")
        self.show_days.clicked.connect(self._choose)
        grid.addWidget(self.show_days, 2, 1, Qt.AlignmentFlag.AlignRight)

    def _keep_order(self) -> None:
        if self.last.selectedDate() < self.first.selectedDate():
            self.last.setSelectedDate(self.first.selectedDate())

    def _choose(self) -> None:
        days = sorted((self.first.selectedDate(), self.last.selectedDate()), key=QDate.toJulianDay)
        first, last = (day_of(QDateTime(day, QTime(12, 0)).toSecsSinceEpoch() * _NS) for day in days)
        self.close()
        self.chosen.emit(TimeRange(first.start_ns, last.end_ns))

    def open_below(self, button: QWidget) -> None:
        """Show it below a button, within the screen."""
        self.adjustSize()
        at = button.mapToGlobal(QPoint(button.width() - self.width(), button.height()))
        screen = QGuiApplication.screenAt(at) or button.screen()
        room = screen.availableGeometry()
        at.setX(max(room.left(), min(at.x(), room.right() - self.width())))
        at.setY(max(room.top(), min(at.y(), room.bottom() - self.height())))
        self.move(at)
        self.show()
        self.first.setFocus(Qt.FocusReason.PopupFocusReason)


def _dress(calendar: QCalendarWidget, muted: str) -> None:
    """Put on the theme where Qt has colours and icons of its own: week days, week-ends, arrows."""
    calendar.setMinimumHeight(_CALENDAR_PX)
    head = QTextCharFormat()
    head.setForeground(QColor(muted))
    calendar.setHeaderTextFormat(head)
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, QTextCharFormat())
    for place, name in (("prev", "earlier"), ("next", "later")):
        button = calendar.findChild(QToolButton, f"qt_calendar_{place}month")
        if button is not None:
            button.setIcon(icon(name, muted))


def _date(at_ns: int) -> QDate:
    at = datetime.fromtimestamp(at_ns // _NS)
    return QDate(at.year, at.month, at.day)

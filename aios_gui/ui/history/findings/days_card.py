"""A row a day, sorted as wished; a day that is opened becomes the span."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from aios_gui.history.analysis.model.analysis import Analysis, Day
from aios_gui.history.analysis.words import band_name, weekday_name
from aios_gui.history.model.distribution import Band
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import paragraph
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_AT_ONCE = 16
_TONES = {Band.EXCELLENT: "fine", Band.GOOD: "text", Band.ACCEPTABLE: "warning", Band.POOR: "critical"}
_LOWEST_NS = 100_000
_ROWS_SHOWN, _ROW_PX, _HEADER_PX = 12, 22, 24


@dataclass(frozen=True, slots=True)
class _DayColumn:
    """A column: its heading, the figure that it is sorted by, and the cell of a day."""

    heading: Callable[[], str]
    key: Callable[[Day], Any]
    cell: Callable[[Day], Fact]
    right: bool = True
    tip: Callable[[], str] = str


def _time(key: Callable[[Day], float | None], heading: Callable[[], str]) -> _DayColumn:
    return _DayColumn(heading, key, lambda day: Fact(figures.duration(key(day))))


def _date_cell(day: Day) -> Fact:
    text = f"{day.date.isoformat()} {weekday_name(day.date.weekday())[:3]}"
    return Fact(text, tip="" if day.is_whole else _("Not all of this day lies in the span"))


def _band_cell(day: Day) -> Fact:
    return Fact(figures.NONE) if day.band is None else Fact(band_name(day.band), tone=_TONES[day.band])


def _hiccups_cell(day: Day) -> Fact:
    tip = ""
    if day.hiccups:
        tip = _("The longest: {duration}").format(duration=figures.duration(day.worst_stall_ns))
    return Fact(figures.count(day.hiccups), tone="" if day.hiccups else "muted", tip=tip)


_COLUMNS = (
    _DayColumn(lambda: _("Day"), lambda day: day.date, _date_cell, right=False),
    _DayColumn(lambda: _("Beats"), lambda day: day.count, lambda day: Fact(figures.count(day.count))),
    _DayColumn(
        lambda: _("Recorded"),
        lambda day: day.coverage,
        lambda day: Fact(figures.availability(day.coverage), tone="muted"),
        tip=lambda: _("How much of the day no gap takes"),
    ),
    _DayColumn(
        lambda: _("P99 band"),
        lambda day: list(Band).index(day.band) if day.band else None,
        _band_cell,
        right=False,
        tip=lambda: _(
            "What at most one beat in a hundred is worse than, by duration or lateness; "
            "a few long hiccups do not change it"
        ),
    ),
    _time(lambda day: day.duration_p50_ns, lambda: _("Duration P50")),
    _time(lambda day: day.duration_p99_ns, lambda: _("P99")),
    _time(lambda day: day.lateness_p50_ns, lambda: _("Lateness P50")),
    _time(lambda day: day.lateness_p99_ns, lambda: _("P99")),
    _time(lambda day: day.lateness_max_ns, lambda: _("Most")),
    _DayColumn(lambda: _("Hiccups"), lambda day: day.hiccups, _hiccups_cell),
)


class DaysCard(FindingCard):
    """``day_chosen`` brings the span of a day that a person opened."""

    day_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._days: list[tuple[Day, Row]] = []
        self._shown: list[Day] = []
        self._sorted_by, self._is_descending = 0, False
        self.order = QPushButton()
        self.order.setProperty("look", "chip")
        self.orders = QMenu(self.order)
        self.order.setMenu(self.orders)
        self.head.insertWidget(self.head.indexOf(self.as_table), self.order)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.sort_by)
        self.table.activated.connect(lambda index: self._open(index.row()))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Day by day"))
        super().retranslate()
        self.orders.clear()
        for place, name in enumerate(_order_names()):
            self.orders.addAction(name).triggered.connect(partial(self.sort_by, place))
        self._show()

    def show_analysis(self, analysis: Analysis) -> Iterator[None]:
        """Fill the table, some rows at a time."""
        days = []
        for place, day in enumerate(analysis.days):
            days.append((day, _row(day, analysis)))
            if place % _AT_ONCE == _AT_ONCE - 1:
                yield
        self._days = days
        yield
        self._show()

    def sort_by(self, column: int, _checked: bool = False) -> None:
        """By this column; the other way round where it is sorted by it already."""
        if column >= len(_COLUMNS):
            return
        again = column == self._sorted_by
        # What is of interest is the worst; only days begin with the first.
        self._is_descending = not self._is_descending if again else column > 0
        self._sorted_by = column
        self._show()

    def _show(self) -> None:
        key = _COLUMNS[self._sorted_by].key
        known = [each for each in self._days if key(each[0]) is not None]
        known.sort(key=lambda each: key(each[0]), reverse=self._is_descending)
        known += [each for each in self._days if key(each[0]) is None]
        self._shown = [day for day, _row_ in known]
        columns = [
            Column(
                _marked(each.heading(), place == self._sorted_by, self._is_descending),
                each.right,
                tip=each.tip(),
            )
            for place, each in enumerate(_COLUMNS)
        ]
        hours = _("Longest lateness by the hour")
        tip = _("From midnight to midnight, by the logarithm")
        columns.append(Column(hours, right=False, bar=True, tip=tip))
        rows = [row for _day, row in known]
        shown = min(_ROWS_SHOWN, max(1, len(rows)))
        self.table.setMinimumHeight(_HEADER_PX + shown * _ROW_PX)
        name = _order_names()[self._sorted_by]
        set_text_of_button(self.order, _("Sort: {column}").format(column=name))
        self.tell(_sentence(self._shown), tuple(columns), rows)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            day = self._shown[row]
            self.day_chosen.emit(TimeRange(day.start_ns, day.end_ns))


def set_text_of_button(button: QPushButton, text: str) -> None:
    """Set a button's text where it is another one."""
    if button.text() != text:
        button.setText(text)
        button.setAccessibleName(text)


def _order_names() -> list[str]:
    """The columns by names of their own."""
    return [
        _("Day"),
        _("Beats"),
        _("Recorded"),
        _("P99 band"),
        _("Duration P50"),
        _("Duration P99"),
        _("Lateness P50"),
        _("Lateness P99"),
        _("Longest lateness"),
        _("Hiccups"),
    ]


def _marked(heading: str, is_sorted: bool, is_descending: bool) -> str:
    return f"{heading} {'▾' if is_descending else '▴'}" if is_sorted else heading


def _row(day: Day, analysis: Analysis) -> Row:
    return (*(column.cell(day) for column in _COLUMNS), Fact(line=_hours(day, analysis), tone="lateness"))


def _hours(day: Day, analysis: Analysis) -> tuple[float | None, ...]:
    """The longest lateness of each hour, by the logarithm within what the days of the span have."""
    longest = (each.lateness_max_ns for each in analysis.days if each.lateness_max_ns)
    low, high = math.log(_LOWEST_NS), math.log(max(longest, default=2 * _LOWEST_NS))
    return tuple(
        None if each is None else max(0.0, (math.log(max(1, each)) - low) / max(1.0, high - low))
        for each in day.lateness_hours_ns
    )


def _sentence(days: list[Day]) -> str:
    known = [day for day in days if day.count]
    if not known:
        return _("There are no beats in this span.")
    sentences = [
        ngettext("{count} day with beats.", "{count} days with beats.", len(known)).format(
            count=figures.count(len(known))
        )
    ]
    worst = max(known, key=lambda day: day.lateness_p99_ns or 0)
    if len(known) > 1:
        sentences.append(
            _("Beats woke latest on {day}: one in a hundred by more than {p99}.").format(
                day=worst.date.isoformat(), p99=figures.duration(worst.lateness_p99_ns)
            )
        )
        sentences.append(_("Open a day with Enter or a double click to look at it alone."))
    return paragraph(sentences)

"""The smoke of a span as a table, for those who would rather read it: a row for each stretch of time."""

from __future__ import annotations

from math import isfinite

from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis.model.smoke import Smoke
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.words import moment_text
from aios_gui.ui.plots.quantity import QUANTITIES
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row

ROWS = 48
"""About how many stretches a span is shown in."""
_NS = 1_000_000_000
_TIMES = ("duration", "lateness")


class SmokeTable(Card):
    """Hidden until it is asked for; its owner fills it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._smoke = Smoke(0, 0, 0)
        self.table = FactTable(theme)
        self.body.addWidget(self.table)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("The plots as a table"))
        self.table.setAccessibleName(self.title.text())
        self.table.retranslate()
        self.show_smoke(self._smoke)

    def show_smoke(self, smoke: Smoke) -> None:
        """Show the smoke of a span, drawn coarsely enough to be read."""
        self._smoke = smoke
        columns = [Column(_("From"), right=False)]
        for each in QUANTITIES:
            title = _(each.title)
            columns.append(Column(title, tip=_("{quantity}, P50").format(quantity=title)))
            if each.key in _TIMES:
                columns.append(Column("P95", tip=_("{quantity}, P95").format(quantity=title)))
            columns.append(Column(_("highest"), tip=_("{quantity}, highest").format(quantity=title)))
        self.table.show_facts(tuple(columns), [self._row(place) for place in range(len(smoke.time_s))])

    def _row(self, place: int) -> Row:
        smoke = self._smoke
        begin_ns = max(round(smoke.time_s[place] * _NS), smoke.start_ns)
        cells = [Fact(moment_text(begin_ns, smoke.bucket_ns))]
        for each in QUANTITIES:
            puff = getattr(smoke, each.key)
            shown = (puff.p50, puff.p95, puff.max) if each.key in _TIMES else (puff.p50, puff.max)
            for column in shown:
                value = column[place]
                cells.append(Fact(each.written(value) if isfinite(value) else figures.NONE))
        return tuple(cells)

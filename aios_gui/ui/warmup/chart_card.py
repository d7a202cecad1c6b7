"""Cold against warm: the first beats as a chart, and the same values as a table."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from aios_gui.heartbeat.model.warmup_stats import FIRST_BEATS, WarmupStatus
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import Theme
from aios_gui.ui.warmup.first_beats import FirstBeatsScene, columns, rows
from aios_gui.ui.warmup.first_beats_plot import FirstBeatsPlot
from aios_gui.ui.widgets.card import Card
from aios_gui.ui.widgets.fact_table import FactTable


class ChartCard(Card):
    """The chart, or in its place the table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = FirstBeatsScene()
        self.plot = FirstBeatsPlot(theme)
        self.table = FactTable(theme)
        self.toggle = QPushButton()
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show_table)
        self.head.addStretch(1)
        self.head.addWidget(self.toggle)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.plot)
        self._pages.addWidget(self.table)
        self.body.addWidget(self._pages)
        theme.changed.connect(self.plot.dress)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.say_title(_("Cold against warm, first {count} beats").format(count=FIRST_BEATS))
        self.toggle.setText(_("Table"))
        self.toggle.setToolTip(_("Show the same values as a table"))
        self.toggle.setAccessibleDescription(self.toggle.toolTip())
        self.table.setAccessibleName(self.title.text())
        self.table.retranslate()
        self.plot.retranslate()
        self._fill_table()

    def show_picture(self, picture: WarmupStatus) -> None:
        """Draw the first beats, where there are others."""
        scene = FirstBeatsScene.of(picture)
        if scene != self._scene:
            self._scene = scene
            self.plot.show_scene(scene)
            self._fill_table()

    def _show_table(self, shown: bool) -> None:
        self._pages.setCurrentWidget(self.table if shown else self.plot)
        self._fill_table()

    def _fill_table(self) -> None:
        if self.toggle.isChecked():
            self.table.show_facts(columns(), rows(self._scene))

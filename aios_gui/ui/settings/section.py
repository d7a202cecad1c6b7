"""The settings of one section in a card."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from aios_gui.settings.model import Effect, Setting, Settings
from aios_gui.settings.table import section_title, title
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.row import SettingRow
from aios_gui.ui.theme import LABEL, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label


class SectionCard(Card):
    """Rows under the name of the section, hairlines between them."""

    def __init__(
        self, section: str, settings: list[Setting], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.section = section
        self.rows = [SettingRow(setting, theme) for setting in settings]
        self.note = muted_label()
        self._on_setup = all(setting.effect is Effect.ON_SETUP for setting in settings)
        self.note.setVisible(self._on_setup)
        self._lines: list[QFrame] = []
        self.body.setSpacing(0)
        self.body.addWidget(self.note)
        for number, row in enumerate(self.rows):
            if number:
                line = QFrame()
                line.setProperty("look", "hairline")
                line.setFixedHeight(1)
                self._lines.append(line)
                self.body.addWidget(line)
            self.body.addWidget(row)

    def show_settings(self, settings: Settings, clashes: dict[str, str]) -> None:
        """Show what is in force."""
        by_name = {row.setting.name: row for row in self.rows}
        for name, row in by_name.items():
            other = clashes.get(name, "")
            row.show_settings(settings, _title_of(other))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.say_title(section_title(self.section))
        self.note.setFont(font(LABEL + 1))
        self.note.setText(_("This takes effect when the start at log-in is set up again."))
        for row in self.rows:
            row.retranslate()

    def filter(self, query: str) -> bool:
        """Show the rows that a search finds; whether there are any."""
        shown = [row.matches(query) for row in self.rows]
        for number, (row, found) in enumerate(zip(self.rows, shown, strict=True)):
            row.setVisible(found)
            if number:
                self._lines[number - 1].setVisible(found and any(shown[:number]))
        self.setVisible(any(shown))
        return any(shown)


def _title_of(name: str) -> str:
    from aios_gui.settings.model import BY_NAME

    return title(BY_NAME[name]) if name else ""

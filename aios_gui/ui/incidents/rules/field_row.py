"""One field of a rule in the form: its name, what it means, what stands in it, and what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from aios_gui.alerts.model.rule_fields import RuleFault
from aios_gui.alerts.words import rule_form as words
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.card import muted_label, say

_NAME_PX, _LINE_PX = 168, 30


class FieldRow(QWidget):
    """``widgets`` stand beside each other; the first has the name of the field for a screen reader."""

    def __init__(self, name: str, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._field = widgets[0]
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setFixedWidth(_NAME_PX)
        self.help = muted_label()
        self.unit = muted_label(wraps=False)
        self.trouble = QLabel()
        self.trouble.setProperty("look", "critical")
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self._fault: RuleFault | None = None
        row = QHBoxLayout()
        row.setSpacing(S)
        for widget in widgets:
            row.addWidget(widget)
        row.addWidget(self.unit)
        row.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(M)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.label.setMinimumHeight(_LINE_PX)
        grid.addLayout(row, 0, 1)
        grid.addWidget(self.help, 1, 1)
        grid.addWidget(self.trouble, 2, 1)
        grid.setColumnStretch(1, 1)

    def show_unit(self, unit: str) -> None:
        """Say in what unit the figure is."""
        say(self.unit, unit)
        self.unit.setVisible(bool(unit))

    def show_fault(self, fault: RuleFault | None) -> None:
        """Say what is wrong, or no more."""
        self._fault = fault
        said = "" if fault is None else words.fault_sentence(self.name, fault)
        say(self.trouble, said)
        self.trouble.setVisible(bool(said))
        parts = (words.field_help(self.name), said)
        self._field.setAccessibleDescription(" ".join(part for part in parts if part))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.label.setFont(font(TEXT))
        self.help.setFont(font(LABEL + 1))
        self.unit.setFont(font(LABEL + 1))
        self.trouble.setFont(font(LABEL + 1))
        self.label.setText(words.field_name(self.name))
        say(self.help, words.field_help(self.name))
        self.help.setVisible(bool(self.help.text()))
        self._field.setAccessibleName(words.field_name(self.name))
        self.show_fault(self._fault)

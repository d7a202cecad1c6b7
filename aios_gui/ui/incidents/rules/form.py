"""The form of one rule: every field, judged with every key by what also reads the settings file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.rule_fields import BY_FIELD, RuleFault
from aios_gui.alerts.model.rules import CUSTOM, Comparison, Level, Measure
from aios_gui.alerts.words import rules as rule_words
from aios_gui.alerts.words import rules as words
from aios_gui.alerts.words.incidents import action_name
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.incidents.rules.draft import CHOICES, KINDS, NUMBERS, TEXTS, WITH_NAMES, RuleDraft
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.number_box import NumberBox
from aios_gui.ui.widgets.plain_label import PlainLabel

_NUMBER_PX, _WIDE_PX, _TIME_PX = 96, 236, 72
_NAME_PX, _LINE_PX = 168, 30
_LINES = 2
_ORDER = (
    "name",
    "measure",
    "comparison",
    "limit",
    "for_s",
    "clear",
    "level",
    "cooldown_s",
    "quiet_from",
    "quiet_to",
    "allow",
    "actions",
)


class _Lines(QPlainTextEdit):
    """A few lines, one entry each."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMinimumWidth(_WIDE_PX)

    def take_font(self) -> None:
        """The font of the language spoken, and a number of lines of it."""
        self.setFont(font(TEXT))
        self.setFixedHeight(QFontMetrics(self.font()).lineSpacing() * _LINES + 3 * S)


class FieldRow(QWidget):
    """``widgets`` stand beside each other; the first has the name of the field for a screen reader."""

    def __init__(self, name: str, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._field = widgets[0]
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.label.setFixedWidth(_NAME_PX)
        self.help = muted_label()
        self.unit = muted_label(wraps=False)
        self.trouble = PlainLabel()
        self.trouble.setProperty("look", "critical")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self._fault: RuleFault | None = None
        self._comparison = Comparison.ABOVE
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
        set_text(self.unit, unit)
        self.unit.setVisible(bool(unit))

    def show_fault(self, fault: RuleFault | None) -> None:
        """Say what is wrong, or no more."""
        self._fault = fault
        fault_text = "" if fault is None else words.fault_sentence(self.name, fault, self._comparison)
        set_text(self.trouble, fault_text)
        self.trouble.setVisible(bool(fault_text))
        self._field.setAccessibleDescription(paragraph((self.help.text(), fault_text)))

    def show_comparison(self, comparison: Comparison) -> None:
        """Say on which side of the limit the rule clears."""
        if comparison is not self._comparison:
            self._comparison = comparison
            self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.label.setFont(font(TEXT))
        self.help.setFont(font(LABEL + 1))
        self.unit.setFont(font(LABEL + 1))
        self.trouble.setFont(font(LABEL + 1))
        name = words.field_name(self.name, self._comparison)
        self.label.setText(name)
        set_text(self.help, words.field_help(self.name, self._comparison))
        self.help.setVisible(bool(self.help.text()))
        self._field.setAccessibleName(name)
        self.show_fault(self._fault)


class RuleForm(QWidget):
    """``edited`` comes with every change by a person."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.enabled_now = True
        self.lines = {name: QLineEdit() for name in TEXTS}
        self.numbers = {name: NumberBox(BY_FIELD[name]) for name in NUMBERS}
        self.choices = {name: Choice() for name in CHOICES}
        self.custom = QLineEdit()
        self.kinds = {kind: QCheckBox() for kind in KINDS}
        self.names = {kind: QLineEdit() for kind in WITH_NAMES}
        self._captions = {kind: muted_label(wraps=False) for kind in (*WITH_NAMES, ActionKind.RUN)}
        self.commands, self.allow = _Lines(), _Lines()
        self.rows = {name: self._make_row(name) for name in _ORDER}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(M)
        for name in _ORDER:
            column.addWidget(self.rows[name])
        column.addStretch(1)
        self._wire()

    def _make_row(self, name: str) -> FieldRow:
        if name in self.numbers:
            self.numbers[name].setFixedWidth(_NUMBER_PX)
            return FieldRow(name, self.numbers[name])
        if name in self.choices:
            self.choices[name].setMinimumWidth(_WIDE_PX)
            widgets = [self.choices[name], self.custom] if name == "measure" else [self.choices[name]]
            return FieldRow(name, *widgets)
        if name == "allow":
            return FieldRow(name, self.allow)
        if name == "actions":
            return FieldRow(name, self._make_actions())
        self.lines[name].setFixedWidth(_WIDE_PX if name == "name" else _TIME_PX)
        return FieldRow(name, self.lines[name])

    def _make_actions(self) -> QWidget:
        actions = QWidget()
        column = QVBoxLayout(actions)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S - 2)
        for box in self.kinds.values():
            column.addWidget(box)
        for kind, line in self.names.items():
            line.setMinimumWidth(_WIDE_PX)
            self._captions[kind].setBuddy(line)
            column.addWidget(self._captions[kind])
            column.addWidget(line)
        self._captions[ActionKind.RUN].setBuddy(self.commands)
        column.addWidget(self._captions[ActionKind.RUN])
        column.addWidget(self.commands)
        return actions

    def _wire(self) -> None:
        for line in (*self.lines.values(), *self.names.values(), self.custom):
            line.textChanged.connect(self._on_edited)
        for box in self.numbers.values():
            box.textChanged.connect(self._on_edited)
        for choice in self.choices.values():
            choice.currentIndexChanged.connect(self._on_edited)
        for check in self.kinds.values():
            check.toggled.connect(self._on_edited)
        for lines in (self.commands, self.allow):
            lines.textChanged.connect(self._on_edited)

    @property
    def measure(self) -> str:
        """What is watched."""
        chosen = str(self.choices["measure"].currentData() or "")
        return CUSTOM + self.custom.text().strip() if chosen == CUSTOM else chosen

    def show_draft(self, draft: RuleDraft) -> None:
        """Show what is being edited."""
        self._showing = True
        for name, line in self.lines.items():
            _set(line, draft.texts[name])
        for name, box in self.numbers.items():
            _set(box, draft.texts[name])
        measure = draft.texts["measure"]
        custom = measure.startswith(CUSTOM)
        _set(self.custom, measure.removeprefix(CUSTOM) if custom else "")
        for name, choice in self.choices.items():
            wanted = CUSTOM if custom and name == "measure" else draft.texts[name]
            choice.setCurrentIndex(max(0, choice.findData(wanted)))
        for kind, check in self.kinds.items():
            check.setChecked(kind in draft.kinds)
        for kind, line in self.names.items():
            _set(line, draft.names.get(kind, ""))
        for lines, text in ((self.commands, draft.commands), (self.allow, draft.allow)):
            if lines.toPlainText() != text:
                lines.setPlainText(text)
        self.enabled_now = draft.enabled
        self._showing = False
        self._adjust()

    def draft(self) -> RuleDraft:
        """What stands in the fields."""
        texts = {name: line.text().strip() for name, line in self.lines.items()}
        texts |= {name: box.text() for name, box in self.numbers.items()}
        texts |= {name: str(choice.currentData() or "") for name, choice in self.choices.items()}
        texts["measure"] = self.measure
        return RuleDraft(
            texts,
            {str(kind) for kind, check in self.kinds.items() if check.isChecked()},
            self.commands.toPlainText(),
            {str(kind): line.text().strip() for kind, line in self.names.items()},
            self.allow.toPlainText(),
            self.enabled_now,
        )

    def show_faults(self, faults: dict[str, RuleFault]) -> None:
        """Say beside each field what is wrong with it."""
        for name, row in self.rows.items():
            row.show_fault(faults.get(name))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._showing = True
        self.commands.take_font()
        self.allow.take_font()
        for name, row in self.rows.items():
            row.retranslate()
            row.label.setBuddy(self._field(name))
        measures = [(rule_words.measure_name(each), str(each)) for each in Measure]
        _fill(self.choices["measure"], [*measures, (_("of a plug-in"), CUSTOM)])
        _fill(self.choices["comparison"], [(words.comparison_name(each), str(each)) for each in Comparison])
        _fill(self.choices["level"], [(rule_words.level_name(each), str(each)) for each in Level])
        self.custom.setPlaceholderText(_("name"))
        self.custom.setAccessibleName(_("Name of the measure of a plug-in"))
        for kind, check in self.kinds.items():
            check.setText(action_name(kind))
        captions = {
            ActionKind.RENICE: _("Lower the priority of these programs"),
            ActionKind.CONFINE: _("Keep these programs off one core"),
            ActionKind.RUN: _("Run these commands, one per line, without a shell"),
        }
        for kind, label in self._captions.items():
            label.setFont(font(LABEL + 1))
            label.setText(captions[kind])
        for kind, line in self.names.items():
            line.setPlaceholderText(_("e.g. cargo, python"))
            line.setAccessibleName(captions[kind])
        self.commands.setAccessibleName(captions[ActionKind.RUN])
        for name in ("quiet_from", "quiet_to"):
            self.lines[name].setPlaceholderText("22:00" if name == "quiet_from" else "07:00")
        self._showing = False
        self._adjust()

    def _field(self, name: str) -> QWidget:
        fields = {**self.lines, **self.numbers, **self.choices, "allow": self.allow, "actions": self.commands}
        return fields[name]

    def _on_edited(self) -> None:
        if not self._showing:
            self._adjust()
            self.edited.emit()

    def _adjust(self) -> None:
        """Units go with the measure, and only a plug-in's has a name to type."""
        custom = self.choices["measure"].currentData() == CUSTOM
        if self.custom.isHidden() == custom:
            self.custom.setVisible(custom)
        for name in NUMBERS:
            self.rows[name].show_unit(words.unit_name(name, self.measure))
        chosen = self.choices["comparison"].currentData()
        if chosen:
            self.rows["clear"].show_comparison(Comparison(chosen))


def _set(line: QLineEdit, text: str) -> None:
    if line.text() != text:
        line.setText(text)


def _fill(box: QComboBox, entries: list[tuple[str, str]]) -> None:
    chosen = box.currentData()
    box.clear()
    for text, value in entries:
        box.addItem(text, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))

"""The fitting field for each kind of setting; what it accepts is what the setting accepts."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from aios_gui.settings.model import Setting, SettingValue
from aios_gui.settings.words import choice_text, unit_text
from aios_gui.ui.theme import S, Theme
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.number_box import NumberBox, TypedLine
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.switch import Switch

AFTER_TYPING_MS = 900
"""A value that is typed takes effect this long after the last key, with Enter, or on leaving the field."""
_NUMBER_PX = 96
WIDTH_PX = 236


class Editor(QWidget):
    """``chosen`` brings a value that is allowed, ``refused`` the text of one that is not."""

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(S)
        self.setFixedWidth(WIDTH_PX)  # so that the fields of all rows begin below each other
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def field(self) -> QWidget:
        """What has the keyboard."""
        raise NotImplementedError

    def show_value(self, value: SettingValue) -> None:
        """Show the value in force."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Say everything in the language spoken."""

    def name(self, name: str, description: str) -> None:
        """Say for a screen reader what the field is and what is to be known of it."""
        for widget in (self.field, *self.field.findChildren(QLineEdit)):
            widget.setAccessibleName(name)
            widget.setAccessibleDescription(description)

    def settle(self) -> None:
        """Let what was typed take effect now, if it is allowed; nothing runs afterwards."""

    def revert(self) -> None:
        """Show the value in force again, whatever was typed."""

    def _add(self, widget: QWidget) -> None:
        self._row.addWidget(widget)
        self.setFocusProxy(widget)

    def _fill(self) -> None:
        """Leave the rest of the width empty."""
        self._row.addStretch(1)


class SwitchEditor(Editor):
    """For what is true or false."""

    def __init__(self, setting: Setting, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.switch = Switch(theme)
        self.switch.clicked.connect(lambda on: self.chosen.emit(on))
        self._add(self.switch)
        self._fill()

    @property
    def field(self) -> QWidget:
        return self.switch

    def show_value(self, value: SettingValue) -> None:
        self.switch.setChecked(bool(value))


class ChoiceEditor(Editor):
    """For one of several words: of ``choices``, or of all where there are none."""

    def __init__(
        self, setting: Setting, choices: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(setting, parent)
        self.box = Choice()
        for choice in choices or setting.choices:
            self.box.addItem("", choice)
        self.box.activated.connect(self._on_activated)
        self._add(self.box)
        self.retranslate()

    @property
    def field(self) -> QWidget:
        return self.box

    def show_value(self, value: SettingValue) -> None:
        if self.box.findData(value) < 0:  # one of another system
            self.box.addItem(choice_text(self.setting, str(value)), value)
        self.box.setCurrentIndex(self.box.findData(value))

    def retranslate(self) -> None:
        for index in range(self.box.count()):
            text = choice_text(self.setting, str(self.box.itemData(index)))
            self.box.setItemText(index, text)

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self.box.itemData(index))


class TypedEditor(Editor):
    """For whatever is typed: judged with every key, in force a moment later."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_TYPING_MS)
        self._timer.timeout.connect(self.settle)
        self._waiting: SettingValue | None = None
        self._in_force: SettingValue | None = None
        self._typing = False
        self._line: TypedLine | None = None

    def show_value(self, value: SettingValue) -> None:
        if self._typing and value == self._in_force:
            return  # something else has changed: what is being typed here stays
        self._in_force = value
        self.revert()

    def revert(self) -> None:
        self._timer.stop()
        self._waiting = None
        self._set_typing(False)
        if self._in_force is not None:
            self._show(self._in_force)
        self.refused.emit("")

    def _show(self, value: SettingValue) -> None:
        raise NotImplementedError

    def judge(self, text: str) -> None:
        """Say at once whether ``text`` is allowed; if so it takes effect soon."""
        self._timer.stop()
        self._waiting = None
        self._set_typing(True)
        try:
            self._waiting = self.setting.read(text)
        except ValueError:
            self.refused.emit(text)
            return
        self.refused.emit("")
        self._timer.start()

    def settle(self) -> None:
        self._timer.stop()
        value, self._waiting = self._waiting, None
        if value is not None:
            self._set_typing(False)
            self.chosen.emit(value)

    def _set_typing(self, typing: bool) -> None:
        self._typing = typing
        if self._line is not None:
            self._line.being_typed = typing


class NumberEditor(TypedEditor):
    """For figures, with their unit behind."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = self._line = NumberBox(setting)
        self.box.setFixedWidth(_NUMBER_PX)
        self.unit = PlainLabel()
        self.unit.setProperty("look", "muted")
        self.box.textEdited.connect(self.judge)
        self.box.stepped.connect(lambda: self.judge(self.box.text()))
        self.box.editingFinished.connect(self.settle)
        self.box.escaped.connect(self.revert)
        self._add(self.box)
        self._row.addWidget(self.unit, 1)
        self.retranslate()

    @property
    def field(self) -> QWidget:
        return self.box

    def _show(self, value: SettingValue) -> None:
        text = self.setting.written(value)
        if self.box.text() != text:
            self.box.setText(text)

    def retranslate(self) -> None:
        self.unit.setText(unit_text(self.setting))


class TextEditor(TypedEditor):
    """For any words."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.line = self._line = TypedLine()
        self.line.textEdited.connect(self.judge)
        self.line.editingFinished.connect(self.settle)
        self.line.escaped.connect(self.revert)
        self._add(self.line)

    @property
    def field(self) -> QWidget:
        return self.line

    def _show(self, value: SettingValue) -> None:
        if self.line.text() != str(value):
            self.line.setText(str(value))


class _Keys(QKeySequenceEdit):
    accessible_role = QAccessible.Role.HotkeyField


class KeysEditor(TypedEditor):
    """For keys: they are pressed, not typed."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.keys = _Keys()
        self._about = ""
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.keySequenceChanged.connect(self._on_pressed)
        self._add(self.keys)

    @property
    def field(self) -> QWidget:
        return self.keys

    def name(self, name: str, description: str) -> None:
        """The keys first, since a screen reader cannot read them from the field."""
        self._about = description
        keys = self.keys.keySequence().toString(QKeySequence.SequenceFormat.NativeText)
        super().name(name, "\n".join(part for part in (keys, description) if part))

    def _show(self, value: SettingValue) -> None:
        sequence = QKeySequence(str(value))
        if self.keys.keySequence() != sequence:
            self.keys.blockSignals(True)
            self.keys.setKeySequence(sequence)
            self.keys.blockSignals(False)
            self.name(self.keys.accessibleName(), self._about)

    def _on_pressed(self, sequence: QKeySequence) -> None:
        self.judge(sequence.toString(QKeySequence.SequenceFormat.PortableText))
        self.settle()


def editor_for(setting: Setting, theme: Theme, choices: tuple[str, ...] = ()) -> Editor:
    """The fitting field; ``choices`` are those to offer, () for all."""
    if setting.kind is bool:
        return SwitchEditor(setting, theme)
    if setting.choices:
        return ChoiceEditor(setting, choices)
    if setting.keys:
        return KeysEditor(setting)
    return TextEditor(setting) if setting.kind is str else NumberEditor(setting)

"""Rows of a card: a setting with its field, what is wrong and the way back to the default; or words and buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.settings.model import Setting, Settings, SettingValue
from aios_gui.settings.words import (
    choice_text,
    help_text,
    search_words,
    title,
    value_sentence,
    value_text,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.settings.editors import editor_for
from aios_gui.ui.theme import LABEL, TEXT, M, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_look, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_BAR_PX = 3


class SettingRow(QWidget):
    """``chosen`` brings the name of the setting and a value that is allowed.

    ``choices`` are those to offer; () for all.
    """

    chosen = Signal(str, object)

    def __init__(
        self, setting: Setting, theme: Theme, choices: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting = setting
        self._theme = theme
        self._changed = False
        self._refused = self._clash = ""
        self.name = PlainLabel()
        self.help = muted_label()
        self.trouble = PlainLabel()
        self.trouble.setProperty("look", "critical")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.editor = editor_for(setting, theme, choices)
        self.reset = QPushButton()
        self.reset.setProperty("look", "quiet")
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that nothing moves when it comes
        self.reset.setSizePolicy(policy)
        self.reset.hide()
        self._lay_out()
        self._wire()
        self.reset.clicked.connect(self._on_reset)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.name)
        texts.addWidget(self.help)
        self._line = line = QHBoxLayout()
        line.setSpacing(M)
        line.addLayout(texts, 1)
        centre = Qt.AlignmentFlag.AlignVCenter
        line.addWidget(self.editor, 0, centre)
        line.addWidget(self.reset, 0, centre)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(M, S, 0, S)
        whole.setSpacing(2)
        whole.addLayout(line)
        whole.addWidget(self.trouble)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _wire(self) -> None:
        self.name.setBuddy(self.editor.field)  # which is how a screen reader of Linux names a list of choices
        self.editor.chosen.connect(lambda value: self.chosen.emit(self.setting.name, value))
        self.editor.refused.connect(self._on_refused)

    def offer(self, choices: Mapping[str, str]) -> None:
        """Have one of these chosen, by what it means, in place of a word to type; of none nothing changes."""
        if not choices or choices == self.setting.choices:
            return
        known, self.setting = self.setting.choices, replace(self.setting, choices=choices)
        if list(choices) == list(known):  # said in another language
            self.editor.setting = self.setting
        else:
            self._exchange_editor()
        self.retranslate()

    def _exchange_editor(self) -> None:
        former, self.editor = self.editor, editor_for(self.setting, self._theme)
        self._line.replaceWidget(former, self.editor)
        former.hide()
        former.deleteLater()
        self._wire()

    def show_settings(self, settings: Settings, clash: str = "") -> None:
        """Show the value in force; ``clash`` is what has the same keys already, "" for nothing."""
        value: SettingValue = settings[self.setting.name]
        self._clash = clash
        self.editor.show_value(value)
        changed = value != self.setting.default
        if changed != self._changed:
            self._changed = changed
            self.update()
        self._say()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.name.setFont(font(TEXT))
        self.name.setText(title(self.setting))
        self.help.setFont(font(LABEL + 1))
        self.help.setText(help_text(self.setting))
        self.help.setVisible(bool(self.help.text()))
        self.trouble.setFont(font(LABEL + 1))
        self.reset.setText(_("Reset"))
        default = _("Back to the default: {value}").format(
            value=value_text(self.setting, self.setting.default)
        )
        self.reset.setToolTip(default)
        self.reset.setAccessibleName(_("Reset {title}").format(title=title(self.setting)))
        self.reset.setAccessibleDescription(default)
        self.editor.retranslate()
        self._say()

    def matches(self, query: str, section: str = "") -> bool:
        """Whether a search finds this setting, by its words, its name in the file, or the title of its section."""
        setting = self.setting
        choices = (choice_text(setting, choice) for choice in setting.choices)
        texts = (title(setting), help_text(setting), search_words(setting), setting.name)
        return finds(query, section, *texts, *choices)

    def lock(self, locked: bool) -> None:
        """Let nothing be changed, or again something."""
        self.editor.setEnabled(not locked)
        self.reset.setEnabled(not locked)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._changed:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.accent))
        bar = QRectF(0, S + 2, _BAR_PX, self.height() - 2 * S - 4)
        painter.drawRoundedRect(bar, _BAR_PX / 2, _BAR_PX / 2)
        painter.end()

    def _on_refused(self, text: str) -> None:
        self._refused = text
        self._say()

    def _on_reset(self) -> None:
        self.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)  # the button goes
        self.editor.revert()
        self.chosen.emit(self.setting.name, self.setting.default)

    def _say(self) -> None:
        """What is wrong, beside the field and for a screen reader."""
        trouble = ""
        if self._refused:
            trouble = value_sentence(self.setting)
        elif self._clash:
            trouble = _("These keys already mean: {title}").format(title=self._clash)
        self.reset.setVisible(self._changed or bool(self._refused))
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        changed = _("Changed; the default is {value}.").format(
            value=value_text(self.setting, self.setting.default)
        )
        told = (help_text(self.setting), changed if self._changed else "", trouble)
        self.editor.name(title(self.setting), paragraph(told))


class ActionRow(QWidget):
    """Its owner gives it its words and connects what stands at its right."""

    def __init__(self, *controls: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = PlainLabel()
        self.help = muted_label()
        self._search = ""
        self._message: PlainLabel | None = None
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.name)
        texts.addWidget(self.help)
        row = QHBoxLayout()
        row.setSpacing(S)
        row.addLayout(texts, 1)
        for control in controls:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(M, S, 0, S)
        self._whole.setSpacing(2)
        self._whole.addLayout(row)

    def set_text(self, name: str, help_text: str, search: str = "") -> None:
        """Give it its words; by those of ``search`` it is found, in the language spoken and in English."""
        self.name.setFont(font(TEXT))
        self.help.setFont(font(LABEL + 1))
        self.name.setText(name)
        self.help.setText(help_text)
        self._search = f"{_(search)} {search}" if search else ""
        if self._message is not None:
            self._message.setFont(font(LABEL + 1))

    @property
    def message(self) -> PlainLabel:
        """How something went, below the rest."""
        if self._message is None:
            self._message = PlainLabel()
            self._message.setWordWrap(True)
            self._message.setFont(font(LABEL + 1))
            self._message.hide()
            self._whole.addWidget(self._message)
        return self._message

    def show_message(self, text: str, look: str = "muted") -> None:
        """Say how something went; "" for nothing."""
        set_look(self.message, look)
        set_text(self.message, text)
        self.message.setVisible(bool(text))

    def matches(self, query: str, section: str = "") -> bool:
        """Whether a search finds it, by its words, those of its buttons, or the title of its section."""
        buttons = (button.text() for button in self.findChildren(QPushButton))
        return finds(query, section, self.name.text(), self.help.text(), self._search, *buttons)


def hairline() -> QFrame:
    """A thin line between two rows."""
    line = QFrame()
    line.setProperty("look", "hairline")
    line.setFixedHeight(1)
    return line


def finds(query: str, *texts: str) -> bool:
    """Whether every word of ``query`` occurs in one of the texts; capitals do not matter."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in query.casefold().split())

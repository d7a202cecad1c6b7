"""Exactly what would be written, and where: to read, to choose and to copy."""

from __future__ import annotations

import math
import shlex

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from aios_gui.autostart.model import AutostartPlan
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, S, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.wrapped_text import WrappedText

_TALLEST_PX = 420
_AROUND_PX, _BESIDE_PX = 24, 22
"""What the stylesheet and the document put around a text."""
_WRAP = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


class Verbatim(QPlainTextEdit):
    """Text as it is, in letters of one width; as tall as it is at its width, within reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("look", "verbatim")
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(_WRAP)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.retranslate()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if self.toPlainText() != text:
            self.setPlainText(text)
            self.updateGeometry()

    def retranslate(self) -> None:
        """The size goes with the program's, the letters with the system's."""
        letters: QFont = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        letters.setPixelSize(LABEL + 1)
        self.setFont(letters)
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        return min(self._wanted(width), _TALLEST_PX)

    def sizeHint(self) -> QSize:
        return QSize(256, self.heightForWidth(max(self.width(), 100)))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _AROUND_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        policy = Qt.ScrollBarPolicy
        scrolls = self._wanted(self.width()) > self.height()
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if scrolls else policy.ScrollBarAlwaysOff)

    def _wanted(self, width: int) -> int:
        """The height at which nothing scrolls."""
        room = max(1, width - _BESIDE_PX)
        height = sum(_height_of(line, self.font(), room) for line in self.toPlainText().split("\n"))
        return math.ceil(height) + _AROUND_PX


def _height_of(line: str, letters: QFont, width: int) -> float:
    option = QTextOption()
    option.setWrapMode(_WRAP)
    layout = QTextLayout(line, letters)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0.0
    while (part := layout.createLine()).isValid():
        part.setLineWidth(width)
        height += part.height()
    layout.endLayout()
    return height


class PlanCard(Card):
    """The text of a plan, where it goes, what is run then, and what is to be known of it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.where_label, self.then = muted_label(wraps=False), muted_label()
        self.where = WrappedText(theme)
        self.text, self.commands = Verbatim(), Verbatim()
        self.notes = muted_label()
        place = QHBoxLayout()
        place.setSpacing(S)
        place.addWidget(self.where_label)
        place.addWidget(self.where, 1)
        self.body.addLayout(place)
        for widget in (self.text, self.then, self.commands, self.notes):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken; the plan follows with the next snapshot."""
        self.where_label.setText(_("Written to:"))
        self.then.setText(_("Then it runs:"))
        for label in (self.where_label, self.then, self.notes):
            label.setFont(font(LABEL + 1))
        self.where.retranslate()
        for text, name in (
            (self.text, _("Exactly what will be written")),
            (self.commands, _("Commands that are run then")),
        ):
            text.retranslate()
            text.setAccessibleName(name)

    def show_plan(self, title: str, plan: AutostartPlan | None, notes: str, refusal: str) -> None:
        """Show a plan, or why there is none."""
        self.set_title(title)
        commands = "\n".join(shlex.join(command) for command in plan.commands) if plan is not None else ""
        if plan is not None:
            self.where.set_text(plan.where)
            self.text.set_text(plan.text.rstrip("\n"))
        self.commands.set_text(commands)
        for widget in (self.where_label, self.where, self.text):
            widget.setVisible(plan is not None)
        for widget in (self.then, self.commands):
            widget.setVisible(bool(commands))
        set_look(self.notes, "muted" if plan is not None else "critical")
        set_text(self.notes, notes if plan is not None else refusal)
        self.notes.setVisible(bool(self.notes.text()))

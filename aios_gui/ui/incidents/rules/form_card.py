"""The card of one rule: when it fires in a sentence, its form, what it would have found, Save and Discard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.alerts.words.rules import condition
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain
from aios_gui.ui.incidents.rules.draft import Judgement
from aios_gui.ui.incidents.rules.form import RuleForm
from aios_gui.ui.incidents.rules.replay_view import RuleReplay
from aios_gui.ui.theme import STRONG, M, S, Theme, font
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

_LOW_PX = 320
"""A card lower than this has no room for what was found below the form; it is read after it."""


class FormCard(QFrame):
    """Only shows; what is done with it is decided by the page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.heading = PlainLabel()
        self.heading.setWordWrap(True)
        self.form = RuleForm()
        self.replay = RuleReplay(theme)
        self.save, self.discard = QPushButton(), QPushButton()
        self.save.setProperty("look", "primary")
        self._lay_out()

    def _lay_out(self) -> None:
        page = QWidget()
        fields = QVBoxLayout(page)
        fields.setContentsMargins(M + 2, M, M + 2, M)
        fields.setSpacing(M)
        fields.addWidget(self.heading)
        fields.addWidget(self.form)
        fields.addStretch(1)
        self._fields = fields
        page.setMinimumHeight(1)  # or else it is as high as if every text wrapped at its narrowest
        self.view = ScrollView(page)
        # On a card, and of its colour.
        for widget in (page, self.view.viewport()):
            widget.setAutoFillBackground(False)
        line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedHeight(1)
        below = QHBoxLayout()
        below.setContentsMargins(M + 2, S + 2, M + 2, S + 2)
        below.setSpacing(S)
        below.addWidget(self.replay, 1)
        below.addStretch()
        below.addWidget(self.discard, 0, Qt.AlignmentFlag.AlignBottom)
        below.addWidget(self.save, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(line)
        column.addLayout(below)
        self._below = below

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_low = self.height() < _LOW_PX
        if is_low == self.view.isAncestorOf(self.replay):
            return
        if is_low:
            self._fields.insertWidget(2, self.replay)
        else:
            self._below.insertWidget(0, self.replay, 1)

    def show_judgement(self, judged: Judgement) -> None:
        """Say when the rule fires, or what is wrong with which field."""
        self.form.show_faults(judged.faults)
        rule = judged.rule
        wrong = ngettext("Fix the marked field.", "Fix the marked fields.", len(judged.faults))
        heading = wrong if rule is None else plain(condition(rule))
        set_text(self.heading, heading[:1].upper() + heading[1:])

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.heading.setFont(font(STRONG, strong=True))
        for button, text, tip in (
            (self.save, _("Save rule"), _("In force at once, and in the settings file (Ctrl+S)")),
            (self.discard, _("Discard"), _("Drop what was changed here")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.form.retranslate()
        self.replay.retranslate()

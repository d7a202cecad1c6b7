"""The question before everything is removed: it says what goes, and wants a word typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.instance.forget_words import belonging_lines
from aios_gui.instance.forgetting import Belonging
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import STRONG, TEXT, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel

WORD = "delete"
"""Typed to confirm: the same in every language, so that none needs an input method."""


class ForgetQuestion(QDialog):
    """``accepted`` comes only where the word was typed. Nothing is removed here."""

    def __init__(self, found: list[Belonging], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Delete everything"))
        head = PlainLabel(_("All of this is deleted and cannot be restored:"))
        head.setFont(font(STRONG, strong=True))
        self.list = QPlainTextEdit("\n".join(belonging_lines(found)))
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(head.text())
        self.list.setFont(font(TEXT))
        wish = PlainLabel(_("The heartbeat stops, then the program quits. Type “{word}” to confirm:"))
        wish.setText(wish.text().format(word=WORD))
        wish.setWordWrap(True)
        self.typed = QLineEdit()
        self.typed.setAccessibleName(wish.text())
        buttons = QDialogButtonBox()
        self.forget = QPushButton(_("Delete everything"))
        self.forget.setProperty("look", "grave")
        self.forget.setAutoDefault(False)
        self.forget.setEnabled(False)
        buttons.addButton(self.forget, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.typed.textChanged.connect(self._judge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(M + S, M + S, M + S, M + S)
        layout.setSpacing(M)
        for widget in (head, self.list, wish, self.typed, buttons):
            layout.addWidget(widget)
        self.resize(620, 460)
        self.typed.setFocus()

    def _judge(self, text: str) -> None:
        right = text.strip().casefold() == WORD
        self.forget.setEnabled(right)
        self.forget.setDefault(right)

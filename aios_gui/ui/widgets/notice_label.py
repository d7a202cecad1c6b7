"""What is wrong, in a sentence over what it is about; nothing is seen of it while all is well."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aios_gui.ui.theme import LABEL, M, font
from aios_gui.ui.widgets.plain_label import PlainLabel


class NoticeLabel(PlainLabel):
    """Hidden until there is something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("look", "notice")
        self.setWordWrap(True)
        self.setMargin(M)
        self.hide()

    def say(self, trouble: str) -> None:
        """Say what is wrong; "" once nothing is any more."""
        self.setFont(font(LABEL + 1))
        self.setText(trouble)
        self.setVisible(bool(trouble))

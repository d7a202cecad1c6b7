"""The right end of a card's head: what can be started, or, while it runs, how far it is and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, M, S, font
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_STEPS = 1000


class RunBar(QStackedWidget):
    """Two pages in one place, so that nothing moves when something starts or ends."""

    cancel_asked = Signal()

    def __init__(self, *controls: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.addWidget(_row(*controls, lead=True))
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.text = PlainLabel()
        self.text.setFont(font(LABEL + 1))
        self.text.setProperty("look", "muted")
        self.cancel = QPushButton()
        self.cancel.clicked.connect(self.cancel_asked)
        self.addWidget(_row(self.bar, self.text, self.cancel, lead=False))
        self.retranslate()

    @property
    def running(self) -> bool:
        """Whether progress is shown."""
        return self.currentIndex() == 1

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.text.setFont(font(LABEL + 1))
        self.cancel.setText(_("Cancel"))
        self.cancel.setToolTip(_("End it at once; what was measured so far is dropped."))
        self.cancel.setAccessibleDescription(self.cancel.toolTip())
        self.bar.setAccessibleName(_("Progress"))

    def begin(self, text: str) -> None:
        """Show progress from its start, and offer Cancel."""
        self.bar.setValue(0)
        set_text(self.text, text)
        focused = QApplication.focusWidget()
        self.setCurrentIndex(1)
        # Who started it by keyboard stays where he is.
        if focused is not None and self.isAncestorOf(focused):
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def progress(self, share: float, text: str) -> None:
        """Show how far it is, 0 to 1."""
        self.bar.setValue(round(max(0.0, min(1.0, share)) * _STEPS))
        set_text(self.text, text)

    def end(self) -> None:
        """Offer the start again."""
        self.setCurrentIndex(0)


def _row(*widgets: QWidget, lead: bool) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(S)
    if lead:
        row.addStretch(1)
    else:
        row.addSpacing(M)
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QProgressBar) else 0)
    return page

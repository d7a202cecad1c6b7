"""The offer to start at log-in: a card over the lower right corner of what is in view, which moves nothing below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import TEXT, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.spoken import say_aloud

_WIDTH_PX = 340


class StartupOffer(QFrame):
    """Lies over ``ground`` in ``window``, in its corner. The owner acts on ``accepted`` and ``declined``."""

    accepted = Signal()
    declined = Signal()

    def __init__(self, window: QWidget, ground: QWidget) -> None:
        super().__init__(window)
        self._window, self._ground = window, ground
        self.setProperty("look", "offer")
        self.setFixedWidth(min(_WIDTH_PX, window.width() - 2 * M))
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.accept, self.decline = QPushButton(), QPushButton()
        self.accept.setProperty("look", "primary")
        self.accept.clicked.connect(self.accepted)
        self.decline.clicked.connect(self.declined)
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addStretch(1)
        buttons.addWidget(self.decline)
        buttons.addWidget(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(M + S, M, M, M)
        column.setSpacing(M)
        column.addWidget(self.label)
        column.addLayout(buttons)
        self.retranslate()
        ground.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()
        say_aloud(self, self.label.text())

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.label.setFont(font(TEXT))
        self.label.setText(_("Start AIOS Heartbeat when you log in, so that no hiccup is missed?"))
        self.setAccessibleName(self.label.text())
        self.accept.setText(_("Set up"))
        self.decline.setText(_("Not now"))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the corner."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        corner = self._ground.mapTo(self._window, self._ground.rect().bottomRight())
        self.move(corner.x() - self.width() - M, max(M, corner.y() - self.height() - M))

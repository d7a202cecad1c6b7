"""What a beat, a hiccup and the strip are, in three sentences, until a person has read them; and an example to see."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import TEXT, M, S, font
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.plain_label import PlainLabel


class Introduction(QFrame):
    """``example_wanted``: show a made-up hiccup; ``read``: it need not be shown any more."""

    example_wanted = Signal()
    read = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.sentences = [PlainLabel() for _each in range(3)]
        self.example, self.done = QPushButton(), QPushButton()
        self.example.clicked.connect(self.example_wanted)
        self.done.clicked.connect(self._go_on)
        self._interval_ns = 0
        self._is_low, self._place = False, 0
        said = QVBoxLayout()
        said.setSpacing(2)
        for sentence in self.sentences:
            sentence.setWordWrap(True)
            said.addWidget(sentence)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(S)
        self._buttons.addWidget(self.done)
        self._buttons.addWidget(self.example)
        self._buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(M + 2, S + 2, M + 2, S + 2)
        row.setSpacing(M)
        row.addLayout(said, 1)
        row.addLayout(self._buttons)

    def use_room(self, low: bool) -> None:
        """Say one sentence after the other where the window is low, or all three."""
        if low != self._is_low:
            self._is_low, self._place = low, 0
            way = QBoxLayout.Direction
            self._buttons.setDirection(way.LeftToRight if low else way.TopToBottom)
            self._show()

    def _go_on(self) -> None:
        if self._is_last:
            self._place = 0
            self.read.emit()
        else:
            self._place += 1
        self._show()

    @property
    def _is_last(self) -> bool:
        return not self._is_low or self._place == len(self.sentences) - 1

    def _show(self) -> None:
        for place, sentence in enumerate(self.sentences):
            sentence.setVisible(not self._is_low or place == self._place)
        is_last = self._is_last
        self.example.setVisible(is_last)
        self.done.setText(_("Got it") if is_last else _("Next"))
        self.done.setToolTip(_("Do not show this again; Settings, Window brings it back.") if is_last else "")
        self.done.setAccessibleDescription(self.done.toolTip())

    def show_interval(self, interval_ns: int) -> None:
        """Say how often it beats."""
        if interval_ns != self._interval_ns:
            self._interval_ns = interval_ns
            self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        texts = (
            _(
                "A beat is one short look at the machine, every {interval}: the plots show how long it took."
            ).format(interval=figures.interval(self._interval_ns)),
            _(
                "A hiccup is a stall that you would notice as a stutter; it is kept with the program behind it."
            ),
            _("The strip above is the last 60 beats: green is fine, amber over a limit, red a hiccup."),
        )
        for label, text in zip(self.sentences, texts, strict=True):
            label.setFont(font(TEXT))
            set_text(label, text)
        self.setAccessibleName(_("Introduction"))
        self.example.setText(_("Show an example"))
        tip = _("Puts a made-up hiccup into the list. It is marked as made up and counts in no figure.")
        self.example.setToolTip(tip)
        self.example.setAccessibleDescription(tip)
        self._show()

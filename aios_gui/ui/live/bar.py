"""The bar above the plots: how much time they show, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, TITLE, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel

SPANS_S = (60, 900, 3600, 21_600, 86_400)
DEFAULT_SPAN_S = 900
_NOTE_MS = 6_000


class LiveBar(QWidget):
    """Title, choice of span, Back to live, Log scale, Table, Save and Freeze."""

    span_chosen = Signal(int)
    live_wanted = Signal()
    log_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel()
        self._title.setFont(font(TITLE, strong=True))
        self._spans = QButtonGroup(self)
        self._spans.setExclusive(True)
        self._note = PlainLabel()
        self._note.setFont(font(LABEL + 1))
        self._note.setProperty("look", "muted")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._note_timer = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note_timer.timeout.connect(self._note.clear)
        self.back = QPushButton()
        self.back.setProperty("look", "primary")
        self.back.clicked.connect(self.live_wanted)
        self.back.hide()
        self.log = _toggle()
        self.log.clicked.connect(self.log_toggled)
        self.table = _toggle()
        self.save = QPushButton()
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        self.freeze = _toggle()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self._title)
        row.addSpacing(M)
        segments = QHBoxLayout()
        segments.setSpacing(0)
        for place, span_s in enumerate(SPANS_S):
            button = _toggle()
            looks = {0: "segment-first", len(SPANS_S) - 1: "segment-last"}
            button.setProperty("look", looks.get(place, "segment"))
            self._spans.addButton(button, span_s)
            segments.addWidget(button)
        self._spans.idClicked.connect(self.span_chosen)
        row.addLayout(segments)
        row.addWidget(self._note, 1)
        for button in (self.back, self.log, self.table, self.save, self.freeze):
            row.addWidget(button)

    def retranslate(self) -> None:
        """Say everything in the language spoken; the menu is filled by its owner."""
        self._title.setText(_("Live"))
        for button in self._spans.buttons():
            text = _span_text(self._spans.id(button))
            button.setText(text)
            button.setAccessibleName(_("Show the last {span}").format(span=text))
        for button, text, tip in (
            (self.back, _("Back to live"), _("Show the newest beats and follow them (End)")),
            (self.log, _("Log scale"), _("Draw duration and lateness on a logarithmic scale")),
            (self.table, _("Table"), _("Show the beats in view as a table")),
            (self.save, _("Save…"), _("Save or copy the plots or the beats in view")),
            (self.freeze, _("Freeze"), _("Hold the picture still. Beats go on being recorded.")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)

    def show_span(self, span_s: float) -> None:
        """Mark the choice that is shown; none where the span was zoomed by hand."""
        chosen = self._spans.button(round(span_s))
        # An exclusive group cannot be without a choice.
        self._spans.setExclusive(False)
        for button in self._spans.buttons():
            button.setChecked(button is chosen)
        self._spans.setExclusive(True)

    def show_live(self, live: bool) -> None:
        """Offer the way back where the plots do not follow."""
        if self.back.isHidden() != live:
            self.back.setHidden(live)

    def note(self, text: str) -> None:
        """Say something for a few seconds."""
        self._note.setText(text)
        self._note_timer.start()

    def stop(self) -> None:
        """Stop the timer."""
        self._note_timer.stop()
        self._note.clear()


def _toggle() -> QPushButton:
    button = QPushButton()
    button.setCheckable(True)
    return button


def _span_text(span_s: int) -> str:
    if span_s < 3600:
        return _("{figure} min").format(figure=span_s // 60)
    return _("{figure} h").format(figure=span_s // 3600)

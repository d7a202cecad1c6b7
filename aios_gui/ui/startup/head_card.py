"""How autostart stands, in a sentence with its evidence, and the one button that sets it up or mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.autostart import panel_words as words
from aios_gui.autostart.model.verdict import Mend, Verdict
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, STRONG, TITLE, XL, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, say
from aios_gui.ui.widgets.dot import Dot, Mark

LEVELS = {
    Severity.OK: Mark.FINE,
    Severity.WARNING: Mark.WARNING,
    Severity.CRITICAL: Mark.FAILED,
    Severity.INACTIVE: Mark.NONE,
}
_DONE = " ✓"
_BUTTON_PX = 188


class HeadCard(QFrame):
    """Its button says what it would do; the owner does it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.dot = Dot(theme, 13)
        self.headline = QLabel()
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setWordWrap(True)
        self.evidence = muted_label()
        self.warning_dot = Dot(theme)
        self.warning_dot.show_mark(Mark.WARNING)
        self.warning = muted_label()
        self.button = QPushButton()
        self.button.setProperty("look", "primary")
        self.button.setProperty("room", "large")
        self.button.setMinimumWidth(_BUTTON_PX)
        self._mend = Mend.SET_UP
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(S + 2)
        first.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addWidget(self.headline, 1)
        self._warning_row = QWidget()
        warned = QHBoxLayout(self._warning_row)
        warned.setContentsMargins(0, XS, 0, 0)
        warned.setSpacing(S)
        warned.addWidget(self.warning_dot, 0, Qt.AlignmentFlag.AlignVCenter)
        warned.addWidget(self.warning, 1)
        texts = QVBoxLayout()
        texts.setSpacing(XS + 2)
        texts.addStretch(1)
        texts.addLayout(first)
        texts.addWidget(self.evidence)
        texts.addWidget(self._warning_row)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(XL, XL - 4, XL, XL - 4)
        row.setSpacing(XL)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.setAlignment(self.button, Qt.AlignmentFlag.AlignVCenter)
        self._warning_row.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def mend(self) -> Mend:
        """What the button would do."""
        return self._mend

    def retranslate(self) -> None:
        """The fonts go with the language; the words follow with the next picture."""
        self.headline.setFont(font(TITLE, strong=True))
        for label in (self.evidence, self.warning):
            label.setFont(font(LABEL + 1))
        self.button.setFont(font(STRONG, strong=True))

    def show_waiting(self) -> None:
        """The system has not answered yet."""
        self.dot.show_mark(Mark.WAITING)
        self._say(_("Asking the system…"), "", "")
        self._say_button(Mend.SET_UP)
        self.button.setEnabled(False)

    def show_unread(self, reason: str) -> None:
        """The system could not be asked at all."""
        self.dot.show_mark(Mark.FAILED)
        self._say(_("What is registered cannot be read"), reason, "")
        self._say_button(Mend.SET_UP)
        self.button.setEnabled(True)

    def show_verdict(self, verdict: Verdict, headline: str, evidence: str, warning: str, able: bool) -> None:
        """Say how it stands; ``able`` where the button may be pressed now."""
        self.dot.show_mark(LEVELS[words.level_of(verdict)])
        self._say(headline, evidence, warning)
        self._say_button(verdict.mend)
        self.button.setEnabled(able and verdict.mend is not Mend.IMPOSSIBLE)

    def _say(self, headline: str, evidence: str, warning: str) -> None:
        say(self.headline, headline)
        say(self.evidence, evidence)
        say(self.warning, warning)
        self.evidence.setVisible(bool(evidence))
        self._warning_row.setVisible(bool(warning))
        self.setAccessibleName(headline)
        self.setAccessibleDescription(" ".join(part for part in (evidence, warning) if part))

    def _say_button(self, mend: Mend) -> None:
        self._mend = mend
        text = words.mend_text(mend)
        shown = text + _DONE if mend is Mend.NOTHING else text
        if self.button.text() != shown:
            self.button.setText(shown)
        self.button.setAccessibleName(text)
        self.button.setToolTip(words.mend_tip(mend))
        self.button.setAccessibleDescription(words.mend_tip(mend))

"""How autostart stands, in a sentence with its evidence; a switch where all is well, else the button that mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from aios_gui.autostart import words
from aios_gui.autostart.model import AutostartState
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.theme import LABEL, STRONG, TITLE, XL, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.switch import Switch

if TYPE_CHECKING:
    from aios_gui.autostart.service import AutostartSnapshot

LEVELS = {
    Severity.OK: Mark.FINE,
    Severity.WARNING: Mark.WARNING,
    Severity.CRITICAL: Mark.FAILED,
    Severity.INACTIVE: Mark.NONE,
}
_BUTTON_PX = 188


class HeadCard(QFrame):
    """Its button says what it would do, its switch is on where nothing is to be done; the owner does it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.there_is_a_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable
        self.dot = Dot(theme, 13)
        self.headline = PlainLabel()
        self.headline.setWordWrap(True)
        self.evidence = muted_label()
        self.warning_dot = Dot(theme)
        self.warning_dot.show_mark(Mark.WARNING)
        self.warning = muted_label()
        self.button = QPushButton()
        self.button.setProperty("look", "primary")
        self.button.setProperty("room", "large")
        self.button.setMinimumWidth(_BUTTON_PX)
        self.switch = Switch(theme)
        self.switch.hide()
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
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        self._warning_row.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def retranslate(self) -> None:
        """The fonts go with the language; the words follow with the next snapshot."""
        self.headline.setFont(font(TITLE, strong=True))
        for label in (self.evidence, self.warning):
            label.setFont(font(LABEL + 1))
        self.button.setFont(font(STRONG, strong=True))
        tip = _("Switch it off: it is then no longer started at log-in. The record stays.")
        self.switch.setAccessibleName(_("Start at log-in"))
        self.switch.setToolTip(tip)
        self.switch.setAccessibleDescription(tip)

    def show_waiting(self) -> None:
        """The system has not answered yet."""
        self.dot.show_mark(Mark.WAITING)
        self._say(_("Asking the system…"), "", "")
        self._say_button(None)
        self.button.setEnabled(False)

    def show_unread(self, reason: str) -> None:
        """The system could not be asked at all."""
        self.dot.show_mark(Mark.FAILED)
        self._say(_("What is registered cannot be read"), reason, "")
        self._say_button(None)
        self.button.setEnabled(True)

    def show_snapshot(self, snapshot: AutostartSnapshot, able: bool) -> None:
        """Say how it stands; ``able`` where the button may be pressed now."""
        self.dot.show_mark(LEVELS[words.level_of(snapshot.status)])
        warning = words.place_sentence(snapshot.place) if snapshot.place is not None else ""
        self._say(words.headline(snapshot, self.there_is_a_tray()), words.evidence(snapshot), warning)
        self._say_button(snapshot)
        self.button.setEnabled(able and snapshot.can_mend)
        self.switch.setEnabled(able)

    def _say(self, headline: str, evidence: str, warning: str) -> None:
        set_text(self.headline, headline)
        set_text(self.evidence, evidence)
        set_text(self.warning, warning)
        self.evidence.setVisible(bool(evidence))
        self._warning_row.setVisible(bool(warning))
        self.setAccessibleName(headline)
        self.setAccessibleDescription(paragraph((evidence, warning)))

    def _say_button(self, snapshot: AutostartSnapshot | None) -> None:
        text, tip = words.button_text(snapshot), words.button_tip(snapshot)
        set_up = is_set_up(snapshot)
        focused = self.button.hasFocus() or self.switch.hasFocus()
        self.setFocusProxy(self.switch if set_up else self.button)
        self.switch.setChecked(set_up)
        self.switch.setVisible(set_up)
        self.button.setVisible(not set_up)
        if focused:  # the one that takes the place of the other keeps the keyboard
            (self.switch if set_up else self.button).setFocus(Qt.FocusReason.OtherFocusReason)
        if self.button.text() != text:
            self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(tip)
        self.button.setAccessibleDescription(tip)


def is_set_up(snapshot: AutostartSnapshot | None) -> bool:
    """Whether it starts as chosen, so that the only thing left to do is to switch it off."""
    return snapshot is not None and snapshot.status.state is AutostartState.ON and not snapshot.takes_other

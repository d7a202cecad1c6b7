"""The card of the list: the incidents, or in honest words why there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.incidents.filter import IncidentFilter
from aios_gui.ui.incidents.filter_bar import span_text
from aios_gui.ui.incidents.list import IncidentList
from aios_gui.ui.incidents.source import MOST, IncidentSource
from aios_gui.ui.theme import LABEL, STRONG, XL, M, S, font
from aios_gui.ui.widgets.card import muted_label, say

_LEAST_PX = 280


class ListCard(QFrame):
    """``clear`` is the button that takes the filter away."""

    def __init__(self, shown: IncidentList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setMinimumWidth(_LEAST_PX)
        self._list = shown
        self.empty = QLabel()
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("look", "muted")
        self.clear = QPushButton()
        self.foot = muted_label()
        self.foot.setContentsMargins(M, S, M, S)
        nothing = QWidget()
        middle = QVBoxLayout(nothing)
        middle.setContentsMargins(XL, XL, XL, XL)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addSpacing(S)
        middle.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(2)
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 4)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.foot)

    def retranslate(self) -> None:
        """Say everything in the language spoken; the rest follows with the next state."""
        self.empty.setFont(font(STRONG))
        self.foot.setFont(font(LABEL + 1))
        self.clear.setText(_("Clear the filter"))

    def show_state(
        self, source: IncidentSource, chosen: IncidentFilter, enabled: int, trouble: str, told: str
    ) -> None:
        """Show the list, or why it is empty; ``enabled`` rules are watched, ``trouble`` and ``told`` are sentences."""
        any_shown = self._list.model().rowCount() > 0
        self._pages.setCurrentIndex(1 if any_shown else 0)
        self.clear.setVisible(chosen.narrows and bool(source.incidents))
        say(self.empty, trouble or _why_empty(source, chosen.span_s, enabled))
        foot = told or (trouble if any_shown else "")
        if not foot and not source.complete:
            foot = _("Only the newest {count} are shown.").format(count=figures.count(MOST))
        say(self.foot, foot)
        self.foot.setVisible(bool(foot))


def _why_empty(source: IncidentSource, span_s: int | None, enabled: int) -> str:
    if source.reading and not source.incidents:
        return _("Reading the record…")
    if source.incidents:
        return _("No incident fits the filter.")
    if not enabled:
        return _("Every rule is off, so nothing is watched. Rules… turns them on.")
    first = _("Nothing has happened so far.")
    if span_s is not None:
        first = _("{span}: nothing has happened.").format(span=span_text(span_s))
    second = ngettext(
        "{count} rule is watched; what it finds shows up here, with who did it.",
        "{count} rules are watched; what they find shows up here, with who did it.",
        enabled,
    )
    return f"{first}\n{second.format(count=figures.count(enabled))}"

"""The list of the rules: a switch each, and a button that opens it in the form."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.model.incident import IncidentState
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.rules import level_name
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.marks import paint_incident_mark
from aios_gui.ui.theme import LABEL, TEXT, S, Theme, font
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.switch import Switch

_BUTTON_PX = 46
_MARK_PX = 10.0
_LEFT_PX = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: ``key`` tells one from another, ``remark`` says that it is not saved, or muted."""

    key: str
    name: str
    condition: str
    level: Level
    enabled: bool
    remark: str = ""


class _RuleButton(QPushButton):
    """The name, and below it when the rule fires."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entry = Entry("", "", "", Level.WARNING, True)
        self._condition = ""
        self.setCheckable(True)
        self.setProperty("look", "index")
        self.setFixedHeight(_BUTTON_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entry(self, entry: Entry) -> None:
        """Say something else."""
        if entry == self._entry:
            return
        self._entry = entry
        self._condition = entry.condition[:1].upper() + entry.condition[1:]
        parts = (entry.name, entry.condition, level_name(entry.level), entry.remark)
        self.setAccessibleName(_(", ").join(part for part in parts if part))
        self.setToolTip(plain_tip(entry.condition))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _BUTTON_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _BUTTON_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, entry = self._theme.tokens, self._entry
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        box = QRectF(self.rect()).adjusted(_LEFT_PX, 4, -S, -4)
        place = QRectF(S + 2, box.top() + 5, _MARK_PX, _MARK_PX)
        state = IncidentState.FIRING if entry.enabled else IncidentState.CLEARED
        paint_incident_mark(painter, place, entry.level, state, tokens)
        first = QRectF(box.left(), box.top(), box.width(), box.height() / 2)
        second = first.translated(0, box.height() / 2)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        name = f"{entry.name} · {entry.remark}" if entry.remark else entry.name
        able = tokens.text if entry.enabled else tokens.muted
        for line, text, size, colour in (
            (first, name, TEXT, tokens.accent if self.isChecked() else able),
            (second, self._condition, LABEL + 1, tokens.muted),
        ):
            face = font(size, strong=line is first and self.isChecked())
            painter.setFont(face)
            painter.setPen(QColor(colour))
            cut = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, round(line.width()))
            painter.drawText(line, left, cut)
        painter.end()


class RuleList(QScrollArea):
    """``chosen`` brings the key of a rule, ``switched`` a key and whether it is to be watched."""

    chosen = Signal(str)
    switched = Signal(str, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self.switches: list[Switch] = []
        self.buttons: list[_RuleButton] = []
        self._rows: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._entries[place].key))
        self._group.idToggled.connect(self._on_toggled)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(S, S, S, S)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        for widget in (page, self.viewport()):
            widget.setAutoFillBackground(False)

    def show_entries(self, entries: tuple[Entry, ...], key: str) -> None:
        """Show these, one of them chosen; rows are kept and filled again."""
        while len(self._rows) < len(entries):
            self._add_row()
        self._entries = entries
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(entries))
            if place >= len(entries):
                continue
            entry = entries[place]
            self.buttons[place].show_entry(entry)
            self.switches[place].setChecked(entry.enabled)
            self.switches[place].setAccessibleName(_("Rule “{name}” on").format(name=entry.name))
            self.buttons[place].setChecked(entry.key == key)

    def row(self, key: str) -> int:
        """The place of a rule in the list; −1 for none."""
        return next((place for place, entry in enumerate(self._entries) if entry.key == key), -1)

    def reveal(self, key: str) -> None:
        """Bring a rule into view."""
        # A row that has just been added gets its place with the next layout.
        QTimer.singleShot(0, self, lambda: self._reveal(key))

    def _reveal(self, key: str) -> None:
        place = self.row(key)
        if place >= 0:
            self.ensureWidgetVisible(self.buttons[place], 0, S)

    def _add_row(self) -> None:
        place = len(self._rows)
        row = QWidget()
        row.setMinimumHeight(_BUTTON_PX)  # the look of buttons has a least height of its own
        switch, button = Switch(self._theme), _RuleButton(self._theme)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(S)
        line.addWidget(switch)
        line.addWidget(button, 1)
        switch.clicked.connect(lambda on, place=place: self.switched.emit(self._entries[place].key, on))
        self._group.addButton(button, place)
        self._column.insertWidget(place, row)
        self._rows.append(row)
        self.switches.append(switch)
        self.buttons.append(button)

    def _on_toggled(self, place: int, on: bool) -> None:
        # Arrow keys move the choice without a click.
        if on and self.buttons[place].hasFocus():
            self.chosen.emit(self._entries[place].key)

"""When beats are rehearsed, what that costs and gains, and what the last change did to the next beat."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.warmup import words
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, TEXT, XL, XS, M, S, Theme, font
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.stat_tile import StatTile

_MODES = tuple(RehearsalMode)
_LOOKS = ("segment-first", "segment", "segment-last")


class RehearsalCard(QFrame):
    """Emits what the user chooses; shows what holds."""

    mode_chosen = Signal(object)
    automatic_chosen = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._title = PlainLabel()
        self._modes = QButtonGroup(self)
        self._modes.idClicked.connect(lambda place: self.mode_chosen.emit(_MODES[place]))
        self.automatic = QCheckBox()
        self.automatic.clicked.connect(self.automatic_chosen)
        self.margin, self.cost, self.gain = (StatTile(theme) for _each in range(3))
        self.watch, self.tables = StatTile(theme), StatTile(theme)
        self._heading = PlainLabel()
        self._heading.setProperty("look", "muted")
        self.effect = PlainLabel()
        self.effect.setWordWrap(True)
        self._effect_shown: tuple[object, ...] = ()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(0)
        for place, look in enumerate(_LOOKS):
            button = QPushButton()
            button.setCheckable(True)
            button.setProperty("look", look)
            self._modes.addButton(button, place)
            choices.addWidget(button)
        choices.addSpacing(M)
        choices.addWidget(self.automatic)
        choices.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(S - 2)
        left.addWidget(self._title)
        left.addLayout(choices)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(XL - 4)
        for figure in (self.margin, self.cost, self.gain, self.watch, self.tables):
            self._figures.addWidget(figure)
        self._figures.addStretch(0)
        line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedWidth(1)
        self._line = line
        right = QVBoxLayout()
        right.setSpacing(XS - 2)
        right.addWidget(self._heading)
        right.addWidget(self.effect)
        right.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(M + 2, S + 1, M + 2, S + 1)
        self._row.setSpacing(XL - 4)
        self._row.addLayout(left)
        self._row.addLayout(self._figures)
        self._row.addWidget(line)
        self._row.addLayout(right, 1)

    def stack(self, stacked: bool) -> None:
        """Set its parts one below the other, for a narrow window, or beside each other."""
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not way:
            self._row.setDirection(way)
            self._row.setSpacing(M if stacked else XL - 4)
            self._line.setVisible(not stacked)

    @property
    def mode(self) -> RehearsalMode:
        """What is shown as chosen."""
        return _MODES[self._modes.checkedId()]

    def button(self, mode: RehearsalMode) -> QPushButton:
        """The button of a choice."""
        found = self._modes.button(_MODES.index(mode))
        assert isinstance(found, QPushButton)
        return found

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._title.setFont(font(TEXT, strong=True))
        self._title.setText(_("Rehearsal"))
        self.setAccessibleName(_("Rehearsal"))
        self._heading.setFont(font(LABEL))
        self._heading.setText(_("What the last change did"))
        self.effect.setFont(font(LABEL + 1))
        texts = (_("Automatic"), _("On"), _("Off"))
        tips = (
            _("Rehearse beats where the interval leaves time for it"),
            _("Rehearse every beat, whatever the interval"),
            _("Rehearse no beat; each one costs more"),
        )
        for button, text, tip in zip(self._modes.buttons(), texts, tips, strict=True):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(_("Rehearsal: {choice}").format(choice=text))
            button.setAccessibleDescription(tip)
        self.automatic.setText(_("Warm up by itself"))
        self.margin.set_label(_("wakes early by"))
        self.cost.set_label(_("costs, of one core"))
        self.gain.set_label(_("a beat without and with, P50"))
        self.watch.set_label(_("watching"))
        self.watch.setToolTip(_("What it costs of one core to look for stalls between two beats"))
        self.tables.set_label(_("process tables"))
        self.tables.setToolTip(_("What it costs of one core to know which programs did what"))
        self._effect_shown = ()

    def show_snapshot(
        self, snapshot: Snapshot, mode: RehearsalMode, automatic: bool, able: bool, remote: bool
    ) -> None:
        """Show what holds: the choices, the figures, and what the last change did.

        ``able``: a running engine can carry out a choice; ``remote``: it is another process.
        """
        self._show_choices(mode, automatic, able, remote)
        rehearsal, watch = snapshot.rehearsal, snapshot.watch
        on = rehearsal.rehearsed and rehearsal.margin_ns > 0
        values = (
            figures.duration(rehearsal.margin_ns) if on else figures.NONE,
            figures.percent(snapshot.rehearsal_share * 100) if on else figures.NONE,
            words.gain_phrase(rehearsal.unrehearsed, snapshot.duration),
            figures.percent(watch.cpu_share * 100) if watch.slice_ns else figures.NONE,
            figures.percent(snapshot.tables_share * 100) if snapshot.tables_share else figures.NONE,
        )
        tiles = (self.margin, self.cost, self.gain, self.watch, self.tables)
        for figure, value in zip(tiles, values, strict=True):
            if figure.set_value(value):
                figure.updateGeometry()
        effect = snapshot.warm_up.effect
        if (effect,) != self._effect_shown:
            self._effect_shown = (effect,)
            set_text(self.effect, words.effect_sentence(effect))

    def _show_choices(self, mode: RehearsalMode, automatic: bool, able: bool, remote: bool) -> None:
        chosen = self.button(mode)
        if not chosen.isChecked():
            chosen.setChecked(True)
        for button in self._modes.buttons():
            button.setEnabled(able)
        if self.automatic.isChecked() != automatic:
            self.automatic.setChecked(automatic)
        self.automatic.setEnabled(not remote)
        tip = _("Warm up at the start, after the machine slept, and after a pause")
        if remote:
            tip = _("The background service decides this when it starts, by the setting beat.warm_up.")
        if self.automatic.toolTip() != tip:
            self.automatic.setToolTip(tip)
            self.automatic.setAccessibleDescription(tip)

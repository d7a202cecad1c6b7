"""When beats are rehearsed, what that costs and gains, and what the last change did to the next beat."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QPushButton, QWidget

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.warmup import words
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import XL, M, S, Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.segments import segments
from aios_gui.ui.widgets.stat_tile import TILE_HEIGHT_PX, StatTile

_MODES = tuple(RehearsalMode)


class RehearsalCard(Card):
    """Emits what the user chooses; shows what holds."""

    mode_chosen = Signal(object)
    automatic_chosen = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modes = QButtonGroup(self)
        self._modes.idClicked.connect(lambda place: self.mode_chosen.emit(_MODES[place]))
        self.automatic = QCheckBox()
        self.automatic.clicked.connect(self.automatic_chosen)
        self.margin, self.cost, self.gain = (StatTile(theme) for _each in range(3))
        self.watch, self.tables = StatTile(theme), StatTile(theme)
        self.effect = muted_label()
        self._effect_shown: tuple[object, ...] = ()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self.head.addSpacing(M)
        self.head.addLayout(segments(self._modes, range(len(_MODES))))
        self.head.addSpacing(M)
        self.head.addWidget(self.automatic)
        self.head.addStretch(1)
        tiles = QHBoxLayout()
        tiles.setSpacing(XL)
        for tile in (self.gain, self.margin, self.cost, self.watch, self.tables):
            tile.setFixedHeight(TILE_HEIGHT_PX)
            tiles.addWidget(tile)
        tiles.addStretch(1)
        self.body.addLayout(tiles)
        self.body.addSpacing(S)
        self.body.addWidget(self.effect)
        self.body.addStretch(1)

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
        self.set_title(_("Rehearsal"))
        texts = (_("Automatic"), _("On"), _("Off"))
        tips = (
            _("Rehearse beats where the interval leaves time for it"),
            _("Rehearse every beat, even at short intervals"),
            _("Rehearse no beat; each one takes longer"),
        )
        for button, text, tip in zip(self._modes.buttons(), texts, tips, strict=True):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(_("Rehearsal: {choice}").format(choice=text))
            button.setAccessibleDescription(tip)
        self.automatic.setText(_("Warm up automatically"))
        tiles = (
            (self.gain, _("P50 cold → warm"), _("The median beat without its rehearsal and with it")),
            (self.margin, _("Wakes early by"), _("How long before a beat is due its rehearsal begins")),
            (self.cost, _("Cost (one core)"), _("What the rehearsals cost of one core")),
            (self.watch, _("Watch (one core)"), _("What it costs to look for stalls between two beats")),
            (self.tables, _("Processes (one core)"), _("What it costs to know which programs did what")),
        )
        for tile, label, tip in tiles:
            tile.set_label(label)
            tile.setToolTip(tip)
            tile.setAccessibleDescription(tip)
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
        watches = (
            0 < watch.slice_ns < snapshot.interval_ns
        )  # beats that are closer than a slice leave nothing to watch
        values = (
            figures.duration(rehearsal.margin_ns) if on else figures.NONE,
            figures.percent(snapshot.rehearsal_share * 100) if on else figures.NONE,
            words.gain_phrase(rehearsal.unrehearsed, snapshot.duration),
            figures.percent(watch.cpu_share * 100) if watches else figures.NONE,
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
        tip = _("Warm up at the start, after the machine has slept, and after a pause.")
        if remote:
            tip = _("The background service decides this when it starts, by the setting beat.warm_up.")
        if self.automatic.toolTip() != tip:
            self.automatic.setToolTip(tip)
            self.automatic.setAccessibleDescription(tip)

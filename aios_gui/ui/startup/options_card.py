"""How it is to be started: the way and its options, folded away; what the way cannot do says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

from aios_gui.autostart import words
from aios_gui.autostart.model import MechanismOption
from aios_gui.autostart.settings import AUTOSTART
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Setting, Settings
from aios_gui.settings.words import help_text
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.editors import ChoiceEditor
from aios_gui.ui.settings.row import SettingRow
from aios_gui.ui.theme import LABEL, M, S, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label
from aios_gui.ui.widgets.fold_button import FoldButton

if TYPE_CHECKING:
    from aios_gui.autostart.service import AutostartSnapshot

_MECHANISM, _MODE = "autostart.mechanism", "autostart.face"
_INDENT_PX = 9
_OPTIONS = {
    "autostart.delay_s": MechanismOption.DELAY,
    "autostart.spread_s": MechanismOption.SPREAD,
    "autostart.on_battery": MechanismOption.ON_BATTERY,
    "autostart.time_limit_min": MechanismOption.TIME_LIMIT,
    "autostart.nice": MechanismOption.PRIORITY,
}


class OptionRow(SettingRow):
    """A setting that may be out of reach, and then says why in place of what it does."""

    def __init__(
        self, setting: Setting, theme: Theme, choices: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(setting, theme, choices, parent)
        self._why = ""

    def bar(self, why: str, locked: bool) -> None:
        """Let it be changed only where neither ``why`` says what stands against it nor the settings are locked."""
        self._why = why
        self.lock(bool(why) or locked)
        self.help.setText(why or help_text(self.setting))
        self.help.setVisible(bool(self.help.text()))
        if why:
            self.editor.field.setAccessibleDescription(why)

    def bar_choices(self, whys: dict[str, str]) -> None:
        """Let only those of its choices be taken that nothing stands against."""
        if not isinstance(self.editor, ChoiceEditor):
            return
        box: QComboBox = self.editor.box
        model = box.model()
        if not isinstance(model, QStandardItemModel):
            return
        for place in range(box.count()):
            why = whys.get(str(box.itemData(place)), "")
            item = model.item(place)
            if item.isEnabled() is bool(why):
                item.setEnabled(not why)
            item.setToolTip(why)


class OptionsCard(Card):
    """``chosen`` brings the name of a setting and its new value. The rows are made when first unfolded."""

    chosen = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = FoldButton()
        self._theme = theme
        self._shown: tuple[Settings, AutostartSnapshot | None, bool] | None = None
        self.rows: dict[str, OptionRow] = {}
        self.note = muted_label()
        self.inside = QFrame()
        self.title.hide()
        self.head.addWidget(self.fold)
        self.head.addStretch(1)
        self._lay_out()
        self.fold.toggled.connect(self._on_folded)
        self.inside.hide()
        self.retranslate()

    def _lay_out(self) -> None:
        # The words of the button stand below those of the other cards, and what it unfolds below its words.
        whole = self.layout()
        if whole is not None:
            whole.setContentsMargins(M + 2 - _INDENT_PX, S, M + 2, S + 2)
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(_INDENT_PX, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.note)
        self.body.addWidget(self.inside)

    def _make_rows(self) -> None:
        for setting in AUTOSTART.settings:
            if self.rows:
                line = QFrame()
                line.setProperty("look", "hairline")
                line.setFixedHeight(1)
                self._column.addWidget(line)
            row = self.rows[setting.name] = OptionRow(setting, self._theme, _choices_here(setting))
            self._column.addWidget(row)
            row.chosen.connect(self.chosen)
            row.retranslate()
        if self._shown is not None:
            self.show_settings(*self._shown)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.fold.say(_("More ways to start: without a window, later, by other means"))
        self.setAccessibleName(_("More ways to start"))
        self.note.setFont(font(LABEL + 1))
        self.note.setText(
            _("What is chosen here takes effect when it is set up, or its changes are applied.")
        )
        for row in self.rows.values():
            row.retranslate()

    def show_settings(self, settings: Settings, snapshot: AutostartSnapshot | None, locked: bool) -> None:
        """Show what is chosen, and of the rest what cannot be."""
        self._shown = (settings, snapshot, locked)
        if not self.rows:
            return
        for row in self.rows.values():
            row.show_settings(settings)
        for name, option in _OPTIONS.items():
            self.rows[name].bar(words.why_no_option(snapshot, option) if snapshot is not None else "", locked)
        for name in (_MECHANISM, _MODE):
            self.rows[name].bar("", locked)
        if snapshot is not None:
            self.rows[_MECHANISM].bar_choices(
                {each.key: words.why_not_available(each) for each in snapshot.mechanisms}
            )
            self.rows[_MODE].bar_choices(
                {str(mode): words.why_no_mode(snapshot, mode) for mode in LaunchMode}
            )

    def settle(self) -> None:
        """Let what was typed take effect now."""
        for row in self.rows.values():
            row.editor.settle()

    def _on_folded(self, shown: bool) -> None:
        if shown and not self.rows:
            self._make_rows()
        self.inside.setVisible(shown)


def _choices_here(setting: Setting) -> tuple[str, ...]:
    """Of the ways to be started those that this system has; () for every other setting, which offers all."""
    if setting.name != _MECHANISM:
        return ()
    from aios_gui.autostart.mechanisms import mechanisms

    here = {mechanism.key for mechanism in mechanisms()}
    return tuple(choice for choice in setting.choices if choice == setting.default or choice in here)

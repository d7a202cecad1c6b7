"""The keys of the window, as the settings have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from aios_gui.settings.model import Settings

_HELD = {"alt": "Alt", "ctrl": "Ctrl"}


def panel_keys(settings: Settings, number: int) -> str:
    """What opens the panel of this number, counted from 1; "" for nothing."""
    held = _HELD.get(settings["keyboard.panels"])
    return f"{held}+{number}" if held and number < 10 else ""


def clashing(settings: Settings, panels: int = 9) -> dict[str, str]:
    """Each setting whose keys mean something else already, with the setting that has them."""
    taken = {panel_keys(settings, number): "keyboard.panels" for number in range(1, panels + 1)}
    clashes: dict[str, str] = {}
    for setting in settings.declared:
        keys = settings[setting.name] if setting.keys else ""
        if keys and keys in taken:
            clashes[setting.name] = taken[keys]
        elif keys:
            taken[keys] = setting.name
    return clashes


class Shortcuts(QObject):
    """Keys of a window. Of two settings with the same keys the first one has them."""

    def __init__(self, window: QWidget, actions: dict[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._made: list[QShortcut] = []

    def put_in_force(self, settings: Settings, panels: Sequence[Callable[[], object]]) -> None:
        """Use the keys of these settings; ``panels`` open the panels in their order."""
        for old in self._made:
            old.setEnabled(False)
            old.deleteLater()
        self._made = []
        for number, action in enumerate(panels, start=1):
            self._add(panel_keys(settings, number), action)
        clashes = clashing(settings, len(panels))
        for name, action in self._actions.items():
            if name not in clashes:
                self._add(settings[name], action)

    def _add(self, keys: str, action: Callable[[], object]) -> None:
        if keys:
            made = QShortcut(QKeySequence(keys), self._window)
            made.activated.connect(action)
            self._made.append(made)

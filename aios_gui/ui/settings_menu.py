"""The menu behind Settings: every choice takes effect at once and is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from aios_gui.core.rehearsal import RehearsalMode
from aios_gui.core.settings import BY_NAME, SettingValue
from aios_gui.core.states import EngineState
from aios_gui.services.wording.catalogue import gettext as _
from aios_gui.services.wording.figures import interval as as_set
from aios_gui.ui.about import show_about
from aios_gui.ui.controller import Controller

INTERVALS_S = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0, 3600.0)
HICCUPS_MS = (5.0, 10.0, 20.0, 50.0, 100.0, 250.0, 1000.0)
Choice = tuple[str, SettingValue]


class SettingsMenu(QMenu):
    """Built anew each time it opens, so that it always shows what holds."""

    quit_asked = Signal()

    def __init__(self, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller = controller
        self._built: list[QMenu | QActionGroup] = []
        self.aboutToShow.connect(self.rebuild)

    def rebuild(self) -> None:
        """Fill the menu with the settings in force, in the language in force."""
        self.clear()
        for old in self._built:
            old.deleteLater()
        self._built = []
        here = not self._controller.is_remote
        self._submenu(_("Interval"), "beat.interval_s", intervals(), self._ask_interval).setEnabled(here)
        self._submenu(_("Stutter from"), "thresholds.hiccup_ms", hiccups(), self._ask_hiccup).setEnabled(here)
        self._submenu(_("Rehearsal"), "beat.rehearsal", rehearsals())
        paused = self._controller.snapshot.state is EngineState.PAUSED
        pause = self._action(_("Resume the heartbeat") if paused else _("Pause the heartbeat"))
        pause.setEnabled(here)
        pause.triggered.connect(self._controller.toggle_pause)
        self.addSeparator()
        self._submenu(_("Theme"), "window.theme", themes())
        self._submenu(_("Language"), "window.language", languages())
        self._submenu(_("When the window is closed"), "window.close_button", close_choices())
        self.addSeparator()
        self._action(_("About AIOS Heartbeat")).triggered.connect(self._on_about)
        leave = self._action(_("Quit"))
        leave.setShortcut("Ctrl+Q")
        # The window holds the key itself; here it is only shown.
        leave.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        leave.triggered.connect(self.quit_asked)

    def _action(self, text: str) -> QAction:
        return self.addAction(text)

    def _submenu(
        self, title: str, name: str, choices: Iterable[Choice], ask: Callable[[], None] | None = None
    ) -> QMenu:
        menu = QMenu(title, self)
        group = QActionGroup(self)
        self._built += [menu, group]
        chosen = self._in_force(name)
        known = False
        for text, value in choices:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData((name, value))
            action.setChecked(value == chosen)
            known = known or value == chosen
            group.addAction(action)
        group.triggered.connect(self._on_chosen)
        if ask is not None:
            menu.addSeparator()
            other = menu.addAction(
                _("Other…") if known else _("Other ({value})…").format(value=shown(name, chosen))
            )
            other.setCheckable(True)
            other.setChecked(not known)
            other.triggered.connect(ask)
        self.addMenu(menu)
        return menu

    def _in_force(self, name: str) -> SettingValue:
        controller = self._controller
        if name == "beat.rehearsal" and controller.is_remote:
            return str(controller.snapshot.rehearsal.mode)
        value: SettingValue = controller.settings[name]
        return value

    def _on_chosen(self, action: QAction) -> None:
        name, value = action.data()
        if name == "beat.rehearsal":
            self._controller.set_rehearsal(RehearsalMode(value))
        else:
            self._controller.set_value(name, value)

    def _on_about(self) -> None:
        show_about(self._controller, self.parentWidget())

    def _ask_interval(self) -> None:
        self._ask(_("Interval"), _("Seconds between beats (0.02 to 3600):"), "beat.interval_s", 2)

    def _ask_hiccup(self) -> None:
        self._ask(
            _("Stutter from"),
            _("Milliseconds of lateness that count as a stutter:"),
            "thresholds.hiccup_ms",
            0,
        )

    def _ask(self, title: str, label: str, name: str, decimals: int) -> None:
        setting = BY_NAME[name]
        dialog = QInputDialog(self.parentWidget())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setInputMode(QInputDialog.InputMode.DoubleInput)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setDoubleDecimals(decimals)
        dialog.setDoubleRange(setting.minimum or 0.0, setting.maximum or 1e9)
        dialog.setDoubleValue(float(self._controller.settings[name]))
        dialog.doubleValueSelected.connect(lambda value: self._controller.set_value(name, value))
        dialog.open()


def shown(name: str, value: SettingValue) -> str:
    """A chosen interval or threshold as a duration."""
    return as_set(float(value) * (1e9 if name.endswith("_s") else 1e6))


def intervals() -> list[Choice]:
    """Intervals to choose from."""
    return [(shown("_s", seconds), seconds) for seconds in INTERVALS_S]


def hiccups() -> list[Choice]:
    """Thresholds of lateness to choose from."""
    return [(shown("_ms", ms), ms) for ms in HICCUPS_MS]


def rehearsals() -> list[Choice]:
    """When beats are rehearsed."""
    return [
        (_("Where the interval allows it"), "auto"),
        (_("Before every beat"), "on"),
        (_("Never"), "off"),
    ]


def themes() -> list[Choice]:
    """The themes."""
    return [(_("As the system"), "system"), (_("Light"), "light"), (_("Dark"), "dark")]


def languages() -> list[Choice]:
    """The languages, each named in itself."""
    return [(_("As the system"), "system"), ("English", "en"), ("简体中文", "zh_CN")]


def close_choices() -> list[Choice]:
    """What closing the window does."""
    return [(_("Ask"), "ask"), (_("Keep running in the tray"), "tray"), (_("Quit"), "quit")]

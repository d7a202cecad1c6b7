"""What concerns the program as a whole: pause, start at log-in, quit, forgetting everything; and the About box."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from aios_gui import __version__
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.system.releases import releases_page
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.row import ActionRow
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.card import set_text
from aios_gui.ui.widgets.icons import tinted
from aios_gui.ui.widgets.plain_tip import plain_tip


class ProgramRows(QObject):
    """``forget_asked`` comes where everything is to be removed; the user was not asked yet."""

    forget_asked = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.pause, self.quit, self.about = QPushButton(), QPushButton(), QPushButton()
        self.startup, self.forget = QPushButton(), QPushButton()
        self.forget.setProperty("look", "grave")
        self.pause_row, self._startup, self._about, self.forget_row = (
            ActionRow(self.pause),
            ActionRow(self.startup),
            ActionRow(self.about, self.quit),
            ActionRow(self.forget),
        )
        self.rows = [self._startup, self._about]
        self.pause.clicked.connect(self._on_pause)
        self.startup.clicked.connect(lambda: controller.raise_asked.emit("startup"))
        self.about.clicked.connect(lambda: show_about(controller, self._about.window()))
        self.quit.clicked.connect(controller.quit_asked)
        self.forget.clicked.connect(self.forget_asked)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.pause_row.set_text(
            _("Pause"), _("While it is paused nothing is measured or recorded."), N_("stop resume")
        )
        self._startup.set_text(
            _("Start at log-in"),
            _("The Startup panel sets it up, tests it and removes it."),
            N_("autostart boot login launch"),
        )
        self._about.set_text("AIOS Heartbeat", "", N_("version exit close update"))
        self.forget_row.set_text(
            _("Delete everything"),
            _("Delete the record, the settings, the log and the start at log-in, and quit."),
            N_("delete forget remove erase uninstall clear history privacy"),
        )
        self.startup.setText(_("Show"))
        self.startup.setAccessibleName(_("Startup"))
        self.about.setText(_("About"))
        self.about.setAccessibleName(_("About AIOS Heartbeat"))
        self.quit.setText(_("Quit"))
        self.forget.setText(_("Delete everything…"))
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be done now."""
        after = _("After quitting nothing is recorded until it is started again.")
        if self._controller.is_served:
            after = _("After quitting the background service goes on recording.")
        set_text(self._about.help, after)
        paused = self._controller.snapshot.state is EngineState.PAUSED
        text = _("Resume the heartbeat") if paused else _("Pause the heartbeat")
        if self.pause.text() != text:
            self.pause.setText(text)
        self.pause.setEnabled(not self._controller.is_remote)

    def _on_pause(self) -> None:
        self._controller.toggle_pause()
        self.refresh()


def about_text(controller: Controller) -> str:
    """What the box says, as plain text."""
    paths, page = controller.paths, releases_page()
    return "\n".join(
        (
            _("Shows when this machine stuttered, for how long, and why."),
            "",
            f"Python {platform.python_version()} · Qt {pyside_version} · {platform.system()}",
            _("Sampler: {name}").format(name=controller.snapshot.sampler or "–"),
            _("Record: {path}").format(path=paths.store),
            _("Settings: {path}").format(path=paths.settings),
            _("Log: {path}").format(path=paths.log),
            "",
            _("Updates: {page}").format(page=page)
            if page
            else _("Updates are published where you downloaded this."),
            _("AIOS Heartbeat never checks by itself."),
        )
    )


def show_about(controller: Controller, parent: QWidget | None) -> QMessageBox:
    """Open the box; it goes when it is closed."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_("About AIOS Heartbeat"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"AIOS Heartbeat {__version__}")
    box.setInformativeText(plain_tip(about_text(controller), 20_000))
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    box.addButton(QMessageBox.StandardButton.Close)
    page = releases_page()
    if page:
        opening = box.addButton(_("Open the releases page"), QMessageBox.ButtonRole.ActionRole)
        opening.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(page)))
    box.setIconPixmap(tinted("app", "#FFFFFF", 48, box.devicePixelRatioF()))
    box.open()
    return box

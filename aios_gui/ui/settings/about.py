"""The About box: version, what it stands on, and where the files lie."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from aios_gui import __version__
from aios_gui.system.releases import releases_page
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.icons import tinted


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
            _("Releases: {page}").format(page=page) if page else _("Newer ones are where you got this one."),
            _("The program never looks for them by itself."),
        )
    )


def show_about(controller: Controller, parent: QWidget | None) -> QMessageBox:
    """Open the box; it goes when it is closed."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_("About AIOS Heartbeat"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"AIOS Heartbeat {__version__}")
    box.setInformativeText(about_text(controller))
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

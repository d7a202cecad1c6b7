"""The question asked when the window is closed: stay in the tray, or quit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.widgets.icons import tinted


class CloseQuestion(QMessageBox):
    """``answered`` carries ``tray`` or ``quit``, and whether to remember it; nothing comes when it is cancelled."""

    answered = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("AIOS Heartbeat")
        self.setIconPixmap(tinted("app", "#FFFFFF", 40, self.devicePixelRatioF()))
        self.setText(_("Keep the heartbeat running in the tray?"))
        self.setInformativeText(
            _("In the tray it goes on recording. If you quit, nothing is recorded until you start it again.")
        )
        self.stay = self.addButton(_("Keep running in the tray"), QMessageBox.ButtonRole.AcceptRole)
        self.leave = self.addButton(_("Quit"), QMessageBox.ButtonRole.DestructiveRole)
        self.addButton(QMessageBox.StandardButton.Cancel)
        self.setDefaultButton(self.stay)
        self.remember = QCheckBox(_("Remember this"), self)
        self.remember.setChecked(True)
        self.setCheckBox(self.remember)
        self.buttonClicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        clicked = self.clickedButton()
        if clicked is self.stay:
            self.answered.emit("tray", self.remember.isChecked())
        elif clicked is self.leave:
            self.answered.emit("quit", self.remember.isChecked())

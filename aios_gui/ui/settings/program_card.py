"""What concerns the program as a whole: pause, quit, what it is, and forgetting everything."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from aios_gui.heartbeat.model.states import EngineState
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.about import show_about
from aios_gui.ui.settings.action_row import ActionRow
from aios_gui.ui.settings.file_card import hairline
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.card import Card


class ProgramCard(Card):
    """``forget_asked`` comes where everything is to be removed; nobody was asked yet."""

    forget_asked = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.pause, self.quit, self.about = QPushButton(), QPushButton(), QPushButton()
        self.forget = QPushButton()
        self.forget.setProperty("look", "grave")
        self.rows = [ActionRow(self.pause), ActionRow(self.about, self.quit), ActionRow(self.forget)]
        self.body.setSpacing(0)
        for number, row in enumerate(self.rows):
            if number:
                self.body.addWidget(hairline())
            self.body.addWidget(row)
        self.pause.clicked.connect(self._on_pause)
        self.about.clicked.connect(lambda: show_about(controller, self.window()))
        self.quit.clicked.connect(controller.quit_asked)
        self.forget.clicked.connect(self.forget_asked)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.say_title(_("Program"))
        self.rows[0].say(_("Heartbeat"), _("While it is paused nothing is measured or recorded."))
        self.rows[1].say("AIOS Heartbeat", _("After quitting nothing is recorded until it is started again."))
        self.rows[2].say(
            _("Forget everything"),
            _(
                "Remove the record, the settings, the log and the start at log-in for good, and end the program."
            ),
        )
        self.about.setText(_("About"))
        self.about.setAccessibleName(_("About AIOS Heartbeat"))
        self.quit.setText(_("Quit"))
        self.forget.setText(_("Forget everything…"))
        self.refresh()

    def refresh(self) -> None:
        """Offer what can be done now."""
        paused = self._controller.snapshot.state is EngineState.PAUSED
        text = _("Resume the heartbeat") if paused else _("Pause the heartbeat")
        if self.pause.text() != text:
            self.pause.setText(text)
        self.pause.setEnabled(not self._controller.is_remote)

    def filter(self, query: str) -> bool:
        """Show it if a search finds it; whether it does."""
        found = any(row.matches(query) for row in self.rows)
        self.setVisible(found)
        return found

    def _on_pause(self) -> None:
        self._controller.toggle_pause()
        self.refresh()

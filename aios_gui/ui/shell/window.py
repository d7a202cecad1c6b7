"""The window: rail, header, notices and the panel chosen. While it cannot be seen, nothing in it runs."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QCloseEvent, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.alerts.model.incident import Unseen
from aios_gui.instance.model.now import now_of
from aios_gui.ui.panel import Panel, PanelContext, PanelEntry, Place
from aios_gui.ui.panels import PANELS
from aios_gui.ui.shell import geometry
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notice_watch import NoticeWatch
from aios_gui.ui.shell.notices import NoticeBar
from aios_gui.ui.shell.rail import Rail
from aios_gui.ui.shell.shortcuts import Shortcuts, panel_keys
from aios_gui.ui.shell.status_bar import StatusBar
from aios_gui.ui.widgets.icons import application_icon

if TYPE_CHECKING:
    from aios_gui.ui.shell.score.dialog import HealthDialog

INCIDENTS = "incidents"
SETTINGS = "settings"
"""The key of the panel that a key of its own opens."""


class Window(QWidget):
    """Closing it only asks, by ``close_asked``; ``panel_ready`` tells that a panel is shown."""

    accessible_role = QAccessible.Role.Window
    close_asked = Signal()
    quit_asked = Signal()
    panel_ready = Signal(str)

    def __init__(
        self,
        controller: Controller,
        entries: tuple[PanelEntry, ...] = PANELS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._entries = {entry.key: entry for entry in entries}
        self._panels: dict[str, Panel] = {}
        self._key = ""
        self._place: Place | None = None
        self._live = False
        self._leaving = False
        self._health: HealthDialog | None = None
        self._noted_at = -1
        self.setWindowTitle("AIOS Heartbeat")
        self.setWindowIcon(application_icon())
        self.setMinimumSize(geometry.MINIMUM_SIZE)
        self.setAcceptDrops(True)
        self._build(entries)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.refresh)
        self._shortcuts = Shortcuts(
            self,
            {
                "keyboard.settings": lambda: self.open_panel(SETTINGS),
                "keyboard.pause": controller.toggle_pause,
                "keyboard.close": self.close_asked.emit,
                "keyboard.quit": self.quit_asked.emit,
            },
        )
        self._put_keys_in_force()
        controller.notice_raised.connect(self.notices.show_notice)
        controller.notice_over.connect(self.notices.drop)
        controller.source_changed.connect(self.refresh)
        controller.place_asked.connect(self.go_to)
        controller.language_changed.connect(self.retranslate)
        controller.settings_changed.connect(self._on_setting)
        controller.theme.changed.connect(self._on_theme)

    def _build(self, entries: tuple[PanelEntry, ...]) -> None:
        controller = self._controller
        self.rail = Rail(controller.theme, entries, self)
        self.status_bar = StatusBar(controller.theme, self)
        self.notices = NoticeBar(controller.theme, self)
        self._watch = NoticeWatch(controller, self.notices)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.status_bar)
        column.addWidget(self.notices)
        column.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addLayout(column, 1)
        self.rail.chosen.connect(self.open_panel)
        self.status_bar.health_asked.connect(self.show_health)
        self.status_bar.resume_asked.connect(controller.resume)

    def _put_keys_in_force(self) -> None:
        settings = self._controller.settings
        panels = [partial(self.open_panel, key) for key in self._entries]
        self._shortcuts.put_in_force(settings, panels)
        keys = [panel_keys(settings, number) for number in range(1, len(panels) + 1)]
        if SETTINGS in self._entries:
            keys[list(self._entries).index(SETTINGS)] = settings["keyboard.settings"]
        self.rail.show_keys(tuple(keys))

    # What is shown

    @property
    def panel(self) -> str:
        """The key of the panel chosen."""
        return self._key

    @property
    def is_live(self) -> bool:
        """Whether the window can be seen, and so its timers run."""
        return self._live

    @property
    def panels(self) -> dict[str, Panel]:
        """The panels built so far."""
        return self._panels

    def open_panel(self, key: str) -> None:
        """Choose a panel; an unknown one becomes the first. It is built when the window can be seen."""
        if key not in self._entries:
            key = next(iter(self._entries), "")
        if key == self._key:
            return
        if self._live:
            self._deactivate()
        self._key = key
        self.rail.choose(key)
        if self.focusWidget() is not None:
            # Else Qt gives the keyboard to whatever comes next, and a screen reader would not say which panel this is.
            self.rail.button(key).setFocus()
        if self._live:
            self._activate()

    def go_to(self, place: Place) -> None:
        """Open a panel at a place; while the window cannot be seen, as soon as it can."""
        self._place = place
        self.open_panel(place.panel)
        if self._live:
            self._arrive()

    def _arrive(self) -> None:
        panel = self._panels.get(self._key)
        if panel is None:
            return  # it is about to be made
        place, self._place = self._place, None
        if place is not None and place.panel == self._key:
            panel.go_to(place)

    def refresh(self) -> None:
        """Bring header and notices up to date, if they can be seen."""
        if self.is_live:
            snapshot, now_ns = self._controller.snapshot, time.time_ns()
            now = now_of(snapshot, now_ns, self._controller.throttle.reason)
            self.status_bar.show_snapshot(snapshot, now, now_ns)
            self.rail.show_badge(INCIDENTS, now.unseen, now.unseen_is_critical)
            self._note_seen(snapshot.unseen, snapshot.made)
            self._watch.look()

    def _note_seen(self, unseen: tuple[Unseen, ...], made: int) -> None:
        """What stands in the list of incidents while a person has the window in front of them is seen.

        Told once a beat: what fires again before this window has looked is unseen again, and looks the same.
        """
        if self._key == INCIDENTS and self.isActiveWindow() and unseen and made != self._noted_at:
            from aios_gui.instance.commands import NoteAllSeen

            self._controller.send(NoteAllSeen())
            self._noted_at = made

    def show_health(self) -> None:
        """Show what is behind the state: score, health, targets."""
        from aios_gui.ui.shell.score.dialog import HealthDialog  # few look at it, and none at the start

        if self._health is None:
            self._health = HealthDialog(self._controller, self)
        self._health.show()
        self._health.raise_()
        self._health.activateWindow()

    def import_file(self, file: Path) -> None:
        """Show what would be imported of a file, and ask."""
        from aios_gui.ui.shell.importing import ImportDialog  # few ever import

        ImportDialog(file, self).show()

    def retranslate(self) -> None:
        """The language has changed."""
        self.rail.retranslate()
        self.status_bar.retranslate()
        self.notices.retranslate()
        for panel in self._panels.values():
            panel.retranslate()
        self.refresh()

    def leave(self) -> None:
        """Close for good."""
        self._leaving = True
        self._set_live(False)
        for panel in self._panels.values():
            panel.close()
        if self._health is not None:
            self._health.close_down()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.close()

    # What Qt tells

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._set_live(not self.isMinimized())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from aios_gui.ui.shell.importing import dropped_file

        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from aios_gui.ui.shell.importing import dropped_file

        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.import_file(file)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_live(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._set_live(self.isVisible() and not self.isMinimized())

    def closeEvent(self, event: QCloseEvent) -> None:
        # Not spontaneous: it is the application that quits, as at log-off, and no question is to be asked.
        if self._leaving or not event.spontaneous():
            event.accept()
            return
        event.ignore()
        self.close_asked.emit()

    # Within

    def _set_live(self, live: bool) -> None:
        if live == self._live:
            return
        self._live = live
        if live:
            self._timer.start(self._period_ms())
            self.refresh()
            # The window is painted first; the panel brings the plotting library, which takes a while.
            QTimer.singleShot(0, self, self._activate)
        else:
            self._timer.stop()
            self._deactivate()

    def _activate(self) -> None:
        if not self._live:
            return
        if not self._key:
            self.open_panel("")
            return
        panel = self._panels.get(self._key)
        if panel is None:
            panel = self._make_panel(self._entries[self._key])
        self._stack.setCurrentWidget(panel)
        panel.activate()
        self._arrive()
        self.panel_ready.emit(self._key)

    def _make_panel(self, entry: PanelEntry) -> Panel:
        controller = self._controller
        context = PanelContext(
            controller.feed,
            controller.open_history,
            controller.theme,
            lambda: controller.settings,
            controller,
        )
        panel = entry.make(context)
        self._panels[entry.key] = panel
        self._stack.addWidget(panel)
        return panel

    def _deactivate(self) -> None:
        panel = self._panels.get(self._key)
        if panel is not None:
            panel.deactivate()

    def _period_ms(self) -> int:
        return round(1000 / self._controller.throttle.refresh_hz)

    def _on_setting(self, name: str) -> None:
        if name == "window.refresh_hz" and self._live:
            self._timer.start(self._period_ms())
            self.refresh()
        elif name.startswith("keyboard."):
            self._put_keys_in_force()

    def _on_theme(self) -> None:
        for part in (self.rail, self.status_bar, self.notices):
            for child in part.findChildren(QWidget):
                child.update()

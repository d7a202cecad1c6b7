"""What stands behind the state in the header: the score, the health and the targets, as they are now."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.instance.model.now import now_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.now_words import headline, second_line
from aios_gui.instance.target_facts import last_speedups, private_bytes, running_facts
from aios_gui.selfcheck.targets.model import failing, judge_all
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.pool import WorkerPool
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.score.score_card import ScoreCard
from aios_gui.ui.shell.score.targets_card import TargetsCard
from aios_gui.ui.theme import STRONG, M, S, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_SIZE = QSize(820, 720)
_APART_PX = 40
_LOOK_MS = 1_000
_READ_EVERY = 10
"""Looks; what is not in the snapshot changes slowly."""


@dataclass(frozen=True, slots=True)
class Read:
    """Memory that the process does not share, and the speed-ups of the last benchmark."""

    private_bytes: int | None = None
    speedups: Mapping[str, float | None] = field(default_factory=dict)


class FactsReader(QObject):
    """``done`` brings a ``Read``."""

    done = Signal(object)

    def __init__(self, open_record: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_record = open_record
        self._pool = WorkerPool()
        self._closed = False

    def ask(self, pid: int) -> None:
        """Read about the process ``pid``, and the record."""
        if not self._closed and not self._pool.activeThreadCount():
            self._pool.start(lambda: self._read(pid))

    def close(self) -> None:
        """End what runs; nothing is answered any more."""
        self._closed = True
        self._pool.finish()

    def _read(self, pid: int) -> None:
        speedups: Mapping[str, float | None] = {}
        try:
            with self._open_record() as reader:
                speedups = last_speedups(reader)
        except Exception:  # noqa: BLE001, S110 - the record is told of elsewhere, and these targets are not known then
            pass
        read = Read(private_bytes(pid) if pid else None, speedups)
        if not self._closed:
            self.done.emit(read)


class HealthDialog(QDialog):
    """Follows the heartbeat while it is shown. One is enough; it is shown again when asked for again."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._snapshot: Snapshot | None = None
        self._read = Read()
        self._looks = 0
        self.heading = PlainLabel()
        self.heading.setWordWrap(True)
        self.below = muted_label()
        self.score = ScoreCard(controller.theme)
        self.targets = TargetsCard(controller.theme)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self._reader = FactsReader(controller.open_record, self)
        self._reader.done.connect(self._on_read)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(M, M, M, M)
        column.setSpacing(S + 2)
        column.addWidget(self.heading)
        column.addWidget(self.below)
        column.addWidget(self.score)
        column.addWidget(self.targets, 1)
        column.addWidget(self.buttons)
        controller.language_changed.connect(self.retranslate)
        controller.theme.changed.connect(self._dress)
        self.retranslate()
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - QSize(_APART_PX, _APART_PX)))

    def retranslate(self) -> None:
        """The language has changed."""
        self.setWindowTitle(_("Health and targets"))
        self.heading.setFont(font(STRONG, strong=True))
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(_("Close"))
        self.score.retranslate()
        self.targets.retranslate()
        self._snapshot = None
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Show the latest picture; nothing is touched where it is the one shown."""
        snapshot = self._controller.snapshot
        if self._looks % _READ_EVERY == 0:
            self._reader.ask(snapshot.pid)
        self._looks += 1
        if snapshot is self._snapshot:
            return
        self._snapshot = snapshot
        shown_as = LaunchMode.HEADLESS if self._controller.is_remote else LaunchMode.WINDOW
        facts = running_facts(snapshot, shown_as, self._read.private_bytes, self._read.speedups)
        results = judge_all(facts)
        self.score.show_snapshot(snapshot, len(failing(results)))
        self.targets.show_results(results)
        self._say(snapshot)

    def _say(self, snapshot: Snapshot) -> None:
        now_ns = time.time_ns()
        now = now_of(snapshot, now_ns)
        set_text(self.heading, headline(now, snapshot, now_ns))
        set_text(self.below, second_line(now, snapshot, now_ns))

    def close_down(self) -> None:
        """The window closes for good."""
        self._timer.stop()
        self._reader.close()
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looks = 0
        self.look()
        self._timer.start(_LOOK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _on_read(self, read: Read) -> None:
        self._read = read
        self._snapshot = None
        if self.isVisible():
            self.look()

    def _dress(self) -> None:
        for child in self.findChildren(QWidget):
            child.update()


log = logging.getLogger(__name__)

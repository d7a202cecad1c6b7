"""What rules may do only once a person has confirmed it: what waits in the window, and the question that shows it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.rules import Rule
from aios_gui.alerts.model.trust import Power, powers, waiting
from aios_gui.alerts.words.trust import power_sentence, waiting_sentence
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.theme import STRONG, TEXT, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel

log = logging.getLogger(__name__)
_WAITS, _FAILED = "confirm", "confirm-failed"
_NOT_KEPT = N_("What you confirmed could not be kept ({reason}), so it still waits.")


class ConfirmingStore(QObject):
    """Lives on the GUI's thread; reads and writes on another. ``changed``: other things may be done from now on."""

    changed = Signal()
    asked = Signal()
    """The person wants to see what waits."""
    notice_raised = Signal(object)
    over = Signal(str)
    _written = Signal(object)

    def __init__(
        self,
        confirmations: Confirmations,
        rules: Callable[[], tuple[Rule, ...]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = confirmations
        self._rules = rules
        self._announced = 0
        self._file.read()
        self._writer: BoundedQueueThread[tuple[str, ...]] = BoundedQueueThread("confirm", self._write, 64)
        self._written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)

    @property
    def waiting(self) -> tuple[Power, ...]:
        """What rules would do, were it confirmed."""
        return waiting(self._rules(), self._file.fingerprints)

    def confirm(self, texts: Iterable[str]) -> None:
        """Let rules do this, as it stands in the settings, for good."""
        wanted = tuple(texts)
        if wanted:
            self._writer.put(wanted)

    def confirm_new(self, rule: Rule, before: tuple[Power, ...]) -> None:
        """Confirm what a person wrote into a rule and saved, but nothing that waited ``before``."""
        waited = {each.text for each in before}
        self.confirm(each.text for each in powers((rule,)) if each.text not in waited)

    def look(self) -> None:
        """Take over soon what another program has confirmed, once it was read on another thread."""
        if self._writer.is_idle:
            self._writer.put(())
        self.announce()

    def announce(self) -> None:
        """Raise a notice where something waits, and take it back where nothing does."""
        held = self.waiting
        if len(held) == self._announced:
            return
        self._announced = len(held)
        self.over.emit(_WAITS)
        if held:
            self.notice_raised.emit(
                Notice(
                    _WAITS,
                    Severity.WARNING,
                    lambda: _("{sentence}.").format(sentence=waiting_sentence(held)),
                    lambda: _("Look…"),
                    self.asked.emit,
                )
            )

    def close(self, patience_s: float) -> None:
        """Wait for what is being written, at most this long."""
        self._writer.finish(patience_s)

    def _write(self, batch: list[tuple[str, ...]]) -> None:
        reason: str | None = ""
        texts = [text for texts in batch for text in texts]
        if not texts and not self._file.has_changed():
            return
        try:
            if texts:
                self._file.add(texts)
            else:
                self._file.read()
                reason = None
        except OSError as error:
            log.exception("what was confirmed cannot be kept")
            reason = error.strerror or str(error)
        with contextlib.suppress(RuntimeError):  # the window has gone in the meantime
            self._written.emit(reason)

    def _on_written(self, reason: str | None) -> None:
        """``reason``: why it could not be kept, "" where it was; None where it was only read."""
        if reason is not None:
            self.over.emit(_FAILED)
        if reason:
            self.notice_raised.emit(
                Notice(_FAILED, Severity.CRITICAL, lambda: _(_NOT_KEPT).format(reason=plain(reason)))
            )
            return
        self.changed.emit()
        self.announce()


class ConfirmQuestion(QDialog):
    """Shows the whole text of everything that waits; only what is ticked is confirmed, by ``store``."""

    def __init__(self, store: ConfirmingStore, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._store = store
        self.setWindowTitle(_("Confirm what rules may do"))
        head = PlainLabel(_("The settings hold rules that would do this. Tick only what you know and want:"))
        head.setFont(font(STRONG, strong=True))
        head.setWordWrap(True)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setFont(font(TEXT))
        self.list.setAccessibleName(head.text())
        for power in store.waiting:
            item = QListWidgetItem(power_sentence(power))
            item.setFlags(
                Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, power.text)
            self.list.addItem(item)
        rest = PlainLabel(_("What is not ticked stays in the settings and is not done."))
        rest.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.confirm = QPushButton(_("Confirm what is ticked"))
        self.confirm.setAutoDefault(False)
        self.confirm.setEnabled(False)
        buttons.addButton(self.confirm, QDialogButtonBox.ButtonRole.AcceptRole)
        self.later = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self.list.itemChanged.connect(lambda _item: self.confirm.setEnabled(bool(self._ticked())))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(M + S, M + S, M + S, M + S)
        layout.setSpacing(M)
        for widget in (head, self.list, rest, buttons):
            layout.addWidget(widget)
        self.resize(620, 380)

    def _ticked(self) -> list[str]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            str(each.data(Qt.ItemDataRole.UserRole))
            for each in items
            if each.checkState() is Qt.CheckState.Checked
        ]

    def _on_accepted(self) -> None:
        self._store.confirm(self._ticked())
        self.accept()

"""The settings of the window: in force at once, saved apart from the GUI, and the file watched for changes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.settings.file import ProblemKind, SettingsError, SettingsFile, SettingsProblem
from aios_gui.settings.model import Settings
from aios_gui.settings.transfer import export_settings
from aios_gui.settings.watch import SettingsWatch, TakenOver
from aios_gui.settings.words import kept_sentence, problem_sentence, title, value_text, with_remedy
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.shell.notices import Notice

log = logging.getLogger(__name__)
PATIENCE_S = 3.0
"""How long the end of the program waits for what is being saved."""
LATE_MS = 5_000
"""What is not saved after this long is told of."""
_SAVED, _OUTSIDE = "settings", "settings-outside"
_MOST_LISTED = 6
_LATE = N_("The settings are in force but not saved yet: the disk does not answer.")
_MOVED = N_("The settings file could not be understood; it was kept as {name} and a new one written.")


@dataclass(frozen=True, slots=True)
class _Change:
    """Settings in force, and the number of the change that brought them; undone and redone, they are the same ones."""

    number: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How saving ``change`` went: the file's identity afterwards, where a damaged one went, what went wrong."""

    change: _Change
    identity: tuple[int, ...] | None
    moved: Path | None = None
    problem: SettingsProblem | None = None


class SettingsStore(QObject):
    """Lives on the GUI's thread; reads and writes on others: the latest settings win, and no call waits for the disk.

    ``changed`` brings the names of all settings and tables that changed together; ``saved`` comes when what is in
    force stands in the file; ``exported`` brings a target and the OSError, None where it was written.
    """

    changed = Signal(object)
    saved = Signal()
    exported = Signal(object, object)
    lock_changed = Signal()
    notice_raised = Signal(object)
    over = Signal(str)
    _written = Signal(object)
    _looked = Signal(int, object)

    def __init__(
        self,
        file: SettingsFile,
        settings: Settings,
        problems: tuple[SettingsProblem, ...] = (),
        parent: QObject | None = None,
        late_ms: int = LATE_MS,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._settings = self._in_file = settings
        self._watch = SettingsWatch(file)
        self._locked = _newer(problems)
        self._faults = 0
        self._writer: BoundedQueueThread[_Change] = BoundedQueueThread("settings", self._write, 1)
        self._exporter: BoundedQueueThread[tuple[Settings, Path]] = BoundedQueueThread(
            "settings export", self._export, 8
        )
        self._looker: BoundedQueueThread[_Change] = BoundedQueueThread("settings look", self._look, 1)
        self.is_looking = False
        """Whether the file is being looked at: on a disk that does not answer, for as long as that lasts."""
        self._looked.connect(self._on_looked, Qt.ConnectionType.QueuedConnection)
        self._number = 0
        self._waiting: _Change | None = None
        """What was handed to the writer and not answered yet."""
        self._outcome: _Outcome | None = None
        self._written.connect(self._on_written, Qt.ConnectionType.QueuedConnection)
        self._late = QTimer(self, singleShot=True, interval=late_ms)
        self._late.timeout.connect(self._on_late)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def is_saving(self) -> bool:
        """Whether a change is on its way to the file."""
        return self._waiting is not None

    @property
    def locked(self) -> SettingsProblem | None:
        """Why the settings cannot be changed: a newer program wrote the file. None as a rule."""
        return self._locked

    def change(self, settings: Settings) -> None:
        """Put other settings in force, and let them be saved."""
        names = self._swap(settings)
        if names:
            self.over.emit(_SAVED)
            self._waiting = _Change(self._number, settings)
            self._writer.put(self._waiting)
            self._late.start()
            self.changed.emit(names)

    def export(self, target: Path) -> None:
        """Let the settings in force be written to another file; ``exported`` tells how it went."""
        self._exporter.put((self._settings, target))

    def look(self) -> None:
        """Take over soon what another program wrote into the file, once it was read on another thread.

        While a change is on its way, what the file says is about to be replaced.
        """
        if not self.is_saving and not self.is_looking:
            # Where there is no thread for it, the next look asks again.
            self.is_looking = self._looker.put(_Change(self._number, self._settings))

    def look_again(self) -> None:
        """As ``look``, where another program says that there is something new."""
        self._watch.forget()
        self.look()

    def close(self, patience_s: float = PATIENCE_S) -> tuple[str, ...]:
        """Wait for what is being saved, at most this long. The names of what is in force and not in the file."""
        self._late.stop()
        self._writer.finish(patience_s)
        self._exporter.finish(0 if self._writer.is_idle else patience_s)
        self._looker.finish(0)
        if self._outcome is not None:
            self._on_written(self._outcome)
        unsaved = _differing(self._settings, self._in_file)
        if unsaved:
            log.error("the settings could not be saved before the end: %s", ", ".join(unsaved))
        return unsaved

    # On threads of their own

    def _look(self, batch: list[_Change]) -> None:
        seen, taken = batch[-1], None
        try:
            if self._watch.has_changed():
                taken = self._watch.take_over(seen.settings)
        finally:
            with contextlib.suppress(RuntimeError):  # the window has gone in the meantime
                self._looked.emit(seen.number, taken)

    def _write(self, batch: list[_Change]) -> None:
        change = batch[-1]
        moved = problem = None
        try:
            moved = self._file.save(change.settings)
        except SettingsError as error:
            problem = error.problem
        except Exception as error:
            log.exception("cannot save the settings")
            problem = SettingsProblem(ProblemKind.UNREADABLE, self._file.path, found=repr(error))
        self._outcome = _Outcome(change, self._file.identity(), moved, problem)
        with contextlib.suppress(RuntimeError):  # the window has gone in the meantime
            self._written.emit(self._outcome)

    def _export(self, batch: list[tuple[Settings, Path]]) -> None:
        for settings, target in batch:
            failure = None
            try:
                export_settings(settings, target)
            except OSError as error:
                failure = error
            with contextlib.suppress(RuntimeError):
                self.exported.emit(target, failure)

    # On the GUI's thread

    def _on_looked(self, number: int, taken: TakenOver | None) -> None:
        self.is_looking = False
        if taken is None:
            return
        if self.is_saving or number != self._number:
            self._watch.forget()  # changed here meanwhile: what the file says is looked at again
        else:
            self._take_over(taken)

    def _on_written(self, outcome: _Outcome) -> None:
        if outcome.change is not self._waiting:
            return  # a later change is on its way, or this was told already
        self._waiting = None
        self._late.stop()
        self.over.emit(_SAVED)
        if outcome.problem is not None:
            self.notice_raised.emit(settings_notice(_SAVED, outcome.problem))
            return
        self._in_file = outcome.change.settings
        self._watch.remember(outcome.identity)
        self._forget_faults()
        moved = outcome.moved
        if moved is not None:
            self._raise_notice(_SAVED, Severity.WARNING, lambda: _(_MOVED).format(name=plain(moved.name)))
        self.saved.emit()

    def _on_late(self) -> None:
        self._raise_notice(_SAVED, Severity.WARNING, lambda: _(_LATE))

    def _swap(self, settings: Settings) -> tuple[str, ...]:
        before, self._settings = self._settings, settings
        self._number += 1
        return _differing(settings, before)

    def _take_over(self, taken: TakenOver) -> None:
        self._forget_faults()
        locked, self._locked = self._locked, _newer(taken.problems)
        names = self._swap(taken.settings)
        self._in_file = taken.settings
        for number, problem in enumerate(taken.problems[:_MOST_LISTED]):
            self._faults = number + 1
            key = f"{_OUTSIDE}-{number}"
            self._raise_notice(key, Severity.WARNING, partial(_kept, problem))
        self.over.emit(_OUTSIDE)
        if names:
            settings = taken.settings
            self._raise_notice(_OUTSIDE, Severity.OK, lambda: _outside_sentence(names, settings))
            self.changed.emit(names)
            self.saved.emit()
        if locked != self._locked:
            self.lock_changed.emit()

    def _forget_faults(self) -> None:
        for number in range(self._faults):
            self.over.emit(f"{_OUTSIDE}-{number}")
        self._faults = 0

    def _raise_notice(self, key: str, level: Severity, text: Callable[[], str]) -> None:
        self.notice_raised.emit(Notice(key, level, text))


def _differing(settings: Settings, before: Settings) -> tuple[str, ...]:
    """The names of what differs, tables last."""
    declared = settings.declared
    names = [each.name for each in declared if settings[each.name] != before[each.name]]
    tables = [each.name for each in declared.tables if settings.table(each.name) != before.table(each.name)]
    return (*names, *tables)


def _newer(problems: tuple[SettingsProblem, ...]) -> SettingsProblem | None:
    return next((each for each in problems if each.kind is ProblemKind.NEWER_VERSION), None)


def _kept(problem: SettingsProblem) -> str:
    return with_remedy(kept_sentence(problem), problem)


def _outside_sentence(names: tuple[str, ...], settings: Settings) -> str:
    by_name = settings.declared.by_name
    declared = [by_name[name] for name in names if name in by_name]
    listed = [f"{title(each)} {value_text(each, settings[each.name])}" for each in declared[:_MOST_LISTED]]
    if len(declared) > _MOST_LISTED or not declared:
        listed.append("…")
    return _("The settings file was changed outside this window. In force now: {list}").format(
        list=_(", ").join(listed)
    )


def settings_notice(key: str, problem: SettingsProblem) -> Notice:
    """What is wrong with the settings file and what to do, as a notice."""
    return Notice(key, Severity.WARNING, lambda: with_remedy(problem_sentence(problem), problem))

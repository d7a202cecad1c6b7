"""Holds the settings of the window: changed at once and saved, and taken over where another program wrote the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial

from PySide6.QtCore import QObject, Signal

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.settings.file import ProblemKind, SettingsError, SettingsFile, SettingsProblem
from aios_gui.settings.model import BY_NAME, DECLARED, Settings
from aios_gui.settings.table import title, value_text
from aios_gui.settings.watch import SettingsWatch, TakenOver
from aios_gui.settings.words import kept_sentence, problem_sentence, with_remedy
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.shell.notices import Notice

OTHERS = "…"
"""Stands for what belongs to the settings without being declared as one of them."""
_SAVED, _OUTSIDE = "settings", "settings-outside"
_MOST_LISTED = 6


class SettingsStore(QObject):
    """Lives on the GUI's thread. ``changed`` brings the names of all settings that changed together."""

    changed = Signal(object)
    lock_changed = Signal()
    notice_raised = Signal(object)
    over = Signal(str)

    def __init__(
        self,
        file: SettingsFile,
        settings: Settings,
        problems: tuple[SettingsProblem, ...] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._settings = settings
        self._watch = SettingsWatch(file)
        self._locked = _newer(problems)
        self._faults = 0

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def locked(self) -> SettingsProblem | None:
        """Why the settings cannot be changed: a newer program wrote the file. None as a rule."""
        return self._locked

    def change(self, settings: Settings) -> None:
        """Put other settings in force and save them."""
        names = self._swap(settings)
        if names:
            self._save()
            self.changed.emit(names)

    def look(self) -> None:
        """Take over what somebody else wrote into the file; costs next to nothing where nobody did."""
        if self._watch.has_changed():
            self._take_over(self._watch.take_over(self._settings))

    def look_anew(self) -> None:
        """As ``look``, where somebody says that there is something new."""
        self._watch.forget()
        self.look()

    # Within

    def _swap(self, settings: Settings) -> tuple[str, ...]:
        before, self._settings = self._settings, settings
        names = [each.name for each in DECLARED if settings[each.name] != before[each.name]]
        rest = (each.name for each in fields(Settings) if each.name != "changed")
        if any(getattr(settings, name) != getattr(before, name) for name in rest):
            names.append(OTHERS)
        return tuple(names)

    def _save(self) -> None:
        self.over.emit(_SAVED)
        try:
            moved = self._file.save(self._settings)
        except SettingsError as error:
            self.notice_raised.emit(settings_notice(_SAVED, error.problem))
            return
        self._watch.remember()
        self._forget_faults()
        if moved is not None:
            text = _(
                "The settings file could not be understood; it was kept as {name} and a new one written."
            )
            self._raise_notice(_SAVED, Severity.WARNING, lambda: text.format(name=plain(moved.name)))

    def _take_over(self, taken: TakenOver) -> None:
        self._forget_faults()
        locked, self._locked = self._locked, _newer(taken.problems)
        names = self._swap(taken.settings)
        for number, problem in enumerate(taken.problems[:_MOST_LISTED]):
            self._faults = number + 1
            key = f"{_OUTSIDE}-{number}"
            self._raise_notice(key, Severity.WARNING, partial(_kept, problem))
        self.over.emit(_OUTSIDE)
        if names:
            settings = taken.settings
            self._raise_notice(_OUTSIDE, Severity.OK, lambda: _outside_sentence(names, settings))
            self.changed.emit(names)
        if locked != self._locked:
            self.lock_changed.emit()

    def _forget_faults(self) -> None:
        for number in range(self._faults):
            self.over.emit(f"{_OUTSIDE}-{number}")
        self._faults = 0

    def _raise_notice(self, key: str, level: Severity, text: Callable[[], str]) -> None:
        self.notice_raised.emit(Notice(key, level, text))


def _newer(problems: tuple[SettingsProblem, ...]) -> SettingsProblem | None:
    return next((each for each in problems if each.kind is ProblemKind.NEWER_VERSION), None)


def _kept(problem: SettingsProblem) -> str:
    return with_remedy(kept_sentence(problem), problem)


def _outside_sentence(names: tuple[str, ...], settings: Settings) -> str:
    declared = [BY_NAME[name] for name in names if name in BY_NAME]
    listed = [f"{title(each)} {value_text(each, settings[each.name])}" for each in declared[:_MOST_LISTED]]
    if len(declared) > _MOST_LISTED or not declared:
        listed.append("…")
    return _("The settings file was changed outside this window. In force now: {list}").format(
        list=", ".join(listed)
    )


def settings_notice(key: str, problem: SettingsProblem) -> Notice:
    """What is wrong with the settings file and what to do, as a notice."""
    return Notice(key, Severity.WARNING, lambda: with_remedy(problem_sentence(problem), problem))

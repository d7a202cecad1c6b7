"""Notices that another program changed the settings file, and takes over what is valid in it."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.settings.file import ProblemKind, SettingsFile, SettingsProblem
from aios_gui.settings.model import Setting, Settings, Table

WHOLE_FILE = frozenset((ProblemKind.UNREADABLE, ProblemKind.DAMAGED, ProblemKind.NEWER_VERSION))
"""Problems for which nothing in the file counts."""
_MISSED_BEFORE_GONE = 2


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The settings to go on with, and what was wrong with the file."""

    settings: Settings
    problems: tuple[SettingsProblem, ...]

    @property
    def refused(self) -> bool:
        """Whether the file as a whole could not be used, so that the settings are as before."""
        return any(problem.kind in WHOLE_FILE for problem in self.problems)


class SettingsWatch:
    """Looks at the file's identity. Used from one thread, except for ``forget`` and ``remember``."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file
        self._seen = file.identity()
        self._missed = 0
        self._is_unread = False
        """The file could not be read, as while another program holds it; once it can be, that counts as a change."""

    def remember(self, identity: tuple[int, ...] | None) -> None:
        """A file of this identity is known, as after saving it oneself."""
        self._seen = identity
        self._missed = 0

    def forget(self) -> None:
        """Look at the file again, even if it is the same; from any thread."""
        self._seen = (-1, -1, -1)

    def has_changed(self) -> bool:
        """Whether the file was changed, removed or made readable since; asked again, it says no.

        Editors replace a file in two steps, so one that is missing counts as removed only the second time.
        """
        found = self._file.identity()
        if found == self._seen and not (self._is_unread and self._file.is_readable):
            self._missed = 0
            return False
        if found is None and self._missed + 1 < _MISSED_BEFORE_GONE:
            self._missed += 1
            return False
        self._seen, self._missed, self._is_unread = found, 0, False
        return True

    def take_over(self, current: Settings) -> TakenOver:
        """What the file says now; where a line of it is wrong, or all of it, what was in force stays."""
        loaded = self._file.load(set_aside=False)
        self._is_unread = any(each.kind is ProblemKind.UNREADABLE for each in loaded.problems)
        taken = TakenOver(current, loaded.problems)
        if taken.refused:
            return taken
        settings = loaded.settings
        for problem in loaded.problems:
            if isinstance(problem.declared, Setting):
                settings = settings.with_value(problem.key, current[problem.key])
            elif isinstance(problem.declared, Table):
                settings = settings.with_table(problem.declared.name, current.table(problem.declared.name))
        return TakenOver(settings, loaded.problems)

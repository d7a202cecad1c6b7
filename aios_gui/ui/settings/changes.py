"""The changes of the settings, to be undone and redone."""

from __future__ import annotations

from aios_gui.settings.model import Settings

MOST = 100


class Changes:
    """Follows the settings in force, whoever changes them; 100 changes are remembered."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings
        self._before: list[Settings] = []
        self._after: list[Settings] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to redo."""
        return bool(self._after)

    def note(self, settings: Settings) -> None:
        """The settings in force are these now; the same again is no change."""
        if settings == self._now:
            return
        self._before.append(self._now)
        del self._before[:-MOST]
        self._after.clear()
        self._now = settings

    def undo(self) -> Settings | None:
        """What was in force before the last change, to be put in force again; None where there was none."""
        return self._go(self._before, self._after)

    def redo(self) -> Settings | None:
        """What was undone last, to be put in force again; None where nothing was."""
        return self._go(self._after, self._before)

    def _go(self, source: list[Settings], other: list[Settings]) -> Settings | None:
        if not source:
            return None
        other.append(self._now)
        self._now = source.pop()
        return self._now

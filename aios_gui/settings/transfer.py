"""Settings out to a file and in from one: all of it, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

from aios_gui.settings.file import ProblemKind, SettingsFile, SettingsProblem
from aios_gui.settings.model import Declarations, Settings
from aios_gui.settings.text import compose
from aios_gui.system.atomic_file import write_whole


class ImportRefused(Exception):
    """A file cannot be used; ``problems`` tells each fault in it."""

    def __init__(self, problems: tuple[SettingsProblem, ...]) -> None:
        super().__init__("; ".join(f"{each.kind}: {each.found}" for each in problems))
        self.problems = problems


def export_settings(settings: Settings, target: Path) -> None:
    """Write all settings to ``target``, whole or not at all; OSError where it cannot be written."""
    write_whole(target, lambda stream: stream.write(compose(settings, {})))


def import_settings(source: Path, declared: Declarations) -> Settings:
    """The settings in ``source``; ImportRefused where anything in it is wrong. The file is not touched."""
    if not source.exists():
        missing = SettingsProblem(ProblemKind.UNREADABLE, source, found=os.strerror(2))
        raise ImportRefused((missing,))
    loaded = SettingsFile(source, declared).load(set_aside=False)
    if loaded.problems:
        raise ImportRefused(loaded.problems)
    return loaded.settings

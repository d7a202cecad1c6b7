"""Where the measured processes live: a home of their own, an environment as a user has it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from aios_gui.alerts.model.rules import Rule
from aios_gui.alerts.settings import with_rules
from aios_gui.instance.settings import settings_file
from aios_gui.system.paths import Paths, find_paths
from tests.defaults import DEFAULTS

ROOT = Path(__file__).resolve().parents[2]
MODULE = [sys.executable, "-m", "aios_gui"]
# A person's Python keeps compiled modules; without them every start would compile the whole program.
_NOT_FOR_CHILDREN = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "XDG_RUNTIME_DIR",
    "AIOS_HOME",
    "LANGUAGE",
)


def command_line() -> list[str]:
    """The command as installed, else the module."""
    installed = Path(sys.executable).with_name("aios-heartbeat")
    return [str(installed)] if installed.exists() else MODULE


class Home:
    """A temporary folder that a measured process takes for all of the user's files."""

    def __init__(
        self, settings: Mapping[str, object] | None = None, rules: tuple[Rule, ...] | None = None
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aios-bench-"))
        chosen = DEFAULTS
        for name, value in (settings or {}).items():
            chosen = chosen.with_value(name, value)
        if rules is not None:
            chosen = with_rules(chosen, rules)
        if chosen != DEFAULTS:
            settings_file(self.paths).save(chosen)

    @property
    def paths(self) -> Paths:
        """The files in it."""
        return find_paths({"AIOS_HOME": str(self.folder)})

    def environ(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a process that lives here."""
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_CHILDREN}
        return {
            **kept,
            "AIOS_HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            **(more or {}),
        }

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

"""Takes out of a text what says who the user is, where the files lie, and what looks like a secret."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.command_lines import BLANK, line_without_secrets
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths

_SECRET_NAME = re.compile(r"pass|pwd|secret|token|credential|auth|cookie|key", re.IGNORECASE)
_FOLDERS = ("PWD", "OLDPWD")
_SHORTEST_SECRET = 6
"""What is shorter may be a word, as true."""
_RUN = f"{ActionKind.RUN}:"


class Blanks:
    """What is put in place of what; without any, a text stays as it is but for what has the form of a secret."""

    def __init__(self, texts: Mapping[str, str], names: Mapping[str, str]) -> None:
        """``texts`` are replaced wherever they stand, ``names`` where they are a word of their own."""
        known = {text: instead for text, instead in texts.items() if text}
        longest_first = sorted(known, key=len, reverse=True)
        parts = [re.escape(each) for each in longest_first]
        parts += [rf"(?<![\w]){re.escape(each)}(?![\w])" for each in names if each]
        self._instead = {each.casefold(): instead for each, instead in {**names, **known}.items()}
        self._known = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    def text(self, text: str) -> str:
        """A text of any number of lines, blanked."""
        if self._known is not None:
            text = self._known.sub(lambda found: self._instead.get(found.group().casefold(), BLANK), text)
        return "\n".join(line_without_secrets(line) for line in text.split("\n"))

    def facts(self, value: Any) -> Any:
        """The same for every text within lists and objects."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.facts(each) for name, each in value.items()}
        return [self.facts(each) for each in value] if isinstance(value, list | tuple) else value


def blanks_of(paths: Paths, settings: Settings, environ: Mapping[str, str] = os.environ) -> Blanks:
    """For this user, this machine, these folders, the commands of these rules and the secrets of the environment."""
    folders = {
        paths.runtime: "<runtime>",
        paths.record_folder: "<record>",
        paths.data: "<data>",
        paths.config: "<settings>",
        paths.logs: "<log>",
        Path.home(): "~",
    }
    texts = {str(form): name for folder, name in folders.items() for form in {folder, folder.resolve()}}
    texts.pop("/", None)
    texts |= dict.fromkeys(commands_of(settings), BLANK)
    texts |= {
        value: BLANK
        for name, value in environ.items()
        if _SECRET_NAME.search(name) and name not in _FOLDERS and len(value) >= _SHORTEST_SECRET
    }
    host = socket.gethostname()
    return Blanks(
        texts, {**dict.fromkeys(_users(environ), "<user>"), host: "<host>", host.split(".")[0]: "<host>"}
    )


def _users(environ: Mapping[str, str]) -> Iterable[str]:
    found = {environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER")} | {
        Path.home().name
    }
    try:
        return found | {getpass.getuser()}
    except (OSError, KeyError, ImportError):  # a number without a name
        return found


def commands_of(settings: Settings) -> list[str]:
    """What rules run."""
    actions = [action for rule in rules_of(settings) for action in rule.actions]
    return [action[len(_RUN) :].strip() for action in actions if action.startswith(_RUN)]


def without_commands(settings: Settings) -> Settings:
    """The settings with nothing told of what rules run."""
    rules = tuple(
        replace(rule, actions=tuple(_RUN + BLANK if each.startswith(_RUN) else each for each in rule.actions))
        for rule in rules_of(settings)
    )
    return with_rules(settings, rules)

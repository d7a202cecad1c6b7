"""What the commands share: exit statuses, errors in a sentence, arguments checked as they are read."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from aios_gui.core.settings import Settings
    from aios_gui.services.paths import Paths

FINE = 0
ALERT = 1
FAILURE = 2
PROGRAM = "aios-heartbeat"


class CommandError(Exception):
    """A command cannot do what was asked; the message is a whole sentence that says what to do."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with the status for wrong usage."""
        complain(f"{message}; see {self.prog} --help")
        raise SystemExit(FAILURE)


def complain(sentence: str) -> None:
    """One line on stderr."""
    if sys.stderr is not None:  # a program without a console has none
        print(f"{PROGRAM}: {sentence}", file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """One object on stdout, readable by people too; NaN never gets into it."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False), flush=True)


def speak_the_users_language(paths: Paths) -> None:
    """As the settings say; a fault in their file is left for others to tell."""
    from aios_gui.services.settings_file import SettingsFile
    from aios_gui.services.wording.catalogue import use_language

    use_language(SettingsFile(paths.settings).load(set_aside=False).settings["window.language"])


def load_settings(paths: Paths) -> Settings:
    """The settings, and their language from now on; a fault in the file is told on stderr."""
    from aios_gui.services.settings_file import SettingsFile
    from aios_gui.services.wording.catalogue import use_language

    loaded = SettingsFile(paths.settings).load()
    use_language(loaded.settings["window.language"])
    if loaded.problems:
        from aios_gui.services.wording.settings_words import problem_sentence

        for problem in loaded.problems:
            complain(problem_sentence(problem))
    return loaded.settings


def seconds(text: str) -> float:
    """An interval in seconds, from 0.02 to 3600."""
    return _number(text, 0.02, 3600, "seconds")


def minutes(text: str) -> float:
    """A duration in minutes, fractions allowed, up to ten years."""
    return _number(text, 0.0001, 5_256_000, "minutes")


def _number(text: str, low: float, high: float, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of {unit}") from None
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g} {unit}")
    return number

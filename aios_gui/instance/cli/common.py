"""What the commands share: exit statuses, errors in a sentence, the language of the user."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from pathlib import Path

    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

FINE = 0
ALERT = 1
FAILURE = 2


class CommandError(Exception):
    """A command cannot do what was asked; the message is a whole sentence that says what to do."""


def check_home(paths: Paths) -> None:
    """CommandError where another user could change what the program keeps; a folder that was closed to them is told."""
    from aios_gui.system.private_home import UnsafeHome, secure_home

    try:
        closed = secure_home(paths)
    except UnsafeHome as error:
        from aios_gui.instance.home_words import unsafe_home_sentence
        from aios_gui.text.catalogue import SYSTEM, use_terminal_language

        use_terminal_language(SYSTEM)  # the settings are what may be another user's
        raise CommandError(unsafe_home_sentence(error)) from error
    if closed:
        from aios_gui.instance.home_words import closed_sentence

        speak_the_users_language(paths)
        for folder in closed:
            complain(closed_sentence(folder))


def print_json(value: Any, indent: int | None = 2) -> None:
    """One object on stdout, readable by people too, or in one line without ``indent``; NaN never gets into it.

    Dataclasses and structs in it become objects of their fields. JSON is UTF-8: where Windows writes a pipe in another
    encoding, characters are escaped, which msgspec cannot do; and `beat` starts without loading that.
    """
    import codecs
    import json

    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    escaped = codecs.lookup(encoding).name != "utf-8"
    print(json.dumps(value, indent=indent, ensure_ascii=escaped, allow_nan=False, default=_plain), flush=True)


def _plain(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value)


def output_file(text: str) -> Path:
    """The file that a command is to write; CommandError where it cannot be one."""
    from pathlib import Path

    from aios_gui.text.catalogue import gettext as _

    target = Path(text)
    if target.is_dir():
        raise CommandError(_("{file} is a folder; name a file in it").format(file=target))
    if not target.parent.is_dir():
        raise CommandError(_("there is no folder {folder}; create it first").format(folder=target.parent))
    return target


def speak_the_users_language(paths: Paths) -> None:
    """As the settings say; a fault in their file is left for others to tell."""
    from aios_gui.instance.settings import settings_file
    from aios_gui.text.catalogue import use_terminal_language

    use_terminal_language(settings_file(paths).load(set_aside=False).settings["window.language"])


def load_settings(paths: Paths) -> Settings:
    """The settings, and their language from now on; a fault in the file is told on stderr."""
    from aios_gui.instance.settings import settings_file
    from aios_gui.text.catalogue import use_terminal_language

    file = settings_file(paths)
    loaded = file.load(set_aside=False)
    use_terminal_language(loaded.settings["window.language"])
    if loaded.problems:
        from aios_gui.settings.words import problem_sentence
        from aios_gui.system.logs import start_logging

        # Only now, since most settings have no fault to log and the log takes a while to load.
        start_logging(paths)
        loaded = file.load()
        for problem in loaded.problems:
            complain(problem_sentence(problem))
    return loaded.settings


def range_of(text: str) -> TimeRange:
    """The span of the record that ``text`` names; CommandError where it is none."""
    import time

    from aios_gui.record.model.timerange import RangeError, RangeFault, parse_range
    from aios_gui.text.catalogue import gettext as _
    from aios_gui.text.plain import plain

    try:
        return parse_range(text, time.time_ns())
    except RangeError as error:
        part = plain(error.part, 60)
        sentences = {
            RangeFault.NOT_A_RANGE: _("“{part}” is not a range: write 15m, 24h, 7d, all, or START..END"),
            RangeFault.NOT_A_TIME: _("“{part}” is not a time: write it as 2025-03-12 or 2025-03-12T14:03"),
            RangeFault.NOTHING_IN_IT: _("the range “{part}” ends before it begins"),
        }
        raise CommandError(sentences[error.fault].format(part=part)) from error

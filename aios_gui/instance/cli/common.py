"""What the commands share: exit statuses, errors in a sentence, the language of the user."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    import argparse
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from aios_gui.instance.commands import ForRecord
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

T = TypeVar("T")
FINE = 0
ALERT = 1
FAILURE = 2
_NEARLY_ALL = 0.99
"""From this share on it need not be told how much of a span is recorded."""


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
    from aios_gui.record.model.timerange import parse_range

    return _understood(lambda: parse_range(text, time.time_ns()))


def moment_of(text: str) -> int:
    """The moment (wall, ns) that ``text`` names; CommandError where it is none."""
    from aios_gui.record.model.timerange import parse_moment

    return _understood(lambda: parse_moment(text, time.time_ns()))


def length_of(text: str) -> int:
    """The length of time (ns) that ``text`` names, more than none; CommandError where it is none."""
    from aios_gui.record.model.timerange import RangeError, RangeFault, parse_length

    def parse() -> int:
        if not (length_ns := parse_length(text)):
            raise RangeError(RangeFault.NOT_A_LENGTH, text)
        return length_ns

    return _understood(parse)


def _understood(parse: Callable[[], T]) -> T:
    from aios_gui.record.model.timerange import RangeError
    from aios_gui.record.words import range_sentence

    try:
        return parse()
    except RangeError as error:
        raise CommandError(range_sentence(error)) from error


def add_range(parser: argparse.ArgumentParser, default: str) -> None:
    """The options of a command that reads a span of the record; ``span_of`` and ``record_of`` take them."""
    from aios_gui.text.catalogue import gettext as _

    words = _("15m, 24h, 7d, all, or START..END with ISO times (default: {default}, all of a slice)")
    parser.add_argument("--range", metavar="R", help=words.format(default=default))
    add_slice(parser)
    parser.set_defaults(default_range=default)


def add_slice(parser: argparse.ArgumentParser) -> None:
    """The option of a command that reads a record."""
    from aios_gui.text.catalogue import gettext as _

    parser.add_argument(
        "--slice", metavar="FILE", help=_("read this slice, or copy of a record, in place of the record here")
    )


def span_of(arguments: argparse.Namespace) -> TimeRange:
    """The span that was asked for."""
    return range_of(arguments.range or ("all" if arguments.slice else arguments.default_range))


def record_of(arguments: argparse.Namespace, paths: Paths) -> Path:
    """The record that was asked for; CommandError where a file is none that may be read."""
    if not arguments.slice:
        return paths.store
    from pathlib import Path

    from aios_gui.history.slices.opened import SliceRefused, check_slice
    from aios_gui.history.slices.words import refused_sentence
    from aios_gui.instance.record_schema import RECORD_SCHEMA

    file = Path(arguments.slice)
    try:
        check_slice(file, RECORD_SCHEMA)
    except SliceRefused as refused:
        raise CommandError(refused_sentence(file, refused)) from refused
    return file


def refuse_slice(arguments: argparse.Namespace) -> None:
    """CommandError where what is to be changed would be that of a slice, which is only read."""
    if arguments.slice:
        from aios_gui.text.catalogue import gettext as _

        raise CommandError(_("a slice is only read; without --slice it is the record here that is changed"))


def read_record(record: Path, ask: Any) -> Any:
    """What the record answers, as ``reading`` has it open."""
    with reading(record) as reader:
        return ask(reader)


@contextmanager
def reading(record: Path) -> Iterator[RecordReader]:
    """The record to be asked, and at the end a word on what was left out; CommandError where it cannot be read."""
    from aios_gui.record.store.errors import StoreError
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.record.words import unreadable_sentence
    from aios_gui.text.catalogue import gettext as _

    try:
        with RecordReader(record) as reader:
            yield reader
            if reader.unreadable:
                complain(unreadable_sentence(reader.unreadable))
    except StoreError as error:
        raise CommandError(_("{error}; “aios-heartbeat doctor” says more").format(error=error)) from error


def none_found(record: Path, span: TimeRange, sentence: str) -> str:
    """``sentence``, which says that nothing was found in a span, with how much of that was recorded at all."""
    from aios_gui.history.queries import History
    from aios_gui.record.model.timerange import END_OF_TIME_NS
    from aios_gui.text import figures
    from aios_gui.text.catalogue import gettext as _

    with reading(record) as reader:
        coverage = History(reader).coverage(span)
        _first_ns, last_ns = reader.span() or (0, 0)
        due_ns = last_ns + reader.intervals().at(last_ns)
    # With neither begin nor end it is the record that is asked about, which ends with its last beat.
    is_all = not span.start_ns and span.end_ns == END_OF_TIME_NS
    begin_ns = span.start_ns or coverage.start_ns
    end_ns = coverage.end_ns if is_all else min(span.end_ns, time.time_ns())
    # Until the next beat is due, nothing is missing.
    covered_ns = coverage.covered_ns + max(0, min(end_ns, due_ns) - max(begin_ns, last_ns))
    if not covered_ns:
        return _("nothing is recorded in this range")
    share = covered_ns / max(1, end_ns - begin_ns)
    if share >= _NEARLY_ALL:
        return sentence
    return _("{sentence}, of which {share} is recorded").format(
        sentence=sentence, share=figures.availability(share)
    )


def bring(paths: Paths, command: ForRecord) -> None:
    """Into the record; CommandError where it cannot be kept."""
    from aios_gui.instance.submit import NotKept, bring_into_record
    from aios_gui.text.catalogue import gettext as _

    try:
        aside = bring_into_record(paths, command)
    except NotKept as error:
        raise CommandError(_("it cannot be recorded: {reason}").format(reason=error)) from error
    if aside:
        complain(
            _("the record was damaged; it is kept as {file}, and a new one was begun").format(file=aside)
        )


def add_json_or_progress(parser: argparse.ArgumentParser) -> None:
    """The options ``--json`` and ``--progress``, of which one can be given."""
    from aios_gui.text.catalogue import gettext as _

    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=_("print one object"))
    how.add_argument(
        "--progress",
        action="store_true",
        help=_("for programs: print progress as JSON, a line each, and the result as the last line"),
    )


def cancelled_by_signals() -> threading.Event:
    """What is set from now on by the signals that would end the process."""
    import _thread
    import signal
    import threading

    cancelled = threading.Event()

    def cancel(_number: int, _frame: FrameType | None) -> None:
        # Not here: the main thread may hold the lock that setting it waits for.
        _thread.start_new_thread(cancelled.set, ())

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), cancel)
    return cancelled

"""`note`: write a note on a moment or a span of the record; list, edit and remove notes."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_slice,
    bring,
    length_of,
    load_settings,
    moment_of,
    print_json,
    range_of,
    read_record,
    record_of,
    refuse_slice,
)
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.history.notes.model import Note
    from aios_gui.system.paths import Paths

_USAGE = {"edit": "edit ID [TEXT]", "remove": "remove ID", "add": "add TEXT"}
_WRITTEN_WITHIN_S, _LOOK_EVERY_S = 3.0, 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `note`."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="TEXT",
        help=_(
            "the note, - to read it from the standard input; or: list; edit ID [TEXT]; remove ID; add TEXT"
        ),
    )
    parser.add_argument("--at", metavar="T", help=_("on this moment, as “yesterday 14:03” (default: now)"))
    parser.add_argument(
        "--for",
        dest="length",
        metavar="L",
        help=_("on a span of this length, as 30m or 2h, from --at on; without --at up to now"),
    )
    parser.add_argument(
        "--range",
        default="all",
        metavar="R",
        help=_("with list: 24h, 7d, yesterday, all, or START..END (default: all)"),
    )
    add_slice(parser)
    parser.add_argument("--json", action="store_true", help=_("print all facts as JSON"))


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    load_settings(paths)
    verb, *rest = arguments.words
    if verb == "list" and not rest:
        return _list(paths, arguments)
    refuse_slice(arguments)
    if verb == "edit" and rest:
        return _edit(paths, arguments, *rest)
    if verb == "remove" and len(rest) == 1:
        return _remove(paths, rest[0])
    if verb == "add" and len(rest) == 1:
        return _add(paths, arguments, rest[0])
    if verb in _USAGE and not rest:
        raise CommandError(_("write it as: aios-heartbeat {usage}").format(usage=f"note {_USAGE[verb]}"))
    if rest:
        raise CommandError(_("put the text of the note in quotation marks, so that it is one argument"))
    return _add(paths, arguments, verb)


def _add(paths: Paths, arguments: argparse.Namespace, text: str) -> int:
    from aios_gui.history.notes.record_reader import note_written
    from aios_gui.history.notes.words import when_phrase
    from aios_gui.instance.commands import KeepNote

    written_ns = time.time_ns() // 1000 * 1000
    start_ns, end_ns = _span_of(arguments, written_ns)
    bring(paths, KeepNote(_text(text), start_ns, end_ns, written_ns))
    # The record gives it its number; a program that runs writes it within a second.
    until_s = time.monotonic() + _WRITTEN_WITHIN_S
    while (found := read_record(paths.store, lambda reader: note_written(reader, written_ns))) is None:
        if time.monotonic() > until_s:
            raise CommandError(
                _("the note is not in the record yet; “aios-heartbeat note list” tells when it is")
            )
        time.sleep(_LOOK_EVERY_S)
    if arguments.json:
        print_json(note_facts(found))
    else:
        print(_("note {number} is kept: {when}").format(number=found.id, when=when_phrase(found)))
    return FINE


def _list(paths: Paths, arguments: argparse.Namespace) -> int:
    from aios_gui.history.notes.record_reader import notes
    from aios_gui.history.notes.words import when_phrase
    from aios_gui.text.plain import plain

    span = range_of(arguments.range)
    found = read_record(record_of(arguments, paths), lambda reader: notes(reader, span.start_ns, span.end_ns))
    if arguments.json:
        print_json([note_facts(each) for each in found])
    elif not found:
        print(_("no notes in this range"))
    for each in () if arguments.json else found:
        first, *more = each.text.splitlines() or [""]
        print(f"{each.id}  {when_phrase(each)}  {plain(first, len(first) + 1)}")
        for line in more:
            print(f"    {plain(line, len(line) + 1)}".rstrip())
    return FINE


def _edit(paths: Paths, arguments: argparse.Namespace, written: str, *texts: str) -> int:
    from aios_gui.history.notes.model import LATEST_NS
    from aios_gui.instance.commands import EditNote

    if len(texts) > 1:
        raise CommandError(_("put the text of the note in quotation marks, so that it is one argument"))
    before = _find(paths, written)
    start_ns = _at(arguments.at) if arguments.at is not None else None
    length_ns = length_of(arguments.length) if arguments.length is not None else None
    if not texts and start_ns is None and length_ns is None:
        raise CommandError(_("say what is to be changed: another text, --at or --for"))
    if length_ns is not None:
        length_ns = min(length_ns, LATEST_NS - (start_ns or before.start_ns))
    bring(paths, EditNote(before.id, _text(texts[0]) if texts else None, start_ns, length_ns))
    print(_("note {number} is changed").format(number=before.id))
    return FINE


def _remove(paths: Paths, written: str) -> int:
    from aios_gui.instance.commands import RemoveNote

    number = _find(paths, written).id
    bring(paths, RemoveNote(number))
    print(_("note {number} is removed").format(number=number))
    return FINE


def _find(paths: Paths, written: str) -> Note:
    from aios_gui.history.notes.record_reader import note
    from aios_gui.text.plain import plain

    try:
        number = int(written)
    except ValueError:
        raise CommandError(
            _("“{text}” is not the number of a note").format(text=plain(written, 60))
        ) from None
    found: Note | None = read_record(paths.store, lambda reader: note(reader, number))
    if found is None:
        raise CommandError(
            _("there is no note {number}; “aios-heartbeat note list” lists them").format(number=number)
        )
    return found


def _text(given: str) -> str:
    """The text as it is kept; CommandError where it cannot be one."""
    from aios_gui.alerts.model.incident import NOTE_CHARACTERS, clean_note

    # One more than there may be, so that no endless input fills the memory.
    text = sys.stdin.read(NOTE_CHARACTERS + 2).rstrip("\n") if given == "-" else given
    if len(text) > NOTE_CHARACTERS:
        raise CommandError(_("a note has at most {count} characters").format(count=NOTE_CHARACTERS))
    if not (text := clean_note(text)):
        raise CommandError(_("the note has no text"))
    return text


def _span_of(arguments: argparse.Namespace, now_ns: int) -> tuple[int, int]:
    """From when to when a new note is."""
    from aios_gui.history.notes.model import LATEST_NS

    length_ns = length_of(arguments.length) if arguments.length is not None else 0
    start_ns = _at(arguments.at) if arguments.at is not None else max(1, now_ns - length_ns)
    return start_ns, min(start_ns + length_ns, LATEST_NS)


def _at(text: str) -> int:
    """The moment that a note is set on; CommandError where a record has none."""
    from aios_gui.history.notes.model import LATEST_NS
    from aios_gui.history.notes.words import beyond_sentence

    at_ns = moment_of(text)
    if not 0 < at_ns <= LATEST_NS:
        raise CommandError(beyond_sentence())
    return at_ns


def note_facts(note: Note) -> dict[str, Any]:
    """JSON-ready facts; ``until`` is None for a note on a moment."""
    from aios_gui.text.figures import iso_time

    return {
        "id": note.id,
        "at": iso_time(note.start_ns),
        "until": iso_time(note.end_ns) if note.is_span else None,
        "text": note.text,
        "written_at": iso_time(note.written_ns),
    }

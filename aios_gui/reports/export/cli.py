"""`export`: recorded beats into a file or onto stdout."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_range,
    load_settings,
    output_file,
    record_of,
    span_of,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.reports.export.csv_format import Exported


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    from aios_gui.reports.export import FORMATS

    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="csv", help=_("what to write (default: csv)")
    )
    add_range(parser, "24h")
    parser.add_argument(
        "--imported",
        metavar="NUMBER",
        help=_(
            "in place of this machine’s own beats, those that were imported: a number of “import --list”, or all"
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help=_("the file to write; - is the standard output (default)"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the beats; on stderr how many they were."""
    from aios_gui.record.store.errors import StoreError
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.reports.export import FORMATS
    from aios_gui.system.atomic_file import write_whole
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    load_settings(paths)
    span = span_of(arguments)
    record = record_of(arguments, paths)
    if not record.exists():
        raise CommandError(
            _("there is no record yet at {path}; “aios-heartbeat service” makes one").format(path=paths.store)
        )
    # Ended by a signal, a half-written file is removed as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    form = FORMATS[arguments.format]
    try:
        with RecordReader(record) as reader:
            beats = _beats(reader, span, arguments.imported)
            if arguments.output == "-":
                form.write(beats, sys.stdout)
                return FINE
            target = output_file(arguments.output)
            count = write_whole(target, lambda stream: form.write(beats, stream))
    except StoreError as error:
        raise CommandError(_("{error}; “aios-heartbeat doctor” says more").format(error=error)) from error
    complain(
        ngettext("{count} beat written to {file}", "{count} beats written to {file}", count).format(
            count=count, file=target
        )
    )
    return FINE


def _beats(reader: RecordReader, span: TimeRange, imported: str | None) -> Iterator[Exported]:
    if imported is None:
        return reader.beats(span.start_ns, span.end_ns)
    from aios_gui.record.importing.record_reader import imported_beats, imported_sources

    known = {"all": 0} | {str(each.number): each.number for each in imported_sources(reader)}
    if imported not in known:
        from aios_gui.text.plain import plain

        sentence = _("nothing with the number {number} was imported")
        raise CommandError(sentence.format(number=plain(imported, 40)))
    return imported_beats(reader, span.start_ns, span.end_ns, known[imported])

"""`export`: recorded beats into a file or onto stdout."""

from __future__ import annotations

import argparse
import signal
import sys

from aios_gui.instance.cli.common import FINE, CommandError, load_settings, output_file, range_of
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.output import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    from aios_gui.reports.export import FORMATS

    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="csv", help=_("what to write (default: csv)")
    )
    parser.add_argument(
        "--range",
        default="24h",
        metavar="R",
        help=_("15m, 24h, 7d, all, or START..END with ISO times (default: 24h)"),
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
    span = range_of(arguments.range)
    if not paths.store.exists():
        raise CommandError(
            _("there is no record yet at {path}; “aios-heartbeat service” makes one").format(path=paths.store)
        )
    # Ended by a signal, a half-written file is removed as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    form = FORMATS[arguments.format]
    try:
        with RecordReader(paths.store) as reader:
            beats = reader.beats(span.start_ns, span.end_ns)
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

"""`slice`: a span of the record as a file to send."""

from __future__ import annotations

import argparse
import os
import signal
import time
from dataclasses import asdict

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_range,
    load_settings,
    output_file,
    print_json,
    record_of,
    span_of,
)
from aios_gui.text.catalogue import gettext as _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `slice`."""
    add_range(parser, "1h")
    parser.add_argument("-o", "--output", metavar="FILE", help=_("the new file, as stall.aiosrec"))
    parser.add_argument(
        "--dry-run", action="store_true", help=_("only show what it would hold; nothing is written")
    )
    parser.add_argument(
        "--hide-names",
        action="store_true",
        help=_("replace the names of programs, users and everything else that is a text"),
    )
    parser.add_argument("--yes", action="store_true", help=_("write it without a question"))
    parser.add_argument("--json", action="store_true", help=_("print one object"))


def run(arguments: argparse.Namespace) -> int:
    """Show what the slice holds, and write it where that is wanted; 2 where it is not written."""
    import sqlite3

    from aios_gui.history.slices.make import NothingInIt, make_slice
    from aios_gui.history.slices.words import contents_lines
    from aios_gui.instance.record_schema import RECORD_SCHEMA
    from aios_gui.record.store.errors import StoreError
    from aios_gui.system.atomic_file import write_new
    from aios_gui.system.passing_folder import passing_folder
    from aios_gui.system.paths import find_paths
    from aios_gui.text.os_reason import file_and_reason
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.output import answers_yes, can_ask

    paths = find_paths()
    load_settings(paths)
    span = span_of(arguments)
    if not (arguments.output or arguments.dry_run):
        raise CommandError(_("name the new file with -o, or look at what it would hold with --dry-run"))
    target = output_file(arguments.output) if arguments.output else None
    if target is not None and os.path.lexists(target):
        raise CommandError(_("{file} is there already; name a new file").format(file=plain(target, 400)))
    # Ended by a signal, as where the dialog is closed, it leaves nothing behind, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with passing_folder("aios-slice") as folder:
            made = folder / "slice"
            contents = make_slice(
                record_of(arguments, paths),
                RECORD_SCHEMA,
                made,
                span.start_ns,
                span.end_ns,
                arguments.hide_names,
            )
            if not arguments.json:
                print(*contents_lines(contents, time.time_ns()), sep="\n")
            if target is None or arguments.dry_run:
                if arguments.json:
                    print_json(asdict(contents))
                return FINE
            if not arguments.yes and not (can_ask() and answers_yes(_("Write it? Type yes or no: "))):
                raise CommandError(_("nothing was written; with --yes it is written without a question"))
            with made.open("rb") as content:
                write_new(target, content)
    except NothingInIt as error:
        raise CommandError(_("the record has no beat in this range")) from error
    except StoreError as error:
        raise CommandError(_("{error}; “aios-heartbeat doctor” says more").format(error=error)) from error
    except sqlite3.Error as error:
        raise CommandError(_("the slice cannot be made: {reason}").format(reason=plain(error))) from error
    except OSError as error:
        raise CommandError(file_and_reason(error)) from error
    if arguments.json:
        print_json({"file": str(target), **asdict(contents)})
    else:
        print(_("Written to {file}.").format(file=plain(target, 400)))
    return FINE

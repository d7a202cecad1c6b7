"""`import`: beats of another file into the record, apart from this machine's own; what was imported; removing it."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    ALERT,
    FAILURE,
    FINE,
    CommandError,
    add_json_or_progress,
    bring,
    cancelled_by_signals,
    load_settings,
    print_json,
    read_record,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from datetime import tzinfo

    from aios_gui.record.importing.model import ImportReport, ImportSource
    from aios_gui.system.paths import Paths

_MEGABYTE = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `import`."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=_("JSON, an object a line, or CSV as of “export”")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("read it and tell what would be imported"))
    parser.add_argument(
        "--timezone",
        metavar="ZONE",
        help=_("where times without an offset are from, as Asia/Shanghai (default: here)"),
    )
    parser.add_argument("--list", action="store_true", help=_("list what was imported"))
    parser.add_argument(
        "--remove", type=int, metavar="NUMBER", help=_("remove what was imported, by its number in the list")
    )
    add_json_or_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Import the file; 1 where it was cancelled, 2 where it cannot be imported."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    asked = [arguments.file is not None, arguments.list, arguments.remove is not None]
    if sum(asked) != 1:
        raise CommandError(_("name one file, or use --list or --remove NUMBER"))
    if arguments.list:
        return _list(paths, arguments.json)
    if arguments.remove is not None:
        return _remove(paths, arguments.remove)
    return _import(paths, arguments, settings["record.size_limit_mb"] * _MEGABYTE)


def _import(paths: Paths, arguments: argparse.Namespace, limit_bytes: int) -> int:
    from aios_gui.instance.importing import RecordSink
    from aios_gui.record.importing.job import BeatImport
    from aios_gui.record.importing.model import ImportState
    from aios_gui.record.importing.words import progress_sentence
    from aios_gui.record.store.reader import RecordReader
    from aios_gui.system.local_time import LocalTimes
    from aios_gui.system.parent import EndWithParent
    from aios_gui.text.terminal.progress_line import ProgressLine

    cancelled = cancelled_by_signals()
    quiet = arguments.json or arguments.progress
    with (
        EndWithParent(end=cancelled.set) if arguments.progress else nullcontext(),
        ProgressLine(None if quiet else sys.stderr) as line,
        RecordReader(paths.store) as reader,
    ):

        def show(report: ImportReport) -> None:
            text = progress_sentence(report)
            if arguments.progress:
                print_json({"progress": report.share, "text": text}, indent=None)
            else:
                line.show(report.share, text)

        sink = None if arguments.dry_run else RecordSink(paths, limit_bytes)
        times = LocalTimes(_zone(arguments.timezone))
        file = Path.cwd() / Path(arguments.file).expanduser()
        report = BeatImport(file, reader, time.time_ns(), times, sink, cancelled, show).run()
    _tell(report, arguments)
    return {ImportState.DONE: FINE, ImportState.CANCELLED: ALERT}.get(report.state, FAILURE)


def _tell(report: ImportReport, arguments: argparse.Namespace) -> None:
    from aios_gui.record.importing.model import ImportState
    from aios_gui.record.importing.words import outcome_sentence, remark_sentences, skipped_sentences

    outcome = outcome_sentence(report, arguments.dry_run)
    if arguments.json or arguments.progress:
        details = [*skipped_sentences(report), *remark_sentences(report)]
        texts = {"text": outcome, "details": details} if arguments.progress else {}
        print_json(report_facts(report, arguments.dry_run) | texts, indent=None if arguments.progress else 2)
    if report.state is not ImportState.DONE:
        complain(outcome)
    elif not (arguments.json or arguments.progress):
        print(outcome)
    if not (arguments.json or arguments.progress):
        for sentence in (*skipped_sentences(report), *remark_sentences(report)):
            print(f"  {sentence}")


def report_facts(report: ImportReport, dry_run: bool) -> dict[str, Any]:
    """JSON-ready facts. Moments in ISO 8601; what is unknown is None."""
    return report.facts() | {
        "dry_run": dry_run,
        "range": None
        if report.first_us is None or report.last_us is None
        else {"start": _iso(report.first_us * 1000), "end": _iso(report.last_us * 1000)},
    }


def _iso(wall_ns: int) -> str:
    from aios_gui.text.figures import iso_time

    return iso_time(wall_ns) or ""


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    from datetime import UTC
    from zoneinfo import ZoneInfo

    from aios_gui.text.plain import plain

    if name.upper() == "UTC":
        return UTC  # also where the system has no zones by name
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise CommandError(
            _("this system knows no time zone “{name}”").format(name=plain(name, 60))
        ) from error


def _sources(paths: Paths) -> list[ImportSource]:
    from aios_gui.record.importing.record_reader import imported_sources

    found: list[ImportSource] = read_record(paths.store, imported_sources)
    return found


def _list(paths: Paths, as_json: bool) -> int:
    from aios_gui.text import figures
    from aios_gui.text.catalogue import ngettext
    from aios_gui.text.plain import plain

    sources = _sources(paths)
    if as_json:
        print_json(
            [
                {
                    "number": each.number,
                    "mode": "imported",
                    "file": each.name,
                    "digest": each.digest,
                    "imported_at": _iso(each.at_ns),
                    "beats": each.beats,
                    "reader": each.reader,
                    "size_bytes": each.size_bytes,
                }
                for each in sources
            ]
        )
        return FINE
    for each in sources:
        beats = ngettext("{count} beat", "{count} beats", each.beats).format(count=figures.count(each.beats))
        print(f"{each.number:>4}  {figures.clock_time(each.at_ns)}  {beats}  {plain(each.name, 120)}")
    if not sources:
        print(_("nothing was imported"))
    return FINE


def _remove(paths: Paths, number: int) -> int:
    from aios_gui.instance.commands import ForgetImported

    if number not in {each.number for each in _sources(paths)}:
        raise CommandError(_("nothing with the number {number} was imported").format(number=number))
    bring(paths, ForgetImported(number))
    return FINE

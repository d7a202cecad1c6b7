"""`export`: recorded beats and what else is known of a span, as raw data in a file or on stdout."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_range,
    load_settings,
    print_json,
    reading,
    record_of,
    span_of,
)
from aios_gui.reports.cli.output import add_output, open_written, output_of, written
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from aios_gui.history.queries import History
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.reports.cli.working import Tell
    from aios_gui.reports.formats.raw_data import RawData

_EVERY_NS = {"minute": 60_000_000_000, "hour": 3_600_000_000_000}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    from aios_gui.reports.formats import FormatKind, of_kind

    parser.add_argument(
        "--format",
        choices=sorted(of_kind(FormatKind.DATA)),
        default="csv",
        help=_("what to write (default: csv)"),
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
        "--bom", action="store_true", help=_("begin a CSV with the mark by which Excel knows UTF-8")
    )
    parser.add_argument(
        "--measure",
        choices=("duration", "lateness"),
        help=_("of which times hgrm is to write the percentiles (default: duration)"),
    )
    parser.add_argument(
        "--every",
        choices=tuple(_EVERY_NS),
        help=_(
            "of how long each histogram of hlog is (default: a minute for a range under two days, else an hour), and "
            "that openmetrics is to write a series (default: one value for the range)"
        ),
    )
    add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the data; on stderr how many beats they were."""
    from aios_gui.history.queries import History
    from aios_gui.reports.cli.working import working
    from aios_gui.reports.formats import FORMATS, FormatUnavailable
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    load_settings(paths)
    _check_options(arguments)
    span, target = span_of(arguments), output_of(arguments)
    record = record_of(arguments, paths)
    if not record.exists():
        raise CommandError(
            _("there is no record yet at {path}; “aios-heartbeat service” makes one").format(path=paths.store)
        )
    try:
        FORMATS[arguments.format].check()
        with working(arguments.progress is not None) as tell, reading(record) as reader:
            data = _data(History(reader), span, arguments, tell)
            _export(data, arguments, target)
    except FormatUnavailable as error:
        raise CommandError(str(error)) from error
    return FINE


def _data(history: History, span: TimeRange, arguments: argparse.Namespace, tell: Tell) -> RawData:
    from aios_gui.reports.formats.raw_data import UNKNOWN_MACHINE, RawData
    from aios_gui.reports.jobs.model import Step
    from aios_gui.system.origin import host

    imported = _imported(history, arguments.imported)
    total = history.reader.count(span.start_ns, span.end_ns) if imported is None else 0
    return RawData(
        history,
        span,
        imported,
        total,
        arguments.bom,
        arguments.measure or "duration",
        _EVERY_NS.get(arguments.every, 0),
        lambda count: tell(count / total if total else 0.0, Step.WRITING),
        host() if imported is None and arguments.slice is None else UNKNOWN_MACHINE,
    )


def _check_options(arguments: argparse.Namespace) -> None:
    """CommandError where an option is not one of the format."""
    from aios_gui.reports.formats import FORMATS, FormatKind, of_kind

    known = {option for form in of_kind(FormatKind.DATA).values() for option in form.options}
    for option in sorted(known.difference(FORMATS[arguments.format].options)):
        if getattr(arguments, option):
            sentence = _("--{option} does not belong to the format {format}")
            raise CommandError(sentence.format(option=option, format=arguments.format))


def _imported(history: History, number: str | None) -> int | None:
    """Which source of imported beats was asked for, 0 for all; None for this machine’s own beats."""
    if number is None:
        return None
    from aios_gui.record.importing.record_reader import imported_sources

    known = {"all": 0} | {str(each.number): each.number for each in imported_sources(history.reader)}
    if number not in known:
        from aios_gui.text.plain import plain

        sentence = _("nothing with the number {number} was imported")
        raise CommandError(sentence.format(number=plain(number, 40)))
    return known[number]


def _export(data: RawData, arguments: argparse.Namespace, target: Path | None) -> None:
    from aios_gui.reports.formats import FORMATS
    from aios_gui.reports.jobs.model import JobResult

    form = FORMATS[arguments.format]
    module = form.load()

    def write(out: BinaryIO) -> int:
        count: int = module.write(data, out)
        return count

    began_s = time.monotonic()
    if target is None:
        write(sys.stdout.buffer)
        return
    count = written(target, write, data.total * getattr(module, "BYTES_A_BEAT", 0))
    if arguments.progress:
        took_s = round(time.monotonic() - began_s, 3)
        print_json(JobResult(str(target), form.name, target.stat().st_size, took_s, count), indent=None)
    complain(
        ngettext("{count} beat written to {file}", "{count} beats written to {file}", count).format(
            count=count, file=target
        )
    )
    if arguments.open:
        open_written(target)

"""`bench`: measures the four heartbeats side by side, keeps the result, and shows earlier ones."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import FINE, CommandError, load_settings, output_file, print_json, reading
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.selfcheck.benchmark.formats import ResultFormat
    from aios_gui.selfcheck.benchmark.model import BenchmarkResult
    from aios_gui.selfcheck.record import Measurement
    from aios_gui.system.paths import Paths
    from aios_gui.system.progress import Progress
    from aios_gui.text.terminal.progress_line import ProgressLine

STANDARD_OUTPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `bench`."""
    from aios_gui.selfcheck.benchmark.formats import FORMATS

    parser.add_argument(
        "--quick", action="store_true", help=_("half a minute instead of two: a first impression")
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=_("print one object with all figures"))
    how.add_argument(
        "--progress",
        action="store_true",
        help=_("for programs: print progress as JSON, a line each, and the result as the last line"),
    )
    past = parser.add_mutually_exclusive_group()
    past.add_argument("--list", action="store_true", help=_("list the benchmarks in the record"))
    past.add_argument(
        "--show", type=int, metavar="ID", help=_("show a benchmark in the record instead of making one")
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=_("also write the result to this file; - is the standard output, in place of the table"),
    )
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        help=_("what to write with -o (default: by the ending of the file, else json)"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure, keep and print; or list or show what was measured before."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    load_settings(paths)
    if arguments.format and not arguments.output:
        raise CommandError(_("--format says what to write with -o; name a file there"))
    to_file = bool(arguments.output) and arguments.output != STANDARD_OUTPUT
    target = output_file(arguments.output) if to_file else None
    if arguments.list:
        return _list(paths, arguments.json)
    # Ended by a signal, everything is let go of as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if arguments.show is not None:
        result = _shown(paths, arguments.show)
    else:
        result = _measured(paths, arguments)
        _keep(paths, result)
    if arguments.output == STANDARD_OUTPUT:
        _format_of(arguments).write(result, sys.stdout)
    else:
        _print(result, arguments)
    if target is not None:
        _write(result, target, _format_of(arguments))
    return FINE


def _measured(paths: Paths, arguments: argparse.Namespace) -> BenchmarkResult:
    from contextlib import nullcontext

    from aios_gui.selfcheck.benchmark.runs import run_benchmark
    from aios_gui.system.parent import EndWithParent
    from aios_gui.text.terminal.progress_line import ProgressLine

    quiet = arguments.json or arguments.progress
    try:
        with (
            EndWithParent() if arguments.progress else nullcontext(),
            ProgressLine(None if quiet else sys.stderr) as line,
        ):
            on_progress = (
                _print_progress if arguments.progress else lambda progress: _draw_progress(line, progress)
            )
            return run_benchmark(paths.store, arguments.quick, on_progress)
    except OSError as error:
        sentence = _("the machine cannot be measured: {reason}; “aios-heartbeat doctor” says more")
        raise CommandError(sentence.format(reason=error)) from error


def _print_progress(progress: Progress) -> None:
    from aios_gui.system.progress import progress_facts

    print_json(progress_facts(progress), indent=None)


def _draw_progress(line: ProgressLine, progress: Progress) -> None:
    from aios_gui.selfcheck.benchmark import words
    from aios_gui.selfcheck.benchmark.model import Heartbeat
    from aios_gui.text import figures

    text = _("{share}, {span} left: {heartbeat}").format(
        share=figures.percent(round(progress.share * 100)),
        span=figures.span(round(progress.remaining_s) * 1e9),
        heartbeat=words.name(Heartbeat(progress.now)),
    )
    line.show(progress.share, text)


def _keep(paths: Paths, result: BenchmarkResult) -> None:
    """Into the record; where that fails the result is still worth printing."""
    from aios_gui.instance.commands import KeepMeasurement
    from aios_gui.instance.submit import NotKept, bring_into_record
    from aios_gui.selfcheck.benchmark.facts import measurement_of
    from aios_gui.text.plain import plain

    try:
        set_aside = bring_into_record(paths, KeepMeasurement(measurement_of(result)))
    except NotKept as error:
        sentence = _(
            "the result could not be put into the record: {reason}; “aios-heartbeat doctor” says more"
        )
        complain(sentence.format(reason=plain(error)))
        return
    if set_aside:
        complain(
            _("the record was damaged; it was set aside as {file} and a new one begun").format(file=set_aside)
        )


def _print(result: BenchmarkResult, arguments: argparse.Namespace) -> None:
    from aios_gui.selfcheck.benchmark.facts import facts_of
    from aios_gui.selfcheck.benchmark.words import table

    if arguments.json:
        print_json(facts_of(result))
    elif arguments.progress:
        print_json(facts_of(result), indent=None)
    else:
        print("\n".join(table(result)), flush=True)


def _format_of(arguments: argparse.Namespace) -> ResultFormat:
    from aios_gui.selfcheck.benchmark.formats import FORMATS

    if arguments.format:
        return FORMATS[arguments.format]
    by_ending = {form.suffix: form for form in FORMATS.values()}
    return by_ending.get(Path(arguments.output).suffix.lower(), FORMATS["json"])


def _write(result: BenchmarkResult, target: Path, form: ResultFormat) -> None:
    from aios_gui.system.atomic_file import write_whole

    write_whole(target, lambda out: form.write(result, out))
    complain(_("the result was written to {file}").format(file=target))


def _past(paths: Paths) -> list[Measurement]:
    from aios_gui.selfcheck.record import MeasurementKind
    from aios_gui.selfcheck.record_reader import measurements

    with reading(paths.store) as reader:
        return measurements(reader, MeasurementKind.BENCHMARK)


def _list(paths: Paths, as_json: bool) -> int:
    """A line a benchmark, oldest first."""
    past = [(measurement.number, _understood(measurement)) for measurement in _past(paths)]
    if as_json:
        from aios_gui.selfcheck.benchmark.facts import summary_facts

        print_json([{"id": number, **summary_facts(result)} for number, result in past if result is not None])
        return FINE
    if not past:
        complain(_("there is no benchmark in the record yet; “aios-heartbeat bench” makes one"))
    for number, result in past:
        print(f"{number:>4}  {_summary(result)}")
    return FINE


def _summary(result: BenchmarkResult | None) -> str:
    from aios_gui.selfcheck.benchmark import words

    if result is None:
        return _("made by another version of this program")
    return f"{words.title(result)}: {words.key_ratios(result)}"


def _understood(measurement: Measurement) -> BenchmarkResult | None:
    """What it found; None where it cannot be read, which the log tells."""
    from aios_gui.record.store.errors import StoreError
    from aios_gui.selfcheck.benchmark.facts import result_in

    try:
        return result_in(measurement)
    except StoreError as error:
        logging.getLogger(__name__).warning("%s", error)
        return None


def _shown(paths: Paths, number: int) -> BenchmarkResult:
    for measurement in _past(paths):
        if measurement.number == number:
            result = _understood(measurement)
            if result is None:
                raise CommandError(
                    _("benchmark {number} was made by another version of this program").format(number=number)
                )
            return result
    raise CommandError(
        _("there is no benchmark {number}; “aios-heartbeat bench --list” shows which there are").format(
            number=number
        )
    )

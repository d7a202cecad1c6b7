"""`who`: which programs ran at a moment of the past, or did most over a span of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    FINE,
    add_slice,
    load_settings,
    moment_of,
    print_json,
    range_of,
    read_record,
    record_of,
)
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aios_gui.history.who_ran.model import Ran, Together, WhoAnswer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `who`."""
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--at",
        default="now",
        metavar="T",
        help=_("a moment: 14:03, “yesterday 14:03”, “3 h ago”, “monday 9:30”, or an ISO time (default: now)"),
    )
    when.add_argument(
        "--range", metavar="R", help=_("add up a span: 15m, 24h, 7d, yesterday, all, or START..END")
    )
    add_slice(parser)
    parser.add_argument("--json", action="store_true", help=_("print one object"))
    parser.epilog = _(
        "Kept are the five programs that did most by CPU, by memory and by data read and written. What a program sent "
        "over the network is not known: no system tells that without an administrator's rights. What programs of other "
        "users read and wrote is not told on Linux."
    )


def run(arguments: argparse.Namespace) -> int:
    """Tell who ran."""
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    from aios_gui.alerts.settings import keeps_command_lines

    with_lines = keeps_command_lines(settings)
    if arguments.range is not None:
        return _tell_span(arguments, with_lines)
    from aios_gui.history.queries import History

    at_ns = moment_of(arguments.at)
    answer: WhoAnswer = read_record(record_of(arguments, paths), lambda reader: History(reader).who_at(at_ns))
    if arguments.json:
        print_json(answer_facts(answer, with_lines))
    else:
        _print_answer(answer, with_lines)
    return FINE


def _print_answer(answer: WhoAnswer, with_lines: bool) -> None:
    from aios_gui.history.who_ran.words import not_known_sentence, sampled_phrase
    from aios_gui.instance.words import gap_sentence
    from aios_gui.text import figures

    told = figures.clock_time(answer.at_ns, seconds=True)
    if answer.sample is None:
        print(_("{time}: {sentence}").format(time=told, sentence=not_known_sentence(answer, gap_sentence)))
        return
    print(_("{time}: {sentence}").format(time=told, sentence=sampled_phrase(answer.sample, answer.at_ns)))
    _print_table(answer.sample.programs, with_lines)


def _tell_span(arguments: argparse.Namespace, with_lines: bool) -> int:
    from aios_gui.history.queries import History
    from aios_gui.history.who_ran.model import summed
    from aios_gui.system.paths import find_paths
    from aios_gui.text import figures
    from aios_gui.text.catalogue import ngettext

    span = range_of(arguments.range)
    found: Together | None = read_record(
        record_of(arguments, find_paths()), lambda reader: summed(History(reader).who(span))
    )
    whole = found.whole if found is not None else None
    if arguments.json:
        from aios_gui.text.figures import iso_time

        facts = {
            "at": iso_time(max(span.start_ns, found.start_ns)) if found is not None else None,
            "sampled_at": iso_time(whole.wall_ns) if whole is not None else None,
            "seconds": whole.seconds if whole is not None else None,
            "samples": found.count if found is not None else 0,
            "processes": [_facts(each, with_lines) for each in whole.programs] if whole is not None else [],
        }
        print_json(facts)
    elif found is None:
        print(_("It was not noted who ran in this range."))
    else:
        counted = ngettext("{count} sample over {span}", "{count} samples over {span}", found.count)
        told = figures.span(found.whole.seconds * 1e9)
        print(counted.format(count=figures.count(found.count), span=told))
        _print_table(found.whole.programs[:15], with_lines)
    return FINE


def answer_facts(answer: WhoAnswer, with_lines: bool = False) -> dict[str, Any]:
    """JSON-ready facts; where nothing is known ``reason`` says why, and there are no processes."""
    from aios_gui.text.figures import iso_time

    sample, gap = answer.sample, answer.gap
    return {
        "at": iso_time(answer.at_ns),
        "sampled_at": iso_time(sample.wall_ns) if sample is not None else None,
        "seconds": sample.seconds if sample is not None else None,
        "processes": [_facts(each, with_lines) for each in sample.programs] if sample is not None else [],
        "reason": str(answer.not_known) if answer.not_known is not None else None,
        "gap": {"kind": str(gap.kind), "start": iso_time(gap.start_ns), "end": iso_time(gap.end_ns)}
        if gap is not None
        else None,
    }


def _facts(ran: Ran, with_lines: bool) -> dict[str, Any]:
    facts = {
        "name": ran.name,
        "pid": ran.pid,
        "parent": ran.parent or None,
        "unit": ran.unit or None,
        "count": ran.count,
        "cpu_percent": None if ran.cpu_percent is None else round(ran.cpu_percent, 1),
        "memory_bytes": ran.memory_bytes,
        "io_bytes_per_s": None if ran.io_bytes_per_s is None else round(ran.io_bytes_per_s),
    }
    return facts | {"command_line": ran.command_line or None} if with_lines else facts


def _print_table(programs: Sequence[Ran], with_lines: bool) -> None:
    from aios_gui.history.who_ran.words import data_rate, program_name, started_by
    from aios_gui.text import figures
    from aios_gui.text.plain import plain
    from aios_gui.text.terminal.text_width import cut, padded, width

    rows = [
        (_("Program"), _("CPU"), _("Memory"), _("Disk"), _("Started by")),
        *(
            (
                cut(program_name(ran), 40),
                figures.percent(ran.cpu_percent),
                figures.size(ran.memory_bytes),
                data_rate(ran.io_bytes_per_s),
                plain(ran.command_line, 160) if with_lines and ran.command_line else started_by(ran),
            )
            for ran in programs
        ),
    ]
    widths = [max(width(row[place]) for row in rows) for place in range(4)]
    for name, *figures_, last in rows:
        cells = [" " * (widths[place + 1] - width(cell)) + cell for place, cell in enumerate(figures_)]
        print("  ".join((padded(name, widths[0]), *cells, last)).rstrip())

"""`compare`: is one span better or worse than another, for people, scripts and continuous integration."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    ALERT,
    FINE,
    CommandError,
    add_json_or_progress,
    add_slice,
    load_settings,
    print_json,
    range_of,
    read_record,
    record_of,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph

if TYPE_CHECKING:
    from pathlib import Path

    from aios_gui.history.comparison.model import Comparison, Measure, MeasureResult
    from aios_gui.record.model.timerange import TimeRange

_FAIL_ON = re.compile(r"([a-z_.0-9]+) ?> ?\+?([0-9]{1,4}(?:\.[0-9]+)?) ?%")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `compare`."""
    spans = _("{which} span: 7d, yesterday, or START..END")
    parser.add_argument("a", metavar="A", help=spans.format(which=_("the first")))
    parser.add_argument("b", metavar="B", help=spans.format(which=_("the second")))
    parser.add_argument(
        "--fail-on",
        metavar="EXPR",
        help=_(
            "exit status 1 where a measure is demonstrably worse by more than this, as “lateness.p99>+10%%”"
        ),
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help=_("of the random numbers (default: 1)")
    )
    add_slice(parser)
    add_json_or_progress(parser)
    parser.epilog = _(
        "In JSON, hours_needed is how many matched hours each span must have in all, of which there are a.hours and "
        "b.hours; it is null where that is not known."
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict and what it rests on."""
    from aios_gui.history.comparison.side_by_side import comparison_of
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    load_settings(paths)
    limit = _limit(arguments.fail_on)
    a, b = range_of(arguments.a), range_of(arguments.b)
    record, seed = record_of(arguments, paths), arguments.seed
    if arguments.progress:
        return _pass_on(record, a, b, seed)
    comparison = read_record(record, lambda reader: comparison_of(reader, a, b, seed))
    if arguments.json:
        print_json(_facts(comparison, a, b))
    else:
        _print(comparison)
    return ALERT if limit is not None and _is_over(comparison, *limit) else FINE


def _pass_on(record: Path, a: TimeRange, b: TimeRange, seed: int) -> int:
    """For the window: all that it shows of the two spans."""
    from aios_gui.history.comparison.side_by_side import side_by_side
    from aios_gui.history.passing import passed_on
    from aios_gui.history.queries import History
    from aios_gui.reports.cli.working import working
    from aios_gui.reports.jobs.model import Step

    with working(as_json=True) as tell:
        found = read_record(
            record,
            lambda reader: side_by_side(
                History(reader), a, b, seed, lambda share: tell(share, Step.RECKONING)
            ),
        )
        print_json(passed_on(found), indent=None)
    return FINE


def _limit(text: str | None) -> tuple[Measure, float] | None:
    """The measure and the factor above which it fails; CommandError where that cannot be understood."""
    from aios_gui.history.comparison.model import TESTED, Measure

    if text is None:
        return None
    found = _FAIL_ON.fullmatch(text.strip())
    if found is None or found[1] not in {str(each) for each in TESTED}:
        sentence = _("“{text}” is not understood; write as “lateness.p99>+10%”, with one of {list}")
        raise CommandError(sentence.format(text=text, list=_(", ").join(TESTED)))
    return Measure(found[1]), 1 + float(found[2]) / 100


def _is_over(comparison: Comparison, measure: Measure, factor: float) -> bool:
    from aios_gui.history.comparison.model import Verdict

    return any(
        each.measure is measure
        and each.verdict is Verdict.WORSE
        and each.ratio is not None
        and each.ratio > factor
        for each in comparison.measures
    )


def _facts(comparison: Comparison, a: TimeRange, b: TimeRange) -> dict[str, Any]:
    from aios_gui.history.comparison.words import basis_sentences, verdict_sentence
    from aios_gui.text.figures import iso_time

    sides = [
        {
            "start": iso_time(span.start_ns),
            "end": iso_time(span.end_ns),
            "hours": comparison.matched_hours[place],
            "left_out_hours": comparison.left_out_hours[place],
            "unmatched_hours": comparison.unmatched_hours[place],
        }
        for place, span in enumerate((a, b))
    ]
    return {
        "a": sides[0],
        "b": sides[1],
        "shared_hours": comparison.shared_hours,
        "measures": [_measure_facts(each) for each in comparison.measures],
        "verdict": comparison.verdict,
        "reason": paragraph((verdict_sentence(comparison), *basis_sentences(comparison))),
        "differing": list(comparison.differing),
        "hours_needed": comparison.hours_needed,
        "noise_pairs": comparison.noise_pairs,
        "seed": comparison.seed,
    }


def _measure_facts(result: MeasureResult) -> dict[str, Any]:
    """Times in ms, as in every other answer."""
    from aios_gui.history.comparison.model import Measure

    scale = 1.0 if result.measure is Measure.HICCUPS else 1e-6
    return {
        "name": result.measure,
        "a": None if result.a is None else result.a * scale,
        "b": None if result.b is None else result.b * scale,
        "ratio": result.ratio,
        "low": result.low,
        "high": result.high,
        "noise": result.noise,
        "cliffs_delta": result.cliffs_delta,
        "verdict": result.verdict,
    }


def _print(comparison: Comparison) -> None:
    from aios_gui.history.comparison import words
    from aios_gui.text.terminal.text_width import padded, width

    print(words.verdict_sentence(comparison))
    rows = [(_("measure"), "A", "B", _("change"), _("interval"), _("noise"), _("verdict"))]
    rows += [
        (
            words.measure_name(each.measure),
            words.figure(each.measure, each.a),
            words.figure(each.measure, each.b),
            words.change(each.ratio),
            words.interval(each),
            words.noise(each),
            "" if each.low is None else words.verdict_word(each.verdict),
        )
        for each in comparison.measures
    ]
    if len(rows) > 1:
        widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
        print()
        for row in rows:
            print("  ".join(padded(text, places) for text, places in zip(row, widths, strict=True)).rstrip())
        print()
    for sentence in (*words.basis_sentences(comparison), words.seed_sentence(comparison)):
        print(sentence)

"""`targets`: every goal, what is reached, and whether that is enough."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import ALERT, FINE, CommandError, load_settings, print_json
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.instance.target_facts import Gathered
    from aios_gui.selfcheck.targets.model import TargetResult
    from aios_gui.system.paths import Paths

_GOAL_PLACES, _ACTUAL_PLACES = 12, 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `targets`."""
    parser.add_argument("--json", action="store_true", help=_("print a list with all facts"))


def run(arguments: argparse.Namespace) -> int:
    """Print the targets, of the instance that runs or else of the record; 1 where one is missed."""
    from aios_gui.selfcheck.targets.model import failing, judge_all
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    gathered = _gather(paths)
    results = judge_all(gathered.facts)
    if arguments.json:
        print_json([_facts(result) for result in results])
    else:
        print("\n".join(_lines(gathered, results)), flush=True)
    if gathered.until_ns is None:
        complain(_("nothing is recorded yet; start with “aios-heartbeat service” or open the window"))
    return ALERT if failing(results) else FINE


def _gather(paths: Paths) -> Gathered:
    from aios_gui.alerts.settings import thresholds_of
    from aios_gui.instance.channel import ChannelError
    from aios_gui.instance.target_facts import gather
    from aios_gui.record.store.errors import StoreError
    from aios_gui.text.plain import plain

    settings = load_settings(paths)
    try:
        return gather(paths, thresholds_of(settings).hiccup_ns)
    except (ChannelError, ValueError) as error:
        sentence = _("the running instance cannot be asked ({reason}); end it and try again")
        raise CommandError(sentence.format(reason=plain(error))) from error
    except StoreError as error:
        raise CommandError(plain(error, 400)) from error


def _facts(result: TargetResult) -> dict[str, object]:
    target = result.target
    return {
        "name": target.name,
        "goal": target.goal,
        "actual": result.actual,
        "unit": str(target.unit),
        "state": str(result.state),
        "comparison": str(target.comparison),
        "published": target.published,
        "counts": result.counts,
    }


def _lines(gathered: Gathered, results: tuple[TargetResult, ...]) -> list[str]:
    """The table: the goals that were published, then our own."""
    from aios_gui.selfcheck.targets import words
    from aios_gui.text.terminal.text_width import padded, width

    names = max(width(words.name(result.target)) for result in results)
    lines = [_source(gathered)]
    for title, published in ((_("Reference targets"), True), (_("Our targets"), False)):
        lines += ["", title]
        for result in results:
            if result.target.published is published:
                parts = (
                    padded(words.name(result.target), names),
                    padded(words.goal(result.target), _GOAL_PLACES),
                    padded(words.actual(result), _ACTUAL_PLACES),
                    words.state_word(result),
                )
                lines.append("  " + "  ".join(parts))
    return lines


def _source(gathered: Gathered) -> str:
    from aios_gui.selfcheck.targets.words import shown_phrase
    from aios_gui.text import figures

    if gathered.pid:
        sentence = _("Of the instance that runs, {face} (process {pid})")
        return sentence.format(face=shown_phrase(gathered.facts.shown_as), pid=gathered.pid)
    if gathered.until_ns is None:
        return _("No instance runs, and the record is empty")
    sentence = _("No instance runs; of the record up to {time}")
    return sentence.format(time=figures.clock_time(gathered.until_ns))

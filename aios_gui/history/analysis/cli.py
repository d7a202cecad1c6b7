"""`analyze`: a span analysed, for people and scripts."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    FINE,
    add_json_or_progress,
    add_range,
    load_settings,
    print_json,
    range_of,
    read_record,
    record_of,
    span_of,
)
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

    from aios_gui.history.analysis.model.analysis import Analysis
    from aios_gui.record.model.timerange import TimeRange
    from aios_gui.record.store.reader import RecordReader

_LONG_TERM = "30d"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `analyze`."""
    add_range(parser, "24h")
    parser.add_argument(
        "--long-term",
        action="store_true",
        help=_(
            "show the days, what changed between them and when; over {range}, unless --range says more"
        ).format(range=_LONG_TERM),
    )
    add_json_or_progress(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what the analysis says."""
    from aios_gui.history.analysis.page import page
    from aios_gui.system.paths import find_paths
    from aios_gui.text.terminal.screen import is_screen, style_of

    paths = find_paths()
    load_settings(paths)
    span = span_of(arguments)
    if arguments.long_term and not arguments.range and not arguments.slice:
        span = range_of(_LONG_TERM)

    def ask(reader: RecordReader) -> Analysis:
        from aios_gui.history.analysis.analyse import analyse
        from aios_gui.history.queries import History

        return analyse(History(reader), span)

    record = record_of(arguments, paths)
    if arguments.progress:
        return _pass_on(record, span)
    analysis: Analysis = read_record(record, ask)
    if arguments.json:
        from aios_gui.history.analysis.facts import analysis_facts

        print_json(analysis_facts(analysis))
        return FINE
    style = style_of(sys.stdout)
    if not is_screen(sys.stdout):
        from dataclasses import replace

        style = replace(style, colour=False)
    for line in page(analysis, style, arguments.long_term):
        print(line)
    return FINE


def _pass_on(record: Path, span: TimeRange) -> int:
    """For the window: the whole analysis, of which it shows what it likes."""
    from aios_gui.history.analysis.analyse import analyse
    from aios_gui.history.passing import passed_on
    from aios_gui.history.queries import History
    from aios_gui.reports.cli.working import working
    from aios_gui.reports.jobs.model import Step

    with working(as_json=True) as tell:

        def on_progress(share: float) -> None:
            tell(share, Step.RECKONING)

        found = read_record(record, lambda reader: analyse(History(reader), span, progress=on_progress))
        print_json(passed_on(found), indent=None)
    return FINE

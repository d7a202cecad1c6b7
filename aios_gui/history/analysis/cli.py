"""`analyze`: a span analysed, for people and scripts."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import (
    FINE,
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
    from aios_gui.history.analysis.model.analysis import Analysis
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
    parser.add_argument("--json", action="store_true", help=_("print all facts as JSON"))


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

    analysis: Analysis = read_record(record_of(arguments, paths), ask)
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

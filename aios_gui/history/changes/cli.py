"""`changes`: what was installed, updated and switched in a span; and looking for it."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import (
    FINE,
    CommandError,
    add_range,
    bring,
    load_settings,
    print_json,
    read_record,
    record_of,
    span_of,
)
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from collections.abc import Callable

    from aios_gui.history.changes.model import Change, Look
    from aios_gui.settings.model import Settings
    from aios_gui.system.paths import Paths

_NICENESS = 19


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `changes`."""
    add_range(parser, "30d")
    parser.add_argument(
        "--all", action="store_true", help=_("list each change that was made in one go with others")
    )
    parser.add_argument(
        "--look", action="store_true", help=_("look for what is new first, as is done every hour")
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help=_("print all facts as JSON"))
    how.add_argument(
        "--lines",
        action="store_true",
        help=_("for programs, with --look: print what is new as JSON, a line each, and keep nothing"),
    )


def run(arguments: argparse.Namespace) -> int:
    """List them, oldest first."""
    from aios_gui.history.changes.look import OVERALL
    from aios_gui.history.changes.record_reader import changes, kept_states
    from aios_gui.instance.commands import KeepChanges
    from aios_gui.system.parent import EndWithParent
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    settings = load_settings(paths)
    span = span_of(arguments)
    if arguments.lines:
        if not arguments.look:
            raise CommandError(_("--lines belongs to --look"))
        with EndWithParent():
            _look(paths, settings, _print_line)
        return FINE
    if arguments.look:
        count = _look(paths, settings, lambda look: bring(paths, KeepChanges(look)))
        complain(ngettext("{count} new change", "{count} new changes", count).format(count=count))
    found, states = read_record(
        record_of(arguments, paths),
        lambda reader: (changes(reader, span.start_ns, span.end_ns), kept_states(reader)),
    )
    if arguments.json:
        print_json([change_facts(each) for each in found])
    elif found:
        _print(found, every=arguments.all)
    elif OVERALL not in states and not arguments.slice:
        print(_("what changed on this machine was not looked for yet; --look does that"))
    else:
        print(_("no changes in this range"))
    return FINE


def change_facts(change: Change) -> dict[str, Any]:
    """JSON-ready facts of a change. ``at`` in ISO 8601; what is unknown is None."""
    from aios_gui.text.figures import iso_time

    return {
        "at": iso_time(change.at_ns),
        "kind": str(change.kind),
        "source": change.source,
        "subject": change.subject,
        "from": change.before,
        "to": change.after,
        "facts": change.facts,
    }


def _print(found: list[Change], every: bool) -> None:
    from aios_gui.history.changes.model import Burst, bursts
    from aios_gui.history.changes.words import burst_sentence, kind_name, precise_moment
    from aios_gui.text.terminal.text_width import padded

    now_ns = time.time_ns()
    for burst in [Burst((each,)) for each in found] if every else bursts(found):
        first = burst.changes[0]
        print(
            f"{padded(precise_moment(first, now_ns), 16)}  {padded(kind_name(first.kind), 12)}  {burst_sentence(burst)}"
        )


def _look(paths: Paths, settings: Settings, keep: Callable[[Look], object]) -> int:
    """Look at every source, behind all else that the machine has to do."""
    import os

    from aios_gui.history.changes.look import look_around
    from aios_gui.system.logs import start_logging

    start_logging(paths)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        written_ns = paths.settings.stat().st_mtime_ns
    except OSError:
        written_ns = 0
    shown = shown_settings(settings)
    count: int = read_record(
        paths.store, lambda reader: look_around(reader, keep, time.time_ns(), shown, written_ns)
    )
    return count


def shown_settings(settings: Settings) -> dict[str, str]:
    """The settings by name, without any text that a person wrote, which may be a secret."""
    from aios_gui.history.changes.sources.own import shown_setting

    shown = {
        each.name: shown_setting(settings[each.name], each.kind is str and not each.choices and not each.keys)
        for each in settings.declared
        if each.alias is None
    }
    tables = {each.name: shown_setting(settings.table(each.name), True) for each in settings.declared.tables}
    return {**shown, **tables}


def _print_line(look: Look) -> None:
    print_json(look, indent=None)
    sys.stdout.flush()

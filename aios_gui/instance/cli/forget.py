"""`forget`: removes all that the program keeps, after saying what that is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import FAILURE, FINE, CommandError, print_json
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.instance.forgetting import Belonging, Forgotten
    from aios_gui.system.paths import Paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `forget`."""
    parser.add_argument(
        "--yes", action="store_true", help=_("really remove it; without this it is only listed")
    )
    parser.add_argument("--json", action="store_true", help=_("print one object"))


def run(arguments: argparse.Namespace) -> int:
    """List what there is, or remove it; 2 where something could not be removed."""
    from aios_gui.autostart.mechanisms import mechanisms, this_program
    from aios_gui.instance.forgetting import belongings
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    if arguments.yes:
        return _report(_forgotten(paths), arguments.json)
    found = belongings(paths, mechanisms(), this_program().home)
    if arguments.json:
        print_json({"removed": [], "would_be_removed": found})
    else:
        _list(found)
    return FINE


def _list(found: list[Belonging]) -> None:
    from aios_gui.instance.forget_words import belonging_lines

    if not found:
        print(_("There is nothing to remove."))
        return
    print(_("This would be removed for good:"))
    print("\n".join(belonging_lines(found)))
    print(_("Nothing was removed. To do so: aios-heartbeat forget --yes"))


def _forgotten(paths: Paths) -> Forgotten:
    from aios_gui.autostart.mechanisms import mechanisms, this_program
    from aios_gui.instance.client import ask_all_to_end
    from aios_gui.instance.forgetting import forget
    from aios_gui.instance.lock import AlreadyRunning

    try:
        if not ask_all_to_end(paths):
            raise AlreadyRunning(None)
        return forget(paths, mechanisms(), this_program().home)
    except AlreadyRunning as error:
        sentence = _("another instance is running and does not end; quit it first. Nothing was removed.")
        raise CommandError(sentence) from error


def _report(forgotten: Forgotten, as_json: bool) -> int:
    from aios_gui.instance.forget_words import belonging_lines, forgotten_sentence, left_lines

    if as_json:
        left = [{"where": where, "reason": reason} for where, reason in forgotten.left]
        print_json({"removed": forgotten.gone, "left": left})
    else:
        for line in (*belonging_lines(forgotten.gone), forgotten_sentence(forgotten)):
            print(line)
        for line in left_lines(forgotten):
            complain(line)
    return FAILURE if forgotten.left else FINE

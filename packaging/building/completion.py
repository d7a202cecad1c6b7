"""Completion in shells, made from what reads the arguments."""

from __future__ import annotations

import argparse

import shtab

from aios_gui.app import window_parser
from aios_gui.cli import COMMANDS, command_parser, program_parser

# The shell, and the place and name of its file below share.
_PLACES = {
    "bash": "bash-completion/completions/{name}",
    "zsh": "zsh/site-functions/_{name}",
    "fish": "fish/vendor_completions.d/{name}.fish",
}
_KINDS = {"FILE": shtab.FILE, "FOLDER": shtab.DIRECTORY}
"""What an argument of this name is completed by."""


def completions() -> dict[str, str]:
    """What each shell reads, by the path of its file below share."""
    found = {}
    for parser in (whole_parser(), _with_files(window_parser())):
        for shell, place in _PLACES.items():
            found[place.format(name=parser.prog)] = shtab.complete(parser, shell=shell)
    return found


def whole_parser() -> argparse.ArgumentParser:
    """One parser with every command, as none of the program's own is: it loads only the command that is asked for."""
    whole = program_parser()
    whole.epilog = None
    commands = whole.add_subparsers(dest="command")
    for name in COMMANDS:
        own = command_parser(name)
        commands.add_parser(
            name,
            parents=[_with_files(own)],
            help=own.description,
            description=own.description,
            add_help=False,
        )
    return _with_files(whole)


def _with_files(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Note which arguments name a folder or a file."""
    for action in parser._actions:
        kind = _KINDS.get(str(action.metavar))
        if kind is not None:
            action.complete = kind  # type: ignore[attr-defined]
    return parser

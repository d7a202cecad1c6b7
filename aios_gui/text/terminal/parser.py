"""Reads arguments, in the language of the user; help that cannot be written and wrong usage are one line each."""

from __future__ import annotations

import argparse
import os
from typing import Any, NoReturn

from aios_gui import __version__
from aios_gui.text.catalogue import N_, gettext
from aios_gui.text.terminal.output import complain, give_up_output, silence_output

_FAILURE = 2

SENTENCES = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("not allowed with argument %s"),
    N_("unrecognized arguments: %s"),
    N_("ignored explicit argument %r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)
"""Of argparse itself, which has no translations of its own."""
vars(argparse)["_"] = gettext


def _columns() -> int:
    """The width of the terminal. shutil could tell it too, and takes a megabyte of a service that reads its options."""
    try:
        return int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns or 80
    except (OSError, ValueError):
        return 80


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments, or with the output that its help goes to."""

    def __init__(self, *, formatter_class: Any = _Formatter, **options: Any) -> None:
        super().__init__(formatter_class=formatter_class, **options)

    def add_version(self) -> None:
        """Have ``--version`` tell the version of the program."""
        # Up to 3.12, argparse has this help in English alone.
        said = gettext("show program's version number and exit")
        self.add_argument("--version", action="version", version=f"{self.prog} {__version__}", help=said)

    def add_home(self) -> None:
        """Have the help tell of ``--home``, and refuse one without a folder: others are taken out before it reads."""
        said = gettext("keep data, settings and log in this folder, as AIOS_HOME does")
        self.add_argument("--home", metavar="FOLDER", help=said)

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with the status for wrong usage."""
        complain(
            gettext("{message}; see {program} --help").format(message=message, program=self.prog),
            self._program,
        )
        self.exit(_FAILURE)

    @property
    def _program(self) -> str:
        return self.prog.partition(" ")[0]

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or version; where that cannot be written, say so and exit as for any output that cannot."""
        try:
            print(message, end="", file=file, flush=True)
        except BrokenPipeError:
            silence_output()
            self.exit()
        except OSError as error:
            give_up_output(error, self._program)
            self.exit(_FAILURE)

"""What the commands share that write a file as a job: where to, telling how far it is, opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aios_gui.instance.cli.common import CommandError, output_file
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import BinaryIO

_STANDARD_OUTPUT = "-"
_Answer = TypeVar("_Answer")


def add_output(parser: argparse.ArgumentParser) -> None:
    """The options of a command that writes a file as a job; ``output_of`` takes them."""
    parser.add_argument(
        "-o",
        "--output",
        default=_STANDARD_OUTPUT,
        metavar="FILE",
        help=_("the file to write; - is the standard output (default)"),
    )
    parser.add_argument(
        "--progress",
        choices=["json"],
        help=_("for programs: print progress as JSON, a line each, and the result as the last line"),
    )
    parser.add_argument(
        "--open", action="store_true", help=_("open the file with the program that the system has for it")
    )


def output_of(arguments: argparse.Namespace) -> Path | None:
    """The file to write; None for the standard output. CommandError where the options do not fit together."""
    if arguments.output != _STANDARD_OUTPUT:
        return output_file(arguments.output)
    if arguments.progress or arguments.open:
        raise CommandError(_("--progress and --open are about a file; name it with -o"))
    return None


def written(target: Path, write: Callable[[BinaryIO], _Answer], expected_bytes: int = 0) -> _Answer:
    """What ``write`` answers, once the file is there; CommandError where the disk has no room for it."""
    from aios_gui.reports.files import NoRoom, write_file
    from aios_gui.text import figures

    try:
        return write_file(target, write, expected_bytes)
    except NoRoom as error:
        sentence = _("there is too little room on the disk of {file}: {needed} are needed, {free} are free")
        raise CommandError(
            sentence.format(
                file=target, needed=figures.size(error.needed_bytes), free=figures.size(error.free_bytes)
            )
        ) from error


def open_written(target: Path) -> None:
    """Have the system open the file; where it cannot, that is told, and the file is there all the same."""
    from aios_gui.system.open_file import open_file
    from aios_gui.text.os_reason import reason_of

    try:
        open_file(target)
    except OSError as error:
        complain(_("{file} cannot be opened: {reason}").format(file=target, reason=reason_of(error)))

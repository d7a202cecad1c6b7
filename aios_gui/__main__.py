"""`python -m aios_gui`: the window when nothing, a slice or an option of it is given, else the command line."""

from __future__ import annotations

import sys

_OF_THE_COMMAND_LINE = ("-h", "--help", "--version")


def main() -> int:
    """Start the window or run the command; returns the exit status."""
    from aios_gui.instance.start_options import SLICE, take_home

    arguments = take_home(sys.argv[1:])
    first = arguments[0] if arguments else ""
    if not first or first.endswith(SLICE) or (first.startswith("-") and first not in _OF_THE_COMMAND_LINE):
        from aios_gui.app import main as window

        return window(arguments)
    from aios_gui.cli import main as command

    return command(arguments)


if __name__ == "__main__":
    raise SystemExit(main())

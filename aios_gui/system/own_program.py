"""How this program starts its own command line in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

_CONSOLE_PROGRAM = "aios-heartbeat"
WINDOW_PROGRAM = "aios-gui"


running_children: set[int] = set()
"""The children of this process that run its own command line for heavy work, by number."""


def own_command(*arguments: str) -> list[str]:
    """The command line of this very program with ``arguments``, as a list for any process starter.

    A frozen program has its console sister beside it; otherwise the running Python starts the package. ``-P`` keeps
    files of the folder that it is started in from being taken for modules.
    """
    if getattr(sys, "frozen", False):
        return [_sister(_CONSOLE_PROGRAM), *arguments]
    return [sys.executable, "-P", "-m", "aios_gui", *arguments]


def own_window_command(*arguments: str) -> list[str]:
    """The window of this very program with ``arguments``, as something that outlives this process can start it.

    A frozen program has it beside itself, as it lies on disk and not as it unpacked itself. Otherwise it is the script
    beside the running Python, or that Python, on Windows the one that opens no console. ``-P`` is as above; at log-in
    the folder is the user's own.
    """
    here = Path(sys.executable)
    if getattr(sys, "frozen", False):
        return [_sister(WINDOW_PROGRAM), *arguments]
    suffix = here.suffix if sys.platform == "win32" else ""
    script = here.with_name(WINDOW_PROGRAM + suffix)
    if script.is_file():
        return [str(script), *arguments]
    return [str(_without_console(here)), "-P", "-m", "aios_gui", *arguments]


def own_service_command(*arguments: str) -> list[str]:
    """The service of this very program, as something that outlives this process can start it.

    On Windows the program of the window runs it, since the other one would leave a console on the screen.
    """
    if getattr(sys, "frozen", False):
        name = WINDOW_PROGRAM if sys.platform == "win32" else _CONSOLE_PROGRAM
        return [_sister(name), "service", *arguments]
    return [str(_without_console(Path(sys.executable))), "-P", "-m", "aios_gui", "service", *arguments]


def own_folder() -> str:
    """Where a child of this program works: in the program's folder, not in one where someone may lay traps for it."""
    return str(Path(sys.executable).parent)


def _sister(name: str) -> str:
    """The frozen program ``name`` beside the one that runs."""
    here = Path(sys.executable)
    return str(here.with_name(name + here.suffix))


def _without_console(python: Path) -> Path:
    windowed = python.with_name("pythonw" + python.suffix)
    return windowed if sys.platform == "win32" and windowed.is_file() else python

"""The terminal as a screen that is drawn over in place and given back as it was."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self, TextIO

from aios_gui.text.terminal.style import TerminalStyle

# The alternate screen without cursor and without wrapping at the right edge, and back.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME, _TO_LINE_END, _TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"


def is_screen(out: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether ``out`` is a terminal that can be drawn on in place."""
    try:
        return out.isatty() and environ.get("TERM", "") != "dumb" and _understands_sequences()
    except ValueError:  # closed
        return False


def _understands_sequences() -> bool:
    """Windows' console has to be told to obey them."""
    if sys.platform != "win32":
        return True
    import ctypes

    kernel32 = ctypes.windll.kernel32
    handle, mode = kernel32.GetStdHandle(-11), ctypes.c_ulong()
    if not kernel32.GetConsoleMode(handle, ctypes.byref(mode)):
        return False
    return bool(kernel32.SetConsoleMode(handle, mode.value | 0x0004))  # ENABLE_VIRTUAL_TERMINAL_PROCESSING


def style_of(out: TextIO, environ: Mapping[str, str] = os.environ) -> TerminalStyle:
    """What ``out`` can show now; its size changes with the window. NO_COLOR is obeyed."""
    size = shutil.get_terminal_size((80, 24))
    try:
        "█░●–µ".encode(out.encoding or "ascii")
        blocks = True
    except (UnicodeEncodeError, LookupError):
        blocks = False
    return TerminalStyle(max(20, size.columns), max(3, size.lines), not environ.get("NO_COLOR"), blocks)


class Screen:
    """Takes the screen on entry and gives it back on exit, whatever happens between."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __enter__(self) -> Self:
        self._out.write(_ENTER)
        self._out.flush()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.write(_LEAVE)
        self._out.flush()

    def show(self, lines: Sequence[str]) -> None:
        """Draw ``lines`` over what was there, in one write so that nothing flickers."""
        body = "\n".join(line + _TO_LINE_END for line in lines)
        self._out.write(_HOME + body + _TO_SCREEN_END)
        self._out.flush()

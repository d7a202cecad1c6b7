"""A line of progress that is drawn over in place."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

from aios_gui.text.terminal.screen import is_screen, style_of
from aios_gui.text.terminal.text_width import cut

_CELLS = 20
_BACK, _TO_LINE_END = "\r", "\x1b[K"


class ProgressLine:
    """Shows progress on a terminal and wipes it off on exit; shows nothing elsewhere."""

    def __init__(self, out: TextIO | None) -> None:
        self._out = out if out is not None and is_screen(out) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is not None:
            self._out.write(_BACK + _TO_LINE_END)
            self._out.flush()

    def show(self, share: float, text: str) -> None:
        """Draw a bar of ``share`` (0 to 1) and ``text`` after it."""
        if self._out is None:
            return
        style = style_of(self._out)
        full, empty = ("█", "░") if style.blocks else ("#", ".")
        done = round(share * _CELLS)
        bar = full * done + empty * (_CELLS - done)
        self._out.write(_BACK + cut(f"{bar} {text}", style.columns - 1) + _TO_LINE_END)
        self._out.flush()

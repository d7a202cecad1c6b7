"""Ends this process with the one that started it: a parent that dies or closes leaves no child behind."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable

STATUS = 130
"""As of a command that was cancelled."""
_PIECE_BYTES = 4096


class EndWithParent:
    """While entered, ends the process at once when its standard input is closed, as when its parent is gone.

    Nothing is tidied up then: leave it before there is anything to tidy, or give an ``end`` that sees to it; it is
    called on a thread of its own. An input that is no pipe, as a terminal, is not watched.
    """

    def __init__(self, descriptor: int = 0, end: Callable[[], object] | None = None) -> None:
        self._descriptor = descriptor
        self._end = end or (lambda: os._exit(STATUS))
        self._left = False

    def __enter__(self) -> None:
        if _is_pipe(self._descriptor):
            threading.Thread(target=self._watch, name="parent", daemon=True).start()

    def __exit__(self, *_error: object) -> None:
        self._left = True

    def _watch(self) -> None:
        try:
            while os.read(self._descriptor, _PIECE_BYTES):
                pass  # what a parent may say is of no interest
        except OSError:
            return
        if not self._left:
            self._end()


def _is_pipe(descriptor: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)

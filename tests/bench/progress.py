"""Tells on stderr what is being measured."""

from __future__ import annotations

import sys
import time

_BEGAN = time.monotonic()


def say(text: str) -> None:
    """One line, with the seconds since the start."""
    print(f"[bench {time.monotonic() - _BEGAN:5.0f} s] {text}", file=sys.stderr, flush=True)

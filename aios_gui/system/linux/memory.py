"""How the C library shares out memory among threads, and gives it back."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

HEAPS = 2
_M_ARENA_MAX, _M_TOP_PAD = -8, -2
_SPARE_BYTES = 1 << 20


def share_heaps() -> bool:
    """Have all threads share ``HEAPS`` heaps, if called before they begin; False where the system has no such choice.

    Else glibc gives each thread a heap, up to eight for each core, and each keeps what its busiest moment took: threads
    that come and go to read the record would leave some 15 MB lying free in these. The first heap takes a megabyte of
    address space more than it needs, so that it can still grow where the machine has no memory left.
    """
    if sys.platform != "linux":
        return False
    mallopt = of_c_library("mallopt")
    return mallopt is not None and bool(mallopt(_M_TOP_PAD, _SPARE_BYTES) and mallopt(_M_ARENA_MAX, HEAPS))


def give_back() -> bool:
    """Give the system back what lies free in the heaps, but for what the first one keeps to grow; takes a millisecond.

    By itself glibc gives back only what is free at the end of a heap, and a few small things that stay there hold all
    that the busiest moment took: a megabyte after the start, in a window 6 MB after an hour of use. False where there
    was nothing, or no such choice.
    """
    if sys.platform != "linux":
        return False
    trim = of_c_library("malloc_trim")
    return trim is not None and bool(trim(ctypes.c_size_t(_SPARE_BYTES)))


@cache  # each CDLL makes a class, which nothing but a collection takes away
def of_c_library(name: str) -> Any:
    """A function of the C library; None where it has none, as musl."""
    return getattr(ctypes.CDLL(None), name, None)

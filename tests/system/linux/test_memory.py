"""Threads share the heaps of the C library."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys

import pytest

from aios_gui.system.linux.memory import HEAPS, give_back

_THREADS = """
import ctypes, sys, threading
from aios_gui.system.linux.memory import share_heaps
if sys.argv[1] == "shared":
    assert share_heaps()
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
c.fopen.restype, c.malloc_info.argtypes, c.fclose.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p], [
    ctypes.c_void_p
]
all_have = threading.Barrier(7)
def take():
    c.malloc(5000)
    all_have.wait()
threads = [threading.Thread(target=take) for _ in range(6)]
for thread in threads:
    thread.start()
all_have.wait()
told = c.fopen(b"/dev/stdout", b"w")
c.malloc_info(0, told)
c.fclose(told)
"""


def _heaps(how: str) -> int:
    command = [sys.executable, "-c", _THREADS, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.count("<heap nr")


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap of its own"
)
def test_threads_share_heaps() -> None:
    assert _heaps("shared") <= HEAPS < _heaps("each its own")


_LEFT_FREE = """
import ctypes
from aios_gui.system.linux.memory import give_back
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])
taken = [c.malloc(4000) for _ in range(4000)]
for each in taken:
    ctypes.memset(each, 1, 4000)
kept = taken.pop()
for each in taken:
    c.free(each)
before = resident()
assert give_back()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to")
def test_what_lies_free_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LEFT_FREE], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) >= 2000  # of the pages of 16 MB, whose last one is still in use


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to")
def test_giving_back_leaves_nothing_for_the_collector() -> None:
    give_back()
    gc.collect()
    give_back()
    assert gc.collect() == 0

"""One burst, by a program of any name: ``hog.py KIND START END AFTER FILE``, moments in seconds of the wall clock.

Run by the interpreter under another name (a link to it), it needs nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

CORES = os.cpu_count() or 1
SHORT_S = 1.0
"""A burst on the cores up to this length is a real-time one, which nothing gets past; longer, it would lock up all."""
_BLOCK = 1 << 20


def burn(end: float, real_time: bool) -> None:
    """Use a core."""
    if real_time:
        with contextlib.suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
    while time.time() < end:
        pass


def read(end: float, file: str) -> None:
    """Read past the cache, here and there."""
    descriptor = os.open(file, os.O_RDONLY | os.O_DIRECT)
    blocks = os.fstat(descriptor).st_size // _BLOCK
    buffer = mmap.mmap(-1, _BLOCK)
    while time.time() < end:
        os.preadv(descriptor, [buffer], random.randrange(blocks) * _BLOCK)


def write(end: float, file: str) -> None:
    """Write a little and have it flushed, again and again."""
    own = Path(f"{file}.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT)
    own.unlink()
    while time.time() < end:
        os.pwrite(descriptor, os.urandom(16_384), random.randrange(64) * 16_384)
        os.fsync(descriptor)


def fill(end: float) -> None:
    """Take memory, touch every page, and give it back."""
    while time.time() < end:
        taken = mmap.mmap(-1, 256 << 20)
        for place in range(0, len(taken), 4096):
            taken[place] = 1
            if not place % (4 << 20) and time.time() >= end:
                break
        taken.close()


def storm(end: float) -> None:
    """Start one process after the other, each for an instant."""
    while time.time() < end:
        os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def beside(end: float, low: float, high: float) -> None:
    """Use some share of a core, another every few seconds, and write a little now and then."""
    with Path(os.devnull).open("wb") as sink:
        while time.time() < end:
            share, until = random.uniform(low, high), time.time() + random.uniform(4, 12)
            while time.time() < min(until, end):
                began = time.time()
                while time.time() < began + share * 0.05:
                    sink.write(b"x")
                time.sleep(0.05 * (1 - share))


def main() -> None:
    """Wait for the moment, do it in as many processes as it takes, and stay for a while or not."""
    kind, start, end, after = sys.argv[1], *map(float, sys.argv[2:5])
    file = sys.argv[5]
    if kind == "beside":
        beside(end, start, after)
        return
    real_time = end - start <= SHORT_S
    work: dict[str, tuple[Callable[[], object], int]] = {
        "cpu": (lambda: burn(end, real_time), CORES if real_time else 4 * CORES),
        "read": (lambda: read(end, file), 2),
        "fsync": (lambda: write(end, file), 1),
        "memory": (lambda: fill(end), 4 * CORES),
        "storm": (lambda: storm(end), 4 * CORES),
    }
    do, processes = work[kind]
    children = []
    for _each in range(processes):
        child = os.fork()
        if not child:
            time.sleep(max(0.0, start - time.time()))
            do()
            time.sleep(after)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()

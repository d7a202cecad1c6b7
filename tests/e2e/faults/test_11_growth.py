"""Hours of use, in small: what is opened is closed again, and no thread stays. The hours themselves: `dev.py soak`."""

from __future__ import annotations

from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import RaiseWindow
from aios_gui.system.linux.memory import HEAPS
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import Heartbeat, complete, heartbeat, linux, nothing_escaped, whole, window
from tests.processes import wait_until

PANELS = ("live", "incidents", "history", "reports", "warmup", "startup", "settings")


def held(running: Heartbeat) -> tuple[int, int]:
    """How many descriptors and threads it has."""
    process = Path(f"/proc/{running.process.pid}")
    return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir()))


def hardly_more(now: tuple[int, int], before: tuple[int, int]) -> bool:
    """At most four more: a first stall may start a thread late; a leak would take one each time."""
    return all(found <= then + 4 for found, then in zip(now, before, strict=True))


def heaps(running: Heartbeat) -> int:
    """How many heaps glibc has for its threads: its main one, and others that begin at multiples of 64 MB."""
    maps = Path(f"/proc/{running.process.pid}/maps").read_text().splitlines()
    own = [line.partition("-")[0] for line in maps if " rw-p 00000000 00:00 0" in line]
    return 1 + sum(int(start, 16) % 2**26 == 0 for start in own)


def use(running: Heartbeat, times: int) -> None:
    for number in range(times):
        ChannelClient(running.paths, 10.0).execute(RaiseWindow(PANELS[number % len(PANELS)]))
        running.snapshot()


@linux
def test_a_window_that_is_used_holds_no_more_than_before(paths: Paths) -> None:
    grows_not(paths, 2 * len(PANELS))


@linux
@pytest.mark.long
def test_a_window_that_is_used_two_thousand_times_holds_no_more_than_before(paths: Paths) -> None:
    grows_not(paths, 2_000)


def grows_not(paths: Paths, times: int) -> None:
    # Qt's platform without a display complains of each raise, and a pipe that is full holds up what writes into it.
    with window(paths, panel="live", QT_LOGGING_RULES="default.warning=false") as running:
        running.wait_until_it_beats()
        use(running, 4 * len(PANELS))  # each panel is made, and the pool has its threads
        before = held(running)
        use(running, times)
        wait_until(lambda: hardly_more(held(running), before), "hardly more")
        running.quit()
    whole(paths)
    nothing_escaped(paths)


@linux
def test_a_service_that_is_asked_often_holds_no_more_than_before(paths: Paths) -> None:
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        before = held(running)
        for _each in range(300):
            running.snapshot()
        wait_until(lambda: hardly_more(held(running), before), "hardly more")
        assert heaps(running) <= HEAPS
        complete(paths, running.quit())
    nothing_escaped(paths)

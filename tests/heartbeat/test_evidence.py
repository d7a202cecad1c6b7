"""Evidence on late wake-ups, with real threads and real counters."""

import gc
import subprocess
import sys
import threading
import time
from types import FrameType

import pytest

from aios_gui.heartbeat.evidence import WakeProbe, frames_by_thread, stolen_by_core
from aios_gui.heartbeat.model.lateness import WakeEvidence
from tests.processes import ROOT

COLLECTS_AT_EVERY_TURN = """
import gc, threading
from aios_gui.heartbeat.evidence import frames_by_thread

class OfThread(threading.local):
    pass

def leave_cycle():
    holder = OfThread()
    holder.itself = [holder]

release = threading.Event()
threads = [threading.Thread(target=release.wait) for _ in range(8)]
for thread in threads:
    thread.start()
for threshold in range(1, 40):
    gc.disable()
    for _ in range(20):
        leave_cycle()
    gc.set_threshold(threshold)
    gc.enable()
    frames = frames_by_thread()
release.set()
print(len(frames), gc.isenabled())
"""


def test_asking_where_threads_stand_during_a_collection_does_not_hang() -> None:
    # In a process of its own, since what hangs here cannot be ended otherwise.
    answer = subprocess.run(
        [sys.executable, "-c", COLLECTS_AT_EVERY_TURN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (answer.returncode, answer.stdout.split()) == (0, ["8", "True"]), answer.stderr


def test_asking_leaves_automatic_collection_off_where_it_was() -> None:
    gc.disable()
    try:
        frames_by_thread()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_asking_for_a_culprit_leaves_no_frames_for_a_collection() -> None:
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    probe = WakeProbe()
    gc.disable()
    try:
        probe.mark_threads()
        probe.culprit()
        frames = [each for each in gc.get_objects() if isinstance(each, FrameType)]
        assert not [each for each in frames if each.f_code.co_name in ("culprit", "frames_by_thread")]
    finally:
        gc.enable()
        stop.set()
        other.join()
        probe.close()


def test_the_thread_that_worked_is_named() -> None:
    stop = threading.Event()
    idle = threading.Thread(target=stop.wait)
    idle.start()

    def burn_the_cpu() -> None:
        while not stop.is_set():
            sum(range(1000))

    probe = WakeProbe()
    busy = threading.Thread(target=burn_the_cpu)
    busy.start()
    try:
        probe.mark_threads()
        probe.mark()
        until = time.process_time_ns() + 60_000_000
        deadline = time.monotonic() + 10
        while time.process_time_ns() < until and time.monotonic() < deadline:
            time.sleep(0.005)
        culprit = probe.culprit()
        growth = probe.growth()
    finally:
        stop.set()
        busy.join()
        idle.join()
        probe.close()
    assert "burn_the_cpu" in culprit
    assert culprit.startswith(__name__)
    assert growth.own_cpu_ns is not None
    assert growth.own_cpu_ns >= 30_000_000


def test_without_a_scheduler_file_own_cpu_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aios_gui.heartbeat.evidence._run_queue_file", lambda _thread: None)
    probe = WakeProbe()
    probe.mark()
    growth = probe.growth()
    probe.close()
    assert isinstance(growth, WakeEvidence)
    assert growth.run_queue_ns is None
    assert growth.own_cpu_ns is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own count of waits is Linux'")
def test_the_run_queue_count_of_this_thread_never_shrinks() -> None:
    probe = WakeProbe()
    probe.mark()
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass
    growth = probe.growth()
    probe.close()
    assert growth.run_queue_ns is None or growth.run_queue_ns >= 0


STAT = b"""cpu  2166178 81839 297193 599151 12062 0 6643 1640 0 0
cpu0 1083089 40919 148596 299575 6031 0 3321 817 0 0
cpu1 1083089 40919 148596 299575 6031 0 3321 828 0 0
intr 1 2 3
ctxt 5
"""


def test_the_stolen_time_of_each_core_is_the_eighth_figure() -> None:
    assert stolen_by_core(STAT) == [817, 828]
    assert stolen_by_core(b"cpu  1 2 3\ncpu0 1 2 3\n") == [], "of a kernel that does not count it"
    assert stolen_by_core(b"") == []


def test_what_the_host_takes_between_the_mark_and_the_wake_up_is_evidence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probe = WakeProbe()
    ticks = iter([[817, 828], [817, 834], [1], [817, 834], []])
    monkeypatch.setattr(probe, "_stolen_ticks", lambda: next(ticks))
    probe.mark()
    assert probe.growth().stolen_ns == 60_000_000
    assert probe.growth().stolen_ns is None, "a core has gone meanwhile"
    probe.mark()
    assert probe.growth().stolen_ns is None
    probe.close()

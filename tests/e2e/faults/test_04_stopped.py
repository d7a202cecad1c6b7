"""Stopped for some seconds, as by a debugger or a hypervisor: one hiccup of that length, and no burst after it."""

import itertools
import signal
from pathlib import Path

from aios_gui.heartbeat.evidence import stolen_by_core
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import EVER, complete, heartbeat, nothing_escaped
from tests.fakes import S
from tests.processes import stay
from tests.systems import has_signals

STOPPED_S = 1.5
TICK_NS = 10_000_000


def number(event: Event, name: str) -> float:
    """The fact ``name`` of the event, which is a number."""
    value = event.facts[name]
    assert not isinstance(value, str)
    return value


def stolen_ticks() -> list[int]:
    """What the host has taken of each core so far; nothing where the system does not tell."""
    counters = Path("/proc/stat")
    return stolen_by_core(counters.read_bytes()) if counters.exists() else []


@has_signals
def test_stopped_for_some_seconds_it_tells_one_hiccup_and_makes_no_burst(paths: Paths) -> None:
    with heartbeat(paths, "service", "--interval", "0.25") as running:
        running.wait_until_it_beats()
        before = stolen_ticks()
        running.beats_on(1)
        running.send(signal.SIGSTOP)
        stay(STOPPED_S)
        running.send(signal.SIGCONT)
        running.beats_on(4)
        taken_ns = (
            max((now - then for now, then in zip(stolen_ticks(), before, strict=True)), default=0) * TICK_NS
        )
        beats = complete(paths, running.quit())
    with RecordReader(paths.store) as reader:
        (hiccup,) = [e for e in reader.events(*EVER, EventKind.HICCUP) if number(e, "lateness_ns") > 0.9 * S]
        assert reader.gaps(*EVER) == []
    lateness_ns = number(hiccup, "lateness_ns")
    assert lateness_ns >= (STOPPED_S - 0.25) * S
    # It may begin up to an interval before the beat that it delays was due, and the beat that ends it is not missed.
    assert 0 <= lateness_ns / (S / 4) - number(hiccup, "missed") < 2
    # On a virtual machine, the host may have taken most of the same time.
    assert hiccup.facts["cause"] == Cause.FROZEN or (
        2 * taken_ns >= lateness_ns and hiccup.facts["cause"] == Cause.STOLEN
    )
    late = next(n for n, beat in enumerate(beats) if beat.seq == hiccup.seq)
    # The watch between beats may have felt it before the beat was due.
    assert 0 <= lateness_ns - beats[late].lateness_ns <= S // 4
    assert beats[late].missed == hiccup.facts["missed"]
    assert beats[late].duration_ns < S, "the beat itself took no longer"
    # Each beat after it is on the grid, so that at most the first comes sooner than one interval.
    after = beats[late + 1 :]
    spans = [there.wall_ns - here.wall_ns for here, there in itertools.pairwise(after)]
    assert len(spans) >= 2
    assert all(span > 0.1 * S for span in spans)
    nothing_escaped(paths)

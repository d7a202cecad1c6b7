"""How much the record grows in a day: a day of realistic beats through the real writer."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.stall import SeenBy
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import CONTEXT_NS
from aios_gui.record.store.writer import SqliteWriter
from tests.bench.arithmetic import Goal
from tests.bench.environment import Home
from tests.bench.plan import Plan
from tests.bench.progress import say
from tests.bench.rows import MEGABYTES, Row

_SECOND_NS = 1_000_000_000
_DAY_BEATS = 86_400
_DAY_NS = _DAY_BEATS * _SECOND_NS
_HICCUPS_A_DAY = 200
_SYNC_BEATS = 45
_PAUSE_NS = 2_100_000_000


def measure(plan: Plan) -> list[Row]:
    """The row of the store's growth at one beat a second, with the context samples that a window takes."""
    say("a day of beats into the store")
    home = Home()
    try:
        grown_bytes = grow(home.paths.store, _DAY_BEATS)
    finally:
        home.remove()
    note = f"({grown_bytes / _DAY_BEATS:.0f} bytes a beat)"
    return [Row("store.day", "store growth at 1 Hz, a day", MEGABYTES, grown_bytes, Goal(5e6), "", "", note)]


def grow(
    store: Path,
    beats: int,
    interval_ns: int = _SECOND_NS,
    began_ns: int | None = None,
    together: int = 1,
    round_ns: int = 0,
) -> int:
    """Write what is due in the time of ``beats`` into a record, from ``began_ns`` or now on; by how much the file grew.

    Each commit has ``together`` items: one, as the recorder does it at one beat a second. With a ``round_ns`` somebody
    uses the program in rounds as long as that: pauses the heartbeat, warms it up, and stalls the processor twice.
    """
    writer = SqliteWriter(store, RECORD_SCHEMA)
    writer.open()
    start_ns = time.time_ns() if began_ns is None else began_ns
    session = writer.begin_session(start_ns, str(Mode.WINDOW), {})
    writer.sync()
    empty_bytes = store.stat().st_size
    chance = random.Random(1)
    context_every = max(1, CONTEXT_NS[Mode.WINDOW] // interval_ns)
    items: list[object] = []
    seq = 0
    for number in range(beats):
        at_ns = start_ns + number * interval_ns
        into_round_ns = number * interval_ns % round_ns if round_ns else _PAUSE_NS
        if into_round_ns < _PAUSE_NS:
            if into_round_ns < interval_ns:
                items += _pause_and_warm_ups(chance, seq, at_ns)
                items += _stalls(chance, at_ns)
            continue
        items.append(_beat(chance, session, seq, at_ns))
        if seq % context_every == 0:
            items.append(_context(chance, at_ns))
        if chance.random() < _HICCUPS_A_DAY / _DAY_NS * interval_ns:
            items.append(_hiccup(chance, seq, at_ns))
        if len(items) >= together:
            writer.write(items, session)
            items = []
        if seq % _SYNC_BEATS == 0:
            writer.sync()
        seq += 1
    writer.write(items, session)
    writer.end_session(session, start_ns + beats * interval_ns)
    writer.close()
    return store.stat().st_size - empty_bytes


def seal(store: Path) -> None:
    """Have every hour that is old enough sealed, as the service does in the course of time."""
    writer = SqliteWriter(store, RECORD_SCHEMA)
    writer.open()
    while writer.seal():
        pass
    writer.close()


def _beat(chance: random.Random, session: int, seq: int, at_ns: int) -> RecordedBeat:
    """A beat with the spread that a busy desktop shows."""
    return RecordedBeat(
        session=session,
        seq=seq,
        wall_ns=at_ns + chance.randrange(2_000_000),
        duration_ns=round(chance.lognormvariate(10.2, 0.25)),  # median 27 µs
        lateness_ns=round(chance.lognormvariate(11.6, 0.5)),  # median 109 µs
        start_offset_ns=round(chance.lognormvariate(7.0, 1.0)),
        missed=0,
        rehearsed=True,
        cause=Cause.NONE,
        breached=("cpu",) if chance.random() < 0.05 else (),
        failed=False,
        cpu_percent=round(chance.uniform(0, 100), 1),
        memory_percent=round(chance.uniform(20, 80), 1),
    )


def _context(chance: random.Random, at_ns: int) -> ContextSample:
    return ContextSample(
        wall_ns=at_ns,
        own_cpu_percent=chance.uniform(0, 3),
        own_memory_bytes=chance.randrange(20_000_000, 130_000_000),
        own_threads=6,
        memory_total_bytes=16_000_000_000,
        swap_percent=chance.uniform(0, 30),
        disk_read_bytes_per_s=chance.uniform(0, 5e7),
        disk_written_bytes_per_s=chance.uniform(0, 5e7),
        network_received_bytes_per_s=chance.uniform(0, 1e7),
        network_sent_bytes_per_s=chance.uniform(0, 1e6),
    )


def _pause_and_warm_ups(chance: random.Random, seq: int, at_ns: int) -> Iterator[Gap | Event]:
    yield Gap(GapKind.PAUSED, at_ns, at_ns + _PAUSE_NS)
    yield Event(EventKind.COOLED_DOWN, at_ns, seq, {"beats": 60})
    for reason in ("asked", "pause"):
        durations_ns = [round(chance.lognormvariate(10.2, 0.25)) for _beat_number in range(32)]
        facts: dict[str, int | float | str] = {
            "reason": reason,
            "beats": len(durations_ns),
            "cold_ns": 5 * durations_ns[0],
            "before_ns": durations_ns[0],
            "after_ns": durations_ns[-1],
            "capped": 0,
            "took_ns": sum(durations_ns),
            "durations_ns": " ".join(map(str, durations_ns)),
        }
        yield Event(EventKind.WARMED_UP, at_ns + _PAUSE_NS, seq, facts)


def _stalls(chance: random.Random, at_ns: int) -> Iterator[Event | HiccupFinding]:
    """Of the processor, by the windows that are opened and the commands that are started."""
    for ended_ns in (at_ns + 500_000_000, at_ns + 1_500_000_000):
        stalled_ns = chance.randrange(100_000_000, 400_000_000)
        facts: dict[str, int | float | str] = {
            "lateness_ns": stalled_ns,
            "missed": 0,
            "seen_by": SeenBy.KERNEL,
            "resource": "cpu",
            "stalled_ns": stalled_ns,
        }
        yield Event(EventKind.RESOURCE_STALL, ended_ns, None, facts)
        culprits = tuple(Culprit(name, 1_000, chance.uniform(50, 150)) for name in ("python", "Xorg"))
        evidence: dict[str, int | float | str] = {"busy_percent": 85.0, "cpu_pressure_percent": 42.5}
        finding = Finding(FindingKind.NO_FREE_CORE, facts, culprits, (), evidence, 5_000_000)
        yield HiccupFinding(ended_ns, None, finding)


def _hiccup(chance: random.Random, seq: int, at_ns: int) -> Event:
    late_ns = chance.randrange(50_000_000, 3_000_000_000)
    facts: dict[str, int | float | str] = {
        "lateness_ns": late_ns,
        "missed": late_ns // _SECOND_NS,
        "cause": int(Cause.RUN_QUEUE),
        "run_queue_ns": late_ns,
        "self_inflicted_ns": 0,
        "frozen_ns": 0,
        "culprit": "",
    }
    return Event(EventKind.HICCUP, at_ns, seq, facts)

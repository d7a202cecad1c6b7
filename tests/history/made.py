"""A record of some hours for the questions, once as rows and once sealed: clocks set, runs ended, CPU unknown."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, LiveItem, RecordedBeat
from aios_gui.history.queries import History
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, MS, WALL, S, recorded_beat

BEGIN = WALL // HOUR * HOUR + 17 * 60 * S
INTERVAL = 15 * S


@dataclass(frozen=True)
class Made:
    """Where the two records lie, and what is in them."""

    rows: Path
    sealed: Path
    beats: list[RecordedBeat]
    gaps: list[Gap]

    @contextmanager
    def histories(self) -> Iterator[tuple[History, History]]:
        """Of the rows, and of the sealed hours with the rows that are left."""
        with RecordReader(self.rows) as rows, RecordReader(self.sealed) as sealed:
            yield History(rows), History(sealed)


def seal(path: Path, until_ns: int, open_hours: int = 2) -> None:
    """Seal all hours of a record that ended by a moment."""
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    for _step in sealing(
        writer.connection, RECORD_SCHEMA.seal, until_ns // 1000 + open_hours * HOUR // 1000, set()
    ):
        pass
    writer.close()


def make(folder: Path, seed: int = 5) -> Made:
    """Eight hours in two runs; the clock is set back by 50 minutes in the first, and is a day ahead for a while."""
    chance = random.Random(seed)
    writer = SqliteWriter(folder / "rows.sqlite3", RECORD_SCHEMA)
    writer.open()
    beats: list[RecordedBeat] = []
    gaps: list[Gap] = []
    at_ns = BEGIN

    def beat_for(hours: float, session: int, first: int) -> int:
        nonlocal at_ns
        items: list[LiveItem] = []
        for seq in range(first, first + round(hours * HOUR / INTERVAL)):
            late_ns = chance.choice([10 * MS] * 60 + [600 * MS, 12 * S, 31 * S, 95 * S])
            lateness_ns = chance.randrange(late_ns) // 10 * 10  # the grain of a page
            missed = lateness_ns // INTERVAL
            at_ns += INTERVAL * (1 + missed)
            # No two beats on the same µs, where an hour is lived twice.
            wall_ns = at_ns + chance.randrange(200) * 4000 + len(gaps) % 4 * 1000
            beat = recorded_beat(
                seq, wall_ns, session=session, lateness_ns=lateness_ns, missed=missed,
                duration_ns=round(chance.lognormvariate(7.7, 1.5)) * 10, failed=chance.random() < 0.01,
                breached=("cpu",) if chance.random() < 0.02 else (), cpu_percent=_percent(chance),
                memory_percent=_percent(chance),
            )  # fmt: skip
            items.append(beat)
            if seq % 6 == 0:
                items.append(
                    ContextSample(at_ns, own_cpu_percent=0.5, own_memory_bytes=50, memory_total_bytes=200)
                )
        writer.write(items, session)
        beats.extend(item for item in items if isinstance(item, RecordedBeat))
        return first + round(hours * HOUR / INTERVAL)

    def set_clock(by_ns: int) -> None:
        nonlocal at_ns
        gap(GapKind.CLOCK_JUMP, by_ns)

    def gap(kind: GapKind, by_ns: int) -> None:
        nonlocal at_ns
        gaps.append(Gap(kind, at_ns, at_ns + by_ns))
        writer.write([gaps[-1]], 1)
        at_ns += by_ns

    first = writer.begin_session(BEGIN, "service", {"interval_ns": INTERVAL})
    seq = beat_for(2.3, first, 0)
    set_clock(-50 * 60 * S)
    seq = beat_for(1.1, first, seq)
    set_clock(24 * HOUR)
    seq = beat_for(0.7, first, seq)
    set_clock(-24 * HOUR)
    beat_for(1, first, seq)
    gap(GapKind.SUSPENDED, 1300 * S)
    gap(GapKind.NOT_RECORDED, 700 * S)
    second = writer.begin_session(at_ns, "window", {"interval_ns": INTERVAL})
    beat_for(2.9, second, 0)
    writer.close()
    sealed = folder / "sealed.sqlite3"
    shutil.copy(folder / "rows.sqlite3", sealed)
    seal(sealed, at_ns - HOUR)
    return Made(folder / "rows.sqlite3", sealed, beats, gaps)


def _percent(chance: random.Random) -> float | None:
    return None if chance.random() < 0.02 else round(chance.random() * 100, 1)

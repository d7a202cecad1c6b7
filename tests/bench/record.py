"""What a measured program recorded, read through its own store."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.reader import RecordReader
from tests.bench.arithmetic import Figures

LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats of a span: duration and lateness in ns, how many were missed, how many were rehearsed."""

    duration: Figures
    lateness: Figures
    missed: int = 0
    rehearsed: int = 0

    @property
    def availability_percent(self) -> float | None:
        """Beats made over beats due."""
        due = self.duration.count + self.missed
        return self.duration.count / due * 100 if due else None


def beats_of(found: list[RecordedBeat]) -> Beats:
    """The figures of recorded beats."""
    return Beats(
        Figures.of([beat.duration_ns for beat in found]),
        Figures.of([beat.lateness_ns for beat in found]),
        sum(beat.missed for beat in found),
        sum(beat.rehearsed for beat in found),
    )


def read_beats(store: Path, start_ns: int = 0, end_ns: int = END_OF_TIME_NS) -> list[RecordedBeat]:
    """Recorded beats from ``start_ns`` to before ``end_ns`` of the wall clock; an absent store has none."""
    with RecordReader(store) as reader:
        return list(reader.beats(start_ns, end_ns))


def wait_for_beats(
    store: Path, count: int, timeout_s: float, check_running: Callable[[], None]
) -> list[RecordedBeat]:
    """The record once it has ``count`` beats; RuntimeError where that takes too long or the program ends."""
    until = time.monotonic() + timeout_s
    while True:
        if store.exists() and len(found := read_beats(store)) >= count:
            return found
        check_running()
        if time.monotonic() > until:
            raise RuntimeError(f"no {count} beats within {timeout_s:g} s")
        time.sleep(LOOK_S)

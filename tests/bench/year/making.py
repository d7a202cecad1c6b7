"""Makes a year of a desktop's life and hands it to the real store: sleep, clock changes, crashes, a full disk."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.beat import Cause, LatenessSplit
from aios_gui.heartbeat.model.gap import ClockReading, gaps_between
from aios_gui.heartbeat.model.items import ContextSample, LiveItem, RecordedBeat, hiccup_event
from aios_gui.heartbeat.model.stall import SeenBy, Stall
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts

S = 1_000_000_000
HOUR_S, DAY_S = 3600, 86_400
ZONE = "ACST-9:30ACDT,M10.1.0,M4.1.0/3"
"""Adelaide: half an hour beside UTC's hours, with both changes of the clocks."""
START_NS = 1_735_655_400 * S
"""The first of January 2025 in that zone."""
BATCH_S = 600
CONTEXT_S = 30
LIMIT_BYTES = 2_000_000_000
HICCUP_NS = 400_000_000
MINUTE_NS = 60 * S
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass
class Truth:
    """What was made: beats by the minute of the wall clock, and what happened beside them."""

    days: int
    made: Counter[int] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)
    gaps: dict[str, int] = field(default_factory=dict)
    """How many of each kind."""
    first_incident_ns: int = 0
    hiccup_ns: int = 0
    """When the one hiccup of ``HICCUP_NS`` was seen that is longer than all else around it."""
    hiccups: int = 0
    crashes: int = 0
    seconds: float = 0.0
    """How long the making took."""

    def save(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Truth:
        """What was saved."""
        facts = json.loads(path.read_text("utf-8"))
        for name in ("made", "missed"):
            facts[name] = Counter({int(minute): count for minute, count in facts[name].items()})
        return cls(**facts)


class Machine:
    """A machine whose time passes as told; its beats go to a store as the recorder hands them over."""

    def __init__(self, record: Path, truth: Truth, seed: int = 1) -> None:
        self._record = record
        self._truth = truth
        self._chance = random.Random(seed)
        self._numbers = np.random.default_rng(seed)
        self.wall_ns = START_NS
        self._now_ns = 1_000 * S
        self._suspended_ns = 0
        self._incident = 0
        self._memory = 45.0
        self._begin()

    def _begin(self) -> None:
        facts = machine_facts() | {"interval_ns": S}
        session = SessionFacts(self.wall_ns, "service", facts)
        self._store = ResilientStore(self._record, RECORD_SCHEMA, session, 365, LIMIT_BYTES)
        self._seq = 0
        self._keep()

    def _keep(self) -> None:
        self._store.keep(self._now_ns, self.wall_ns)

    def run(self, seconds: int) -> None:
        """Beat for so long, each beat written through the store."""
        left = seconds
        while left > 0:
            part = min(left, BATCH_S)
            self._store.take(self._beats(part))
            self._pass(part)
            self._keep()
            left -= part

    def _pass(self, seconds: float) -> None:
        self._now_ns += round(seconds * S)
        self.wall_ns += round(seconds * S)

    def _beats(self, seconds: int) -> list[LiveItem]:
        """The items of the next ``seconds``, whose beats are due on whole seconds from now."""
        chance = self._numbers
        due = np.arange(seconds, dtype=np.int64)
        lateness = _lognormal(chance, 11.6, 0.5, seconds)
        late = np.flatnonzero(chance.random(seconds) < 60 / DAY_S)
        lateness[late] = chance.lognormal(18.6, 1.1, len(late)).clip(5.1e7, 2e10).astype(np.int64)
        made = np.ones(seconds, np.bool_)
        missed = np.zeros(seconds, np.int64)
        for number in late:
            if made[number]:
                missed[number] = min(lateness[number] // S, seconds - 1 - number)
                lateness[number] = min(lateness[number], missed[number] * S + S - 1)
                made[number + 1 : number + 1 + missed[number]] = False
        offset = _lognormal(chance, 7.0, 1.0, seconds)
        offset[late] = lateness[late]
        wall = (self.wall_ns + due * S + offset) // 1000 * 1000
        columns = [
            wall, _lognormal(chance, 10.2, 0.25, seconds) // 10 * 10, lateness // 10 * 10, offset, missed,
            _percent(self._load(seconds)), _percent(self._drift(seconds)),
            _lognormal(chance, 10.6, 0.4, seconds),
        ]  # fmt: skip
        items: list[LiveItem] = []
        late_of = {int(number) for number in late if made[number]}
        for number, row in zip(
            np.flatnonzero(made), zip(*(c[made].tolist() for c in columns), strict=True), strict=True
        ):
            at_ns, duration_ns, lateness_ns, offset_ns, skipped, cpu, memory, unrehearsed_ns = row
            is_late = int(number) in late_of
            cause = Cause.RUN_QUEUE if is_late else Cause.NONE
            breached = ("cpu",) if cpu > 90 else ()
            figures = at_ns, duration_ns, lateness_ns, offset_ns, skipped, True, cause, breached, False
            items.append(RecordedBeat(self._store.session, self._seq, *figures, cpu, memory, unrehearsed_ns))
            if is_late:
                split = LatenessSplit(lateness_ns, 0, 0, cause)
                items.append(hiccup_event(Stall(at_ns, lateness_ns, SeenBy.BEAT, self._seq, skipped, split)))
                self._truth.hiccups += 1
            if self._seq % CONTEXT_S == 0:
                items.append(self._context(at_ns))
            self._count(at_ns, skipped)
            self._seq += 1
        return items

    def _count(self, at_ns: int, missed: int) -> None:
        minute = at_ns // MINUTE_NS
        self._truth.made[minute] += 1
        if missed:
            self._truth.missed[minute] += missed

    def _load(self, seconds: int) -> Floats:
        """CPU: calm by night, busier by day, with bursts of some minutes."""
        hour = self.wall_ns / S % DAY_S / HOUR_S
        base = 6 + 9 * max(0.0, np.sin((hour - 6) / 24 * 2 * np.pi))
        burst = 50.0 if self._chance.random() < 0.03 else 0.0
        return np.asarray((base + burst + self._numbers.normal(0, 3, seconds)).clip(0.1, 100))

    def _drift(self, seconds: int) -> Floats:
        steps = self._numbers.normal(0, 0.02, seconds).cumsum()
        path = (self._memory + steps).clip(20, 90)
        self._memory = float(path[-1])
        return np.asarray(path)

    def _context(self, at_ns: int) -> ContextSample:
        chance = self._chance.random
        return ContextSample(
            at_ns, own_cpu_percent=0.05 + 0.1 * chance(), own_memory_bytes=25_000_000 + int(1e5 * chance()),
            own_threads=6, memory_total_bytes=16_000_000_000, swap_percent=3.0,
            disk_read_bytes_per_s=1e6 * chance(), disk_written_bytes_per_s=1e6 * chance(),
            network_received_bytes_per_s=1e5 * chance(), network_sent_bytes_per_s=1e4 * chance(),
            disk_free_percent=41.2, disk_busy_percent=100 * chance(), cpu_stalled_percent=chance(),
        )  # fmt: skip

    # What happens

    def sleep(self, seconds: float) -> None:
        """The machine is suspended."""
        self._clocks_move(seconds * S, seconds * S, asleep_ns=round(seconds * S))

    def set_clock(self, by_s: float) -> None:
        """The wall clock is set on, or back where ``by_s`` is negative."""
        self._clocks_move(0, by_s * S)

    def _clocks_move(self, by_ns: float, wall_ns: float, asleep_ns: int = 0) -> None:
        before = ClockReading(self._now_ns, self.wall_ns, self._suspended_ns)
        self._suspended_ns += asleep_ns
        self.wall_ns += round(wall_ns)
        after = ClockReading(self._now_ns, self.wall_ns, self._suspended_ns)
        for gap in gaps_between(before, after, monotonic_counts_sleep=False):
            self._note_gap(str(gap.kind))
            self._store.take([gap])
        # The grid begins again, as after a pause.
        self._pass(1)
        self._keep()

    def _note_gap(self, kind: str) -> None:
        self._truth.gaps[kind] = self._truth.gaps.get(kind, 0) + 1

    def crash(self, off_s: float) -> None:
        """Killed with the last second not written, started again after ``off_s``."""
        lost = self._beats(1)
        for beat in lost:
            if isinstance(beat, RecordedBeat):
                self._truth.made[beat.wall_ns // MINUTE_NS] -= 1
                self._truth.missed[beat.wall_ns // MINUTE_NS] -= beat.missed
        self._store.leave()
        self._truth.crashes += 1
        self._start_again(off_s)

    def stop(self, off_s: float) -> None:
        """Ended properly, started again after ``off_s``."""
        self._store.close(self._now_ns, self.wall_ns)
        self._start_again(off_s)

    def _start_again(self, off_s: float) -> None:
        self._pass(off_s)
        self._note_gap("not_recorded")
        self._begin()

    def fill_disk(self, seconds: int) -> None:
        """Nothing can be written for so long, while beats go on."""
        connection = self._store.moving_connection()
        assert connection is not None
        # What SQLite says of a full disk; the pages that are there may be written.
        connection.execute("PRAGMA max_page_count = 1").fetchall()
        self.run(seconds)
        assert not self._store.health.recording
        connection.execute("PRAGMA max_page_count = 4294967294").fetchall()
        self.run(BATCH_S)
        assert self._store.health.recording

    def alert(self) -> None:
        """A rule fires for two minutes."""
        self._incident += 1
        incident = Incident(
            self._incident,
            "cpu",
            "cpu_percent",
            Level.CRITICAL,
            self.wall_ns - 120 * S,
            99.0,
            90.0,
            self.wall_ns,
        )
        self._truth.first_incident_ns = self._truth.first_incident_ns or incident.started_ns
        self._store.take([incident])

    def hiccup(self) -> None:
        """One beat that is 400 ms late."""
        (beat,) = (item for item in self._beats(1) if isinstance(item, RecordedBeat))
        beat = replace(beat, lateness_ns=HICCUP_NS, start_offset_ns=HICCUP_NS, missed=0, cause=Cause.FROZEN)
        self._truth.hiccup_ns = beat.wall_ns
        self._store.take([beat, hiccup_event(Stall(beat.wall_ns, HICCUP_NS, SeenBy.BEAT, beat.seq))])
        self._pass(1)

    def end(self) -> None:
        """Ended properly, for good."""
        self._store.close(self._now_ns, self.wall_ns)


def usual_day(machine: Machine, chance: random.Random, day: int) -> None:
    """What happens now and then."""
    if day == 0 or chance.random() < 0.3:
        machine.alert()
    if chance.random() < 0.3:
        machine.sleep(chance.uniform(1, 8) * HOUR_S)
    if chance.random() < 0.07:
        machine.crash(chance.uniform(5, 900))
    if chance.random() < 0.07:
        machine.stop(chance.uniform(60, 7200))


def clock_set_back(machine: Machine) -> None:
    """An hour is lived again, and later the clock is put right."""
    machine.set_clock(-HOUR_S)
    machine.run(3 * HOUR_S + 17)
    machine.set_clock(HOUR_S)


def clock_ahead(machine: Machine) -> None:
    """The clock is two hours ahead for a while, with a crash in it."""
    machine.set_clock(2 * HOUR_S)
    machine.run(HOUR_S + 5)
    machine.crash(30)
    machine.set_clock(-2 * HOUR_S)


RARE: dict[float, Callable[[Machine], object]] = {
    0.1: clock_set_back,
    0.15: clock_ahead,
    0.2: lambda machine: machine.set_clock(-90),
    0.25: lambda machine: machine.fill_disk(HOUR_S),
    0.5: Machine.hiccup,
}
"""What happens once, by the share of the year that is over by then."""


def live(machine: Machine, truth: Truth, seed: int) -> Iterator[int]:
    """Days of a life, one after the other; yields each when it is over."""
    chance = random.Random(seed)
    days = truth.days
    for day in range(days):
        end_ns = START_NS + (day + 1) * DAY_S * S

        def beat_until(share: float, end_ns: int = end_ns) -> None:
            seconds = (end_ns - machine.wall_ns) // S
            if seconds > 0:
                machine.run(round(seconds * share))

        beat_until(chance.random() * 0.5)
        usual_day(machine, chance, day)
        for share, happen in RARE.items():
            if day == round(share * (days - 1)):
                happen(machine)
        beat_until(1)
        yield day
    machine.end()


def _lognormal(chance: np.random.Generator, mean: float, sigma: float, count: int) -> Ints:
    return chance.lognormal(mean, sigma, count).astype(np.int64)


def _percent(values: Floats) -> Floats:
    """As psutil rounds it."""
    return np.asarray(values.round(1))

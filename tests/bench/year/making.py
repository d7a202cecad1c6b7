"""Makes a year of a desktop's life and hands it to the real store: sleep, clock changes, crashes, a full disk."""

from __future__ import annotations

import json
import random
from array import array
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.beat import Cause, LatenessSplit
from aios_gui.heartbeat.model.gap import ClockReading, gaps_between
from aios_gui.heartbeat.model.items import ContextSample, LiveItem, RecordedBeat, hiccup_event
from aios_gui.heartbeat.model.stall import SeenBy, Stall
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.page import CAUSE_SHIFT, BeatColumns
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts
from aios_gui.record.store import sealing
from aios_gui.record.store.opening import transaction

S = 1_000_000_000
HOUR_S, DAY_S = 3600, 86_400
ZONE = "ACST-9:30ACDT,M10.1.0,M4.1.0/3"
"""Adelaide: half an hour beside UTC's hours, with both changes of the clocks."""
START_NS = 1_735_655_400 * S
"""The first of January 2025 in that zone."""
CONTEXT_S = 30
LIMIT_BYTES = 2_000_000_000
HICCUP_NS = 400_000_000
HICCUPS_A_DAY = 60
THRESHOLD_NS = 50_000_000
BREACH = 9000
NEVER_NS = 2**62
TURNS = 10_000
"""Of sealing at most at one time."""
HOUR_NS, MINUTE_NS, MINUTE_US = HOUR_S * S, 60 * S, 60_000_000
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
T = TypeVar("T")


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
        path.write_text(json.dumps(vars(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Truth:
        """What was saved."""
        facts = json.loads(path.read_text("utf-8"))
        for name in ("made", "missed"):
            facts[name] = Counter({int(minute): count for minute, count in facts[name].items()})
        return cls(**facts)


class Machine:
    """A machine whose time passes as told; its beats go to a store as the recorder hands them over."""

    def __init__(self, record: Path, truth: Truth, rows_share: float, seed: int = 1) -> None:
        """``rows_share`` of all whole hours go through rows."""
        self._rows_share = rows_share
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
        store = self._store
        # In compressed time the daily look at the whole file would take most of it.
        store._examine_at_ns = NEVER_NS
        store.keep(self._now_ns, self.wall_ns)
        for _turn in range(TURNS):
            if self._now_ns < store._seal_at_ns or not store.health.recording:
                break
            store.seal(self._now_ns, self.wall_ns, tuple, lambda: True)

    def run(self, seconds: int) -> None:
        """Beat for ``seconds``: whole hours of a calm time go into their page at once, all else through rows."""
        left = seconds
        while left > 0:
            to_hour = -(-(HOUR_NS - self.wall_ns % HOUR_NS) // S)
            if (
                to_hour == HOUR_S <= left
                and self._chance.random() >= self._rows_share
                and self._is_new_hour()
            ):
                part = HOUR_S
                self._put_page(self._columns(part))
            else:
                part = min(left, to_hour)
                self._store.take(self._items(self._columns(part)))
            self._pass(part)
            self._keep()
            left -= part

    def _is_new_hour(self) -> bool:
        """Whether nothing was recorded in this hour so far, as there was before the clock was set back."""
        first, last = (at_ns // MINUTE_NS for at_ns in (self.wall_ns, self.wall_ns + HOUR_NS))
        return self._store.health.recording and not any(m in self._truth.made for m in range(first, last + 1))

    def _pass(self, seconds: float) -> None:
        self._now_ns += round(seconds * S)
        self.wall_ns += round(seconds * S)

    def _columns(self, seconds: int) -> dict[str, Ints]:
        """The beats of the next ``seconds``, which are due on whole seconds from now, as a record has them."""
        chance = self._numbers
        lateness = _lognormal(chance, 11.6, 0.5, seconds)
        # None so late that it would come in the next hour.
        late = np.flatnonzero(chance.random(max(1, seconds - 30)) < HICCUPS_A_DAY / DAY_S)
        lateness[late] = chance.lognormal(18.6, 1.1, len(late)).clip(5.1e7, 2e10).astype(np.int64)
        offset = _lognormal(chance, 7.0, 1.0, seconds)
        offset[late] = lateness[late]
        made = np.ones(seconds, np.bool_)
        missed = np.zeros(seconds, np.int64)
        for number in late:
            if made[number]:
                missed[number] = min(lateness[number] // S, seconds - 1 - number)
                made[number + 1 : number + 1 + missed[number]] = False
        cpu = _hundredths(self._load(seconds))
        columns = {
            "at_us": (self.wall_ns + np.arange(seconds) * S + offset) // 1000,
            "duration_ns": _lognormal(chance, 10.2, 0.25, seconds) // 10 * 10,
            "lateness_ns": lateness // 10 * 10,
            "start_offset_ns": offset,
            "missed": missed,
            "cause": np.where(lateness >= THRESHOLD_NS, int(Cause.RUN_QUEUE), int(Cause.NONE)),
            "cpu_hundredths": cpu,
            "memory_hundredths": _hundredths(self._drift(seconds)),
            "unrehearsed_ns": _lognormal(chance, 10.6, 0.4, seconds),
        }
        columns = {name: column[made] for name, column in columns.items()}
        count = int(made.sum())
        columns["seq"] = np.arange(self._seq, self._seq + count)
        self._seq += count
        for minutes, weights in (
            (self._truth.made, np.ones(count, np.int64)),
            (self._truth.missed, columns["missed"]),
        ):
            numbers = columns["at_us"] // MINUTE_US
            for minute in np.unique(numbers):
                minutes[int(minute)] += int(weights[numbers == minute].sum())
        return columns

    def _items(self, columns: dict[str, Ints]) -> list[LiveItem]:
        """The beats and what goes with them, as the recorder takes them in."""
        items: list[LiveItem] = []
        for (
            at_us,
            duration_ns,
            lateness_ns,
            offset_ns,
            missed,
            cause,
            cpu,
            memory,
            unrehearsed_ns,
            seq,
        ) in zip(*(column.tolist() for column in columns.values()), strict=True):
            breached = ("cpu",) if cpu > BREACH else ()
            figures = (
                at_us * 1000,
                duration_ns,
                lateness_ns,
                offset_ns,
                missed,
                True,
                Cause(cause),
                breached,
                False,
            )
            items.append(
                RecordedBeat(self._store.session, seq, *figures, cpu / 100, memory / 100, unrehearsed_ns)
            )
        return [*items, *self._beside(columns)]

    def _beside(self, columns: dict[str, Ints]) -> list[LiveItem]:
        """Hiccups and context samples of beats."""
        beside: list[LiveItem] = []
        for place in np.flatnonzero(columns["lateness_ns"] >= THRESHOLD_NS).tolist():
            at_us, lateness_ns, missed, seq = (
                int(columns[name][place]) for name in ("at_us", "lateness_ns", "missed", "seq")
            )
            split = LatenessSplit(lateness_ns, 0, 0, Cause.RUN_QUEUE)
            beside.append(hiccup_event(Stall(at_us * 1000, lateness_ns, SeenBy.BEAT, seq, missed, split)))
        self._truth.hiccups += len(beside)
        beside += [self._context(at_us * 1000) for at_us in columns["at_us"][::CONTEXT_S].tolist()]
        return beside

    def _put_page(self, columns: dict[str, Ints]) -> None:
        """Have the beats of a whole hour sealed as those of rows are."""
        count = len(columns["seq"])
        known = {
            **columns,
            "session": np.full(count, self._store.session),
            "flags": 1 | columns["cause"] << CAUSE_SHIFT,
            "breached": (columns["cpu_hundredths"] > BREACH).astype(np.int64),
        }
        beats = BeatColumns(*(array("q", known[name].tolist()) for name in BeatColumns._fields))
        connection = self._store.moving_connection()
        assert connection is not None
        statements = _finish(sealing._page_with(connection, self.wall_ns // HOUR_NS, beats))
        with transaction(connection):
            for statement, values in statements:
                connection.execute(statement, values)
        self._store.take(self._beside(columns))

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
        lost = self._columns(1)
        self._truth.made[int(lost["at_us"][0]) // MINUTE_US] -= 1
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
        """Nothing can be written for ``seconds``, while beats go on."""
        connection = self._store.moving_connection()
        assert connection is not None
        # What SQLite says of a full disk. The pages that are there may be written, so that none may be free.
        connection.executescript("PRAGMA incremental_vacuum")
        connection.execute("PRAGMA max_page_count = 1").fetchall()
        # Nor may sealing, which makes room, come before the first write that fails.
        self._store._seal_at_ns = self._now_ns + seconds * S
        share, self._rows_share = self._rows_share, 1.0
        self.run(seconds)
        self._rows_share = share
        assert not self._store.health.recording
        connection.execute("PRAGMA max_page_count = 4294967294").fetchall()
        self.run(60)
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
        columns = self._columns(1)
        for name in ("lateness_ns", "start_offset_ns"):
            columns[name][0] = HICCUP_NS
        self._truth.hiccup_ns = int(columns["at_us"][0]) * 1000
        self._store.take(self._items(columns))
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


def _hundredths(values: Floats) -> Ints:
    """As psutil rounds a percentage, and as the record keeps it."""
    return (values.round(1) * 100).round().astype(np.int64)


def _finish(steps: Generator[None, None, T]) -> T:
    """Do all that is left of the work."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found

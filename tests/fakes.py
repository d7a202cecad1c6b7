"""Stand-ins that behave: a clock whose time is scripted, a sampler whose counters move as told."""

from __future__ import annotations

import heapq
import itertools
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Beat, Cause
from aios_gui.heartbeat.model.cpu import CpuCounters
from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event, EventKind, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.stall import Stall, WatchMode
from aios_gui.heartbeat.path import Output
from aios_gui.heartbeat.sampling import Choice
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter

MS = 1_000_000
S = 1_000_000_000
HOUR = 3600 * S
WALL = 1_750_000_000 * S
STARTED = WALL - 5 * S


class FakeClock:
    """Time that passes as scripted. Every reading takes ``step_ns``, so that a spin ends.

    A sleep ends ``lateness_ns`` late, or as late as the next entry of ``latenesses`` says. What was put in by
    ``at`` happens when its moment passes, in a sleep or between two readings.
    """

    def __init__(self, step_ns: int = 5_000, monotonic_counts_sleep: bool = False) -> None:
        self.monotonic_counts_sleep = monotonic_counts_sleep
        self.step_ns = step_ns
        self.time_ns = 1_000 * S
        self.lateness_ns = 50_000
        self.latenesses: deque[int] = deque()
        self.naps: deque[int] = deque()
        """How much too long the next naps are."""
        self.sleeps: list[int] = []
        self._wall_offset_ns = WALL - self.time_ns
        self._suspended_ns = 0
        self._woken = False
        self._agenda: list[tuple[int, int, Callable[[], object]]] = []
        self._order = itertools.count()

    # As the port has it

    def now_ns(self) -> int:
        self._pass(self.time_ns + self.step_ns)
        return self.time_ns

    def wall_ns(self) -> int:
        return self.time_ns + self._wall_offset_ns

    def suspended_ns(self) -> int:
        return self._suspended_ns

    def sleep_until(self, deadline_ns: int) -> bool:
        self.sleeps.append(deadline_ns)
        if len(self.sleeps) > 500_000:
            raise AssertionError("the loop does not end")
        while self.time_ns < deadline_ns:
            if self._woken:
                self._woken = False
                return True
            upcoming = self._agenda[0][0] if self._agenda else deadline_ns
            if upcoming > deadline_ns:
                break
            self._pass(max(upcoming, self.time_ns) if self._agenda else deadline_ns)
        if self.time_ns < deadline_ns:
            self.time_ns = deadline_ns
        elif self.time_ns > deadline_ns:
            return False
        self._pass(deadline_ns + (self.latenesses.popleft() if self.latenesses else self.lateness_ns))
        return False

    def nap(self, span_s: float) -> None:
        until_ns = self.time_ns + round(span_s * S)
        self._pass(until_ns)
        self._pass(until_ns + (self.naps.popleft() if self.naps else self.lateness_ns))

    def wake(self) -> None:
        self._woken = True

    # The script

    def at(self, moment_ns: int, action: Callable[[], object]) -> None:
        """Do ``action`` when the monotonic time ``moment_ns`` passes."""
        heapq.heappush(self._agenda, (moment_ns, next(self._order), action))

    def after(self, span_ns: int, action: Callable[[], object]) -> None:
        """Do ``action`` in ``span_ns`` from now."""
        self.at(self.time_ns + span_ns, action)

    def freeze(self, span_ns: int) -> None:
        """The process does not run for a while, as under SIGSTOP; the machine does."""
        self.time_ns += span_ns

    def suspend(self, span_ns: int) -> None:
        """The machine sleeps: the wall clock goes on, the monotonic one only where it counts sleep."""
        self._suspended_ns += span_ns
        if self.monotonic_counts_sleep:
            self.time_ns += span_ns
        else:
            self._wall_offset_ns += span_ns

    def set_wall(self, by_ns: int) -> None:
        """Somebody sets the wall clock on, or back where ``by_ns`` is negative."""
        self._wall_offset_ns += by_ns

    def _pass(self, until_ns: int) -> None:
        while self._agenda and self._agenda[0][0] <= until_ns:
            moment_ns, _, action = heapq.heappop(self._agenda)
            self.time_ns = max(self.time_ns, moment_ns)
            action()
        self.time_ns = max(self.time_ns, until_ns)


class FakeSampler:
    """Counters that move with a clock as told. ``failing`` is raised by every reading while it is set.

    ``cost_ns`` is how long a reading takes, or a function that says so each time. While ``hanging`` holds an
    event, a reading waits until it is set.
    """

    def __init__(
        self, clock: FakeClock | None = None, cost_ns: int | Callable[[], int] = 20_000, name: str = "fake"
    ) -> None:
        self.name = name
        self.cpu_percent = 10.0
        self.memory_percent = 40.0
        self.failing: Exception | None = None
        self.hanging: threading.Event | None = None
        self.reads = 0
        self.closed = False
        self._clock = clock
        self._cost_ns = cost_ns
        self._busy = 0
        self._idle = 0
        self._last_ns: int | None = None

    def read_cpu(self) -> CpuCounters:
        self.reads += 1
        if self.closed:
            raise ValueError("read after it was closed")
        self._take_time()
        if self.hanging is not None:
            wait_for_the_machine(self.hanging)
        if self.failing is not None:
            raise self.failing
        return CpuCounters((self._busy,), (self._idle,))

    def read_memory(self) -> tuple[int, int]:
        return 1_000_000, round(10_000 * (100 - self.memory_percent))

    def _take_time(self) -> None:
        if self._clock is None:
            self._busy += round(10 * self.cpu_percent)
            self._idle += round(10 * (100 - self.cpu_percent))
            return
        cost_ns = self._cost_ns
        self._clock._pass(self._clock.time_ns + (cost_ns() if callable(cost_ns) else cost_ns))
        now_ns = self._clock.time_ns
        passed_ns = now_ns - (self._last_ns if self._last_ns is not None else now_ns - S)
        self._last_ns = now_ns
        busy_ns = round(passed_ns * self.cpu_percent / 100)
        self._busy += busy_ns
        self._idle += passed_ns - busy_ns

    def close(self) -> None:
        self.closed = True


def wait_for_the_machine(released: threading.Event) -> None:
    """Where a hanging sampler stands; tests look for this name in a stack."""
    released.wait(30)


class Rig:
    """An engine on a fake clock and a fake sampler; ``run_for`` lets it run and collects what it gave."""

    def __init__(
        self, interval_ns: int = S, clock: FakeClock | None = None, options: EngineOptions | None = None
    ) -> None:
        self.clock = clock or FakeClock()
        self.sampler = FakeSampler(self.clock)
        self.choices: deque[Choice] = deque()
        options = options or EngineOptions(interval_ns, watch=WatchMode.OFF)
        self.engine = HeartbeatEngine(self.clock, options, self._choose)
        self.items: list[Output] = []

    def _choose(self) -> Choice:
        return self.choices.popleft() if self.choices else Choice(self.sampler)

    def run_for(self, span_ns: int) -> list[Beat]:
        """Run the engine until ``span_ns`` from now; returns the beats."""
        self.clock.after(span_ns, self.engine.stop)
        self.engine.run()
        self.items = list(self.engine.output)
        return self.beats

    @property
    def beats(self) -> list[Beat]:
        return [item for item in self.items if isinstance(item, Beat)]

    @property
    def stalls(self) -> list[Stall]:
        return [item for item in self.items if isinstance(item, Stall)]

    @property
    def gaps(self) -> list[Gap]:
        return [item for item in self.items if isinstance(item, Gap)]

    @property
    def events(self) -> list[Event]:
        """Whatever happened but for warm-ups, of which every run has one."""
        return [event for event in self._events() if event.kind is not EventKind.WARMED_UP]

    @property
    def warmups(self) -> list[Event]:
        return [event for event in self._events() if event.kind is EventKind.WARMED_UP]

    def _events(self) -> list[Event]:
        return [item for item in self.items if isinstance(item, Event)]


def assert_on_one_grid(beats: list[Beat], interval_ns: int) -> None:
    """No grid point is lost or beaten twice between the first beat and the last."""
    for before, after in itertools.pairwise(beats):
        assert after.wakeup.due_ns - before.wakeup.due_ns == interval_ns * (1 + before.missed)
        assert after.seq == before.seq + 1


def recorded_beat(
    seq: int,
    wall_ns: int | None = None,
    *,
    session: int = 1,
    duration_ns: int = 25_000,
    lateness_ns: int = 60_000,
    start_offset_ns: int = 300,
    missed: int = 0,
    rehearsed: bool = True,
    cause: Cause = Cause.NONE,
    breached: tuple[str, ...] = (),
    failed: bool = False,
    cpu_percent: float | None = 12.5,
    memory_percent: float | None = 43.2,
) -> RecordedBeat:
    """A beat as the record keeps it, one second after the other unless told."""
    return RecordedBeat(
        session,
        seq,
        WALL + seq * S if wall_ns is None else wall_ns,
        duration_ns,
        lateness_ns,
        start_offset_ns,
        missed,
        rehearsed,
        cause,
        breached,
        failed,
        cpu_percent,
        memory_percent,
    )


def write_run(
    file: Path, items: Iterable[object], began_ns: int = WALL, mode: str = "service", **facts: int | str
) -> None:
    """Write what a run recorded into a record, which is made where there is none."""
    writer = SqliteWriter(file, RECORD_SCHEMA)
    writer.open()
    writer.write(items, writer.begin_session(began_ns, mode, facts))
    writer.close()


class Kept:
    """A store that is fed a beat a second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = self.begin_again(STARTED)
        self.second = 0
        self.told: list[EventKind] = []

    def begin_again(self, started_ns: int) -> ResilientStore:
        self.store = ResilientStore(
            self.path, RECORD_SCHEMA, SessionFacts(started_ns, "service", machine_facts()), 8, 500_000_000
        )
        self.recent: list[LiveItem] = []
        return self.store

    def beat(self, count: int = 1) -> None:
        for _ in range(count):
            beat = recorded_beat(self.second, session=self.store.session)
            self.second += 1
            now = self.second * S
            self.store.take([beat])
            self.store.keep(now, WALL + now, lambda: list(self.recent))
            self.recent.append(beat)
            self.told += [event.kind for event in self.store.news()]

    def seal(self) -> None:
        """Seal all that is old enough."""
        while self.store.seal(self.second * S, WALL + self.second * S, tuple, lambda: True):
            pass

    @property
    def connection(self) -> sqlite3.Connection:
        """The one that the store writes with."""
        connection = self.store.moving_connection()
        assert connection is not None
        return connection

    def crash(self) -> None:
        """Leave the file as a run does that is ended from outside."""
        self.store.leave()

    def close(self) -> None:
        now = self.second * S
        self.store.close(now, WALL + now)

    def seqs(self) -> list[int]:
        with RecordReader(self.path) as reader:
            return [beat.seq for beat in reader.beats(0, 2**62)]

    def gaps(self) -> list[Gap]:
        with RecordReader(self.path) as reader:
            return reader.gaps_as_found(0, 2**62)

    def events(self) -> list[EventKind]:
        with RecordReader(self.path) as reader:
            return [event.kind for event in reader.events(0, 2**62)]

"""Whatever happens in whatever order: beats, missed ones and gaps cover all time, each moment once.

Engine, recorder, store and clock are the real ones but for the time, which passes as the test says: the engine runs on
a thread of its own that sleeps until the test lets time pass. After every step the test walks along what was made, and
at each end along what is on record.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import Recorder, _Round
from aios_gui.record import resilient_store
from aios_gui.record.relocation import job, journal
from aios_gui.record.relocation.job import RecordMove
from aios_gui.record.relocation.model import MovePhase
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from aios_gui.record.store import writer as writer_module
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.fakes import HOUR, MS, FakeClock, FakeSampler, S

INTERVALS = (50 * MS, 500 * MS, S, 3 * S)
PENDING = 25
EVER = (0, 2**62)
ROUND_NS = S
UNKNOWN = -1
"""Killed between a clock that was set back and the next beat, no row tells which of the two was last."""
SLACK_NS = 20 * MS
"""The steps of the clock between two readings, and a beat that is woken early for its rehearsal."""


class ClockOfTurns(FakeClock):
    """Its sleeper goes on only as far as it is let, and then waits for its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.limit_ns = self.time_ns
        self.is_free = False
        self._turn, self._back = threading.Semaphore(0), threading.Semaphore(0)

    def let_pass(self, until_ns: int) -> None:
        """Let time pass for the sleeper; returns when it sleeps beyond that, or has ended."""
        self.limit_ns = until_ns
        self._turn.release()
        assert self._back.acquire(timeout=60)

    def give_back(self) -> None:
        """The sleeper has nothing more to do."""
        self._back.release()

    def sleep_until(self, deadline_ns: int) -> bool:
        while not self.is_free and deadline_ns > max(self.limit_ns, self.time_ns) and not self._woken:
            self._wait()
        return super().sleep_until(deadline_ns)

    def nap(self, span_s: float) -> None:
        until_ns = self.time_ns + round(span_s * S)
        while not self.is_free and until_ns > max(self.limit_ns, self.time_ns):
            self._wait()
        super().nap(max(0, until_ns - self.time_ns) / S)

    def _wait(self) -> None:
        self._pass(self.limit_ns)
        self._back.release()
        self._turn.acquire()


class NoContext(ContextSampler):
    """Looks at nothing of the machine."""

    def take(self, wall_ns: int, starting: bool = False) -> ContextSample:
        return ContextSample(wall_ns)


class Run:
    """One run of the program, from its start to its end."""

    def __init__(self, paths: Paths, clock: ClockOfTurns, interval_ns: int) -> None:
        journal.settle(paths)
        self.clock = clock
        self.interval_ns = interval_ns
        clock.is_free = False
        self.started_ns = clock.wall_ns()
        sampler = FakeSampler(clock)
        self.engine = HeartbeatEngine(clock, EngineOptions(interval_ns), lambda: Choice(sampler))
        self.store = ResilientStore(
            paths.store, RECORD_SCHEMA, SessionFacts(self.started_ns, "service", {}), 8, 500_000_000
        )
        self.recorder = Recorder(self.engine, self.store, clock, Mode.SERVICE, context=NoContext())
        self.items: list[LiveItem] = []
        """All that was taken in to be recorded, in its order."""
        take = self.store.take
        self.store.take = lambda items: take(self._taken(items))  # type: ignore[method-assign]
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._beat, name="engine", daemon=True)
        self._thread.start()
        clock._back.acquire()

    def _beat(self) -> None:
        try:
            self.clock._wait()
            self.engine.run()
        except BaseException as error:  # noqa: BLE001 - the test raises it
            self.error = error
        finally:
            self.clock.give_back()

    def _taken(self, items: Iterable[object]) -> list[object]:
        taken = list(items)
        self.items += [item for item in taken if isinstance(item, RecordedBeat | Gap | Event)]
        return taken

    def tick(self) -> None:
        self.recorder.tick()

    def close(self) -> None:
        """End in order: what is left is recorded, as far as the store takes it."""
        self.end_engine()
        self.tick()
        self.clock.freeze(3 * S)  # the store waits before it tries again
        self.store.close(self.clock.now_ns(), self.clock.wall_ns())

    def end_engine(self) -> None:
        """Let it end by itself, as fast as it can."""
        if not self._thread.is_alive():
            return
        self.engine.stop()
        self.clock.is_free = True
        self.clock.let_pass(self.clock.time_ns)
        self._thread.join(60)
        assert self.error is None

    @property
    def beats(self) -> list[RecordedBeat]:
        return [item for item in self.items if isinstance(item, RecordedBeat)]

    @property
    def gaps(self) -> list[Gap]:
        return [item for item in self.items if isinstance(item, Gap)]


def due_ns(beat: RecordedBeat) -> int:
    """When a beat was due, by the wall clock."""
    return beat.wall_ns - beat.start_offset_ns


def check_chain(items: list[LiveItem], interval_ns: int) -> None:
    """From each beat to the next there is as much time as it stands for, with what it missed and the gaps between."""
    last: RecordedBeat | None = None
    between: list[Gap] = []
    period_ns, longest_ns = interval_ns, interval_ns
    changed = False
    for item in items:
        if isinstance(item, Gap):
            between.append(item)
        elif isinstance(item, Event) and item.kind is EventKind.INTERVAL_CHANGED:
            period_ns = int(item.facts["interval_ns"])
            longest_ns, changed = max(longest_ns, period_ns), True
        elif isinstance(item, RecordedBeat):
            if last is not None:
                assert item.seq == last.seq + 1
                passed_ns = due_ns(item) - due_ns(last) - sum(gap.end_ns - gap.start_ns for gap in between)
                whole_ns = longest_ns * (1 + last.missed)
                gaps = [gap for gap in between if gap.kind is not GapKind.CLOCK_JUMP]
                if gaps or changed:
                    assert -SLACK_NS <= passed_ns <= whole_ns + longest_ns + SLACK_NS, (last, between, item)
                else:
                    assert abs(passed_ns - whole_ns) <= SLACK_NS, (last, between, item)
            last, between, changed, longest_ns = item, [], False, period_ns


class Time(RuleBasedStateMachine):
    """One machine on which the program runs, with all that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        # In memory where that is to be had: a record on a disk waits for it at each step.
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="aios-time-", dir=memory if memory.is_dir() else None))
        self.paths = Paths(self.folder / "data", self.folder, self.folder / "logs", self.folder)
        self.clock = ClockOfTurns()
        self.interval_ns = S
        self.locker: sqlite3.Connection | None = None
        self.is_full = False
        self.moves = 0
        self.last_ns: int | None = None
        """What was on record last before this run began."""
        self.gaps_before = 0

    @initialize(interval_ns=st.sampled_from(INTERVALS))
    def begin(self, interval_ns: int) -> None:
        self.interval_ns = interval_ns
        self.run = Run(self.paths, self.clock, interval_ns)
        self.let_pass(0)

    # What may happen

    @rule(beats=st.integers(1, 4))
    def on_time(self, beats: int) -> None:
        for _ in range(beats):
            self.let_pass(max(ROUND_NS, self.run.engine.options.interval_ns))

    @rule(span_ns=st.integers(1, 40 * S))
    def stall(self, span_ns: int) -> None:
        self.let_pass(S // 2)
        self.clock.freeze(span_ns)

    @rule(span_ns=st.integers(300 * MS, 40 * HOUR), set_ns=st.sampled_from((0, 0, HOUR, -HOUR)))
    def suspend(self, span_ns: int, set_ns: int) -> None:
        """The machine sleeps; its clock may be another one when it wakes.

        Not within a stall: how much of such a beat's lateness was sleep is known, and its length is kept, but
        not which grid points passed in the rest.
        """
        self.let_pass(self.run.engine.options.interval_ns)
        self.clock.suspend(span_ns)
        self.clock.set_wall(set_ns)
        self.let_pass(self.run.engine.options.interval_ns)

    @rule(by_ns=st.sampled_from((HOUR, -HOUR, 240 * HOUR, -240 * HOUR, 2 * S)))
    def set_wall(self, by_ns: int) -> None:
        self.clock.set_wall(by_ns)

    @rule()
    def pause(self) -> None:
        self.run.engine.pause()
        self.let_pass(0)

    @rule()
    def resume(self) -> None:
        self.run.engine.resume()
        self.let_pass(0)

    @rule(interval_ns=st.sampled_from(INTERVALS))
    def change_interval(self, interval_ns: int) -> None:
        self.run.engine.set_interval_ns(interval_ns)
        self.let_pass(0)

    @rule()
    def warm_up(self) -> None:
        self.run.engine.warm_up()
        self.let_pass(0)

    @precondition(lambda self: self.locker is None and not self.is_full)
    @rule()
    def lock(self) -> None:
        """Another process holds the record."""
        self.locker = sqlite3.connect(self.paths.store, timeout=0, isolation_level=None)
        self.locker.execute("BEGIN EXCLUSIVE")

    @precondition(lambda self: self.locker is None and not self.is_full)
    @rule()
    def fill(self) -> None:
        """The disk has no room for another page."""
        connection = self.run.store.moving_connection()
        if connection is not None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
            self.is_full = True

    @rule()
    def make_way(self) -> None:
        """The record can be written again."""
        if self.locker is not None:
            self.locker.close()
            self.locker = None
        if self.is_full:
            self.is_full = False
            connection = self.run.store._writer.connection
            connection.execute("PRAGMA max_page_count = 1000000")

    @precondition(lambda self: self.locker is None and not self.is_full)
    @rule(step=st.integers(0, 15), later_ns=st.integers(1, 30 * HOUR))
    def kill(self, step: int, later_ns: int) -> None:
        """End it at once, after some steps of a round, and start it again."""
        run = self.run
        run.end_engine()
        current = _Round(self.clock.now_ns(), self.clock.wall_ns())
        for _name, do in run.recorder._round_steps[:step]:
            do(current)
        run.store.leave()
        self.check_record(None)
        self.start_again(later_ns)

    @rule(later_ns=st.integers(1, 30 * HOUR), set_ns=st.sampled_from((0, 0, 240 * HOUR, -240 * HOUR)))
    def restart(self, later_ns: int, set_ns: int) -> None:
        """End it in order, and start it again; its clock may be another one then."""
        self.make_way()
        self.run.close()
        self.check_record(self.clock.wall_ns())
        self.clock.set_wall(set_ns)
        self.start_again(later_ns)

    @precondition(lambda self: self.moves < 2 and self.locker is None)
    @rule()
    def move(self) -> None:
        self.moves += 1
        self.let_pass(3 * S)  # the store waits before it tries again
        move = RecordMove(self.paths, self.folder / f"place{self.moves}")
        move.run(self.run.store, self.run.tick)
        assert not move.status.under_way
        assert move.status.phase is MovePhase.DONE or self.is_full

    # What must hold

    @invariant()
    def it_is_as_the_snapshot_says(self) -> None:
        run = self.run
        assert run.error is None
        check_chain(run.items, run.interval_ns)
        seen, beats = run.recorder.recent.snapshot, run.beats
        assert seen.made == len(beats)
        assert seen.missed == sum(beat.missed for beat in beats)
        assert seen.beat == (beats[-1] if beats else None)
        assert seen.store == run.store.health

    def teardown(self) -> None:
        try:
            if hasattr(self, "run"):
                self.make_way()
                self.run.close()
                self.check_record(self.clock.wall_ns())
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # The machine

    def let_pass(self, span_ns: int) -> None:
        """Let time pass, a round of the recorder each second."""
        until_ns = self.clock.time_ns + span_ns
        while True:
            self.clock.let_pass(min(until_ns, self.clock.time_ns + ROUND_NS))
            self.run.tick()
            if self.clock.time_ns >= until_ns:
                return

    def start_again(self, later_ns: int) -> None:
        self.clock.freeze(later_ns)
        self.run = Run(self.paths, self.clock, self.interval_ns)
        self.let_pass(0)

    def check_record(self, ended_ns: int | None) -> None:
        """What is on record of the run that has ended, in order where ``ended_ns`` is told."""
        run = self.run
        with RecordReader(self.paths.store) as reader:
            assert reader.check() == "ok"
            beats = [beat for beat in reader.beats(*EVER) if beat.session == run.store.session]
            gaps = reader.gaps_as_found(*EVER)[self.gaps_before :]
        self.gaps_before += len(gaps)
        gaps = self.check_time_off(run, gaps)
        stored = {beat.seq for beat in beats}
        assert [beat.seq for beat in beats] == sorted(stored), "none twice"
        lost = [gap for gap in gaps if gap.unrecorded_beats]
        assert not Counter(in_us(gap) for gap in gaps if gap not in lost) - Counter(map(in_us, run.gaps))
        missing = {beat.seq: beat for beat in self.given_up(run, stored, ended_ns)}
        told: list[int] = []
        for gap in lost:
            ends = [
                seq
                for seq, beat in missing.items()
                if beat.wall_ns // 1000 in (gap.start_ns // 1000, gap.end_ns // 1000)
            ]
            told += range(min(ends), max(ends) + 1)
            assert gap.unrecorded_beats == max(ends) - min(ends) + 1
        assert told == sorted(missing), "each that is given up is told once"
        self.last_ns = ended_ns
        if ended_ns is None:
            self.last_ns = self.last_on_record(run, stored, gaps)

    def check_time_off(self, run: Run, gaps: list[Gap]) -> list[Gap]:
        """The other gaps, where the first is the time since the run before, as it should be."""
        if self.last_ns is None:
            return gaps
        if self.last_ns == UNKNOWN:
            return [gap for gap in gaps if gap.end_ns // 1000 != run.started_ns // 1000]
        off_ns = run.started_ns - self.last_ns
        if off_ns <= 0 and -off_ns < S:
            return gaps
        kind = GapKind.NOT_RECORDED if off_ns > 0 else GapKind.CLOCK_JUMP
        assert in_us(gaps[0]) == in_us(Gap(kind, self.last_ns, run.started_ns))
        return gaps[1:]

    def given_up(self, run: Run, stored: set[int], ended_ns: int | None) -> list[RecordedBeat]:
        """Beats that are not on record; a kill takes those with it that were still to be written."""
        newest = max(stored, default=-1) if ended_ns is None else len(run.beats)
        return [beat for beat in run.beats if beat.seq not in stored and beat.seq < newest]

    def last_on_record(self, run: Run, stored: set[int], gaps: list[Gap]) -> int | None:
        """The end of what was recorded last."""
        last_ns = run.started_ns
        known = Counter(map(in_us, gaps))
        for item in run.items:
            if isinstance(item, RecordedBeat) and item.seq in stored:
                last_ns = item.wall_ns
            elif isinstance(item, Gap) and known[in_us(item)]:
                known[in_us(item)] -= 1
                if last_ns != UNKNOWN:
                    last_ns = item.end_ns if item.end_ns >= item.start_ns else UNKNOWN
        return last_ns


def in_us(gap: Gap) -> Gap:
    """A gap as the record keeps it."""
    return replace(gap, start_ns=gap.start_ns // 1000 * 1000, end_ns=gap.end_ns // 1000 * 1000)


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resilient_store, "PENDING_LIMIT", PENDING)
    monkeypatch.setattr(writer_module, "_BUSY_TIMEOUT_S", 0.0)
    monkeypatch.setattr(job, "_LOOK_S", 0.001)


def test_beats_missed_ones_and_gaps_cover_all_time_once() -> None:
    long = settings.default is not None and settings.default.max_examples > 100
    run_state_machine_as_test(
        Time,
        settings=settings(
            max_examples=500 if long else 15,
            stateful_step_count=60 if long else 25,
            report_multiple_bugs=False,
        ),
    )

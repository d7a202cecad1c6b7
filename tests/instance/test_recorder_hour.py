"""What the recorder makes of the last hour: score and health across restarts, and samples taken more rarely."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from aios_gui.alerts.model.health import HealthState
from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level, Rule
from aios_gui.alerts.model.score import Score
from aios_gui.alerts.watch.rule_watch import RuleWatch
from aios_gui.heartbeat.model.beat import Beat, Sample, Wakeup
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleLimits, ThrottleReason
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import CONTEXT_NS, Recorder
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from tests.fakes import MS, Rig, S


class CountingContext(ContextSampler):
    """Counts how often it is asked."""

    taken = 0

    def take(self, wall_ns: int, starting: bool = False):  # type: ignore[no-untyped-def]
        self.taken += 1
        return super().take(wall_ns, starting)


class Run:
    """A recorder whose rounds are made by hand, a second and a beat each."""

    def __init__(self, path: Path, rig: Rig, watch: RuleWatch | None = None) -> None:
        self.rig = rig
        self.context = CountingContext(now_ns=rig.clock.now_ns)
        store = ResilientStore(
            path, RECORD_SCHEMA, SessionFacts(rig.clock.wall_ns(), "window", {}), 8, 500_000_000
        )
        self.store = store
        self.recorder = Recorder(rig.engine, store, rig.clock, Mode.WINDOW, context=self.context, watch=watch)
        self.seq = 0

    def rounds(self, count: int, cpu_percent: float | None = 20.0, error: str = "") -> None:
        for _round in range(count):
            self.rig.clock.freeze(S)
            now_ns = self.rig.clock.now_ns()
            sample = Sample(cpu_percent, 40.0, error)
            breached = self.rig.engine.options.thresholds.breached_by(sample)
            wakeup = Wakeup(now_ns, now_ns, now_ns)
            wall_ns = self.rig.clock.wall_ns()
            beat = Beat(self.seq, wakeup, now_ns, now_ns + MS, wall_ns, None, breached, sample)
            self.seq += 1
            self.rig.engine.output.append(beat)
            self.recorder.tick()

    @property
    def picture(self) -> Snapshot:
        """The snapshot as another process gets it."""
        return msgspec.json.decode(msgspec.json.encode(self.recorder.recent.snapshot), type=Snapshot)

    def end(self) -> None:
        self.store.close(self.rig.clock.now_ns(), self.rig.clock.wall_ns())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "heartbeat.sqlite3"


@pytest.fixture
def run(path: Path) -> Iterator[Run]:
    made = Run(path, Rig())
    yield made
    made.end()


def score_of(run: Run) -> Score:
    score = run.picture.score
    assert score is not None
    return score


def test_after_sixty_beats_there_is_a_score(run: Run) -> None:
    run.rounds(59)
    assert (run.picture.score, run.picture.health) == (None, None)
    run.rounds(1)
    assert score_of(run).value == pytest.approx(1)
    assert run.picture.health is not None
    assert run.picture.health.state is HealthState.HEALTHY
    run.rounds(20, 90.0)
    assert score_of(run).stability == 0
    assert score_of(run).margin == 0.5
    assert run.picture.hour.over == 20


def test_the_hour_goes_on_after_a_restart(run: Run, path: Path) -> None:
    run.rounds(100)
    run.rounds(100, None, "no /proc")
    before = run.picture.hour
    run.end()
    again = Run(path, run.rig)
    again.rounds(1)
    assert again.picture.hour.beats == before.beats + 1
    assert again.picture.hour.failed == before.failed
    assert again.picture.hour.duration_ns == before.duration_ns + MS
    assert score_of(again).success == pytest.approx(101 / 201)
    again.end()


def test_a_rule_that_fires_is_an_alert_of_the_hour(run: Run) -> None:
    run.rounds(60)
    run.rounds(40, 90.0)
    assert run.picture.hour.firings == 1


def test_on_a_busy_machine_samples_come_a_quarter_as_often(run: Run) -> None:
    run.recorder.throttle.limits = ThrottleLimits(after_s=5.0)
    run.rounds(60)
    usual = run.context.taken
    run.rounds(6, 99.0)
    assert run.picture.throttle_reason is ThrottleReason.BUSY
    run.rounds(10, 50.0)
    before = run.context.taken
    run.rounds(10, 90.0)  # neither calm nor over
    assert run.context.taken - before <= 1
    run.rounds(120, 20.0)
    assert run.picture.throttle_reason is ThrottleReason.NONE
    before = run.context.taken
    run.rounds(60)
    assert run.context.taken - before >= usual - 3
    assert run.recorder._rules.context_ns == CONTEXT_NS[Mode.WINDOW]


def test_a_row_that_does_not_decode_does_not_end_the_incidents_of_a_run(path: Path) -> None:
    rig = Rig()
    rule = Rule("busy", "cpu_percent", 50.0, for_s=0.0, clear=50.0)
    last = Run(path, rig, RuleWatch((rule,)))
    last.rounds(3, cpu_percent=90.0)
    (fired,) = last.picture.open_incidents
    last.store.take([Incident(1, "other", "x", Level.WARNING, 1, 1.0, 1.0)])
    last.end()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE incident SET facts = '{' WHERE id = 1")
        connection.commit()
    run = Run(path, rig, RuleWatch((rule,)))
    run.recorder.open_record()
    run.rounds(3, cpu_percent=90.0)
    assert [each.id for each in run.picture.open_incidents] == [fired.id]
    run.end()

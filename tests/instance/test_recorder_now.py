"""What the recorder tells of how it is now: who strains the machine, since when it is calm or paused, what is seen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aios_gui.alerts.model.incident import AllSeen, TopProcess
from aios_gui.alerts.model.rules import DEFAULT_RULES
from aios_gui.alerts.watch.rule_watch import RuleWatch
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.now import Condition, Now, now_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.recorder import SETTLED_NS
from tests.alerts.watch.fakes import ScriptedDiagnosis
from tests.fakes import Rig, S
from tests.instance.test_recorder_hour import Run

HOG, OWN = TopProcess("hog", 188.0, 94.0), TopProcess("AIOS Heartbeat", 60.0, 30.0, is_own=True)


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture
def begin(tmp_path: Path, rig: Rig) -> Iterator[Callable[..., tuple[Run, ScriptedDiagnosis]]]:
    """Begins a run and makes this many rounds; all runs are ended after the test."""
    runs: list[Run] = []

    def begun(rounds: int = SETTLED_NS // S) -> tuple[Run, ScriptedDiagnosis]:
        diagnosis = ScriptedDiagnosis()
        run = Run(tmp_path / "record.sqlite3", rig, RuleWatch(DEFAULT_RULES, diagnosis))
        runs.append(run)
        rig.engine.state = EngineState.RUNNING
        run.rounds(rounds)
        return run, diagnosis

    yield begun
    for run in runs:
        run.end()


def now(run: Run) -> tuple[Now, Snapshot]:
    snapshot = run.recorder.recent.snapshot
    return now_of(snapshot, run.rig.clock.wall_ns()), snapshot


Begin = Callable[..., tuple[Run, ScriptedDiagnosis]]


def test_who_strains_the_machine_is_named_from_the_first_second_on(begin: Begin) -> None:
    run, diagnosis = begin()
    diagnosis.foremost = HOG
    run.rounds(1, 95.0)
    told, _snapshot = now(run)
    assert (told.condition, told.culprit, told.culprit_percent) == (Condition.STRAINED, "hog", 188.0)


def test_the_name_stays_while_no_newer_table_tells_another(begin: Begin) -> None:
    run, diagnosis = begin()
    diagnosis.foremost = HOG
    run.rounds(1, 95.0)
    diagnosis.foremost = None
    run.rounds(2, 95.0)
    assert now(run)[0].culprit == "hog"
    run.rounds(1)
    run.rounds(1, 95.0)
    assert now(run)[0].culprit == "", "a strain of its own"


def test_a_single_beat_over_a_limit_ends_no_calm_more_do(begin: Begin) -> None:
    run, _diagnosis = begin()
    since_ns = now(run)[1].calm_since_ns
    run.rounds(1, 95.0)
    run.rounds(1)
    assert now(run)[0].condition is Condition.CALM
    assert now(run)[1].calm_since_ns == since_ns
    run.rounds(3, 95.0)
    strained_ns = run.rig.clock.wall_ns()
    run.rounds(1)
    assert abs(now(run)[1].calm_since_ns - strained_ns) < S


def test_what_the_program_itself_needs_is_no_strain_on_the_machine(begin: Begin) -> None:
    run, diagnosis = begin()
    diagnosis.foremost = OWN
    run.rounds(5, 95.0)
    told, _snapshot = now(run)
    assert (told.condition, told.own_load) == (Condition.CALM, True), "without it the CPU would be at 65 %"
    diagnosis.foremost = TopProcess("AIOS Heartbeat", 20.0, 10.0, is_own=True)
    run.rounds(1, 95.0)
    assert now(run)[0].condition is Condition.STRAINED, "without it the CPU would still be over its limit"


def test_nor_is_its_start(begin: Begin) -> None:
    run, _diagnosis = begin(0)
    run.rounds(2, 100.0)
    told, _snapshot = now(run)
    assert (told.condition, told.own_load) == (Condition.CALM, False), "nobody has looked yet who it is"
    assert now(run)[1].calm_since_ns < run.rig.clock.wall_ns() - S


def test_a_pause_has_a_begin(begin: Begin) -> None:
    run, _diagnosis = begin()
    run.rig.engine.state = EngineState.PAUSED
    run.recorder.tick()
    since_ns = run.rig.clock.wall_ns()
    run.rig.clock.freeze(60 * S)
    run.recorder.tick()
    told, _snapshot = now(run)
    assert told.condition is Condition.PAUSED
    assert abs(told.since_ns - since_ns) < S
    run.rig.engine.state = EngineState.RUNNING
    run.rounds(1)
    assert now(run)[1].paused_since_ns == 0


def test_a_beat_that_does_not_come_is_told_of_with_since_when(begin: Begin) -> None:
    run, _diagnosis = begin()
    last_ns = run.rig.clock.wall_ns()
    run.rig.clock.freeze(9 * S)
    run.recorder.tick()
    told, _snapshot = now(run)
    assert told.condition is Condition.NO_BEAT
    assert abs(told.since_ns - last_ns) <= S


def test_what_no_one_has_seen_is_counted_over_restarts_until_someone_has(begin: Begin) -> None:
    run, _diagnosis = begin()
    run.rounds(32, 95.0)
    assert [each.id for each in now(run)[1].unseen]
    run.rounds(40)
    assert not now(run)[1].open_incidents
    assert now(run)[0].unseen == 1
    run.recorder.stop()
    again, _diagnosis = begin()
    assert now(again)[0].unseen == 1
    assert now(again)[1].last_incident is not None
    again.recorder._rules.request(AllSeen())
    again.rounds(1)
    assert now(again)[0].unseen == 0
    again.recorder.stop()
    assert now(begin()[0])[0].unseen == 0


def test_a_clock_that_is_set_back_during_an_alarm_makes_no_long_calm(begin: Begin) -> None:
    run, _diagnosis = begin()
    run.rounds(40, 95.0)
    assert now(run)[0].condition is Condition.ALARM
    before_ns = run.rig.clock.wall_ns()
    run.rig.clock.set_wall(-86_400 * S)
    run.rig.engine.output.append(Gap(GapKind.CLOCK_JUMP, before_ns, run.rig.clock.wall_ns()))
    run.recorder.tick()
    assert abs(now(run)[1].calm_since_ns - run.rig.clock.wall_ns()) < S

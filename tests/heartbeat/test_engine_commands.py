"""The engine is told while it runs: to pause, to beat at another interval, to stop, what is too much."""

import itertools
from functools import partial

import pytest

from aios_gui.heartbeat.model.beat import Path, result_text
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup import WINDOW_BEATS
from tests.fakes import HOUR, MS, FakeClock, FakeSampler, Rig, S, assert_on_one_grid

# Pause and resume


def test_a_pause_is_a_gap_and_resuming_beats_at_once() -> None:
    rig = Rig()
    rig.clock.after(10 * S + 500 * MS, rig.engine.pause)
    states: list[EngineState] = []
    rig.clock.after(15 * S, lambda: states.append(rig.engine.state))
    rig.clock.after(20 * S, rig.engine.resume)
    rig.clock.after(22 * S, lambda: states.append(rig.engine.state))
    beats = rig.run_for(30 * S)
    assert states == [EngineState.PAUSED, EngineState.RUNNING]
    (gap,) = rig.gaps
    assert gap.kind is GapKind.PAUSED
    assert gap.end_ns - gap.start_ns == pytest.approx(9.5 * S, abs=MS)
    assert not [beat for beat in beats if gap.start_ns <= beat.wall_ns < gap.end_ns]
    first = next(beat for beat in beats if beat.wall_ns >= gap.end_ns)
    assert first.wall_ns - gap.end_ns < 3 * MS
    assert first.sample.cpu_percent is None
    assert rig.engine.missed == 0


def test_a_pause_for_days_is_one_gap() -> None:
    rig = Rig()
    rig.clock.after(S, rig.engine.pause)
    rig.clock.after(50 * HOUR, rig.engine.resume)
    rig.run_for(50 * HOUR + 5 * S)
    assert [gap.kind for gap in rig.gaps] == [GapKind.PAUSED]


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_set_during_a_pause_does_not_change_its_length(step: int) -> None:
    rig = Rig()
    rig.clock.after(10 * S, rig.engine.pause)
    rig.clock.after(15 * S, lambda: rig.clock.set_wall(step))
    rig.clock.after(20 * S, rig.engine.resume)
    rig.run_for(30 * S)
    paused, jump = rig.gaps
    assert (paused.kind, jump.kind) == (GapKind.PAUSED, GapKind.CLOCK_JUMP)
    assert paused.end_ns - paused.start_ns == pytest.approx(10 * S, abs=MS)
    assert jump.end_ns - jump.start_ns == pytest.approx(step, abs=MS)


@pytest.mark.parametrize("counts_sleep", [False, True])
def test_a_sleep_during_a_pause_is_within_it(counts_sleep: bool) -> None:
    rig = Rig(clock=FakeClock(monotonic_counts_sleep=counts_sleep))
    rig.clock.after(10 * S, rig.engine.pause)
    rig.clock.after(15 * S, lambda: rig.clock.suspend(HOUR))
    rig.clock.after(20 * S + (HOUR if counts_sleep else 0), rig.engine.resume)
    rig.run_for(30 * S + (HOUR if counts_sleep else 0))
    (gap,) = rig.gaps
    assert gap.kind is GapKind.PAUSED
    assert gap.end_ns - gap.start_ns == pytest.approx(HOUR + 10 * S, abs=MS)


@pytest.mark.parametrize("asked", ["pause", "stop"])
@pytest.mark.parametrize("counts_sleep", [False, True])
def test_what_is_asked_for_as_the_machine_wakes_does_not_hide_its_sleep(
    counts_sleep: bool, asked: str
) -> None:
    rig = Rig(clock=FakeClock(monotonic_counts_sleep=counts_sleep))

    def wake() -> None:
        rig.clock.suspend(HOUR)
        getattr(rig.engine, asked)()

    rig.clock.after(10 * S + 300 * MS, wake)
    rig.run_for(20 * S + (HOUR if counts_sleep else 0))
    slept = rig.gaps[0]
    assert (slept.kind, slept.end_ns - slept.start_ns) == (GapKind.SUSPENDED, HOUR)
    assert [gap.kind for gap in rig.gaps[1:]] == ([GapKind.PAUSED] if asked == "pause" else [])


@pytest.mark.parametrize("asked", ["pause", "stop"])
def test_what_is_asked_for_in_a_stall_does_not_hide_what_was_missed(asked: str) -> None:
    rig = Rig()

    def stall() -> None:
        getattr(rig.engine, asked)()
        rig.clock.freeze(5 * S)

    rig.clock.after(10 * S + 300 * MS, stall)
    beats = rig.run_for(20 * S)
    assert sum(beat.missed for beat in beats) == rig.engine.missed == 4
    assert beats[-1].missed == 4


def test_a_clock_that_is_set_while_the_machine_sleeps_is_told_beside_the_sleep() -> None:
    rig = Rig()

    def sleep() -> None:
        rig.clock.suspend(HOUR)
        rig.clock.set_wall(-HOUR // 2)

    rig.clock.after(10 * S + 300 * MS, sleep)
    rig.run_for(20 * S)
    assert [(gap.kind, gap.end_ns - gap.start_ns) for gap in rig.gaps] == [
        (GapKind.SUSPENDED, HOUR),
        (GapKind.CLOCK_JUMP, -HOUR // 2),
    ]


def test_stopped_while_paused_the_gap_is_told() -> None:
    rig = Rig()
    rig.clock.after(10 * S, rig.engine.pause)
    rig.run_for(30 * S)
    (gap,) = rig.gaps
    assert gap.end_ns - gap.start_ns == pytest.approx(20 * S, abs=MS)
    assert rig.engine.state is EngineState.STOPPED


def test_pausing_twice_and_resuming_twice_is_as_once() -> None:
    rig = Rig()
    for moment, command in [(5, "pause"), (6, "pause"), (8, "resume"), (9, "resume")]:
        rig.clock.after(moment * S + 500 * MS, getattr(rig.engine, command))
    rig.run_for(12 * S)
    (gap,) = rig.gaps
    assert gap.end_ns - gap.start_ns == pytest.approx(3 * S, abs=MS)


def test_paused_before_it_ran_it_pauses_at_its_first_chance() -> None:
    rig = Rig()
    rig.engine.pause()
    assert len(rig.run_for(10 * S)) <= 1
    assert [gap.kind for gap in rig.gaps] == [GapKind.PAUSED]


# While every beat takes longer than the interval, the engine never sleeps


def overrunning() -> Rig:
    """An engine whose beats take 25 ms where 20 ms are between them, once it is warm."""
    rig = Rig(20 * MS)
    rig.sampler = FakeSampler(rig.clock, lambda: 25 * MS if rig.engine.made > 3 else 20_000)
    return rig


def test_it_pauses_and_goes_on_though_it_never_sleeps() -> None:
    rig = overrunning()
    rig.clock.after(S, rig.engine.pause)
    rig.clock.after(2 * S, rig.engine.resume)
    beats = rig.run_for(3 * S)
    assert any(beat.missed for beat in beats[-10:])
    (gap,) = rig.gaps
    assert gap.kind is GapKind.PAUSED
    assert gap.end_ns - gap.start_ns == pytest.approx(S, abs=60 * MS)


def test_another_interval_holds_at_once_though_it_never_sleeps() -> None:
    rig = overrunning()
    changed_ns = rig.clock.time_ns + S
    rig.clock.at(changed_ns, lambda: rig.engine.set_interval_ns(S))
    beats = rig.run_for(10 * S)
    assert rig.engine.options.interval_ns == S
    late = [beat for beat in beats if beat.wakeup.due_ns > changed_ns + 60 * MS]
    assert len(late) == pytest.approx(9, abs=1)
    assert_on_one_grid(late, S)
    assert not any(beat.missed for beat in late)


def test_commands_without_end_do_not_keep_it_from_beating() -> None:
    rig = Rig(20 * MS)

    def again() -> None:
        rig.engine.set_thresholds(Thresholds())
        rig.clock.after(100_000, again)

    rig.clock.after(100 * MS, again)
    assert len(rig.run_for(S)) > 40


# Another interval


@pytest.mark.parametrize(
    ("before", "after"),
    [(S, 20 * MS), (20 * MS, S), (S, HOUR), (HOUR, S), (HOUR, 20 * MS), (20 * MS, HOUR), (S, 2 * S)],
)
def test_a_changed_interval_loses_and_doubles_no_beat(before: int, after: int) -> None:
    rig = Rig(before)
    rig.clock.step_ns = 10_000
    changed_at = rig.clock.time_ns + 5 * before + before // 3
    rig.clock.at(changed_at, lambda: rig.engine.set_interval_ns(after))
    beats = rig.run_for(
        6 * before + 20 * after if before < after else changed_at - rig.clock.time_ns + 20 * after
    )
    assert len(beats) >= 20
    spans = [b.wakeup.due_ns - a.wakeup.due_ns for a, b in itertools.pairwise(beats)]
    odd = [span for span in spans if span not in (before, after)]
    assert len(odd) <= 1
    assert all(0 < span <= max(before, after) for span in odd)
    assert rig.engine.missed == 0
    (event,) = rig.events
    assert event.kind is EventKind.INTERVAL_CHANGED
    assert event.facts == {"before_ns": before, "interval_ns": after}
    if after < before:
        first = next(beat for beat in beats if beat.wakeup.due_ns > changed_at)
        assert first.wakeup.due_ns <= changed_at + after + MS, "a shorter interval holds from now on"


def test_many_changes_at_any_moment_keep_beats_in_order() -> None:
    rig = Rig(100 * MS)
    for number in range(200):
        interval = (20 * MS, 700 * MS, 45 * MS, S)[number % 4]
        rig.clock.after(number * 37 * MS + 11_000 * number, partial(rig.engine.set_interval_ns, interval))
    beats = rig.run_for(20 * S)
    dues = [beat.wakeup.due_ns for beat in beats]
    assert dues == sorted(set(dues))
    assert rig.engine.missed == 0
    assert [beat.seq for beat in beats] == list(range(len(beats)))


def test_the_same_interval_again_changes_nothing() -> None:
    rig = Rig()
    rig.clock.after(5 * S + 300 * MS, lambda: rig.engine.set_interval_ns(S))
    beats = rig.run_for(10 * S)
    assert_on_one_grid(beats, S)
    assert rig.events == []


def test_an_interval_out_of_range_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="between 20 ms and 1 h"):
        Rig().engine.set_interval_ns(10 * MS)


# Stop


def test_stopped_before_it_ran_it_makes_no_beat() -> None:
    rig = Rig()
    rig.engine.stop()
    rig.engine.run()
    assert not rig.engine.output
    assert rig.engine.state is EngineState.STOPPED
    assert rig.sampler.reads == 0


def test_stopped_during_warm_up_it_makes_no_beat() -> None:
    rig = Rig()
    assert rig.run_for(100_000) == []
    assert rig.engine.warmup is None
    assert 0 < rig.sampler.reads < WINDOW_BEATS
    assert rig.sampler.closed


def test_stopped_during_sleep_it_ends_at_once() -> None:
    rig = Rig(HOUR)
    rig.run_for(90 * 60 * S)
    assert rig.clock.time_ns - 1000 * S < 90 * 60 * S + MS
    assert rig.engine.state is EngineState.STOPPED


def test_stopped_during_a_beat_that_beat_is_kept() -> None:
    rig = Rig()
    rig.sampler = FakeSampler(rig.clock, lambda: 100 * MS if rig.engine.made == 3 else 20_000)
    first_due: list[int] = []
    rig.clock.after(3 * S + 150 * MS, lambda: first_due.append(rig.engine.in_beat_since_ns))
    beats = rig.run_for(3 * S + 150 * MS)
    assert first_due[0] > 0
    assert beats[-1].seq == 3


# Thresholds


@pytest.mark.parametrize(
    ("cpu", "memory", "words"),
    [
        (81.0, 40.0, "AIOS_ALERT:cpu"),
        (10.0, 86.0, "AIOS_ALERT:memory"),
        (99.0, 99.0, "AIOS_ALERT:cpu,memory"),
        (80.0, 85.0, "HEARTBEAT_OK"),
    ],
)
def test_thresholds_give_the_words_that_scripts_parse(cpu: float, memory: float, words: str) -> None:
    rig = Rig()
    rig.sampler.cpu_percent, rig.sampler.memory_percent = cpu, memory
    beat = rig.run_for(5 * S)[-1]
    text = result_text(beat.outcome, beat.duration_ns, beat.breached)
    assert text == f"{words} ({beat.duration_ns / 1e6:.2f}ms)"
    assert beat.path is (Path.FAST if words == "HEARTBEAT_OK" else Path.SLOW)


def test_changed_thresholds_hold_from_the_next_beat() -> None:
    rig = Rig()
    rig.clock.after(5 * S + 500 * MS, lambda: rig.engine.set_thresholds(Thresholds(5.0, 30.0)))
    beats = rig.run_for(10 * S)
    first = next(beat for beat in beats if beat.breached)
    assert first.started_ns - 1000 * S == pytest.approx(6 * S, abs=10 * MS)
    assert all(beat.breached == ("cpu", "memory") for beat in beats[first.seq :])
    assert_on_one_grid(beats, S)


def test_rehearsal_is_changed_while_it_runs() -> None:
    rig = Rig()
    rig.clock.after(5 * S + 500 * MS, lambda: rig.engine.set_rehearsal(RehearsalMode.OFF))
    beats = rig.run_for(10 * S)
    assert beats[4].rehearsed
    assert not beats[-1].rehearsed
    assert_on_one_grid(beats, S)

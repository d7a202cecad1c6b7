"""The engine on a scripted clock: what is beaten, missed, told and recorded, whatever happens to it."""

import itertools
from collections.abc import Callable

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.engine import OUTPUT_LIMIT
from aios_gui.heartbeat.model.beat import Beat, Cause, Outcome, Path, result_text
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.stall import SeenBy
from aios_gui.heartbeat.model.warmup import MAXIMUM_BEATS, WINDOW_BEATS
from aios_gui.heartbeat.sampling import Choice
from tests.fakes import HOUR, MS, WALL, FakeClock, FakeSampler, Rig, S, assert_on_one_grid


def assert_no_burst(beats: list[Beat]) -> None:
    """What was due before a beat woke is never made up for."""
    for before, after in itertools.pairwise(beats):
        assert after.started_ns >= after.wakeup.due_ns
        assert before.wakeup.woke_ns < after.wakeup.due_ns


def slow_first_reading(rig: Rig, seq: int, cost_ns: int) -> None:
    """Make the first reading for beat ``seq`` slow: its rehearsal's, or its own where there is none."""
    taken = itertools.count()

    def cost() -> int:
        return cost_ns if rig.engine.made == seq and next(taken) == 0 else 20_000

    rig.sampler = FakeSampler(rig.clock, cost)


# The ordinary run


def test_beats_come_at_their_interval_rehearsed_and_in_time() -> None:
    rig = Rig()
    beats = rig.run_for(100 * S)
    assert len(beats) in (100, 101)
    assert_on_one_grid(beats, S)
    assert all(beat.rehearsed and not beat.missed for beat in beats)
    assert all(0 <= beat.start_offset_ns < 10_000 for beat in beats), "waits for its grid point"
    assert all(beat.lateness_ns == pytest.approx(50_000, abs=5_000) for beat in beats[1:])
    assert rig.engine.made == rig.engine.due == len(beats)
    assert (rig.gaps, rig.events) == ([], [])


def test_a_rehearsal_is_not_recorded_and_moves_no_baseline() -> None:
    rig = Rig()
    beats = rig.run_for(30 * S)
    # The rehearsal reads right before the beat: had it moved the baseline, each beat's span would be some µs long.
    assert all(beat.sample.cpu_percent == 10.0 for beat in beats[1:])
    warmup = rig.engine.warmup
    assert warmup is not None
    assert rig.sampler.reads >= warmup.beats + 2 * len(beats)
    assert len(rig.items) == len(beats) + len(rig.warmups)


def test_cpu_is_measured_over_the_whole_interval() -> None:
    rig = Rig()
    rig.clock.after(10 * S + 500 * MS, lambda: setattr(rig.sampler, "cpu_percent", 50.0))
    beats = rig.run_for(15 * S)
    figures = [beat.sample.cpu_percent for beat in beats]
    assert figures[5] == 10.0
    assert figures[-1] == 50.0
    between = [figure for figure in figures[1:] if figure not in (10.0, 50.0)]
    assert all(figure is not None and 10 < figure < 50 for figure in between)


def test_the_wall_time_of_a_beat_is_when_it_began() -> None:
    rig = Rig()
    rig.sampler = FakeSampler(rig.clock, 30 * MS)
    beats = rig.run_for(5 * S)
    for beat in beats:
        assert beat.wall_ns - WALL == pytest.approx(beat.started_ns - 1000 * S, abs=5_000)


def test_without_rehearsal_the_alarm_is_the_due_point() -> None:
    rig = Rig(options=EngineOptions(S, rehearsal=RehearsalMode.OFF))
    beats = rig.run_for(10 * S)
    assert all(not beat.rehearsed and beat.wakeup.alarm_ns == beat.wakeup.due_ns for beat in beats)
    assert rig.engine.margin_ns == 0


def test_woken_past_due_it_beats_at_once_unrehearsed() -> None:
    rig = Rig()
    rig.clock.latenesses.extend([50_000] * 5 + [30 * MS])
    beats = rig.run_for(10 * S)
    (late,) = [beat for beat in beats if not beat.rehearsed]
    assert late.lateness_ns == pytest.approx(30 * MS, abs=10_000)
    assert late.started_ns - late.wakeup.woke_ns < MS
    assert late.missed == 0
    assert_on_one_grid(beats, S)


def test_a_rehearsal_that_runs_past_due_delays_the_beat_only() -> None:
    rig = Rig()
    slow_first_reading(rig, 4, 3 * S)
    beats = rig.run_for(12 * S)
    assert beats[4].start_offset_ns > 2 * S
    assert beats[4].duration_ns < MS
    assert_no_burst(beats)
    assert sum(beat.missed for beat in beats) + len(beats) == rig.engine.due
    assert_on_one_grid(beats, S)


# Automatic rehearsal


def test_short_intervals_come_to_be_rehearsed_where_the_machine_is_quick() -> None:
    rig = Rig(20 * MS)
    rig.clock.lateness_ns = 30_000
    beats = rig.run_for(20 * S)
    assert not beats[0].rehearsed, "the first margin is too much for 20 ms"
    assert all(beat.rehearsed for beat in beats[-100:])


def test_rehearsal_comes_back_after_a_rough_spell() -> None:
    rig = Rig(50 * MS)
    rig.clock.latenesses.extend([50_000] * 20 + [5 * MS] * 200)
    beats = rig.run_for(60 * S)
    assert not beats[150].rehearsed
    assert all(beat.rehearsed for beat in beats[-100:])


# Stalls


def test_frozen_for_five_seconds_is_one_hiccup_and_no_burst() -> None:
    rig = Rig()
    rig.clock.after(10 * S + 400 * MS, lambda: rig.clock.freeze(5 * S))
    beats = rig.run_for(30 * S)
    (stall,) = rig.stalls
    (hiccup,) = [beat for beat in beats if beat.lateness_ns >= 50 * MS]
    assert (stall.seq, stall.missed, stall.seen_by) == (hiccup.seq, hiccup.missed, SeenBy.BEAT)
    assert stall.length_ns == hiccup.lateness_ns
    assert 4 * S < hiccup.lateness_ns <= 5 * S
    assert hiccup.missed in (4, 5)
    assert hiccup.cause is Cause.FROZEN
    assert_on_one_grid(beats, S)
    assert_no_burst(beats)
    assert rig.gaps == [], "a stall is no gap"
    assert rig.engine.missed == hiccup.missed


def test_frozen_within_a_beat_counts_what_was_missed_once() -> None:
    rig = Rig(options=EngineOptions(S, rehearsal=RehearsalMode.OFF))
    slow_first_reading(rig, 4, 5 * S)
    beats = rig.run_for(20 * S)
    assert beats[4].duration_ns >= 5 * S
    assert beats[5].lateness_ns > 3 * S
    assert [beat.missed for beat in beats if beat.missed] == [4]
    assert_on_one_grid(beats, S)
    assert_no_burst(beats)


@given(
    interval=st.sampled_from([20 * MS, 50 * MS, S, 10 * S]),
    latenesses=st.lists(
        st.one_of(st.integers(0, 400_000), st.integers(0, 300 * MS), st.integers(0, 60 * S)), max_size=40
    ),
)
def test_whatever_the_lateness_no_beat_is_lost_or_doubled(interval: int, latenesses: list[int]) -> None:
    rig = Rig(interval)
    rig.clock.step_ns = 20_000
    rig.clock.latenesses.extend(latenesses)
    beats = rig.run_for(60 * interval + sum(latenesses))
    assert len(beats) >= 30
    assert_on_one_grid(beats, interval)
    assert_no_burst(beats)
    assert rig.engine.due == len(beats) + sum(beat.missed for beat in beats)
    assert all(beat.lateness_ns >= 0 and beat.duration_ns >= 0 for beat in beats)
    for beat in beats:
        if beat.split is not None:
            split = beat.split
            # The evidence is this machine's own, so that its host may have taken any part of it.
            parts = split.stolen_ns, split.run_queue_ns, split.self_inflicted_ns, split.frozen_ns
            assert sum(parts) == beat.lateness_ns


# Sleep of the machine, set clocks


@pytest.mark.parametrize("counts_sleep", [False, True])
@pytest.mark.parametrize("asleep", [3 * S, 8 * HOUR])
def test_a_sleep_of_the_machine_is_a_gap_and_no_hiccup(counts_sleep: bool, asleep: int) -> None:
    rig = Rig(clock=FakeClock(monotonic_counts_sleep=counts_sleep))
    rig.clock.after(10 * S + 300 * MS, lambda: rig.clock.suspend(asleep))
    beats = rig.run_for(30 * S + (asleep if counts_sleep else 0))
    assert [gap.kind for gap in rig.gaps] == [GapKind.SUSPENDED]
    (gap,) = rig.gaps
    assert gap.end_ns - gap.start_ns == asleep
    assert rig.stalls == []
    assert rig.engine.missed == 0
    assert_no_burst(beats)
    # CPU is measured anew from the warm-up after it: a span that reached across the sleep would tell nothing.
    after = [beat for beat in beats if beat.wall_ns >= gap.end_ns]
    assert {beat.sample.cpu_percent for beat in after} == {10.0}
    assert [event.facts["reason"] for event in rig.warmups] == ["start", "sleep"]
    assert len(after) >= 15


@pytest.mark.parametrize("step", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 13 * 365 * 24 * HOUR])
def test_a_set_wall_clock_is_a_jump_that_moves_no_beat(step: int) -> None:
    rig = Rig()
    rig.clock.after(10 * S + 300 * MS, lambda: rig.clock.set_wall(step))
    beats = rig.run_for(30 * S)
    (gap,) = rig.gaps
    assert gap.kind is GapKind.CLOCK_JUMP
    assert gap.end_ns - gap.start_ns == step
    assert len(beats) in (30, 31)
    assert_on_one_grid(beats, S)
    assert {beat.missed for beat in beats} == {0}
    assert max(beat.duration_ns for beat in beats) < MS
    assert max(beat.lateness_ns for beat in beats) < MS
    assert all(beat.sample.cpu_percent == 10.0 for beat in beats[1:])


@pytest.mark.parametrize(
    ("counts_sleep", "befalls", "kind", "length"),
    [
        (False, lambda clock: clock.set_wall(HOUR), GapKind.CLOCK_JUMP, HOUR),
        (False, lambda clock: clock.set_wall(-HOUR), GapKind.CLOCK_JUMP, -HOUR),
        (False, lambda clock: clock.suspend(HOUR), GapKind.SUSPENDED, HOUR),
        (True, lambda clock: clock.suspend(HOUR), GapKind.SUSPENDED, HOUR),
    ],
    ids=["set on", "set back", "asleep", "asleep, which is counted"],
)
def test_what_befalls_the_clocks_in_a_rehearsal_lies_before_its_beat(
    counts_sleep: bool, befalls: Callable[[FakeClock], None], kind: GapKind, length: int
) -> None:
    rig = Rig(clock=FakeClock(monotonic_counts_sleep=counts_sleep))
    taken = itertools.count()

    def cost() -> int:
        if rig.engine.made == 10 and next(taken) == 0:
            befalls(rig.clock)
        return 20_000

    rig.sampler = FakeSampler(rig.clock, cost)
    beats = rig.run_for(20 * S + (length if counts_sleep else 0))
    (gap,) = rig.gaps
    assert (gap.kind, rig.stalls, rig.engine.missed) == (kind, [], 0)
    assert gap.end_ns - gap.start_ns == pytest.approx(length, abs=10_000)
    assert beats[9].wall_ns < gap.start_ns
    assert beats[10].wall_ns == gap.end_ns
    assert len(beats) >= 19


def test_a_slowly_corrected_clock_is_no_jump() -> None:
    rig = Rig()
    for second in range(1, 60):
        rig.clock.after(second * S, lambda: rig.clock.set_wall(5 * MS))
    rig.run_for(60 * S)
    assert rig.gaps == []


def test_frozen_between_the_readings_of_two_clocks_is_neither_sleep_nor_jump() -> None:
    class FrozenInBetween(FakeClock):
        frozen = False

        def wall_ns(self) -> int:
            # Once, after the monotonic clock of that moment was read.
            if not self.frozen and self.time_ns > 1_010 * S:
                self.frozen = True
                self.freeze(5 * S)
            return super().wall_ns()

    rig = Rig(clock=FrozenInBetween())
    beats = rig.run_for(30 * S)
    assert rig.gaps == []
    assert_on_one_grid(beats, S)


# Samplers that fail


@pytest.mark.parametrize(
    "error",
    [
        OSError(5, "Input/output error"),
        PermissionError(13, "Permission denied"),
        RuntimeError("no counters"),
        ValueError("not a number"),
    ],
)
def test_a_sample_that_fails_is_a_partial_beat_with_its_error(error: Exception) -> None:
    rig = Rig()
    rig.clock.after(5 * S + 500 * MS, lambda: setattr(rig.sampler, "failing", error))
    rig.clock.after(6 * S + 500 * MS, lambda: setattr(rig.sampler, "failing", None))
    beats = rig.run_for(10 * S)
    (failed,) = [beat for beat in beats if beat.sample.error]
    assert failed.outcome is Outcome.ERROR
    assert failed.path is Path.SLOW
    assert type(error).__name__ in failed.sample.error
    assert str(error) in failed.sample.error
    assert (failed.sample.cpu_percent, failed.sample.memory_percent) == (None, None)
    assert result_text(failed.outcome, failed.duration_ns, (), failed.sample.error).startswith(
        f"HEARTBEAT_ERROR:{type(error).__name__}"
    )
    assert_on_one_grid(beats, S)
    # The next figure spans both intervals, by the baseline before.
    assert beats[failed.seq + 1].sample.cpu_percent == 10.0


def test_after_three_failures_another_sampler_is_chosen_and_told() -> None:
    rig = Rig()
    spare = FakeSampler(rig.clock, name="spare")
    rig.choices.extend([Choice(rig.sampler), Choice(spare)])
    rig.clock.after(5 * S + 500 * MS, lambda: setattr(rig.sampler, "failing", OSError("gone")))
    beats = rig.run_for(12 * S)
    assert [bool(beat.sample.error) for beat in beats].count(True) == 3
    assert rig.sampler.closed
    assert rig.engine.sampler_name == "spare"
    (event,) = rig.events
    assert event.kind is EventKind.SAMPLER_FALLBACK
    assert event.facts == {"sampler": "spare", "error": "OSError: gone"}
    assert beats[-1].sample.cpu_percent == 10.0
    assert spare.closed, "closed at the end"


def test_a_sampler_that_never_works_leaves_the_beat_going() -> None:
    rig = Rig()
    rig.sampler.failing = OSError("nothing here")
    beats = rig.run_for(50 * S)
    assert len(beats) in (50, 51)
    assert all(beat.outcome is Outcome.ERROR for beat in beats)
    assert_on_one_grid(beats, S)


def test_samplers_passed_over_at_the_start_are_told() -> None:
    rig = Rig()
    rig.choices.append(Choice(rig.sampler, "procfs: /proc/stat is not as documented"))
    rig.run_for(3 * S)
    (event,) = rig.events
    assert event.kind is EventKind.SAMPLER_FALLBACK
    assert "not as documented" in str(event.facts["error"])


def test_what_psutil_raises_is_a_failed_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    from aios_gui.heartbeat.sampling.psutil_sampler import PsutilSampler

    rig = Rig()
    rig.choices.append(Choice(PsutilSampler()))

    def refuse() -> None:
        raise psutil.AccessDenied(1, "stat")

    monkeypatch.setattr(psutil, "cpu_times", refuse)
    beats = rig.run_for(3 * S)
    assert beats
    assert all("psutil" in beat.sample.error for beat in beats)


# Warm-up


def test_warm_up_ends_when_the_timing_is_stable() -> None:
    rig = Rig()
    rig.sampler = FakeSampler(rig.clock, lambda: max(20_000, 2 * MS - 40_000 * rig.sampler.reads))
    rig.run_for(5 * S)
    warmup = rig.engine.warmup
    assert warmup is not None
    assert not warmup.capped
    assert 2 * WINDOW_BEATS < warmup.beats < MAXIMUM_BEATS
    assert warmup.cold_ns > warmup.after_ns
    assert warmup.took_ns > 0


def test_warm_up_that_never_settles_ends_at_its_cap_and_the_beat_begins() -> None:
    rig = Rig()
    costs = (cost for number in range(10**6) for cost in [20_000 * 2 ** (number % 2)] * WINDOW_BEATS)
    rig.sampler = FakeSampler(rig.clock, lambda: next(costs))
    beats = rig.run_for(5 * S)
    warmup = rig.engine.warmup
    assert warmup is not None
    assert (warmup.beats, warmup.capped) == (MAXIMUM_BEATS, True)
    assert len(beats) >= 5


def test_one_beat_alone_is_warmed_and_has_no_cpu_figure() -> None:
    rig = Rig()
    rig.engine.begin()
    beat = rig.engine.step()
    rig.engine.end()
    assert beat.sample.cpu_percent is None
    assert beat.sample.memory_percent == 40.0
    assert rig.engine.warmup is not None
    assert rig.sampler.closed


# Output that nobody takes


def test_what_nobody_drains_is_bounded_and_keeps_the_newest() -> None:
    rig = Rig(20 * MS)
    rig.run_for(OUTPUT_LIMIT * 20 * MS + 10 * S)
    assert len(rig.items) == OUTPUT_LIMIT
    assert rig.beats[-1].seq == rig.engine.made - 1
    assert rig.beats[0].seq > 0

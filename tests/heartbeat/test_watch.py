"""The watch between beats on a scripted clock: what stalls are seen, how long they are, and that each is told once."""

import itertools

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Beat, Cause
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.stall import LONG_SLICE_NS, SLICE_NS, SeenBy, WatchMode
from aios_gui.heartbeat.model.states import EngineState
from tests.fakes import HOUR, MS, WALL, FakeClock, Rig, S, assert_on_one_grid

SLACK_NS = 2 * MS
"""Margin, lateness of a nap and the reading of clocks together."""


def watched(interval_ns: int = S, mode: WatchMode = WatchMode.FINE, clock: FakeClock | None = None) -> Rig:
    return Rig(clock=clock, options=EngineOptions(interval_ns, watch=mode))


def test_a_stall_between_two_beats_is_seen_with_its_begin_and_its_length() -> None:
    rig = watched()
    began = rig.clock.time_ns + 10 * S + 300 * MS
    rig.clock.at(began, lambda: rig.clock.freeze(200 * MS))
    wall_began = WALL + 10 * S + 300 * MS
    beats = rig.run_for(20 * S)
    (stall,) = rig.stalls
    assert stall.seen_by is SeenBy.WATCH
    assert 150 * MS <= stall.length_ns <= 200 * MS + SLACK_NS
    begin = stall.wall_ns - stall.length_ns
    assert wall_began - SLACK_NS <= begin <= wall_began + SLICE_NS + SLACK_NS
    assert stall.missed == 0
    assert stall.split is not None
    assert stall.split.cause is Cause.FROZEN
    assert all(beat.lateness_ns < MS for beat in beats), "no beat fell into it"
    assert_on_one_grid(beats, S)
    items = [each for each in rig.items if each is stall or each in beats]
    at = items.index(stall)
    following = items[at + 1]
    assert isinstance(following, Beat)
    assert stall.seq == following.seq, "told before the beat that follows"


def test_a_stall_between_the_end_of_a_beat_and_the_watch_is_seen() -> None:
    undisturbed, rig = watched(), watched()
    undisturbed.clock.step_ns = rig.clock.step_ns = 20_000
    beat = undisturbed.run_for(5 * S)[3]
    rig.clock.at(beat.started_ns + beat.duration_ns + 10_000, lambda: rig.clock.freeze(259 * MS))
    beats = rig.run_for(5 * S)
    (stall,) = rig.stalls
    assert 258 * MS <= stall.length_ns <= 260 * MS
    assert stall.seen_by is SeenBy.WATCH
    assert all(each.lateness_ns < MS for each in beats)


def test_a_stall_that_delays_a_beat_is_one_stall_and_the_longer_one() -> None:
    rig = watched()
    rig.clock.after(10 * S + 800 * MS, lambda: rig.clock.freeze(3 * S))
    beats = rig.run_for(20 * S)
    (stall,) = rig.stalls
    (late,) = [beat for beat in beats if beat.lateness_ns > MS]
    assert (stall.seq, stall.missed) == (late.seq, late.missed)
    assert stall.length_ns >= late.lateness_ns
    assert stall.missed == rig.engine.missed == 2
    assert_on_one_grid(beats, S)


def test_a_stall_after_waking_is_seen_by_the_beat_that_it_delays() -> None:
    rig = watched()
    after = rig.engine.options.interval_ns * 10
    begin = rig.clock.time_ns

    def freeze_while_rehearsing() -> None:
        if rig.engine.in_beat_since_ns:
            rig.clock.freeze(300 * MS)
        else:
            rig.clock.after(50_000, freeze_while_rehearsing)

    rig.clock.at(begin + after, freeze_while_rehearsing)
    rig.run_for(20 * S)
    seen = [each for each in rig.stalls if each.seen_by is SeenBy.BEAT]
    assert len(rig.stalls) == len(seen) <= 1
    slow = [beat for beat in rig.beats if beat.started_ns - beat.wakeup.due_ns >= 250 * MS]
    assert len(slow) == 1


@pytest.mark.parametrize(
    ("mode", "on_battery", "slice_ns"),
    [
        (WatchMode.AUTO, False, SLICE_NS),
        (WatchMode.AUTO, True, LONG_SLICE_NS),
        (WatchMode.FINE, True, SLICE_NS),
        (WatchMode.COARSE, False, LONG_SLICE_NS),
        (WatchMode.OFF, False, 0),
    ],
)
def test_how_often_it_looks(mode: WatchMode, on_battery: bool, slice_ns: int) -> None:
    rig = watched(mode=mode)
    rig.engine.on_battery = on_battery
    naps: list[float] = []
    real = rig.clock.nap

    def nap(span_s: float) -> None:
        naps.append(span_s)
        real(span_s)

    rig.clock.nap = nap  # type: ignore[method-assign]
    beats = rig.run_for(10 * S)
    whole = [each for each in naps if each == slice_ns / 1e9]
    rests = [each for each in naps if each < slice_ns / 1e9]
    assert len(naps) == len(whole) + len(rests), "none is longer than a slice"
    assert len(whole) <= 10 * S / slice_ns if slice_ns else not naps
    assert len(beats) >= 10
    assert len(rests) == (len(beats) - 1 if slice_ns else 0), "the last one ends at the alarm"
    assert bool(rig.clock.sleeps) is not bool(slice_ns), "and wakes from a nap, not from a lock"


def test_turned_off_while_it_runs_it_looks_no_more_and_on_again_it_does() -> None:
    rig = watched()
    clock, engine = rig.clock, rig.engine
    clock.after(5 * S, lambda: engine.set_watch(WatchMode.OFF))
    clock.after(8 * S + 300 * MS, lambda: clock.freeze(200 * MS))
    clock.after(10 * S, lambda: engine.set_watch(WatchMode.FINE))
    clock.after(12 * S + 300 * MS, lambda: clock.freeze(200 * MS))
    rig.run_for(20 * S)
    (stall,) = rig.stalls
    assert stall.wall_ns > WALL + 12 * S


def test_asleep_between_two_slices_is_a_gap_and_no_stall() -> None:
    for counts_sleep in (False, True):
        rig = watched(clock=FakeClock(monotonic_counts_sleep=counts_sleep))
        rig.clock.after(10 * S + 300 * MS, lambda clock=rig.clock: clock.suspend(HOUR))  # type: ignore[misc]
        rig.run_for(30 * S + (HOUR if counts_sleep else 0))
        assert [gap.kind for gap in rig.gaps] == [GapKind.SUSPENDED]
        assert rig.stalls == []
        assert rig.engine.missed == 0


def test_a_command_is_obeyed_within_a_slice_and_a_stop_ends_it() -> None:
    rig = watched(60 * S)
    engine, clock = rig.engine, rig.clock
    paused: list[int] = []
    asked = clock.time_ns + 90 * S
    engine.on_change = lambda: paused.append(clock.time_ns)
    clock.at(asked, engine.pause)
    clock.at(asked + S, lambda: paused.append(-1) if engine.state is not EngineState.PAUSED else None)
    clock.at(asked + 2 * S, engine.resume)
    rig.run_for(200 * S)
    assert paused
    assert -1 not in paused
    assert paused[0] - asked <= SLICE_NS + SLACK_NS
    assert engine.state is EngineState.STOPPED


def test_a_stall_whose_beat_does_not_come_is_told_all_the_same() -> None:
    rig = watched()
    clock = rig.clock

    def freeze_and_stop() -> None:
        clock.freeze(3 * S)
        rig.engine.stop()

    clock.after(10 * S + 500 * MS, freeze_and_stop)
    rig.engine.run()
    rig.items = list(rig.engine.output)
    (stall,) = rig.stalls
    assert 2900 * MS <= stall.length_ns <= 3 * S + SLACK_NS


def test_while_the_margin_is_long_it_sleeps_before_it_rehearses() -> None:
    rig = Rig()
    rig.clock.latenesses.extend([50_000] * 5 + [1900_000] * 40)
    naps: list[float] = []
    real = rig.clock.nap

    def nap(span_s: float) -> None:
        naps.append(span_s)
        real(span_s)

    rig.clock.nap = nap  # type: ignore[method-assign]
    beats = rig.run_for(120 * S)
    assert naps, "the margin was at its longest while wake-ups were quick again"
    assert all(0.0005 <= each <= 0.0016 for each in naps)
    assert all(beat.rehearsed for beat in beats[-60:])
    assert len(naps) < 40, "and it forgets"


@given(
    interval=st.sampled_from([20 * MS, 70 * MS, 200 * MS, S, 10 * S]),
    freezes=st.lists(
        st.tuples(st.integers(2_000, 40_000), st.one_of(st.integers(1, 90), st.integers(1, 5_000))),
        max_size=12,
    ),
)
@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))
@example(interval=S, freezes=[(2_037, 4_009), (2_108, 588), (3_881, 1_068)]).via(
    "came back before its beat began"
)
@example(
    interval=70 * MS,
    freezes=[(2_000, 949), (2_179, 78), (2_829, 83), (3_572, 45), (3_987, 387), (5_781, 308), (5_825, 1_717)],
).via("some of them short")
@example(interval=70 * MS, freezes=[(2_000, 2_012), (2_443, 2_023), (2_961, 314)]).via("one within another")
@example(interval=S, freezes=[(2_000, 30), (3_004, 259), (7_750, 93)]).via("just after a beat")
def test_whatever_freezes_it_each_long_stall_is_told_once_and_no_beat_is_lost(
    interval: int, freezes: list[tuple[int, int]]
) -> None:
    rig = watched(interval)
    rig.clock.step_ns = 20_000
    frozen: list[tuple[int, int]] = []

    def freeze(span_ns: int) -> None:
        if not rig.engine.in_beat_since_ns:
            frozen.append((rig.clock.time_ns, span_ns))
        rig.clock.freeze(span_ns)

    for at_ms, span_ms in freezes:
        rig.clock.after(at_ms * MS, lambda span=span_ms * MS: freeze(span))  # type: ignore[misc]
    offset = WALL - 1_000 * S
    beats = rig.run_for(50 * S + sum(span for _at, span in freezes) * MS)
    assert_on_one_grid(beats, interval)
    assert rig.engine.due == len(beats) + sum(beat.missed for beat in beats)
    spans = sorted((stall.wall_ns - stall.length_ns - offset, stall.wall_ns - offset) for stall in rig.stalls)
    assert all(end <= begin + SLACK_NS for (_, end), (begin, _) in itertools.pairwise(spans)), "none overlap"
    for at, span in frozen:
        if span >= 50 * MS + SLICE_NS + SLACK_NS:
            seen = [each for each in spans if each[0] < at + span and each[1] > at]
            assert len(seen) >= 1, (at, span, spans)
    if len(frozen) == len(freezes):
        for begin, end in spans:
            assert any(at < end and at + span > begin for at, span in frozen), "none without a cause"
    assert sum(stall.missed for stall in rig.stalls) <= rig.engine.missed

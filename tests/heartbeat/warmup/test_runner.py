"""Warming up, cooling down and rehearsing on a scripted clock: what each does to the beats that come after."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from aios_gui.heartbeat.engine import COLD_BEATS
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import MAXIMUM_BEATS, StepState, Warmth
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.warmup.steps import STEPS
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import Recorder
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from tests.fakes import HOUR, MS, WALL, FakeSampler, Rig, S, assert_on_one_grid

OPENING_NS = 700_000


def rig_that_opens_slowly(options: EngineOptions | None = None) -> Rig:
    """Opening a sampler takes 0.7 ms, as it would on a machine; a run takes 0.02 ms and counts as the fake says."""
    rig = Rig(options=options)
    plainly = rig.engine._path._choose

    def choose() -> Choice:
        rig.clock.freeze(OPENING_NS)
        rig.sampler = FakeSampler(rig.clock)
        return plainly()

    rig.engine._path._choose = choose
    return rig


def at_half_past(rig: Rig, second: int, action: Callable[[], object]) -> None:
    rig.clock.after(second * S + 500 * MS, action)


def durations(beats: list[Beat]) -> list[int]:
    return [beat.duration_ns for beat in beats]


# Cold and warm


def test_without_warm_up_the_first_beat_pays_for_opening_and_is_not_rehearsed() -> None:
    rig = rig_that_opens_slowly(EngineOptions(warm_up=False))
    first, *others = rig.run_for(5 * S)
    assert first.duration_ns > OPENING_NS
    assert not first.rehearsed
    assert all(beat.rehearsed and beat.duration_ns < 50_000 for beat in others)
    assert not rig.warmups


def test_warmed_up_the_first_beat_costs_what_the_others_cost() -> None:
    rig = rig_that_opens_slowly()
    beats = rig.run_for(5 * S)
    assert max(durations(beats)) <= 2 * min(durations(beats))
    (warmup,) = rig.warmups
    assert warmup.facts["reason"] == "start"
    assert int(warmup.facts["cold_ns"]) > OPENING_NS, "what the first beat is spared"


def test_every_rehearsed_beat_tells_what_the_first_run_of_its_rehearsal_took() -> None:
    rig = Rig()
    costs = {"first": 80_000}
    begun: list[int] = []

    def cost() -> int:
        fresh = rig.engine.made not in begun and bool(rig.engine.in_beat_since_ns) and rig.engine.made > 0
        begun.append(rig.engine.made)
        return costs["first"] if fresh else 20_000

    rig.sampler = FakeSampler(rig.clock, cost)
    beats = rig.run_for(10 * S)
    assert all(80_000 <= (beat.unrehearsed_ns or 0) < 100_000 for beat in beats[1:])
    assert all(beat.duration_ns < 50_000 for beat in beats)


def test_cooled_down_the_next_beat_is_cold_and_some_more_are_not_rehearsed() -> None:
    rig = rig_that_opens_slowly()
    seen: list[tuple[Warmth, int]] = []
    at_half_past(rig, 5, rig.engine.cool_down)
    rig.clock.after(5 * S + 600 * MS, lambda: seen.append((rig.engine.warmth, rig.engine.margin_ns)))
    beats = rig.run_for((5 + COLD_BEATS + 5) * S)
    (cooled,) = rig.events
    assert cooled.kind is EventKind.COOLED_DOWN
    assert seen == [(Warmth.COLD, 0)]
    cold = beats[cooled.seq : cooled.seq + COLD_BEATS]  # type: ignore[operator]
    assert cold[0].duration_ns > OPENING_NS
    assert cold[0].sample.cpu_percent is None, "the baseline is gone, too"
    assert not any(beat.rehearsed for beat in cold)
    assert_on_one_grid(beats, S)


def test_cooled_down_it_warms_up_by_itself_after_a_while() -> None:
    rig = rig_that_opens_slowly()
    at_half_past(rig, 2, rig.engine.cool_down)
    beats = rig.run_for((2 + COLD_BEATS + 10) * S)
    assert [event.facts["reason"] for event in rig.warmups] == ["start", "cooled_down"]
    assert all(beat.rehearsed for beat in beats[-5:])
    assert rig.engine.cold_beats_left == 0


def test_at_long_intervals_it_does_not_stay_cold_for_days() -> None:
    rig = Rig(HOUR)
    rig.clock.after(30 * 60 * S, rig.engine.cool_down)
    beats = rig.run_for(4 * HOUR)
    assert [beat.rehearsed for beat in beats] == [True, False, True, True]


def test_warmed_up_when_asked_the_next_beat_is_warm_again() -> None:
    rig = rig_that_opens_slowly()
    at_half_past(rig, 2, rig.engine.cool_down)
    rig.clock.after(2 * S + 600 * MS, rig.engine.warm_up)
    beats = rig.run_for(6 * S)
    assert max(durations(beats)) < 50_000, "no beat is cold"
    assert all(beat.rehearsed for beat in beats)
    assert [event.facts["reason"] for event in rig.warmups] == ["start", "asked"]
    assert rig.warmups[1].seq == rig.events[0].seq
    assert_on_one_grid(beats, S)


def test_a_warm_up_takes_nothing_from_the_cpu_figure_of_the_beat_after_it() -> None:
    rig = Rig()
    rig.clock.after(2 * S + 400 * MS, lambda: setattr(rig.sampler, "cpu_percent", 90.0))
    at_half_past(rig, 2, rig.engine.warm_up)
    rig.clock.after(2 * S + 600 * MS, lambda: setattr(rig.sampler, "cpu_percent", 10.0))
    beats = rig.run_for(5 * S)
    assert beats[3].sample.cpu_percent == pytest.approx(50.0, abs=2)
    assert beats[4].sample.cpu_percent == 10.0


def test_asked_for_right_before_a_beat_it_waits_until_that_beat_is_made() -> None:
    rig = Rig()
    rig.clock.after(3 * S - 20 * MS, rig.engine.warm_up)
    beats = rig.run_for(6 * S)
    assert {beat.missed for beat in beats} == {0}
    assert all(beat.lateness_ns < MS for beat in beats)
    asked = rig.warmups[1]
    beat_before = beats[asked.seq - 1]  # type: ignore[operator]
    assert beat_before.wall_ns < asked.wall_ns < beat_before.wall_ns + 500 * MS


@pytest.mark.parametrize("interval", [20 * MS, 100 * MS])
def test_a_slow_warm_up_gives_way_to_the_beat(interval: int) -> None:
    rig = Rig(interval)
    rig.sampler = FakeSampler(rig.clock, MS)
    rig.clock.after(10 * interval, rig.engine.warm_up)
    beats = rig.run_for(30 * interval)
    assert_on_one_grid(beats, interval)
    assert {beat.missed for beat in beats[12:]} == {0}
    asked = rig.warmups[-1]
    assert asked.facts["reason"] == "asked"
    assert int(asked.facts["took_ns"]) < interval
    assert int(asked.facts["beats"]) < MAXIMUM_BEATS


def test_paused_it_can_be_warmed_up_and_stays_paused() -> None:
    rig = Rig()
    states: list[EngineState] = []
    rig.clock.after(2 * S, rig.engine.pause)
    rig.clock.after(4 * S, rig.engine.warm_up)
    rig.clock.after(5 * S, lambda: states.append(rig.engine.state))
    rig.clock.after(8 * S, rig.engine.resume)
    beats = rig.run_for(12 * S)
    assert states == [EngineState.PAUSED]
    assert [event.facts["reason"] for event in rig.warmups] == ["start", "asked", "pause"]
    assert max(durations(beats)) < 50_000


def test_whoever_wants_it_cold_or_by_hand_gets_no_warm_up_after_a_pause() -> None:
    rig = Rig()
    rig.clock.after(1 * S, lambda: rig.engine.set_warm_up(automatic=False))
    rig.clock.after(2 * S, rig.engine.pause)
    rig.clock.after(4 * S, rig.engine.resume)
    rig.run_for(6 * S)
    assert len(rig.warmups) == 1


def test_stopped_while_it_warms_up_again_it_ends() -> None:
    rig = Rig()
    rig.sampler = FakeSampler(rig.clock, lambda: MS if rig.engine.state is EngineState.WARMING else 20_000)
    at_half_past(rig, 2, rig.engine.warm_up)
    rig.clock.after(2 * S + 510 * MS, rig.engine.stop)
    rig.run_for(100 * S)
    assert rig.clock.time_ns < 1_004 * S
    assert len(rig.warmups) == 1


# Rehearsal


def test_a_change_of_rehearsal_is_told_once_and_holds_from_the_next_beat() -> None:
    rig = Rig()
    at_half_past(rig, 2, lambda: rig.engine.set_rehearsal(RehearsalMode.OFF))
    at_half_past(rig, 3, lambda: rig.engine.set_rehearsal(RehearsalMode.OFF))
    at_half_past(rig, 5, lambda: rig.engine.set_rehearsal(RehearsalMode.ON))
    beats = rig.run_for(8 * S)
    assert [(event.kind, event.facts["mode"]) for event in rig.events] == [
        (EventKind.REHEARSAL_CHANGED, "off"),
        (EventKind.REHEARSAL_CHANGED, "on"),
    ]
    off, on = (event.seq for event in rig.events)
    assert [beat.rehearsed for beat in beats] == [not (off <= beat.seq < on) for beat in beats]  # type: ignore[operator]


# Steps


def test_every_step_is_done_in_order_with_its_time() -> None:
    rig = rig_that_opens_slowly()
    rig.run_for(3 * S)
    reports = rig.engine.warmer.steps.reports
    assert [report.name for report in reports] == ["sampler", "baseline", "beats", "collector"]
    assert {report.state for report in reports} == {StepState.DONE}
    assert reports[0].took_ns >= OPENING_NS
    assert reports[1].beats == 1
    assert rig.engine.warmup is not None
    assert reports[1].beats + reports[2].beats == rig.engine.warmup.beats


def test_a_sampler_that_cannot_be_opened_fails_its_step_and_the_heartbeat_goes_on() -> None:
    rig = Rig()
    refused = [True]

    def choose() -> Choice:
        if refused[0]:
            raise PermissionError("no access to counters")
        return Choice(rig.sampler)

    rig.engine._path._choose = choose
    rig.clock.after(5 * S, refused.clear)
    rig.clock.after(5 * S, lambda: refused.append(False))
    beats = rig.run_for(12 * S)
    sampler, baseline, settled, _collector = rig.engine.warmer.steps.reports
    assert (sampler.state, baseline.state, settled.state) == (
        StepState.FAILED,
        StepState.FAILED,
        StepState.DONE,
    )
    assert "no access to counters" in sampler.error
    assert "no access to counters" in beats[0].sample.error
    assert beats[0].sample.cpu_percent is None
    assert not beats[-1].sample.error, "as soon as it can be opened, it is"
    assert_on_one_grid(beats, S)


def test_what_was_asked_for_is_told_of_but_not_close_to_a_beat() -> None:
    rig = Rig()
    told: list[int] = []
    rig.engine.on_change = lambda: told.append(rig.clock.time_ns)
    at_half_past(rig, 2, rig.engine.cool_down)
    rig.clock.after(4 * S - 10 * MS, rig.engine.warm_up)
    beats = rig.run_for(6 * S)
    assert len(told) == 2
    assert all(
        min(abs(beat.wakeup.due_ns - moment) for beat in beats if beat.wakeup.due_ns > moment) > 50 * MS
        for moment in told
    )


# The steps of the recorder, and what the snapshot says of all of them


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[tuple[Rig, Recorder, Path]]:
    rig = Rig()
    rig.engine.begin()
    path = tmp_path / "data" / "heartbeat.sqlite3"
    store = ResilientStore(path, RECORD_SCHEMA, SessionFacts(WALL, "service", {}), 8, 500_000_000)
    recorder = Recorder(rig.engine, store, rig.clock, Mode.SERVICE)
    yield rig, recorder, path
    rig.engine.end()
    store.close(0, WALL)


def states(recorder: Recorder) -> dict[str, StepState]:
    return {step.name: step.state for step in recorder.recent.snapshot.warm_up.steps}


def test_the_picture_shows_every_step_that_there_is(recorded: tuple[Rig, Recorder, Path]) -> None:
    _rig, recorder, _path = recorded
    recorder.warm_up()
    recorder.tick()
    assert states(recorder) == dict.fromkeys(STEPS, StepState.DONE)
    status = recorder.recent.snapshot.warm_up
    assert status.warmth is Warmth.WARM
    assert status.report is not None
    assert status.effect is not None
    assert status.effect.kind is EventKind.WARMED_UP


def test_a_record_that_cannot_be_opened_fails_its_step_until_it_can(
    recorded: tuple[Rig, Recorder, Path],
) -> None:
    rig, recorder, path = recorded
    path.parent.write_text("a file in the place of the folder")
    recorder.warm_up()
    recorder.tick()
    assert states(recorder)["record"] is StepState.FAILED
    (failed,) = [step for step in recorder.recent.snapshot.warm_up.steps if step.name == "record"]
    assert failed.error
    path.parent.unlink()
    rig.clock.freeze(10 * S)
    recorder.tick()
    recorder.tick()
    assert states(recorder)["record"] is StepState.DONE


def test_what_the_next_beat_took_is_in_the_picture(recorded: tuple[Rig, Recorder, Path]) -> None:
    rig, recorder, _path = recorded
    rig.engine.step()
    recorder.tick()
    rig.engine._do_cool_down()
    rig.engine.step(S)
    recorder.tick()
    snapshot = recorder.recent.snapshot
    effect, first = snapshot.warm_up.effect, snapshot.warm_up.first
    assert effect is not None
    assert (effect.kind, effect.next_beat_ns) == (EventKind.COOLED_DOWN, first.cold[0])
    assert snapshot.warm_up.warmth is Warmth.COLD
    assert msgspec.json.decode(msgspec.json.encode(snapshot), type=Snapshot) == snapshot

"""A benchmark: all four in turn as the plan has it, nothing left open however it ends, and its surroundings."""

import gc
from collections import Counter
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.selfcheck.benchmark.model import Beside, Heartbeat, Pacing
from aios_gui.selfcheck.benchmark.runs import (
    FULL,
    QUICK,
    REST_NS,
    SETTLING_BEATS,
    BenchmarkPlan,
    machine,
    run_plan,
    seen_beside,
)
from aios_gui.system.progress import Progress
from tests.fakes import WALL, FakeClock, S, recorded_beat, write_run
from tests.selfcheck.benchmark.fakes import COSTS_NS, FakeHeartbeat


def fakes(clock: FakeClock) -> list[FakeHeartbeat]:
    return [FakeHeartbeat(name, clock) for name in Heartbeat]


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_every_beat_of_the_plan_is_made_and_timed(plan: BenchmarkPlan) -> None:
    heartbeats = fakes(FakeClock())
    timings = {(each.name, each.mode): each for each in run_plan(plan, heartbeats, lambda _progress: None)}
    for heartbeat in heartbeats:
        spaced, close = timings[heartbeat.name, Pacing.CADENCE], timings[heartbeat.name, Pacing.BACK_TO_BACK]
        assert spaced.p50_ns == close.p99_ns == COSTS_NS[heartbeat.name]
        uncounted = 0 if heartbeat.name is Heartbeat.ORIGINAL else plan.rounds * SETTLING_BEATS
        assert heartbeat.asked.count("beat") == spaced.count + close.count + uncounted
        assert heartbeat.rests_ns == [REST_NS] * spaced.count
        assert (heartbeat.asked[0], heartbeat.asked[-1]) == ("prepare", "end")


def test_progress_grows_from_nothing_to_all_with_the_time_left() -> None:
    clock = FakeClock()
    told: list[tuple[int, Progress]] = []
    began_ns = clock.time_ns
    run_plan(FULL, fakes(clock), lambda progress: told.append((clock.time_ns, progress)))
    shares = [progress.share for _at, progress in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    took_ns = clock.time_ns - began_ns
    for at_ns, progress in told:
        assert progress.remaining_s == pytest.approx((began_ns + took_ns - at_ns) / 1e9, abs=1)
    assert {progress.now for _at, progress in told} == set(Heartbeat)


def test_no_automatic_collection_meanwhile() -> None:
    seen: list[bool] = []
    clock = FakeClock()
    run_plan(BenchmarkPlan(1, 1, 1), fakes(clock), lambda _progress: seen.append(gc.isenabled()))
    assert not any(seen)
    assert gc.isenabled()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_cut_short_all_are_ended(error: type[BaseException]) -> None:
    def interrupt() -> None:
        raise error

    clock = FakeClock()
    heartbeats = [*fakes(clock)[:3], FakeHeartbeat(Heartbeat.WARMED, clock, interrupt)]
    with pytest.raises(error):
        run_plan(QUICK, heartbeats, lambda _progress: None)
    assert all(heartbeat.asked[-1] == "end" for heartbeat in heartbeats)
    assert gc.isenabled()


def test_one_that_cannot_be_prepared_is_ended_with_those_before_it() -> None:
    class Broken(FakeHeartbeat):
        def prepare(self) -> None:
            raise OSError("no figures")

    clock = FakeClock()
    first, broken = FakeHeartbeat(Heartbeat.ORIGINAL, clock), Broken(Heartbeat.WARMED, clock)
    with pytest.raises(OSError, match="no figures"):
        run_plan(QUICK, [first, broken], lambda _progress: None)
    assert (first.asked, broken.asked) == (["prepare", "end"], ["end"])


def test_one_alone_can_be_measured() -> None:
    clock = FakeClock()
    timings = run_plan(
        BenchmarkPlan(1, 2, 3), [FakeHeartbeat(Heartbeat.MINIMAL, clock)], lambda _progress: None
    )
    assert [(each.name, each.mode, each.count) for each in timings] == [
        (Heartbeat.MINIMAL, Pacing.BACK_TO_BACK, 3),
        (Heartbeat.MINIMAL, Pacing.CADENCE, 2),
    ]


OTHERS = [name for name in Heartbeat if name is not Heartbeat.ORIGINAL]


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_all_are_measured_both_ways_and_alike(plan: BenchmarkPlan) -> None:
    beats: Counter[tuple[Heartbeat, Pacing]] = Counter()
    for step in plan.steps():
        beats[step.name, step.mode] += step.beats
    assert set(beats) == {(name, mode) for name in Heartbeat for mode in Pacing}
    for mode in Pacing:
        assert len({beats[name, mode] for name in OTHERS}) == 1
        assert beats[Heartbeat.ORIGINAL, mode] == plan.rounds


def test_in_full_the_original_is_measured_at_least_five_times_at_cadence() -> None:
    assert sum(step.name is Heartbeat.ORIGINAL and step.mode is Pacing.CADENCE for step in FULL.steps()) >= 5


def test_each_goes_first_in_its_turn() -> None:
    spaced = [step.name for step in FULL.steps() if step.mode is Pacing.CADENCE and step.name in OTHERS]
    firsts = Counter(spaced[:: len(OTHERS)])
    assert set(firsts) == set(OTHERS)
    close = [step.name for step in FULL.steps() if step.mode is Pacing.BACK_TO_BACK]
    assert set(close[:: len(Heartbeat)]) == set(Heartbeat)


@pytest.mark.parametrize(("plan", "low_s", "high_s"), [(FULL, 100, 125), (QUICK, 22, 28)])
def test_it_takes_as_long_as_promised(plan: BenchmarkPlan, low_s: float, high_s: float) -> None:
    assert low_s <= sum(step.expected_ns for step in plan.steps()) / 1e9 <= high_s


def test_what_the_resident_recorded_meanwhile_is_seen(tmp_path: Path) -> None:
    store = tmp_path / "heartbeat.sqlite3"
    beats = [recorded_beat(seq, duration_ns=20_000 + seq, missed=seq // 9) for seq in range(10)]
    hiccup = Event(EventKind.HICCUP, WALL + S, 1, {"lateness_ns": 60_000_000, "cause": int(Cause.FROZEN)})
    write_run(store, [*beats, hiccup])
    assert seen_beside(store, WALL, WALL + 10 * S) == Beside(10, 20_004, 20_009, 1, 1)
    assert seen_beside(store, WALL + 2 * S, WALL + 3 * S) == Beside(1, 20_002, 20_002, 0, 0)
    assert seen_beside(store, WALL + 100 * S, WALL + 200 * S) is None


def test_without_a_record_or_with_a_broken_one_nothing_is_seen(tmp_path: Path) -> None:
    assert seen_beside(tmp_path / "none.sqlite3", 0, WALL) is None
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"garbage" * 2000)
    assert seen_beside(broken, 0, WALL) is None


def test_the_machine_is_named() -> None:
    found = machine(12.5)
    assert found.system
    assert found.python.startswith("3.")
    assert found.busy_percent == 12.5

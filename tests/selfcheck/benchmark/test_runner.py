"""The runner: every beat of the plan, progress that only grows, and nothing left open however it ends."""

import gc

import pytest

from aios_gui.selfcheck.benchmark.model import Heartbeat, Mode, Progress
from aios_gui.selfcheck.benchmark.plan import FULL, QUICK, REST_NS, SETTLING_BEATS, Plan
from aios_gui.selfcheck.benchmark.runner import run_plan
from tests.fakes import FakeClock
from tests.selfcheck.benchmark.fakes import COSTS_NS, FakeHeartbeat


def fakes(clock: FakeClock) -> list[FakeHeartbeat]:
    return [FakeHeartbeat(name, clock) for name in Heartbeat]


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_every_beat_of_the_plan_is_made_and_timed(plan: Plan) -> None:
    heartbeats = fakes(FakeClock())
    timings = {(each.name, each.mode): each for each in run_plan(plan, heartbeats, lambda _progress: None)}
    for heartbeat in heartbeats:
        spaced, close = timings[heartbeat.name, Mode.CADENCE], timings[heartbeat.name, Mode.BACK_TO_BACK]
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
    run_plan(Plan(1, 1, 1), fakes(clock), lambda _progress: seen.append(gc.isenabled()))
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
    timings = run_plan(Plan(1, 2, 3), [FakeHeartbeat(Heartbeat.MINIMAL, clock)], lambda _progress: None)
    assert [(each.name, each.mode, each.count) for each in timings] == [
        (Heartbeat.MINIMAL, Mode.BACK_TO_BACK, 3),
        (Heartbeat.MINIMAL, Mode.CADENCE, 2),
    ]

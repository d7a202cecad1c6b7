"""The sliding hour agrees with adding up the beats of its minutes each time."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.model.hour import MINUTE_NS, MINUTES, Hour, SlidingHour, Tally
from tests.fakes import WALL, S, recorded_beat

HICCUP_NS = 50_000_000
START = WALL // MINUTE_NS

beats = st.builds(
    recorded_beat,
    seq=st.just(0),
    duration_ns=st.integers(0, 10**10),
    lateness_ns=st.sampled_from([0, HICCUP_NS - 1, HICCUP_NS, 10**9]),
    missed=st.integers(0, 3),
    breached=st.sampled_from([(), ("cpu",), ("memory",), ("cpu", "memory")]),
    failed=st.booleans(),
    cpu_percent=st.one_of(st.none(), st.integers(0, 100).map(float)),
    memory_percent=st.one_of(st.none(), st.integers(0, 100).map(float)),
)
steps = st.lists(st.tuples(st.integers(-130, 130), beats), max_size=40)


def plainly(found: Iterable[RecordedBeat]) -> Hour:
    """The sums by their definition."""
    of = list(found)
    fast = [beat for beat in of if not beat.failed and not beat.breached]
    cpu = [beat.cpu_percent for beat in of if beat.cpu_percent is not None]
    memory = [beat.memory_percent for beat in of if beat.memory_percent is not None]
    return Hour(
        len(of),
        sum(beat.missed for beat in of),
        sum(beat.failed for beat in of),
        sum(bool(beat.breached) or beat.lateness_ns >= HICCUP_NS for beat in of),
        sum(bool(beat.breached) for beat in of),
        sum(beat.duration_ns for beat in of),
        len(fast),
        sum(beat.duration_ns for beat in fast),
        len(cpu),
        sum(cpu),
        len(memory),
        sum(memory),
    )


def at(beat: RecordedBeat, minute: int) -> RecordedBeat:
    return recorded_beat(
        0,
        minute * MINUTE_NS,
        duration_ns=beat.duration_ns,
        lateness_ns=beat.lateness_ns,
        missed=beat.missed,
        breached=beat.breached,
        failed=beat.failed,
        cpu_percent=beat.cpu_percent,
        memory_percent=beat.memory_percent,
    )


@given(steps)
def test_as_adding_up_the_minutes_each_time(drawn: list[tuple[int, RecordedBeat]]) -> None:
    hour = SlidingHour()
    minute, kept = START, dict[int, list[RecordedBeat]]()
    for step, beat in drawn:
        minute = max(0, minute + step)
        kept = {m: of for m, of in kept.items() if minute - MINUTES < m <= minute}
        kept.setdefault(minute, []).append(at(beat, minute))
        hour.add_beat(at(beat, minute), HICCUP_NS)
        assert replace(hour.total(), minutes=0) == plainly(beat for of in kept.values() for beat in of)
        assert hour.total().minutes == max(1, len(kept) - 1)


@given(st.lists(st.tuples(st.integers(0, 40), beats), max_size=30), st.integers(0, 30))
def test_what_an_earlier_run_recorded_is_as_if_it_had_been_seen(
    drawn: list[tuple[int, RecordedBeat]], cut: int
) -> None:
    """Also where the record is opened only once beats of this run were made."""
    seen, resumed = SlidingHour(), SlidingHour()
    minute, earlier = START, dict[int, Tally]()
    for number, (step, beat) in enumerate(drawn):
        minute += step
        seen.add_beat(at(beat, minute), HICCUP_NS)
        if number < cut:
            earlier.setdefault(minute, Tally()).add_beat(at(beat, minute), HICCUP_NS)
        else:
            resumed.add_beat(at(beat, minute), HICCUP_NS)
    resumed.restore((minute, tally.plus(Tally())) for minute, tally in earlier.items())
    assert resumed.total() == seen.total()


def test_firings_are_counted_with_the_minute_and_go_with_it() -> None:
    hour = SlidingHour()
    hour.add_beat(recorded_beat(0), HICCUP_NS)
    hour.add_firings(3)
    assert hour.total().firings == 3
    hour.add_beat(recorded_beat(1, WALL + 3540 * S), HICCUP_NS)
    assert hour.total().firings == 3
    hour.add_beat(recorded_beat(2, WALL + 3660 * S), HICCUP_NS)
    assert hour.total().firings == 0


def test_nothing_yet_has_no_means() -> None:
    empty = SlidingHour().total()
    assert (empty.mean_ns, empty.fast_mean_ns, empty.cpu_percent, empty.memory_percent) == (None,) * 4


def test_the_means() -> None:
    hour = SlidingHour()
    hour.add_beat(recorded_beat(0, duration_ns=10, cpu_percent=10.0, memory_percent=None), HICCUP_NS)
    hour.add_beat(recorded_beat(1, duration_ns=30, cpu_percent=30.0, breached=("cpu",)), HICCUP_NS)
    total = hour.total()
    assert (total.mean_ns, total.fast_mean_ns, total.cpu_percent) == (20, 10, 20)
    assert total.memory_percent == 43.2
    assert total.due == 2

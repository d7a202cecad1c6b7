"""What the measures read: only what is wanted, only what is known, durations over the last 100 beats."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rules import Measure
from aios_gui.alerts.watch.readings import (
    FEWEST_BEATS,
    OF_STALLED_TIME,
    DurationWindow,
    Readings,
    known_figures,
)
from aios_gui.heartbeat.model.items import ContextSample
from tests.fakes import recorded_beat

MS = 1_000_000


def wanting(*measures: str) -> Readings:
    readings = Readings()
    readings.want(measures)
    return readings


def test_every_measure_is_read_somewhere() -> None:
    readings = wanting(*Measure)
    sample = ContextSample(0, 1.0, 1, swap_percent=1.0, disk_free_percent=1.0, disk_busy_percent=1.0)
    for number in range(FEWEST_BEATS - 1):
        readings.of_beat(recorded_beat(number))
    of_beat = readings.of_beat(recorded_beat(FEWEST_BEATS - 1))
    read = {name for name, _value in (*of_beat, *readings.of_context(sample))}
    assert read | OF_STALLED_TIME.keys() == set(Measure)
    assert not read & OF_STALLED_TIME.keys()


def test_only_what_is_wanted_and_known_is_read() -> None:
    beat = recorded_beat(0, cpu_percent=None, memory_percent=40.0, lateness_ns=5 * MS, missed=2)
    assert wanting(Measure.CPU, Measure.MISSED).of_beat(beat) == [("missed", 2.0)]
    assert wanting(Measure.LATENESS, Measure.SWAP).of_beat(beat) == [("lateness_ms", 5.0)]
    sample = ContextSample(0, own_memory_bytes=3 * 1024 * 1024, disk_free_percent=7.5)
    readings = wanting(Measure.OWN_MEMORY, Measure.DISK_FREE, Measure.OWN_CPU)
    assert dict(readings.of_context(sample)) == {"own_memory_mb": 3.0, "disk_free_percent": 7.5}
    assert wanting().of_beat(beat) == wanting().of_context(sample) == []
    assert known_figures(beat, sample) == {
        "memory_percent": 40.0,
        "lateness_ms": 5.0,
        "missed": 2.0,
        "own_memory_mb": 3.0,
        "disk_free_percent": 7.5,
    }
    assert known_figures(None, None) == {}


def test_durations_are_judged_once_there_are_enough_beats() -> None:
    readings = wanting(Measure.DURATION_MEAN, Measure.DURATION_P95)
    for number in range(FEWEST_BEATS - 1):
        assert readings.of_beat(recorded_beat(number, duration_ns=number * MS)) == []
    found = dict(readings.of_beat(recorded_beat(99, duration_ns=19 * MS)))
    assert found == {Measure.DURATION_MEAN: 9.5, Measure.DURATION_P95: 18.0}
    readings.want([Measure.CPU])
    readings.want([Measure.DURATION_P99])
    assert readings.of_beat(recorded_beat(0, cpu_percent=None)) == []


@given(st.lists(st.integers(0, 10**12), min_size=FEWEST_BEATS, max_size=250))
def test_the_window_is_the_last_hundred_beats(durations: list[int]) -> None:
    window = DurationWindow()
    for duration in durations:
        window.add(duration)
    last = sorted(durations[-100:])
    assert window.read(Measure.DURATION_MEAN) == sum(last) / len(last) / 1e6
    assert window.read(Measure.DURATION_P95) == last[-(-95 * len(last) // 100) - 1] / 1e6
    assert window.read(Measure.DURATION_P99) == last[-(-99 * len(last) // 100) - 1] / 1e6

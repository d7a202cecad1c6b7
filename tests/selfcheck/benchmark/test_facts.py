"""What scripts and the record get of a result, and the result from it again."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.store.errors import StoreError
from aios_gui.selfcheck.benchmark.facts import (
    facts_of,
    measurement_of,
    result_in,
    result_of,
    speedups,
    summary_facts,
)
from aios_gui.selfcheck.benchmark.model import (
    BenchmarkResult,
    Beside,
    Heartbeat,
    Machine,
    Pacing,
    RehearsalCount,
    Timing,
)
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.system.progress import Progress, progress_facts
from tests.fakes import WALL
from tests.selfcheck.benchmark.fakes import some_result

spans = st.integers(0, 10**12)
counts = st.integers(0, 10**6)
moments = st.integers(0, 4_000_000_000_000_000).map(lambda us: us * 1000)
timings = st.builds(
    Timing, st.sampled_from(Heartbeat), st.sampled_from(Pacing), counts, spans.map(float), spans, spans, spans
)
machines = st.builds(
    Machine, st.text(), st.text(), st.none() | counts, st.text(), st.text(), st.none() | st.floats(0, 100)
)
results = st.builds(
    BenchmarkResult,
    moments,
    moments,
    st.booleans(),
    st.lists(timings, max_size=8).map(tuple),
    machines,
    st.builds(RehearsalCount, counts, counts, spans),
    st.none() | st.builds(Beside, counts, spans, spans, counts, counts),
)


@given(results)
def test_a_result_survives_the_way_through_json(result: BenchmarkResult) -> None:
    back = result_of(json.loads(json.dumps(facts_of(result), allow_nan=False)))
    for found, made in zip(back.timings, result.timings, strict=True):
        assert found.mean_ns == pytest.approx(made.mean_ns)
        assert replace(found, mean_ns=made.mean_ns) == made
    assert (back.started_ns, back.finished_ns, back.quick) == (
        result.started_ns,
        result.finished_ns,
        result.quick,
    )
    assert (back.machine, back.rehearsed, back.beside) == (result.machine, result.rehearsed, result.beside)


def test_the_shape_that_scripts_rely_on() -> None:
    facts = facts_of(some_result(beside=Beside(120, 25_000, 60_000, 0, 1)))
    assert set(facts) >= {"heartbeats", "speedup", "published_ms", "machine", "started_at", "finished_at"}
    assert {"name", "mode", "count", "mean_ms", "p50_ms", "p95_ms", "p99_ms"} == set(facts["heartbeats"][0])
    assert facts["speedup"]["original/warmed"] == pytest.approx(1_500_001 / 21, rel=1e-3)
    assert facts["published_ms"] == {"original": 1509, "optimized": 5, "minimal": 2.3, "warmed": 3.4}
    assert facts["rehearsal"] == {"beats": 30, "rehearsed": 29, "margin_ms": 0.51}
    assert facts["resident"] == {"beats": 120, "p50_ms": 0.025, "p99_ms": 0.06, "missed": 0, "hiccups": 1}
    assert datetime.fromisoformat(facts["started_at"]).tzinfo is not None
    assert facts_of(some_result())["resident"] is None


def test_what_was_not_measured_has_no_speed_up() -> None:
    result = BenchmarkResult(0, 0, True, (), Machine("", "", None, "", ""), RehearsalCount(0, 0, 0))
    assert set(speedups(result).values()) == {None}
    assert summary_facts(result)["quick"] is True


def test_progress_is_short() -> None:
    assert progress_facts(Progress(0.123456, 12.34, Heartbeat.MINIMAL)) == {
        "progress": 0.1235,
        "remaining_s": 12.3,
        "now": "minimal",
    }


@pytest.mark.parametrize("key", ["heartbeats", "machine", "started_at", "rehearsal", "resident", "quick"])
@pytest.mark.parametrize("value", ["missing", "nonsense", [1], {"name": "sundial"}])
def test_facts_of_another_shape_are_refused(key: str, value: object) -> None:
    facts = facts_of(some_result(beside=Beside(1, 1, 1, 1, 1)))
    if value == "missing":
        del facts[key]
    else:
        facts[key] = value
    with pytest.raises(ValueError, match=r"."):
        result_of(facts)


def test_a_part_of_another_type_is_refused_and_named() -> None:
    cases: list[tuple[str, str, object]] = [
        ("machine", "cores", "two"),
        ("machine", "busy_percent", "a lot"),
        ("rehearsal", "beats", None),
        ("rehearsal", "margin_ms", float("inf")),
        ("resident", "p99_ms", float("nan")),
        ("resident", "missed", -1),
    ]
    for part, key, value in cases:
        facts = facts_of(some_result(beside=Beside(1, 1, 1, 1, 1)))
        facts[part][key] = value
        with pytest.raises(ValueError, match=rf"another version .*\$\.{part}"):
            result_of(facts)


def test_a_time_without_offset_is_refused() -> None:
    facts = facts_of(some_result()) | {"started_at": "2025-03-12T14:00:00"}
    with pytest.raises(ValueError, match="no offset"):
        result_of(facts)


def test_a_row_that_does_not_decode_is_named() -> None:
    row = Measurement(MeasurementKind.BENCHMARK, WALL, {"heartbeats": "many"}, 7)
    with pytest.raises(StoreError, match=r"^benchmark 7 in the record cannot be read: "):
        result_in(row)


def test_keys_and_their_order_stay() -> None:
    facts = facts_of(some_result(beside=Beside(1, 1, 1, 1, 1)))
    assert list(facts) == [
        "heartbeats",
        "speedup",
        "published_ms",
        "quick",
        "started_at",
        "finished_at",
        "machine",
        "rehearsal",
        "resident",
    ]
    assert list(facts["machine"]) == ["system", "processor", "cores", "python", "version", "busy_percent"]
    assert list(facts["heartbeats"][0]) == ["name", "mode", "count", "mean_ms", "p50_ms", "p95_ms", "p99_ms"]


def test_the_record_gets_all_of_it_at_the_moment_it_ended() -> None:
    result = some_result()
    measurement = measurement_of(result)
    assert measurement.wall_ns == result.finished_ns
    assert result_of(measurement.facts) == result

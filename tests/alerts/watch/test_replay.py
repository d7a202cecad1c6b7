"""A rule over the record does what it would have done live, whatever is left out to be quick."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from aios_gui.alerts.model.alarm import Alarm, Firing, Turn
from aios_gui.alerts.model.rules import Comparison, Measure, Rule
from aios_gui.alerts.watch.readings import OF_BEATS, Readings
from aios_gui.alerts.watch.replay import NotRecorded, Replay, replay
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import MS, WALL, S, recorded_beat

FOR_EVER = (0, 2**62)


def fill(writer: SqliteWriter, items: Sequence[LiveItem]) -> None:
    writer.connection.execute("DELETE FROM beat")
    writer.connection.execute("DELETE FROM context")
    writer.write(items, 1)


def live(rule: Rule, items: list[RecordedBeat] | list[ContextSample]) -> Replay:
    """What the alarm does when it is fed with everything, as while it watches."""
    readings, alarm = Readings(), Alarm(rule)
    readings.want([rule.measure])
    incidents: list[Firing] = []
    last_ns = 0
    for item in items:
        beat = item if isinstance(item, RecordedBeat) else None
        found = readings.of_beat(item) if isinstance(item, RecordedBeat) else readings.of_context(item)
        for _measure, value in found:
            since_ns, last_ns = item.wall_ns - last_ns, item.wall_ns
            worth_ns = since_ns if 0 < since_ns <= 125 * S else 30 * S
            turn = alarm.take(value, item.wall_ns, S * (1 + beat.missed) if beat is not None else worth_ns)
            if turn is Turn.FIRED and alarm.firing is not None:
                incidents.append(alarm.firing)
            elif incidents and alarm.firing is not None:
                incidents[-1] = alarm.firing
    return Replay(tuple(incidents), 0)


MISSED = (0, 0, 0, 0, 2)
PAUSES_S = (0, 0, 0, 0, 0, 7, 300)
PERCENT = (None, 10.0, 49.99, 50.0, 60.0, 70.0, 99.5)
TOOK_MS = (0, 1, 1, 40, 50, 60, 5000)


@st.composite
def beats(draw: st.DrawFn) -> list[RecordedBeat]:
    # Everything of a beat is chosen by five bytes, since a draw for each takes longer than what is tried with it.
    count = draw(st.integers(0, 150))
    chosen = draw(st.binary(min_size=5 * count, max_size=5 * count))
    found, at_s = [], 0
    for seq in range(count):
        of_missed, of_pause, of_percent, of_took, more_ns = chosen[5 * seq : 5 * seq + 5]
        missed = MISSED[of_missed % len(MISSED)]
        at_s += 1 + missed + PAUSES_S[of_pause % len(PAUSES_S)]
        percent = PERCENT[of_percent % len(PERCENT)]
        took_ms = TOOK_MS[of_took % len(TOOK_MS)]
        found.append(
            recorded_beat(
                seq,
                WALL + at_s * S,
                duration_ns=took_ms * MS + more_ns % 3,
                lateness_ns=took_ms * MS,
                missed=missed,
                cpu_percent=percent,
                memory_percent=percent,
            )
        )
    return found


@st.composite
def samples(draw: st.DrawFn) -> list[ContextSample]:
    found, at_s = [], 0
    for _ in range(draw(st.integers(0, 40))):
        at_s += draw(st.sampled_from([30, 30, 30, 5, 900]))
        percent = draw(st.sampled_from([None, 10.0, 50.0, 60.0, 99.5]))
        size = draw(st.sampled_from([None, 30 << 20, 50 << 20, 60 << 20]))
        found.append(
            ContextSample(WALL + at_s * S, percent, size, swap_percent=percent, disk_free_percent=percent)
        )
    return found


@st.composite
def shapes(draw: st.DrawFn, measures: frozenset[str]) -> Rule:
    comparison = draw(st.sampled_from(Comparison))
    one, other = sorted(
        draw(st.sampled_from([(50.0, 50.0), (40.0, 60.0), (0.0, 50.0), (1.0, 1.0), (50.0, 70.0)]))
    )
    limit, clear = (other, one) if comparison is Comparison.ABOVE else (one, other)
    return Rule(
        "tried",
        draw(st.sampled_from(sorted(measures))),
        limit,
        comparison,
        for_s=draw(st.sampled_from([0.0, 3.0, 60.0])),
        clear=clear,
        cooldown_s=draw(st.sampled_from([0.0, 20.0])),
    )


property_of_a_record = limits(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


@property_of_a_record
@given(shapes(OF_BEATS), beats())
def test_over_beats_it_does_as_live(
    writer: SqliteWriter, rule: Rule, given_beats: list[RecordedBeat]
) -> None:
    assume(not rule.is_of_stalls)
    fill(writer, given_beats)
    with RecordReader(writer.path) as reader:
        assert replay(reader, rule, *FOR_EVER).incidents == live(rule, given_beats).incidents


@property_of_a_record
@given(shapes(frozenset(Measure) - OF_BEATS), samples())
def test_over_context_samples_it_does_as_live(
    writer: SqliteWriter, rule: Rule, given_samples: list[ContextSample]
) -> None:
    fill(writer, given_samples)
    with RecordReader(writer.path) as reader:
        assert replay(reader, rule, *FOR_EVER).incidents == live(rule, given_samples).incidents


def test_only_the_span_counts_and_flapping_is_counted(writer: SqliteWriter) -> None:
    fill(writer, [recorded_beat(second, cpu_percent=90.0 if second % 2 else 10.0) for second in range(20)])
    rule = Rule("busy", Measure.CPU, 80.0, for_s=0.0, clear=80.0, cooldown_s=60.0)
    with RecordReader(writer.path) as reader:
        whole = replay(reader, rule, *FOR_EVER)
        part = replay(reader, rule, WALL + 10 * S, WALL + 15 * S)
    assert (len(whole.incidents), whole.firings, whole.readings) == (1, 10, 20)
    assert (part.firings, part.readings) == (2, 5)


def test_a_beat_stands_for_the_interval_that_held_when_it_was_made(writer: SqliteWriter) -> None:
    rule = Rule("busy", Measure.CPU, 80.0, for_s=300.0, clear=80.0)
    minute = [recorded_beat(number, WALL + number * 60 * S, cpu_percent=90.0) for number in range(10)]
    then = minute[-1].wall_ns + S
    second = [recorded_beat(10 + number, then + number * S, cpu_percent=90.0) for number in range(30)]
    fill(
        writer,
        [
            Event(EventKind.INTERVAL_CHANGED, WALL - 1, None, {"interval_ns": 60 * S}),
            *minute,
            Event(EventKind.INTERVAL_CHANGED, then, None, {"interval_ns": S}),
            *second,
        ],
    )
    with RecordReader(writer.path) as reader:
        (incident,) = replay(reader, rule, *FOR_EVER).incidents
    assert (incident.started_ns, incident.cleared_ns) == (WALL, None)


@pytest.mark.parametrize("every_s", [5, 30, 60.02, 120.02])
def test_a_context_sample_stands_for_the_time_since_the_one_before(
    writer: SqliteWriter, every_s: float
) -> None:
    rule = Rule("swap", Measure.SWAP, 50.0, for_s=600.0, clear=50.0)
    times = [WALL + round(number * every_s * S) for number in range(round(1300 / every_s))]
    fill(writer, [ContextSample(at_ns, None, None, swap_percent=60.0) for at_ns in times])
    with RecordReader(writer.path) as reader:
        (incident,) = replay(reader, rule, *FOR_EVER).incidents
        assert replay(reader, replace(rule, for_s=1400.0), *FOR_EVER).incidents == ()
    assert incident.started_ns == WALL


def test_a_record_that_is_not_there_has_nothing_to_fire_on(tmp_path: Path) -> None:
    with RecordReader(tmp_path / "none.sqlite3") as reader:
        assert replay(reader, Rule("busy", Measure.CPU, 80.0), *FOR_EVER) == Replay((), 0)


def test_what_is_not_recorded_cannot_be_tried(writer: SqliteWriter) -> None:
    with RecordReader(writer.path) as reader, pytest.raises(NotRecorded):
        replay(reader, replace(Rule("q", "custom:queue", 1.0), enabled=False), *FOR_EVER)


@property_of_a_record
@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.integers(1, 3_000), st.sampled_from(["", "watch", "both"])),
        max_size=30,
    ),
    st.sampled_from([50.0, 200.0]),
)
def test_over_stalls_it_does_as_live_whether_a_beat_fell_into_them_or_not(
    writer: SqliteWriter, stalls: list[tuple[int, int, str]], limit: float
) -> None:
    rule = Rule("hiccup", Measure.LATENESS, limit, for_s=0.0, clear=limit, cooldown_s=60.0)
    alarm = Alarm(rule)
    incidents: list[Firing] = []
    at_ns = WALL
    items: list[LiveItem] = []
    for seq, (pause_s, length_ms, seen_by) in enumerate(stalls):
        at_ns += pause_s * S + length_ms * MS
        late_ms = {"": length_ms, "watch": 0, "both": max(0, length_ms - 40)}[seen_by]
        # A beat begins a little after the thread woke.
        items.append(recorded_beat(seq, at_ns + MS, lateness_ns=late_ms * MS))
        if seen_by:
            facts: dict[str, int | float | str] = {"lateness_ns": length_ms * MS, "seen_by": "watch"}
            items.append(Event(EventKind.HICCUP, at_ns, seq, facts))
        end_ns = at_ns if seen_by else at_ns + MS
        turn = alarm.take_stall(float(length_ms), end_ns - length_ms * MS, end_ns)
        if turn is Turn.FIRED and alarm.firing is not None:
            incidents.append(alarm.firing)
        elif turn is not None and alarm.firing is not None:
            incidents[-1] = alarm.firing
    writer.connection.execute("DELETE FROM event")
    fill(writer, items)
    with RecordReader(writer.path) as reader:
        assert replay(reader, rule, *FOR_EVER).incidents == tuple(incidents)

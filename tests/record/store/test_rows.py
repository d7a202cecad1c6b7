"""Values come back from their rows as they were, within what the record keeps."""

import json
import math
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.store import decode, rows
from aios_gui.record.store.encode import encode

micro = st.integers(0, 2**60 // 1000).map(lambda us: us * 1000)
span = st.integers(0, 10**15)
percent = st.none() | st.integers(0, 10_000).map(lambda hundredths: hundredths / 100)
size = st.none() | st.integers(0, 2**60)
fact = st.one_of(st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), st.text())
beats = st.builds(
    RecordedBeat,
    session=st.integers(0, 10**6),
    seq=st.integers(0, 10**12),
    wall_ns=micro,
    duration_ns=span,
    lateness_ns=span,
    start_offset_ns=st.integers(-(10**15), 10**15),
    missed=st.integers(0, 10**9),
    rehearsed=st.booleans(),
    unrehearsed_ns=st.none() | span,
    cause=st.sampled_from(Cause),
    breached=st.sampled_from([(), ("cpu",), ("memory",), ("cpu", "memory")]),
    failed=st.booleans(),
    cpu_percent=percent,
    memory_percent=percent,
)


@given(beats)
def test_a_beat(beat: RecordedBeat) -> None:
    assert decode.beat_of(rows.beat_row(beat)) == beat


@given(
    st.builds(
        ContextSample,
        wall_ns=micro,
        own_cpu_percent=percent,
        own_memory_bytes=size,
        own_threads=size,
        memory_total_bytes=size,
        swap_percent=percent,
        disk_read_bytes_per_s=size,
        disk_written_bytes_per_s=size,
        network_received_bytes_per_s=size,
        network_sent_bytes_per_s=size,
        disk_free_percent=percent,
        disk_busy_percent=percent,
        cpu_stalled_percent=percent,
        io_stalled_percent=percent,
        memory_stalled_percent=percent,
    )
)
def test_a_context_sample(sample: ContextSample) -> None:
    assert decode.context_of(rows.context_row(sample)) == sample


@given(
    st.builds(
        Event,
        kind=st.sampled_from(EventKind),
        wall_ns=micro,
        seq=st.none() | st.integers(0, 2**60),
        facts=st.dictionaries(st.text(max_size=20), fact, max_size=5),
    )
)
def test_an_event_whatever_text_is_in_it(event: Event) -> None:
    at_us, kind, session, seq, facts = rows.event_row(event, 3)
    assert session == 3
    assert decode.event_of((1, at_us, kind, seq, facts)) == event


def readable(value: object) -> object:
    """What is read of a fact: half a surrogate pair is its escape."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


any_text = st.text(st.characters(codec=None), max_size=20)
any_fact = st.one_of(st.booleans(), st.integers(-(2**60), 2**60), st.floats(), any_text)


@given(st.dictionaries(any_text, any_fact, max_size=5))
def test_the_strict_reader_takes_whatever_facts_an_event_has(facts: dict[str, int | float | str]) -> None:
    event = Event(EventKind.PART_FAILED, 0, None, facts)
    at_us, kind, _session, seq, written = rows.event_row(event, 3)
    found = decode.event_of((1, at_us, kind, seq, written))
    assert found is not None
    expected = {readable(name): readable(value) for name, value in facts.items()}
    assert found.facts == {
        name: value
        for name, value in expected.items()
        if not isinstance(value, float) or math.isfinite(value)
    }


@given(
    st.recursive(
        st.none() | any_fact,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    )
)
def test_what_is_written_is_what_msgspec_would_write(value: object) -> None:
    try:
        expected = msgspec.json.encode(value)
    except UnicodeEncodeError:
        return  # that only we write
    assert json.loads(encode(value)) == json.loads(expected)
    assert msgspec.json.decode(encode(value)) == msgspec.json.decode(expected)


@given(st.builds(Gap, st.sampled_from(GapKind), micro, micro, st.integers(0, 10**9)))
def test_a_gap(gap: Gap) -> None:
    assert decode.gap_of((1, *rows.gap_row(gap))) == gap


@given(beats)
def test_a_cause_of_a_newer_program_is_unknown(beat: RecordedBeat) -> None:
    row = list(rows.beat_row(beat))
    row[7] = (row[7] or 0) | 64 << 2
    assert decode.beat_of(tuple(row)) == replace(beat, cause=Cause.UNKNOWN)

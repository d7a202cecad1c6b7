"""Values come back from their rows as they were, within what the record keeps."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.store import rows

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
    assert rows.beat_of(rows.beat_row(beat)) == beat


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
    )
)
def test_a_context_sample(sample: ContextSample) -> None:
    assert rows.context_of(rows.context_row(sample)) == sample


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
    assert rows.event_of((1, at_us, kind, seq, facts)) == event


@given(st.builds(Gap, st.sampled_from(GapKind), micro, micro, st.integers(0, 10**9)))
def test_a_gap(gap: Gap) -> None:
    assert rows.gap_of((1, *rows.gap_row(gap))) == gap


@given(beats)
def test_a_cause_of_a_newer_program_is_unknown(beat: RecordedBeat) -> None:
    row = list(rows.beat_row(beat))
    row[7] = (row[7] or 0) | 64 << 2
    assert rows.beat_of(tuple(row)) == replace(beat, cause=Cause.UNKNOWN)

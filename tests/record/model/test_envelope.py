"""An envelope has the extremes and sums of its beats, however they were put together."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.model.envelope import MEASURES, Envelope
from aios_gui.record.model.page import BeatColumns, no_beats

MINUTE_US = 60_000_000
beat_rows = st.lists(
    st.tuples(
        st.integers(0, 60 * MINUTE_US - 1),
        st.just(1),
        st.integers(0, 9),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.just(0),
        st.integers(0, 5),
        st.integers(0, 7),
        st.integers(0, 3),
        st.none() | st.integers(0, 10_000),
        st.none() | st.integers(0, 10_000),
        st.none(),
    ),
    max_size=30,
)


def beats_of(rows: list[Any]) -> BeatColumns:
    beats = no_beats()
    if rows:
        beats.extend(rows)
    return beats


def envelope_of(rows: list[Any]) -> Envelope:
    envelope = Envelope(60)
    for _step in envelope.adding(beats_of(rows), 0, MINUTE_US):
        pass
    return envelope


@given(beat_rows)
def test_each_slot_has_the_extremes_of_its_beats(rows: list[Any]) -> None:
    envelope = envelope_of(rows)
    places = [BeatColumns._fields.index(name) for name in MEASURES]
    for minute in range(60):
        mine = [row for row in rows if row[0] // MINUTE_US == minute]
        assert [column[minute] for column in envelope.counts] == [
            len(mine),
            sum(row[6] for row in mine),
            sum(row[7] & 2 > 0 for row in mine),
            sum(row[8] > 0 for row in mine),
        ]
        for name, place in zip(MEASURES, places, strict=True):
            values = [row[place] for row in mine if row[place] is not None]
            expected = [len(values), min(values), max(values), sum(values)] if values else [0, 0, 0, 0]
            assert [column[minute] for column in envelope.measures[name]] == expected


@given(beat_rows, beat_rows)
def test_merged_is_summed_up_together(some: list[Any], others: list[Any]) -> None:
    merged = envelope_of(some)
    merged.merge(envelope_of(others))
    assert merged == envelope_of(some + others)


@given(beat_rows)
def test_an_hour_becomes_a_slot_of_its_day(rows: list[Any]) -> None:
    day, whole = Envelope(24), Envelope(1)
    day.merge(envelope_of(rows), into=7)
    for _step in whole.adding(beats_of(rows), 0, 60 * MINUTE_US):
        pass
    assert [column[7] for column in day.counts] == [column[0] for column in whole.counts]
    for name in MEASURES:
        assert [column[7] for column in day.measures[name]] == [column[0] for column in whole.measures[name]]


@given(beat_rows)
def test_it_comes_back_from_its_bytes(rows: list[Any]) -> None:
    envelope = envelope_of(rows)
    assert Envelope.unpack(envelope.pack(), 60) == envelope

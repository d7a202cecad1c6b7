"""What is unpacked as arrays is what is unpacked column by column, also of damaged bytes."""

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.history.analysis.unpacking import beats_of_page, envelopes
from aios_gui.record.model.columns import UNKNOWN, PackedError, finish, packing
from aios_gui.record.model.envelope import EXTREMES, MEASURES, SUMS, open_envelope
from aios_gui.record.model.page import Row
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.sealed import SealedHours
from tests.record.model.test_page import SOUND, beats_of, in_order, number, pack_beats, rows, with_sum

NAMES = (*MEASURES, "missed")
COLUMNS = 20
"""Of an envelope."""
usual = st.integers(0, 10**7)
kinds = usual, number, usual | st.just(UNKNOWN), st.just(5), usual.map(lambda value: value * 1000)
column = st.one_of(*(st.lists(each, min_size=24, max_size=24) for each in kinds)) | st.builds(
    lambda first, step: [first + place * step for place in range(24)], usual, usual
)


@contextmanager
def sealed_hours(
    table: str, column: str, packed: Sequence[object]
) -> Iterator[tuple[SealedHours, list[StoreError]]]:
    """Sealed hours that have only this column, and what they tell to be damaged."""
    damaged: list[StoreError] = []
    connection = sqlite3.connect(":memory:")
    try:
        key = "hour" if table == "page" else "day"
        connection.execute(f"CREATE TABLE {table} ({key} INTEGER PRIMARY KEY, {column} BLOB)")
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", enumerate(packed))
        yield SealedHours(connection, damaged.append), damaged
    finally:
        connection.close()


def compare_page(packed: bytes) -> None:
    with sealed_hours("page", "packed", [packed]) as (sealed, damaged):
        expected = sealed.columns(0, "at_us", *NAMES)
        told = [str(each) for each in damaged]
        found = beats_of_page(sealed, 0, *NAMES)
        assert (found is None) == (expected is None)
        assert [str(each) for each in damaged] == told * 2
        if found is not None and expected is not None:
            assert [array("q", each.tobytes()) for each in found] == list(expected)


@given(st.lists(rows, max_size=30), st.lists(rows, max_size=30))
def test_any_beats_of_a_page(some: list[Row], others: list[Row]) -> None:
    compare_page(pack_beats(in_order(beats_of(some))) + pack_beats(in_order(beats_of(others))))


@given(st.integers(9, len(SOUND) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_page(place: int, other: bytes) -> None:
    compare_page(with_sum(SOUND[9:place] + other + SOUND[place + len(other) :]))


def test_a_page_of_several_blocks() -> None:
    values: list[Row] = [
        (at * 1_000_003, 1, at, at % 97 * 10, at * at, at % 5 - 2, 0, 1, 0, at % 9 or None, None, at)
        for at in range(5000)
    ]
    compare_page(pack_beats(beats_of(values)))


@given(st.lists(st.lists(column, min_size=COLUMNS, max_size=COLUMNS), max_size=4), st.data())
def test_any_envelopes_with_damaged_ones_among_them(days: list[list[list[int]]], data: st.DataObject) -> None:
    packed: list[object] = [finish(packing(day)) for day in days]
    for whole in list(packed):
        assert isinstance(whole, bytes)
        place = data.draw(st.integers(9, len(whole) - 1))
        packed.append(with_sum(whole[9:place] + data.draw(st.binary(max_size=3)) + whole[place:]))
    packed += [None, 7, b""]
    for places in (SUMS, EXTREMES):
        expected = {}
        for day, each in enumerate(packed):
            try:
                envelope = open_envelope(each, 24)  # type: ignore[arg-type]
                expected[day] = [envelope.column(place).tolist() for place in places]
            except (PackedError, TypeError):
                continue
        with sealed_hours("day", "envelope", packed) as (sealed, damaged):
            found = envelopes(sealed, "day", range(len(packed) + 2), places)
        assert {day: values.tolist() for day, values in found.items()} == expected
        assert len(damaged) >= len(packed) - len(expected)

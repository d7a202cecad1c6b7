"""Beats come back from a page as they were, and nothing that is no page can be read as one."""

import random
import struct
import zlib
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.model.columns import MOST_VALUES, UNKNOWN, VERSION, Packed, PackedError, finish, packing
from aios_gui.record.model.page import BeatColumns, Page, Row, no_beats, ordering, packing_beats

number = st.integers(UNKNOWN, 2**63 - 1)
ROUNDED = {"start_offset_ns": 5, "unrehearsed_ns": 11}
rows = st.tuples(
    st.integers(0, (2**63 - 1) // 1000),
    number,
    number,
    number,
    st.integers(0, 2**50) | st.integers(0, 2**20).map(lambda each: each * 10),
    st.integers(UNKNOWN + 1, 2**63 - 1) | st.integers(-(10**6), 10**7),
    number,
    st.integers(0, 31),
    st.integers(0, 3),
    st.none() | st.integers(0, 10_000),
    st.none() | st.integers(0, 10_000),
    st.none() | st.integers(0, 10**8),
).map(lambda row: tuple(None if each == UNKNOWN else each for each in row))


def pack_beats(beats: BeatColumns) -> bytes:
    return finish(packing_beats(beats))


def in_order(beats: BeatColumns) -> BeatColumns:
    steps = ordering(beats)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            ordered: BeatColumns = end.value
            return ordered


def beats_of(rows: list[Row]) -> BeatColumns:
    beats = no_beats()
    if rows:
        beats.extend(rows)
    return beats


@given(st.lists(st.lists(number, min_size=3, max_size=3), max_size=40))
def test_any_numbers_come_back_from_columns(values: list[list[int]]) -> None:
    columns = [array("q", [row[place] for row in values]) for place in range(3)]
    packed = Packed(finish(packing(columns)))
    assert (packed.count, packed.width) == (len(values), 3)
    assert [packed.column(place) for place in range(3)] == columns


@given(st.lists(rows, max_size=30))
def test_beats_come_back_but_for_what_is_rounded(given_rows: list[Row]) -> None:
    page = Page(pack_beats(beats_of(given_rows)))
    found = list(page.beats().rows())
    assert page.length == len(found) == len(given_rows)
    for row, given_row in zip(found, given_rows, strict=True):
        for place, (value, given_value) in enumerate(zip(row, given_row, strict=True)):
            if place in ROUNDED.values() and value is not None and given_value is not None:
                assert abs(value - given_value) <= abs(given_value) * 0.011
            else:
                assert value == given_value


@given(st.lists(rows, max_size=30))
def test_a_page_that_is_packed_again_is_the_same(given_rows: list[Row]) -> None:
    once = pack_beats(beats_of(given_rows))
    assert pack_beats(Page(once).beats()) == once


def test_a_long_page_is_packed_in_small_steps() -> None:
    beats = beats_of(
        [(at * 20_000, 1, at, 23_000, 90_000, -5, 0, 1, 0, 512, None, 30_000) for at in range(9000)]
    )
    assert sum(1 for _step in packing_beats(beats)) > 60
    assert Page(pack_beats(beats)).column("seq") == array("q", range(9000))


def test_an_ordinary_hour_takes_little() -> None:
    chance = random.Random(1)
    beats = beats_of(
        [
            (
                1_700_000_000_000_000 + at * 1_000_000 + chance.randrange(40),
                1,
                at,
                int(chance.lognormvariate(10, 0.3)) // 10 * 10,
                int(chance.lognormvariate(11, 0.6)) // 10 * 10,
                int(chance.lognormvariate(8, 0.3)),
                0,
                1,
                0,
                chance.randrange(200) * 50,
                4000 + at // 900,
                int(chance.lognormvariate(10.3, 0.3)),
            )
            for at in range(3600)
        ]
    )
    assert len(pack_beats(beats)) < 25_000


def test_beats_are_kept_in_the_order_in_which_they_were_made() -> None:
    made = [(5_000, 1, 0), (6_000, 1, 1), (2_000, 1, 2), (2_500, 2, 0), (3_000, 1, 3)]
    beats = beats_of([(*each, 1, 1, 1, 0, 1, 0, 1, 1, 1) for each in sorted(made)])
    assert [row[:3] for row in in_order(beats).rows()] == sorted(made, key=lambda each: each[1:])
    assert not beats.are_in_order()
    assert in_order(beats).are_in_order()


@given(st.lists(rows, max_size=30), st.lists(rows, max_size=30))
def test_pages_one_after_the_other_are_a_page(some: list[Row], others: list[Row]) -> None:
    page = Page(pack_beats(beats_of(some)) + pack_beats(beats_of(others)))
    once = Page(pack_beats(beats_of(some + others)))
    assert page.length == once.length
    assert page.beats() == once.beats()


def test_a_row_that_is_no_beat_is_not_taken_in() -> None:
    beats = beats_of([(1, 1, 1, 1, 1, 1, 0, 1, 0, None, None, None)])
    wrong: Any
    for wrong in ("text", 2.5, 2**63):
        with pytest.raises((TypeError, OverflowError)):
            beats.extend([(2, 1, 1, 1, 1, 1, 0, 1, 0, 1, wrong, 1)])
        assert {len(column) for column in beats} == {1}


SOUND = pack_beats(
    beats_of([(at, 1, at, 20_000 + at, at * at, 7, 0, 1, 0, 5, None, at) for at in range(500)])
)


@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
def test_any_byte_that_was_changed_is_found(place: int, change: int) -> None:
    broken = bytearray(SOUND)
    broken[place] ^= change
    with pytest.raises(PackedError):
        Page(bytes(broken))


@given(st.binary(max_size=300), st.booleans())
def test_what_is_no_page_is_refused_at_once(body: bytes, sums: bool) -> None:
    try:
        beats = Page(with_sum(body) if sums else body).beats()
    except PackedError:
        return
    assert beats.length <= MOST_VALUES


@given(st.integers(9, len(SOUND) - 1), st.binary(min_size=1, max_size=6))
def test_a_page_with_a_sum_that_fits_cannot_take_much(place: int, other: bytes) -> None:
    body = SOUND[9:place] + other + SOUND[place + len(other) :]
    try:
        beats = Page(with_sum(body)).beats()
    except PackedError:
        return
    assert beats.length <= MOST_VALUES


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)[2:-4]
    column = bytes((1 << 2, 0, 1, 0)) + varint(len(bomb)) + bomb
    body = varint(1000) + varint(12) + column * 12
    page = Page(with_sum(body))
    with pytest.raises(PackedError, match="length"):
        page.column("seq")


def with_sum(body: bytes) -> bytes:
    """A body with a head that fits."""
    return struct.pack("<BII", VERSION, zlib.crc32(body), len(body)) + body


def varint(value: int) -> bytes:
    return bytes((value & 0x7F | 0x80, *varint(value >> 7))) if value > 0x7F else bytes((value,))


def test_more_than_any_hour_has_is_refused() -> None:
    with pytest.raises(PackedError):
        finish(packing([range(MOST_VALUES + 1)]))
    body = varint(MOST_VALUES + 1) + varint(1)
    with pytest.raises(PackedError):
        Packed(with_sum(body))

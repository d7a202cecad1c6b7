"""Packed samples: what comes back, that packing again changes nothing, and that no bytes at all do any harm."""

import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.history.who_ran.codec import MOST_SAMPLES, MOST_TEXTS_BYTES, TICK_NS, pack, unpack, with_texts
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.record.model.columns import finish, packing

ERROR = 0.0161
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
figures = st.one_of(st.none(), st.floats(0, 1e13))
programs = st.builds(
    Ran,
    st.sampled_from(["cargo", "firefox", "心跳"]) | texts,
    st.integers(0, 2**31),
    texts,
    st.sampled_from(["", "app-firefox-12.scope"]),
    st.integers(0, 5000),
    figures,
    st.one_of(st.none(), st.integers(0, 2**45)),
    figures,
    st.sampled_from(["", "cargo build --release"]),
)
samples = st.lists(
    st.builds(
        WhoRan,
        st.integers(0, 2**62),
        st.floats(0, 600),
        st.lists(programs, max_size=6, unique_by=lambda each: (each.name, each.pid)).map(tuple),
    ),
    max_size=12,
)


def near(found: float | None, given: float | None, unit: float) -> bool:
    if found is None or given is None:
        return found is given
    return abs(found - given) <= ERROR * given + unit / 2 + 1e-9


@given(samples)
def test_what_was_packed_comes_back_within_the_stated_error(packed: list[WhoRan]) -> None:
    found = unpack(pack(packed))
    assert [each.wall_ns for each in found] == [each.wall_ns // TICK_NS * TICK_NS for each in packed]
    for sample, other in zip(found, packed, strict=True):
        assert abs(sample.seconds - other.seconds) <= 0.051
        names = {(each.name, each.pid, each.command_line): each for each in sample.programs}
        assert len(names) == len(other.programs) == len(sample.programs)
        for ran in other.programs:
            kept = names[ran.name, ran.pid, ran.command_line]
            assert (kept.parent, kept.unit, kept.count) == (ran.parent, ran.unit, ran.count)
            assert near(kept.cpu_percent, ran.cpu_percent, 0.1)
            assert near(kept.memory_bytes, ran.memory_bytes, 65_536)
            assert near(kept.io_bytes_per_s, ran.io_bytes_per_s, 1024)


@given(samples)
def test_other_texts_stand_in_place_of_those_that_were_packed(packed: list[WhoRan]) -> None:
    told: Counter[str] = Counter()

    def instead(text: str, times: int) -> str:
        told[text] = times
        return text and f"name-{list(told).index(text)}"

    once = pack(packed)
    assert with_texts(once, lambda text, _times: text) == (once, len(packed))
    changed, count = with_texts(once, instead)
    assert count == len(packed)
    ran, other = ([each for sample in unpack(raw) for each in sample.programs] for raw in (once, changed))
    names = Counter(text for each in ran for text in texts_of(each))
    assert +told == names
    assert Counter(texts_of(each) for each in other) == Counter(
        tuple(instead(text, names[text]) for text in texts_of(each)) for each in ran
    )


def texts_of(ran: Ran) -> tuple[str, ...]:
    return ran.name, ran.parent, ran.unit, ran.command_line


@given(samples)
def test_packing_again_changes_nothing(packed: list[WhoRan]) -> None:
    once = unpack(pack(packed))
    assert unpack(pack(once)) == once


def test_more_samples_than_there_can_be_are_thinned() -> None:
    found = unpack(pack([WhoRan(at * TICK_NS, 60, (Ran("a", 1),)) for at in range(MOST_SAMPLES + 2)]))
    assert len(found) == MOST_SAMPLES // 2 + 1
    assert found[1].wall_ns == 2 * TICK_NS


def test_names_that_would_fill_the_memory_are_thinned_too() -> None:
    many = [
        WhoRan(
            at * TICK_NS,
            10,
            tuple(Ran(f"{at}", each, command_line=f"{at} {each} " + "x" * 900) for each in range(15)),
        )
        for at in range(400)
    ]
    assert 0 < len(unpack(pack(many))) < 400


@given(st.binary(max_size=200))
def test_bytes_from_anywhere_are_refused(raw: bytes) -> None:
    with suppress(ValueError):
        unpack(raw)


@given(samples, st.data())
def test_a_garbled_byte_is_refused_or_gives_samples(packed: list[WhoRan], data: st.DataObject) -> None:
    raw = bytearray(pack(packed))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ValueError):
        unpack(bytes(raw))


def made(
    texts: bytes = b"a",
    times: list[tuple[int, ...]] | None = None,
    programs: list[tuple[int, ...]] | None = None,
    rows: list[tuple[int, ...]] | None = None,
) -> bytes:
    """Packed as by the program, of one program in one sample, but for what is given."""
    columns = (
        ([(100, 600)] if times is None else times),
        ([(0, 0, 0, 0, 7, 1)] if programs is None else programs),
        ([(0, 1, 2, 2, 2)] if rows is None else rows),
    )
    parts = [zlib.compress(texts), *(finish(packing(list(zip(*each, strict=True)))) for each in columns)]
    return b"".join(len(each).to_bytes(4, "little") + each for each in parts)


def test_what_is_made_by_hand_is_read() -> None:
    (sample,) = unpack(made())
    assert sample == WhoRan(100 * TICK_NS, 60, (Ran("a", 7, "a", "a", 1, 0.2, 131_072, 2048.0, "a"),))


def test_what_lies_is_refused() -> None:
    cases: list[tuple[Callable[[], bytes], str]] = [
        (lambda: b"", "cut off|form"),
        (lambda: made()[:-3], "cut off"),
        (lambda: made() + b"x", "cut off"),
        (lambda: b"\xff" * 4 + made()[4:], "cut off"),
        (lambda: made(texts=bytes(MOST_TEXTS_BYTES + 1)), "too long"),
        (lambda: made(texts=bytes(20 << 20)), "too long"),
        (lambda: made(times=[(100, 600, 1)]), "another form"),
        (lambda: made(times=[(100, 600)] * (MOST_SAMPLES + 1)), "another form"),
        (lambda: made(times=[(-1, 600)]), "out of reach"),
        (lambda: made(times=[(2**62, 600)]), "out of reach"),
        (lambda: made(times=[(100, -1)]), "out of reach"),
        (lambda: made(programs=[(0, 0, 0, 9, 7, 1)]), "name is missing"),
        (lambda: made(programs=[(0, 0, 0, -1, 7, 1)]), "name is missing"),
        (lambda: made(programs=[(0, 0, 0, 0, 7, 2)]), "do not fit"),
        (lambda: made(programs=[(0, 0, 0, 0, 7, -1), (0, 0, 0, 0, 7, 2)]), "do not fit"),
        (lambda: made(rows=[(1, 1, 2, 2, 2)]), "sample is missing"),
        (lambda: made(rows=[(-1, 1, 2, 2, 2)]), "sample is missing"),
        (lambda: made(rows=[(0, 1, 2**40, 2, 2)]), "out of reach"),
        (lambda: made(rows=[(0, 1, 2, -2, 2)]), "out of reach"),
        # A few bytes that say they are millions of rows.
        (lambda: made(programs=[(0, 0, 0, 0, 7, 300_000)], rows=[(0, 1, 2, 2, 2)] * 300_000), "another form"),
    ]
    for lie, words in cases:
        raw = lie()
        with pytest.raises(ValueError, match=words):
            unpack(raw)

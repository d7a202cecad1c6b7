"""A page: all beats of one hour of UTC as packed columns."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import cache
from heapq import merge
from itertools import count, islice
from operator import le
from typing import NamedTuple

from aios_gui.record.model.columns import (
    MOST_VALUES,
    UNKNOWN,
    Packed,
    PackedError,
    Steps,
    packing,
    split,
)

HOUR_US = 3_600_000_000
REHEARSED, FAILED, CAUSE_SHIFT = 1, 2, 2
"""Of ``flags``: two bits, and from where on the rest is the cause."""
_STEP = 2048
_HIGHEST = (1 << 63) - 1
Row = tuple[int | None, ...]


class BeatColumns(NamedTuple):
    """Beats, as their rows in the record have them, in the order in which they were made: by session and number.

    What is not known is ``UNKNOWN``.
    """

    at_us: array[int]
    session: array[int]
    seq: array[int]
    duration_ns: array[int]
    lateness_ns: array[int]
    start_offset_ns: array[int]
    missed: array[int]
    flags: array[int]
    breached: array[int]
    cpu_hundredths: array[int]
    memory_hundredths: array[int]
    unrehearsed_ns: array[int]

    @property
    def length(self) -> int:
        """How many beats these are."""
        return len(self.at_us)

    def extend(self, rows: Sequence[Row]) -> None:
        """Take in rows; TypeError or OverflowError where one of them has what is no whole number, and none is taken."""
        columns = [
            array("q", [UNKNOWN if each is None else each for each in column])
            for column in zip(*rows, strict=True)
        ]
        for column, more in zip(self, columns, strict=False):
            column.extend(more)

    def rows(self) -> Iterator[Row]:
        """The rows of the beats."""
        for row in zip(*self, strict=True):
            yield tuple(None if each == UNKNOWN else each for each in row) if UNKNOWN in row else row

    def are_in_order(self) -> bool:
        """Whether the beats are in the order in which they were made."""
        made, later = (zip(self.session, self.seq, strict=True) for _each in range(2))
        return all(map(le, made, islice(later, 1, None)))

    def made(self, place: int) -> tuple[int, int]:
        """Session and number of a beat, by which the order tells in which beats are made."""
        return self.session[place], self.seq[place]

    def at(self, places: Iterable[int]) -> BeatColumns:
        """The beats at these places, in this order."""
        wanted = list(places)
        return BeatColumns(*(array("q", map(column.__getitem__, wanted)) for column in self))

    def part(self, start: int, end: int) -> BeatColumns:
        """The beats from one place to before another."""
        return BeatColumns(*(column[start:end] for column in self))

    def parts(self, length: int = _STEP) -> Iterator[BeatColumns]:
        """All beats, at most ``length`` at a time."""
        return (self.part(start, start + length) for start in range(0, self.length, length))

    def add(self, other: BeatColumns) -> None:
        """Take in other beats."""
        for column, more in zip(self, other, strict=True):
            column.extend(more)


def no_beats() -> BeatColumns:
    """Columns without a beat."""
    return BeatColumns(*(array("q") for _name in BeatColumns._fields))


def beats_of(rows: Sequence[Row]) -> BeatColumns:
    """Columns of rows; TypeError or OverflowError where one of them has what is no whole number."""
    beats = no_beats()
    beats.extend(rows)
    return beats


def ordering(beats: BeatColumns) -> Generator[None, None, BeatColumns]:
    """The same beats in the order in which they were made, in steps."""
    runs = []
    for start in range(0, beats.length, _STEP):
        part = beats.part(start, start + _STEP)
        runs.append(sorted(zip(part.session, part.seq, part.at_us, count(start), strict=False)))
        yield
    places = (key[-1] for key in merge(*runs))
    ordered = no_beats()
    while some := list(islice(places, _STEP)):
        ordered.add(beats.at(some))
        yield
    return ordered


def packing_beats(beats: BeatColumns) -> Steps:
    """Pack beats, in steps. How far a beat began from its grid point and its first rehearsal are kept to 1 %."""
    rounded = no_beats()
    for part in beats.parts():
        offsets = array("q", map(_level, part.start_offset_ns))
        yield
        unrehearsed = array("q", (each if each == UNKNOWN else _level(each) for each in part.unrehearsed_ns))
        # Without its offset from the grid the time of a beat is nearly even.
        on_grid = (at - _of_level(level) // 1000 for at, level in zip(part.at_us, offsets, strict=True))
        rounded.add(
            part._replace(at_us=array("q", on_grid), start_offset_ns=offsets, unrehearsed_ns=unrehearsed)
        )
        yield
    return (yield from packing(rounded))


class Page:
    """The beats of a page, unpacked column by column. ``PackedError`` wherever it is damaged.

    Beats of the same hour that were packed later may stand after those that were packed before.
    """

    def __init__(self, packed: bytes) -> None:
        self.parts = list(map(Packed, split(packed)))
        """What was packed at once, one after the other; each has the columns of ``BeatColumns`` at least."""
        if any(each.width < len(BeatColumns._fields) for each in self.parts):
            raise PackedError("it has too few columns")
        self.length = sum(each.count for each in self.parts)
        """How many beats there are."""
        if self.length > MOST_VALUES:
            raise PackedError("it has more beats than an hour")

    def last_made(self) -> tuple[int, int]:
        """Session and number of the last beat; PackedError where there is none."""
        if not self.parts or not self.parts[-1].count:
            raise PackedError("it has no beats")
        session, seq = (self.parts[-1].column(place) for place in (1, 2))
        return session[-1], seq[-1]

    def column(self, name: str) -> array[int]:
        """One column of ``BeatColumns``, by its name."""
        values = self._plain(name)
        if name == "at_us":
            levels = self._plain("start_offset_ns")
            steps = {level: _of_level(level) // 1000 for level in set(levels)}
            return _array([at + steps[level] for at, level in zip(values, levels, strict=True)])
        if name in ("start_offset_ns", "unrehearsed_ns"):
            known = {level: UNKNOWN if level == UNKNOWN else _of_level(level) for level in set(values)}
            return _array([known[level] for level in values])
        return values

    def _plain(self, name: str) -> array[int]:
        place = BeatColumns._fields.index(name)
        values = array("q")
        for each in self.parts:
            values.extend(each.column(place))
        return values

    def beats(self) -> BeatColumns:
        """All columns."""
        return BeatColumns(*map(self.column, BeatColumns._fields))


def is_whole(packed: object) -> bool:
    """Whether these are the bytes of a page as it was packed."""
    try:
        return isinstance(packed, bytes) and Page(packed).length > 0
    except PackedError:
        return False


def _array(values: Iterable[int]) -> array[int]:
    try:
        return array("q", values)
    except OverflowError as error:
        raise PackedError(str(error)) from error


@cache
def levels() -> tuple[int, ...]:
    """Whole numbers, each 2 % above the one before: no number is further than 1 % from one of them.

    They are part of the form of a page, and whole numbers so that they are the same on every machine.
    """
    found = [0]
    while found[-1] < _HIGHEST:
        found.append(min(max(found[-1] + 1, found[-1] * 102 // 100), _HIGHEST))
    return tuple(found)


def _level(value: int) -> int:
    """The number of the level that is nearest, with the sign of the value."""
    known, size = levels(), min(abs(value), _HIGHEST)
    nearest = bisect_left(known, size, 1)
    if size - known[nearest - 1] < known[nearest] - size:
        nearest -= 1
    return nearest if value > 0 else -nearest


def _of_level(number: int) -> int:
    known, place = levels(), abs(number)
    if place >= len(known):
        raise PackedError("there is no such level")
    return known[place] if number > 0 else -known[place]

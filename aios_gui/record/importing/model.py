"""What is imported: beats as columns, where they come from, and what was left out and why."""

from __future__ import annotations

import json
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from aios_gui.record.model.columns import MOST_VALUES, UNKNOWN, Packed, PackedError, finish, packing

HOUR_US = 3_600_000_000
FIRST_SKIPPED = 20
PAGE_BEATS = 4_000
MOST_RESULTS = 1_000
RESULT_CHARACTERS = 80
Unknown = int
"""A whole number, or ``UNKNOWN``."""


class ImportedBeat(NamedTuple):
    """A beat of another file, as far as that told; what it did not tell is ``UNKNOWN``.

    ``session`` and ``seq`` are those of the record that it comes from.
    """

    at_us: int
    duration_ns: int
    lateness_ns: Unknown = UNKNOWN
    start_offset_ns: Unknown = UNKNOWN
    missed: Unknown = UNKNOWN
    rehearsed: Unknown = UNKNOWN
    cause: Unknown = UNKNOWN
    cpu_hundredths: Unknown = UNKNOWN
    memory_hundredths: Unknown = UNKNOWN
    unrehearsed_ns: Unknown = UNKNOWN
    session: Unknown = UNKNOWN
    seq: Unknown = UNKNOWN
    result: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """What makes two beats the same one."""
        return self.at_us, self.duration_ns


_FIGURES = len(ImportedBeat._fields) - 1


class SkipReason(StrEnum):
    """Why a line was left out; scripts read these words."""

    NOT_JSON = "not_json"
    TORN = "torn"
    NO_ROW = "no_row"
    WRONG_TYPE = "wrong_type"
    NO_TIME = "no_time"
    NOT_A_TIME = "not_a_time"
    IN_THE_FUTURE = "in_the_future"
    NO_DURATION = "no_duration"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    DUPLICATE = "duplicate"
    KNOWN = "known"
    """It is in the record already: imported before, or this machine's own."""


class Skip(Exception):
    """A line is to be left out."""

    def __init__(self, reason: SkipReason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class ImportState(StrEnum):
    """How far an import is, or how it ended."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ImportProblem(StrEnum):
    """Why a file cannot be imported, or only in part."""

    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    UNKNOWN_FORM = "unknown_form"
    DATABASE = "database"
    NOT_KEPT = "not_kept"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class ImportSource:
    """Where imported beats come from: the file's name, the digest of its content, when it was imported (wall, ns)."""

    digest: str
    name: str
    reader: str
    size_bytes: int
    at_ns: int
    number: int = 0
    """In the record, 0 before it is there."""
    beats: int = 0


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """Beats of one hour of UTC from one source: packed columns, and the results that these point to, as JSON."""

    hour: int
    beats: int
    first_us: int
    last_us: int
    results: str
    packed: bytes

    @property
    def checksum(self) -> int:
        """By which the same page is known again."""
        return zlib.crc32(self.packed, zlib.crc32(self.results.encode()))

    @property
    def size_bytes(self) -> int:
        """What it takes."""
        return len(self.packed) + len(self.results.encode())

    def beat_keys(self) -> Iterator[tuple[int, int]]:
        """The keys of the beats; PackedError where it is damaged."""
        packed = Packed(self.packed)
        if packed.width != _FIGURES + 1:
            raise PackedError("it has other columns")
        return zip(packed.column(0), packed.column(1), strict=True)

    def unpack(self) -> Iterator[ImportedBeat]:
        """The beats, in order; PackedError where it is damaged."""
        packed = Packed(self.packed)
        try:
            results = json.loads(self.results)
        except (ValueError, RecursionError) as error:
            raise PackedError("its results are not JSON") from error
        if packed.width != _FIGURES + 1 or not isinstance(results, list) or len(results) > MOST_VALUES:
            raise PackedError("it has other columns")
        *figures, places = (packed.column(number) for number in range(packed.width))
        for values, place in zip(zip(*figures, strict=True), places, strict=True):
            if not 0 <= place < len(results):
                raise PackedError("a result in it is none")
            yield ImportedBeat._make((*values, str(results[place])[:RESULT_CHARACTERS]))


@dataclass(frozen=True, slots=True)
class ImportedPages:
    """Pages of one source, to be kept together."""

    source: ImportSource
    pages: tuple[ImportedPage, ...]


@dataclass(frozen=True, slots=True)
class RemoveImported:
    """Whatever was imported from the source of this number is to go."""

    number: int


def packed_page(hour: int, beats: Sequence[ImportedBeat]) -> ImportedPage:
    """The page of beats of an hour, which come in order."""
    *figures, results = zip(*beats, strict=True)
    words = list(dict.fromkeys(results))
    place = {word: number for number, word in enumerate(words)}
    columns = [array("q", column) for column in (*figures, [place[word] for word in results])]
    return ImportedPage(
        hour,
        len(beats),
        beats[0].at_us,
        beats[-1].at_us,
        json.dumps(words, ensure_ascii=False, separators=(",", ":")),
        finish(packing(columns)),
    )


@dataclass(slots=True)
class ImportReport:
    """How an import stands: ``lines`` read, ``beats`` found in them, ``imported`` of these, and what was left out.

    ``re_encoded`` lines had another encoding than the file; ``ambiguous`` ones a local time of an hour that was lived
    twice, ``shifted`` ones of an hour that was left out.
    """

    name: str = ""
    state: ImportState = ImportState.RUNNING
    problem: ImportProblem | None = None
    reason: str = ""
    digest: str = ""
    reader: str = ""
    size_bytes: int = 0
    done_bytes: int = 0
    lines: int = 0
    imported: int = 0
    pages: int = 0
    first_us: int | None = None
    last_us: int | None = None
    re_encoded: int = 0
    ambiguous: int = 0
    shifted: int = 0
    seconds: float = 0.0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    first_skipped: list[tuple[int, SkipReason]] = field(default_factory=list)

    def skip(self, line: int, reason: SkipReason, count: int = 1) -> None:
        """Note that a line is left out."""
        self.skipped[reason] += count
        if reason not in (SkipReason.DUPLICATE, SkipReason.KNOWN) and len(self.first_skipped) < FIRST_SKIPPED:
            self.first_skipped.append((line, reason))

    def span(self, beats: Iterable[ImportedBeat]) -> None:
        """Note when these beats were."""
        for beat in beats:
            self.first_us = beat.at_us if self.first_us is None else min(self.first_us, beat.at_us)
            self.last_us = beat.at_us if self.last_us is None else max(self.last_us, beat.at_us)

    @property
    def share(self) -> float:
        """How much of the file was read, 0 to 1."""
        return min(1.0, self.done_bytes / self.size_bytes) if self.size_bytes else 1.0

    @property
    def lines_per_s(self) -> float:
        """How fast it goes."""
        return self.lines / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it will take yet; None where that is not known."""
        return self.seconds * (1 - self.share) / self.share if self.share > 0 and self.seconds > 1 else None

    def facts(self) -> dict[str, Any]:
        """JSON-ready facts; moments are added by the caller, who knows the zone."""
        return {
            "state": str(self.state),
            "problem": str(self.problem) if self.problem is not None else None,
            "file": self.name,
            "digest": self.digest or None,
            "reader": self.reader or None,
            "size_bytes": self.size_bytes,
            "lines": self.lines,
            "imported": self.imported,
            "skipped": {str(reason): count for reason, count in sorted(self.skipped.items())},
            "first_skipped": [{"line": line, "reason": str(reason)} for line, reason in self.first_skipped],
            "re_encoded": self.re_encoded,
            "ambiguous": self.ambiguous,
            "shifted": self.shifted,
            "seconds": round(self.seconds, 3),
            "lines_per_s": round(self.lines_per_s),
        }

"""Reads imported beats from the record, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec

from aios_gui.record.importing.model import HOUR_US, ImportedBeat, ImportedPage, ImportSource
from aios_gui.record.importing.record import PAGE_COLUMNS
from aios_gui.record.model.columns import PackedError
from aios_gui.record.store.decode import Facts, Row, Text, WallUs
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.ready_type import ready

_PAGES = (
    f"SELECT at_us, {PAGE_COLUMNS} FROM imported_page WHERE hour = ? AND (? = 0 OR source = ?) ORDER BY at_us"
)
_HOURS = "SELECT DISTINCT hour FROM imported_page WHERE hour >= ? AND hour <= ? ORDER BY hour"
_SPAN = "SELECT 0, min(first_us), max(last_us) FROM imported_page WHERE ? = 0 OR source = ?"
_HAS_PAGE = (
    "SELECT at_us FROM imported_page WHERE hour = ? AND checksum = ? "
    "AND source = (SELECT id FROM imported_source WHERE digest = ?)"
)
_SOURCES = (
    "SELECT id, digest, name, at_us, facts, "
    "(SELECT coalesce(sum(beats), 0) FROM imported_page WHERE source = imported_source.id) "
    "FROM imported_source ORDER BY id"
)


def imported_sources(reader: RecordReader) -> list[ImportSource]:
    """Where imported beats come from, in the order in which they were brought. StoreError."""
    return reader.read("imported_source", _source_of, _SOURCES)


def has_page(reader: RecordReader, digest: str, page: ImportedPage) -> bool:
    """Whether this page of this source is in the record. StoreError."""
    return reader.row("imported_page", _HAS_PAGE, page.hour, page.checksum, digest) is not None


def imported_beats(
    reader: RecordReader, start_ns: int, end_ns: int, source: int = 0
) -> Iterator[ImportedBeat]:
    """Imported beats of a span, of one source or of all, by time within an hour; each once. StoreError."""
    start_us, end_us = start_ns // 1000, -(-end_ns // 1000)
    # Those that there are: beside a beat of 1970, which any file may have, lie half a million without one.
    span = start_us // HOUR_US, (end_us - 1) // HOUR_US
    for hour in reader.read("imported_page", _hour_of, _HOURS, *span):
        beats: dict[tuple[int, int], ImportedBeat] = {}
        with _damage_told(hour):
            for page in reader.read("imported_page", _page_of, _PAGES, hour, source, source):
                beats.update((each.key, each) for each in page.unpack() if start_us <= each.at_us < end_us)
        yield from sorted(beats.values())


def imported_span(reader: RecordReader, source: int = 0) -> tuple[int, int] | None:
    """When the first and the last imported beat were, of one source or of all (wall, ns); None without any."""
    return next(iter(reader.read("imported_page", _span_of, _SPAN, source, source)), None)


def _span_of(row: Row) -> tuple[int, int] | None:
    first_us, last_us = msgspec.convert(row[1:], tuple[WallUs | None, WallUs | None])
    return None if first_us is None or last_us is None else (first_us * 1000, last_us * 1000)


def imported_keys(reader: RecordReader, hour: int) -> set[tuple[int, int]]:
    """The keys of all imported beats of an hour of UTC, counted since 1970. StoreError."""
    with _damage_told(hour):
        pages = reader.read("imported_page", _page_of, _PAGES, hour, 0, 0)
        return {key for page in pages for key in page.beat_keys()}


@contextmanager
def _damage_told(hour: int) -> Iterator[None]:
    try:
        yield
    except PackedError as error:
        raise StoreError(f"imported beats of hour {hour} cannot be read: {error}") from error


@ready
class _SourceRow(msgspec.Struct, array_like=True):
    id: int
    digest: Text
    name: Text
    at_us: WallUs
    facts: Facts
    beats: int


def _hour_of(row: Row) -> int | None:
    return row[0] if isinstance(row[0], int) else None


def _source_of(row: Row) -> ImportSource:
    found = msgspec.convert(row, _SourceRow)
    facts = msgspec.json.decode(found.facts, type=dict[str, Any])
    return ImportSource(
        found.digest,
        found.name,
        str(facts.get("reader", "")),
        int(facts.get("size_bytes", 0)),
        found.at_us * 1000,
        found.id,
        found.beats,
    )


@ready
class _PageRow(msgspec.Struct, array_like=True):
    at_us: WallUs
    hour: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
    beats: int
    first_us: WallUs
    last_us: WallUs
    results: Facts
    packed: bytes


def _page_of(row: Row) -> ImportedPage:
    found = msgspec.convert(row, _PageRow)
    return ImportedPage(found.hour, found.beats, found.first_us, found.last_us, found.results, found.packed)

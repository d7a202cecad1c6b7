"""Reads changes from the record, and the states that the next look compares with."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from aios_gui.history.changes.model import Change, ChangeKind, KeptState
from aios_gui.history.changes.record import CHANGE_COLUMNS
from aios_gui.record.store.decode import Fact, Facts, Row, Text, WallUs, known
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.ready_type import ready

_OF_SPAN = f"SELECT {CHANGE_COLUMNS} FROM change WHERE at_us >= ? AND at_us < ? ORDER BY at_us, id"
_BY_SLOT = (
    "SELECT min(id), min(at_us), max(at_us), count(*) FROM change WHERE at_us >= ? AND at_us < ? "
    "GROUP BY at_us / ? ORDER BY at_us / ?"
)
_KINDS = {str(kind): kind for kind in ChangeKind}


def changes(reader: RecordReader, start_ns: int, end_ns: int) -> list[Change]:
    """Changes of the span, oldest first. Kinds of a newer program are passed over. StoreError."""
    return reader.read("change", _change_of, _OF_SPAN, start_ns // 1000, end_ns // 1000)


def changes_by_slot(
    reader: RecordReader, start_ns: int, end_ns: int, slot_ns: int
) -> list[tuple[int, int, int]]:
    """The first and the last moment (ns) of the changes of each slot that has any, and how many. StoreError."""
    slot_us = max(1, slot_ns // 1000)
    return reader.read("change", _slot_of, _BY_SLOT, start_ns // 1000, end_ns // 1000, slot_us, slot_us)


def _slot_of(row: Row) -> tuple[int, int, int]:
    first_us, last_us, count = msgspec.convert(row[1:], tuple[WallUs, WallUs, int])
    return first_us * 1000, last_us * 1000, count


def kept_states(reader: RecordReader) -> dict[str, KeptState]:
    """By source, what was kept of the last look at it. StoreError."""
    query = "SELECT id, source, at_us, state FROM change_state ORDER BY id"
    return dict(reader.read("change_state", _state_of, query))


@ready
class _ChangeRow(msgspec.Struct, array_like=True):
    id: int
    at_us: WallUs
    kind: Text
    source: Text
    subject: Text
    before: Text | None
    after: Text | None
    facts: Facts


def _change_of(row: Row) -> Change | None:
    found = msgspec.convert(row, _ChangeRow)
    kind = _KINDS.get(found.kind)
    if kind is None:
        return None
    facts = known(msgspec.json.decode(found.facts, type=dict[Text, Fact]))
    return Change(found.at_us * 1000, kind, found.source, found.subject, found.before, found.after, facts)


@ready
class _StateRow(msgspec.Struct, array_like=True):
    id: int
    source: Text
    at_us: WallUs
    state: Annotated[str, msgspec.Meta(max_length=4_000_000)]


def _state_of(row: Row) -> tuple[str, KeptState]:
    found = msgspec.convert(row, _StateRow)
    return found.source, KeptState(found.at_us, msgspec.json.decode(found.state, type=dict[str, Any]))

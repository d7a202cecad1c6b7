"""Reads what can still be read of a record that was set aside: row by row, around the places that are damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.errors import is_damage, is_endless
from aios_gui.record.store.opening import LARGEST_VALUE_BYTES, Allowance, open_connection
from aios_gui.record.store.tables import Column, Table, sound_tables

log = logging.getLogger(__name__)
BATCH_ROWS = 1_000
_BATCH_BYTES = 1 << 19
_BUSY_TIMEOUT_S = 1.0
_MOST_BYTES = {"TEXT": 1_000_000, "BLOB": LARGEST_VALUE_BYTES // 2}
_MOST_SMALL_ROWS = 200_000
_LEAST_ROW_BYTES = 6
_STEP = 2_000
"""What a row may take, in the measure of the allowance: some two seconds."""
_FIRST, _LAST = -(2**63), 2**63 - 1
_MOST_PLACES = 5_000
_MOST_HOURS = 5 * 366 * 24
_TYPES = {"INTEGER": "'integer'", "REAL": "'real', 'integer'", "TEXT": "'text'", "BLOB": "'blob'"}
Row = tuple[Any, ...]


class Batch(NamedTuple):
    """Rows of one table, and the columns that they have."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


class Salvage:
    """What can be read of a record that was set aside, of the tables and columns that are ``expected``.

    Nothing of the file is carried out or changed. What has a type that its column never has, and what lies after
    ``until_us`` (wall, µs), is garbled and left out. Nothing here raises but for the file being out of reach.
    """

    def __init__(self, path: Path, expected: Mapping[str, Table], until_us: int) -> None:
        self.path = path
        self.damaged_places = 0
        self._expected = expected
        self._until_us = until_us

    def small(self) -> Iterator[Batch]:
        """The rows of all tables but the large ones."""
        yield from self._batches(False)

    def series(self) -> Iterator[Batch]:
        """The rows of the large tables."""
        yield from self._batches(True)

    def newest_beat(self) -> tuple[int, int] | None:
        """Time (µs) and session of the newest beat that can be read."""
        for connection, _allowance in self._opened():
            query = "SELECT at_us, session FROM beat WHERE at_us <= ? ORDER BY at_us DESC LIMIT 1"
            try:
                found = connection.execute(query, (self._until_us,)).fetchone()
            except sqlite3.Error:
                return None
            if found is not None and all(isinstance(each, int) for each in found):
                return found[0], found[1]
        return None

    def _opened(self) -> Iterator[tuple[sqlite3.Connection, Allowance]]:
        try:
            connection, allowance = open_connection(
                self.path, is_read_only=True, busy_timeout_s=_BUSY_TIMEOUT_S, any_thread=True, is_damaged=True
            )
        except sqlite3.Error as error:
            log.warning("nothing can be read of %s: %s", self.path, error)
            return
        with closing(connection):
            yield connection, allowance

    def _batches(self, are_large: bool) -> Iterator[Batch]:
        for connection, allowance in self._opened():
            try:
                found = sound_tables(connection)
            except sqlite3.Error as error:
                log.warning("the tables of %s cannot be read: %s", self.path, error)
                return
            for name, table in self._expected.items():
                if bool(table.unit_us) == are_large and name in found:
                    columns = [each for each in found[name].columns if each in table.columns]
                    yield from self._table(connection, allowance, name, columns, table.unit_us)

    def _table(
        self,
        connection: sqlite3.Connection,
        allowance: Allowance,
        name: str,
        columns: list[Column],
        unit_us: int,
    ) -> Iterator[Batch]:
        until = self._until_us // unit_us if unit_us else _LAST
        names = tuple(column.name for column in columns)
        reader = _Reader(connection, allowance, name, columns, until, unit_us)
        most = self.path.stat().st_size // _LEAST_ROW_BYTES if unit_us else _MOST_SMALL_ROWS
        waiting: list[Row] = []
        waiting_bytes = 0
        for row in reader.rows():
            waiting.append(row[1:])
            waiting_bytes += sum(len(each) for each in row if isinstance(each, bytes))
            most -= 1
            if most < 0:
                log.error("%s leads in a circle, and is read no further", self.path)
                break
            if len(waiting) == BATCH_ROWS or waiting_bytes > _BATCH_BYTES:
                yield Batch(name, names, waiting)
                waiting, waiting_bytes = [], 0
        self.damaged_places += reader.damaged_places
        if waiting:
            yield Batch(name, names, waiting)


class _Reader:
    """Reads one table, from one sound place to the next."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        allowance: Allowance,
        table: str,
        columns: list[Column],
        until: int,
        unit_us: int,
    ) -> None:
        self.damaged_places = 0
        self._connection, self._allowance = connection, allowance
        self._table, self._until, self._unit_us = table, until, unit_us
        self._last = _FIRST
        self._failed = False
        rules = " AND ".join(_rule(column) for column in columns)
        select = f"SELECT rowid, {', '.join(each.name for each in columns)} FROM {table} NOT INDEXED WHERE"
        # With the plus sign a garbled number in the middle is left out, where it would end the search without.
        self._up = f"{select} rowid > ? AND +rowid <= ? AND {rules} ORDER BY rowid"
        self._down = f"{select} +rowid > ? AND rowid <= ? AND {rules} ORDER BY rowid DESC"
        self._probe = f"SELECT rowid FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT 1"

    def rows(self) -> Iterator[Row]:
        """The rows, each with its number first; those before a place that is damaged come backwards."""
        yield from self._read(self._up, self._last, self._until)
        while self._failed and self.damaged_places < _MOST_PLACES:
            self.damaged_places += 1
            before = self._last
            after = next(filter(self._is_sound, self._places_after(before)), None)
            if after is None:
                # The end is damaged: nothing is left, or what lies behind the last sound place is not found.
                return
            yield from self._read(self._down, before, after)
            self._last = after
            yield from self._read(self._up, after, self._until)

    def _read(self, query: str, above: int, until: int) -> Iterator[Row]:
        """The rows of one go; ``_failed`` tells whether it met damage, ``_last`` the number before that."""
        self._failed = False
        self._allowance.left = _STEP
        try:
            for row in self._connection.execute(query, (above, until)):
                yield row
                self._last = row[0]
                self._allowance.left = _STEP
        except sqlite3.Error as error:
            if not is_damage(error) and not is_endless(error):
                raise
            self._failed = True

    def _is_sound(self, place: int) -> bool:
        self._allowance.left = _STEP
        try:
            self._connection.execute(self._probe, (place,)).fetchone()
        except sqlite3.Error:
            return False
        return True

    def _starts(self) -> list[int]:
        """When runs began, as far as that can be read."""
        query = (
            "SELECT started_us FROM session WHERE typeof(started_us) = 'integer' ORDER BY id DESC LIMIT 50"
        )
        try:
            return [row[0] for row in self._connection.execute(query)]
        except sqlite3.Error:
            return []

    def _places_after(self, place: int) -> Iterator[int]:
        """Numbers where it may be sound again, nearest first: twice as far each time."""
        unit_us = self._unit_us
        if place != _FIRST:
            step = max(1, 100_000 // unit_us) if unit_us else 1
            top = self._until if unit_us else 2**40
            while place + step < top:
                yield place + step
                step *= 2
        elif unit_us > 1:
            hour = HOUR_US // unit_us
            yield from range(self._until - _MOST_HOURS * hour, self._until, hour)
        elif unit_us:
            # The begin is damaged, so that nothing tells when it was: a while after a run began, or before now.
            spans = [1_000_000 * 2**power for power in range(28)]
            places = {self._until - span for span in spans}
            places.update(started + span for started in self._starts() for span in spans)
            yield from sorted(place for place in places if place < self._until)
        else:
            yield from (2**power for power in range(40))


def _rule(column: Column) -> str:
    """What a value of this program fulfils."""
    types = _TYPES[column.type] + (", 'null'" if column.nullable else "")
    rule = f"typeof({column.name}) IN ({types})"
    most = _MOST_BYTES.get(column.type)
    return rule if most is None else f"{rule} AND length({column.name}) <= {most}"

"""What tables a record has: plain ones with an index or two. Anything else was not put there by this program."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from aios_gui.record.model.page import HOUR_US
from aios_gui.record.part import PARTS
from aios_gui.record.store.errors import NotOurs, damaged

_MOST_OBJECTS = 200
_NAME = r"([A-Za-z_][A-Za-z0-9_]*)"
_TABLE = re.compile(rf"CREATE TABLE {_NAME} ?\((.*)\)")
_INDEX = re.compile(rf"CREATE INDEX {_NAME} ON {_NAME} ?\( ?{_NAME} ?\)")
_COLUMN = re.compile(rf" ?{_NAME} (INTEGER|REAL|TEXT|BLOB)(?: (NOT NULL|PRIMARY KEY))? ?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, and whether it may be null. An INTEGER one that is the ``key`` is the number of the row."""

    name: str
    type: str
    nullable: bool
    key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in order, and which columns have an index."""

    columns: tuple[Column, ...]
    indexed: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The column that is the number of a row, or else what SQLite calls that."""
        return next((column.name for column in self.columns if column.key), "rowid")

    @property
    def unit_us(self) -> int:
        """By how many µs the moment of a row grows with its number, in the tables that grow large; else 0."""
        is_part = any(column.name == "packed" for column in self.columns)
        return {"at_us": 1, "hour": HOUR_US, "id": HOUR_US // PARTS if is_part else 0}.get(self.key, 0)


def read_tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """The tables of an open record. NotOurs where there is anything else, as a trigger or a view; sqlite3.Error.

    Nothing that the file brings is carried out by this.
    """
    tables, others = _read(connection)
    if others:
        raise NotOurs(others[0])
    return tables


def sound_tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """The plain tables of a file, whatever else is in it; sqlite3.Error."""
    return _read(connection)[0]


def _read(connection: sqlite3.Connection) -> tuple[dict[str, Table], list[str]]:
    """The plain tables, and what else there is."""
    others: list[str] = []
    query = (
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex_%' LIMIT ?"
    )
    try:
        found = connection.execute(query, (_MOST_OBJECTS + 1,)).fetchall()
    except UnicodeDecodeError as error:  # SQLite names what it does not understand, which is no text
        raise damaged("its tables cannot be read") from error
    if len(found) > _MOST_OBJECTS:
        others.append("hundreds of tables")
    tables: dict[str, tuple[Column, ...]] = {}
    indexed: dict[str, set[str]] = {}
    for kind, name, table, sql in found:
        text = " ".join(sql.split()) if isinstance(sql, str) else ""
        if kind == "table" and (parts := _TABLE.fullmatch(text)) and parts[1] == name == table:
            columns = _columns_of(parts[2])
            if columns:
                tables[name] = columns
            else:
                others.append(f"table {name!r} with {parts[2].strip()[:200]!r}")
        elif kind == "index" and (parts := _INDEX.fullmatch(text)) and parts[1] == name and parts[2] == table:
            indexed.setdefault(table, set()).add(parts[3])
        else:
            others.append(f"{kind} {str(name)[:80]!r}")
    made = {name: Table(columns, frozenset(indexed.get(name, ()))) for name, columns in tables.items()}
    return made, others


def _columns_of(text: str) -> tuple[Column, ...]:
    """The columns of a table as it was declared; none where one of them is more than a name and a type."""
    columns = []
    for each in text.split(","):
        parts = _COLUMN.fullmatch(each)
        if parts is None:
            return ()
        name, kind, rule = parts.groups()
        columns.append(Column(name, kind, rule is None, rule == "PRIMARY KEY"))
    return tuple(columns)


def check_tables(found: Mapping[str, Table], expected: Mapping[str, Table]) -> None:
    """NotOurs where the tables are not exactly those that are expected."""
    for name in sorted({*found, *expected}):
        if name not in expected:
            raise NotOurs(f"table {name!r}")
        if found.get(name) != expected[name]:
            raise NotOurs(f"table {name!r} in another form" if name in found else f"no table {name!r}")

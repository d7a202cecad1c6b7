"""What can go wrong with the record, in the words of the system."""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """The record cannot be read or written; the message says what and why."""


class NewerStoreError(StoreError):
    """The record was written by a newer version of this program and is left alone."""


_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_foreign(error: sqlite3.Error) -> bool:
    """Whether the tables are not those of this program, so that a statement of its own makes no sense to them."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken, rather than busy, full or out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGE_CODES

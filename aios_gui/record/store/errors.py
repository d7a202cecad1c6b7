"""What can go wrong with the record, in the words of the system."""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """The record cannot be read or written; the message says what and why."""


class NewerStoreError(StoreError):
    """The record was written by a newer version of this program and is left alone."""


class NotOurs(StoreError):
    """The file holds ``what`` this program did not put there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"it holds what this program did not put there: {what}")
        self.what = what


_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, or holds what is too large, rather than busy, full or out of reach."""
    return _code(error) in _DAMAGE_CODES


def is_senseless(error: sqlite3.Error) -> bool:
    """Whether SQLite cannot make sense of a statement or of the file, as one of a format that it does not know."""
    return _code(error) == sqlite3.SQLITE_ERROR


def is_full(error: sqlite3.Error) -> bool:
    """Whether there is no room left on the disk."""
    return _code(error) == sqlite3.SQLITE_FULL


def is_endless(error: Exception) -> bool:
    """Whether it took too long, as where pages of a damaged file lead in a circle or the disk hangs."""
    return isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_INTERRUPT


def damaged(verdict: str) -> sqlite3.DatabaseError:
    """The error that tells of damage which was found otherwise than by a statement."""
    error = sqlite3.DatabaseError(verdict)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF

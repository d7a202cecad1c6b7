"""The one way to open a record: nothing that the file brings is carried out, and no question takes for ever."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

LARGEST_VALUE_BYTES = 16 << 20
"""No text of this program is nearly as long; a longer one is not read, so that it takes no memory."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST_VALUE_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_SWITCHES = {
    "SQLITE_DBCONFIG_DEFENSIVE": True,
    "SQLITE_DBCONFIG_ENABLE_TRIGGER": False,
    "SQLITE_DBCONFIG_ENABLE_VIEW": False,
}
_OPERATIONS = 20_000
"""Of SQLite's machine, between two looks at what is left: about a millisecond."""
STEP = 50_000
"""How often these may be needed for a row of an answer, as to sum up thirty million beats: about half a minute.

More is only needed where pages of a damaged file lead to each other without an end.
"""


class Allowance:
    """Ends what a connection does when it takes too much, by sqlite3.OperationalError "interrupted"."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.left: float = STEP
        connection.set_progress_handler(self._is_used_up, _OPERATIONS)

    def _is_used_up(self) -> bool:
        self.left -= 1
        return self.left < 0


def open_connection(
    path: Path, is_read_only: bool, busy_timeout_s: float, any_thread: bool = False, is_damaged: bool = False
) -> tuple[sqlite3.Connection, Allowance]:
    """Open the file, which is there; sqlite3.Error. What it holds is told by ``read_tables``.

    One that ``is_damaged`` is opened, to be read, also where a part of it is missing.
    """
    name = "".join(f"%{byte:02x}" for byte in os.fsencode(path))
    address = f"file:{name}?mode={'ro' if is_read_only else 'rw'}"
    connection = sqlite3.connect(
        address, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=not any_thread
    )
    # A text of which a byte was changed is read as far as it is one.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        for limit, value in _LIMITS.items():
            connection.setlimit(limit, value)
        if (switch := getattr(connection, "setconfig", None)) is not None:  # since Python 3.12
            for name, value in _SWITCHES.items():
                with suppress(sqlite3.OperationalError, AttributeError):  # an older SQLite
                    switch(getattr(sqlite3, name), value and not is_damaged)
        allowance = Allowance(connection)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if is_damaged:
            # The one way to have SQLite open a file that is shorter than it should be.
            connection.execute("PRAGMA writable_schema = ON")
        if is_read_only:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection, allowance


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done within is committed as a whole, or not at all where it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise

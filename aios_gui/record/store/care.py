"""Care for the record in idle time, each on a thread of its own: reading it through, and reading one set aside."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from operator import ge
from pathlib import Path

from aios_gui.record.model.page import is_whole
from aios_gui.record.store.damage import find_damage
from aios_gui.record.store.errors import NotOurs, is_damage
from aios_gui.record.store.opening import Allowance, open_connection
from aios_gui.record.store.salvage import Batch, Salvage
from aios_gui.record.store.tables import Table, read_tables
from aios_gui.system.threads import Thread

log = logging.getLogger(__name__)
SLICE_ROWS = 1_000
PAUSE_S = 1.0
"""Between two slices; a slice takes a millisecond or two."""
SLICE_PAGES = 12
_PAGES = f"SELECT hour, packed FROM page WHERE hour > ? ORDER BY hour LIMIT {SLICE_PAGES}"
SMALL_BYTES = 1 << 20
"""A file of this size is checked in one go, in some milliseconds."""
_BUSY_TIMEOUT_S = 1.0
_STOP_S = 2.0
_LOOK_S = 0.5


class _Care(Thread):
    """Reads one file. ``stop`` it before the file is renamed or the program ends."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.path = path
        self._ending = threading.Event()

    def stop(self) -> None:
        """End it soon; again is harmless."""
        self._ending.set()
        if self.is_alive():
            self.join(_STOP_S)

    def run(self) -> None:
        try:
            self._read()
        except (sqlite3.Error, OSError) as error:
            log.warning("%s could not be read to the end: %s", self.path, error)
        except Exception:
            log.exception("reading %s failed", self.path)

    def _read(self) -> None:
        raise NotImplementedError


class Examination(_Care):
    """Reads a record through, a slice at a time, while another thread writes it. No slice keeps it from writing.

    ``damage`` tells what is wrong, once that is found; a row that was in the file twice or is lacking what it must
    have is damage, too.
    """

    def __init__(self, path: Path, pause_s: float = PAUSE_S) -> None:
        super().__init__(path, "record-check")
        self.damage = ""
        self.damaged_hours: list[int] = []
        """Hours of which the page cannot be read."""
        self._pause_s = pause_s

    def _read(self) -> None:
        connection, allowance = open_connection(
            self.path, is_read_only=True, busy_timeout_s=_BUSY_TIMEOUT_S, any_thread=True
        )
        with closing(connection):
            try:
                for damage in self._slices(connection, allowance):
                    if damage:
                        self.damage = damage
                        return
                    if self._ending.wait(self._pause_s):
                        return
            except NotOurs as error:
                self.damage = str(error)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                self.damage = str(error)

    def _slices(self, connection: sqlite3.Connection, allowance: Allowance) -> Iterator[str]:
        """What each slice found; a small file is one, after which there is no pause."""
        connection.execute("PRAGMA cache_size = -256")
        if self.path.stat().st_size <= SMALL_BYTES:
            allowance.left = float("inf")
            self.damage = find_damage(connection)
            if not self.damage and "page" in read_tables(connection):
                deque(self._pages(connection), maxlen=0)
            return
        for name, table in read_tables(connection).items():
            if name == "page":
                yield from self._pages(connection)
            elif table.unit_us:
                yield from _series(connection, name, table)
            else:
                verdict = connection.execute(f"PRAGMA integrity_check({name})").fetchone()[0]
                yield "" if verdict == "ok" else str(verdict)
                # Has SQLite read every value, so that it finds one that is too large.
                read = " + ".join(f"total({column.name} = '')" for column in table.columns)
                connection.execute(f"SELECT {read} FROM {name}").fetchone()

    def _pages(self, connection: sqlite3.Connection) -> Iterator[str]:
        """Look at each page. One that is damaged is no damage to the file: its hour is lost, and no other."""
        after = -1
        while found := connection.execute(_PAGES, (after,)).fetchall():
            after = found[-1][0]
            self.damaged_hours += [hour for hour, packed in found if not is_whole(packed)]
            yield ""


def _series(connection: sqlite3.Connection, name: str, table: Table) -> Iterator[str]:
    key, rows = table.key, SLICE_ROWS if table.unit_us == 1 else SLICE_PAGES
    needed = [column.name for column in table.columns if not column.nullable and not column.key]
    # Not "IS NULL", which SQLite takes for untrue where the table says so, without a look; and all of a row is read.
    lacking = " OR ".join(f"typeof({column}) = 'null'" for column in needed) or "0"
    query = (
        f"SELECT {key}, {lacking}, typeof({table.columns[-1].name}) FROM {name} NOT INDEXED "
        f"WHERE {key} > ? ORDER BY {key} LIMIT {rows}"
    )
    after = -(2**63)
    while found := connection.execute(query, (after,)).fetchall():
        times = [after, *(number for number, *_rest in found)]
        if any(map(ge, times, times[1:])):
            yield f"the rows of {name} are out of order"
        yield f"rows of {name} lack what they must have" if any(row[1] for row in found) else ""
        after = times[-1]
    newest = connection.execute(f"SELECT max({key}) FROM {name}").fetchone()[0]
    if newest is not None and newest < after:
        yield f"the rows of {name} are out of order"


class CarryOver(_Care):
    """Reads the large tables of a record that was set aside; what it read last waits until it is taken."""

    def __init__(self, salvage: Salvage, saved: dict[str, int]) -> None:
        super().__init__(salvage.path, "record-salvage")
        self.salvage = salvage
        self.saved = dict(saved)
        """How many rows of each table are in the new record now, by the name of the table and "_rows"."""
        self._waiting: queue.Queue[Batch] = queue.Queue(maxsize=1)

    @property
    def is_done(self) -> bool:
        """Whether all was read and taken."""
        return not self.is_alive() and self._waiting.empty()

    def next(self) -> Batch | None:
        """What waits, without taking it."""
        return self._waiting.queue[0] if self._waiting.queue else None

    def taken(self, new_rows: int) -> None:
        """What waited is in the new record."""
        batch = self._waiting.get_nowait()
        name = f"{batch.table}_rows"
        self.saved[name] = self.saved.get(name, 0) + new_rows

    def _read(self) -> None:
        for batch in self.salvage.series():
            while not self._put(batch):
                if self._ending.is_set():
                    return

    def _put(self, batch: Batch) -> bool:
        try:
            self._waiting.put(batch, timeout=_LOOK_S)
        except queue.Full:
            return False
        return True

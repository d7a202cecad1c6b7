"""The single writer of the record."""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.model.retention import Growth
from aios_gui.record.store import rows
from aios_gui.record.store.damage import SET_ASIDE, find_damage, set_aside
from aios_gui.record.store.encode import encode
from aios_gui.record.store.errors import NotOurs, StoreError, damaged, is_damage, is_full, is_senseless
from aios_gui.record.store.former import keep_former, remove_formers
from aios_gui.record.store.growth import growth_of
from aios_gui.record.store.opening import STEP, Allowance, open_connection, transaction
from aios_gui.record.store.retention import trim
from aios_gui.record.store.schema import RecordSchema
from aios_gui.record.store.sealing import sealing
from aios_gui.system.atomic_file import keep_to_user, make_private

if TYPE_CHECKING:
    from aios_gui.record.store.salvage import Batch, Salvage

log = logging.getLogger(__name__)
_BUSY_TIMEOUT_S = 0.25
_DAY_US = 86_400_000_000
_REMEMBERED_US = 7 * _DAY_US
_INSERT_BEAT = (
    f"INSERT INTO beat ({rows.BEAT_COLUMNS}) VALUES ({rows.places_of(rows.BEAT_COLUMNS)}) "
    "ON CONFLICT (at_us) DO NOTHING"
)
_BEAT_AT = "SELECT seq, duration_ns, lateness_ns, start_offset_ns FROM beat WHERE at_us = ?"
_INSERT_CONTEXT = (
    f"INSERT OR REPLACE INTO context ({rows.CONTEXT_COLUMNS}) VALUES ({rows.places_of(rows.CONTEXT_COLUMNS)})"
)
_INSERT_GAP = "INSERT INTO gap (start_us, end_us, kind, unrecorded_beats) VALUES (?,?,?,?)"
_INSERT_EVENT = "INSERT INTO event (at_us, kind, session, seq, facts) VALUES (?,?,?,?,?)"
_WHOLE_GAP = "typeof(start_us) = 'integer' AND typeof(end_us) = 'integer'"
"""A column may hold anything, as another program may have written it."""
_SET_BACK_TO = (
    f"SELECT min(end_us) FROM gap WHERE kind = 'clock_jump' AND end_us < start_us AND {_WHOLE_GAP} "
    "AND id > coalesce((SELECT max(id) FROM gap WHERE end_us = ?), 0)"
)
"""How far the clock was set back since the gap that a session begins with."""
_LAST_GAP = (
    f"SELECT start_us, end_us FROM gap WHERE {_WHOLE_GAP} "
    "AND id > coalesce((SELECT max(id) FROM gap WHERE end_us = ?), "
    "(SELECT 0 WHERE ? = (SELECT min(id) FROM session))) ORDER BY id DESC LIMIT 1"
)
"""The last gap since that one."""
_FOR_EVER_US = 2**62
_LAST_HICCUPS = (
    f"SELECT {rows.EVENT_COLUMNS} FROM event WHERE kind = ? AND at_us <= ? ORDER BY at_us DESC LIMIT 20"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening found: the last moment recorded before (ns, None in a new file), and what was set aside."""

    last_ns: int | None
    ended_cleanly: bool
    set_aside: Event | None = None
    last_hiccup: Event | None = None


class _Aside(NamedTuple):
    """A record that was set aside, and why."""

    path: Path
    damage: str
    is_foreign: bool


class SqliteWriter:
    """Writes all that the record takes in. Use it on one thread; there must be one writer only.

    Every method raises sqlite3.Error, OSError or StoreError as it comes; what was not committed can be written again.
    A folder that is not its ``own_folder`` is never made, since it may lie on a disk that is not there just now. A
    file that was ``checked`` is not read through when it is first opened.
    """

    def __init__(
        self, path: Path, schema: RecordSchema, own_folder: bool = True, checked: bool = False
    ) -> None:
        self.path = path
        self._schema = schema
        self._own_folder = own_folder
        self._checked = checked
        self._is_suspect = False
        self._connection: sqlite3.Connection | None = None
        self._allowance: Allowance | None = None
        self._file_id: tuple[int, int] = (0, 0)
        self._newest_us: int | None = None
        self._opened_us = _FOR_EVER_US
        self._aside: _Aside | None = None
        self._last_session = 0
        self._sealing: Iterator[None] | None = None
        self._never_sealed: set[int] = set()
        """Hours whose rows can never be sealed."""

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return self._connection is not None

    def open(self, wall_ns: int | None = None) -> Opened:
        """Open or create the file, private to the user; a damaged one is set aside and a new one begun.

        The new one has what could be read of the small tables, and tells of it by an event. What is open is closed
        first.
        """
        self.close()
        # What was recorded while the clock was ahead is not what happened last.
        self._opened_us = _FOR_EVER_US if wall_ns is None else wall_ns // 1000
        if self._own_folder:
            make_private(self.path.parent)
        try:
            opened = self._open()
        except (sqlite3.Error, NotOurs) as error:
            if isinstance(error, sqlite3.Error) and not is_damage(error) and not is_senseless(error):
                raise
            self.set_aside(getattr(error, "what", str(error)), isinstance(error, NotOurs))
            opened = self._open()
        if self._aside is None:
            return opened
        try:
            opened = self._begin_after(self._aside, time.time_ns() if wall_ns is None else wall_ns)
        except BaseException:
            self.close()
            raise
        self._aside = None
        return opened

    def set_aside(self, damage: str, is_foreign: bool = False) -> None:
        """Close the file and put it out of the way; OSError where that fails. The next ``open`` begins a new one.

        One that ``is_foreign`` is not damaged, but holds what this program did not put there.
        """
        self.close()
        # Remembered, since the new file may only be had later, as on a full disk.
        self._aside = _Aside(set_aside(self.path), damage, is_foreign)

    def salvage(self, path: Path, wall_ns: int) -> Salvage:
        """What can be read of a record that was set aside."""
        from aios_gui.record.store.salvage import Salvage

        return Salvage(path, self._schema.tables(self._schema.version), wall_ns // 1000 + _DAY_US)

    def unfinished(self, wall_ns: int) -> tuple[Path, dict[str, int]] | None:
        """The record that was set aside last, if not all that can be read of it was carried over yet.

        Also how many rows of the small tables were.
        """
        import json

        query = "SELECT kind, facts FROM event WHERE kind IN (?, ?) AND at_us >= ? ORDER BY id DESC LIMIT 1"
        values = EventKind.STORE_SET_ASIDE, EventKind.STORE_CARRIED_OVER, wall_ns // 1000 - _REMEMBERED_US
        found = self._open_connection().execute(query, values).fetchone()
        if found is None or found[0] != EventKind.STORE_SET_ASIDE:
            return None
        try:
            facts = json.loads(found[1])
            path = self.path.parent / Path(facts["moved_to"]).name
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        if not SET_ASIDE.fullmatch(path.name) or not path.is_file():
            return None
        saved = {
            name: count for name, count in facts.items() if name.endswith("_rows") and isinstance(count, int)
        }
        return path, saved

    def carry_over(self, batch: Batch) -> int:
        """Commit rows of a record that was set aside, as far as they are not in this one; how many were new."""
        connection = self._open_connection()
        with transaction(connection):
            return _carry_over(connection, batch)

    def _begin_after(self, aside: _Aside, wall_ns: int) -> Opened:
        """Fill the new file with what is small in the damaged one, and tell of it."""
        connection = self._open_connection()
        salvage = self.salvage(aside.path, wall_ns)
        facts: dict[str, int | float | str] = {"moved_to": str(aside.path), "error": aside.damage[:200]}
        if aside.is_foreign:
            facts["foreign"] = 1
        with transaction(connection):
            for batch in salvage.small():
                saved = f"{batch.table}_rows"
                facts[saved] = int(facts.get(saved, 0)) + _carry_over(connection, batch)
            told = Event(EventKind.STORE_SET_ASIDE, wall_ns, None, facts)
            connection.execute(_INSERT_EVENT, rows.event_row(told, 0))
        newest = salvage.newest_beat()
        last_us, clean = _last_moment(connection)
        if newest is not None:
            self._last_session = newest[1]
            if not clean or last_us is None:
                last_us = max(last_us or 0, newest[0])
        self._newest_us = last_us
        return Opened(_ns(last_us), clean, told, self._last_hiccup(connection))

    def _open(self) -> Opened:
        keep_to_user(self.path)
        connection, allowance = open_connection(self.path, is_read_only=False, busy_timeout_s=_BUSY_TIMEOUT_S)
        try:
            # Before anything is changed in a file that is not ours to change.
            self._schema.check(connection)
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -1024")
            connection.execute("PRAGMA journal_size_limit = 4194304")
            keep_former(connection, self.path, self._schema.found_version(connection))
            self._schema.migrate(connection)
            last_us, clean = _last_moment(connection)
            if self._is_suspect or not (clean or self._checked):
                allowance.left = math.inf
                damage = find_damage(connection)
                if damage:
                    raise damaged(damage)
                allowance.left = STEP
            last_hiccup = self._last_hiccup(connection)
            self._checked = self._is_suspect = False
        except BaseException:
            connection.close()
            raise
        self._connection, self._allowance = connection, allowance
        self._file_id = self._identity()
        self._newest_us = last_us
        return Opened(_ns(last_us), clean, last_hiccup=last_hiccup)

    def suspect(self) -> None:
        """Close the file and read it through when it is opened the next time."""
        self._is_suspect = True
        self.close()

    def _last_hiccup(self, connection: sqlite3.Connection) -> Event | None:
        found = connection.execute(_LAST_HICCUPS, (str(EventKind.HICCUP), self._opened_us))
        first = found.fetchone()
        if first is None:
            return None
        from aios_gui.record.store.decode import decode_rows, event_of

        return next(decode_rows("event", event_of, chain((first,), found)), None)

    def begin_session(self, started_ns: int, mode: str, facts: dict[str, Any]) -> int:
        """Note the start of a run of the engine; returns its number, the same where it is noted already."""
        noted = (
            self._open_connection()
            .execute("SELECT max(id) FROM session WHERE started_us = ?", (started_ns // 1000,))
            .fetchone()[0]
        )
        if noted is not None:
            return int(noted)
        cursor = self._open_connection().execute(
            "INSERT INTO session (id, started_us, mode, facts) "
            f"VALUES ((SELECT max(coalesce(max(id), 0), ?) + 1 FROM session WHERE id < {rows.HIGHEST_NUMBER}), ?,?,?)",
            (self._last_session, started_ns // 1000, mode, encode(facts)),
        )
        return int(cursor.lastrowid or 0)

    def end_session(self, session: int, ended_ns: int) -> None:
        """Note the proper end of a run."""
        self._open_connection().execute(
            "UPDATE session SET ended_us = ? WHERE id = ?", (ended_ns // 1000, session)
        )

    def write(self, items: Iterable[object], session: int) -> None:
        """Commit all of ``items``, or none, as of ``session``. Beats that are in the record already are left out."""
        connection = self._open_connection()
        newest_us, items = self._newest_us, tuple(items)
        # A beat alone is one statement, which SQLite commits by itself for a third less.
        is_one_beat = len(items) == 1 and isinstance(items[0], RecordedBeat)
        with nullcontext() if is_one_beat else transaction(connection):
            for item in items:
                self._insert(connection, item, session)
                if isinstance(item, RecordedBeat):
                    newest_us = item.wall_ns // 1000
        self._newest_us = newest_us

    def _insert(self, connection: sqlite3.Connection, item: object, session: int) -> None:
        if isinstance(item, RecordedBeat):
            at_us, _session, *rest = rows.beat_row(item)
            self._insert_beat(connection, (at_us, session, *rest))
        elif isinstance(item, ContextSample):
            connection.execute(_INSERT_CONTEXT, rows.context_row(item))
        elif isinstance(item, Gap):
            connection.execute(_INSERT_GAP, rows.gap_row(item))
        elif isinstance(item, Event):
            connection.execute(_INSERT_EVENT, rows.event_row(item, session))
        elif (write := self._schema.writers.get(type(item))) is not None:
            write(connection, item)
        else:
            log.error("no part of the record takes in a %s", type(item).__name__)

    def _insert_beat(self, connection: sqlite3.Connection, row: tuple[int | None, ...]) -> None:
        """Insert a beat; where the wall clock was set back onto a beat's very µs, it goes 1 µs later."""
        while not connection.execute(_INSERT_BEAT, row).rowcount:
            # Written before, as when what is still known is written into a file that was exchanged.
            if connection.execute(_BEAT_AT, row[:1]).fetchone() == row[2:6]:
                return
            row = (row[0] or 0) + 1, *row[1:]

    def trim(self, raw_days: int, limit_bytes: int) -> bool:
        """Remove some of what is too old or too much; True where there is more to do."""
        schema, connection = self._schema, self._open_connection()
        return trim(connection, schema.age_out, self._newest_us, raw_days, limit_bytes, schema.goes_first)

    def seal(self) -> bool:
        """Do one step of sealing what is old enough; False where nothing is left to be sealed for now."""
        connection = self._open_connection()
        if self._sealing is None:
            if self._newest_us is None:
                return False
            self._sealing = sealing(connection, self._schema.seal, self._newest_us, self._never_sealed)
        try:
            next(self._sealing)
        except BaseException as error:
            self._sealing = None
            if isinstance(error, StopIteration):
                if not self._never_sealed:
                    remove_formers(self.path)
                return False
            raise
        return True

    def growth(self) -> Growth:
        """How much the record grows, and what of it is still to be sealed."""
        connection = self._open_connection()
        return growth_of(lambda query, *values: connection.execute(query, values).fetchone())

    def is_news(self, kind: EventKind, facts: dict[str, int | float | str]) -> bool:
        """Whether there is no event of this kind with the same facts."""
        query = "SELECT 1 FROM event WHERE kind = ? AND facts = ? LIMIT 1"
        found = self._open_connection().execute(query, (str(kind), encode(facts))).fetchone()
        return found is None

    def sync(self) -> None:
        """Move what was committed from the log into the file and flush it to the disk.

        Where the disk is full it stays in the log, which has what was committed: only a write that fails tells more.
        """
        try:
            self._open_connection().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.OperationalError as error:
            if not is_full(error):
                raise
            log.warning("the log of the record cannot be moved into it: %s", error)

    def was_replaced(self) -> bool:
        """Whether the file was deleted or replaced while it is open."""
        return self._connection is not None and self._identity() != self._file_id

    def _identity(self) -> tuple[int, int]:
        try:
            status = self.path.stat()
        except OSError:
            return (0, 0)
        return status.st_dev, status.st_ino

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None or self._allowance is None:
            raise StoreError(f"the record {self.path} is not open")
        self._allowance.left = STEP
        return self._connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection; StoreError where there is none."""
        return self._open_connection()

    def close(self) -> None:
        """Close the file; again is harmless."""
        self._sealing = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def _ns(moment_us: int | None) -> int | None:
    return None if moment_us is None else moment_us * 1000


def _last_moment(connection: sqlite3.Connection) -> tuple[int | None, bool]:
    """What was recorded last, µs, and whether the last session was closed properly.

    By the order in which it was recorded: after a clock that was ahead, the latest date is not the last moment. A
    session that was killed before anything of it was kept says nothing: what counts is the one before.
    """
    sessions = connection.execute("SELECT id, started_us, ended_us FROM session ORDER BY id DESC").fetchall()
    clean = not sessions or isinstance(sessions[0][2], int)
    for session, started_us, ended_us in sessions:
        if isinstance(ended_us, int):
            return ended_us, clean
        if not isinstance(started_us, int):
            return None, False
        beat_us = _last_beat_us(connection, session, started_us)
        gap = connection.execute(_LAST_GAP, (started_us, session)).fetchone()
        # Killed after a pause or a sleep, before the next beat.
        gap_us = gap[1] if gap is not None and gap[0] <= gap[1] else None
        known = [each for each in (beat_us, gap_us) if each is not None]
        if known:
            return max(known), False
        # The gap that a session begins with says that all until then is accounted for. It is the first that a session
        # keeps, and later than the rest only by a clock that was set back.
        begun = connection.execute("SELECT 1 FROM gap WHERE end_us = ? LIMIT 1", (started_us,)).fetchone()
        if begun is not None:
            return started_us, False
    return (sessions[-1][1] if sessions else None), clean


def _last_beat_us(connection: sqlite3.Connection, session: int, started_us: int) -> int | None:
    """The last beat of a session, which all beats are read for only where a clock was set back."""
    latest = connection.execute("SELECT at_us, session FROM beat ORDER BY at_us DESC LIMIT 1").fetchone()
    if latest is None:
        return None
    set_back_us = connection.execute(_SET_BACK_TO, (started_us,)).fetchone()[0]
    if latest[1] == session and set_back_us is None:
        return int(latest[0])
    from_us = started_us if set_back_us is None else min(started_us, set_back_us)
    found = connection.execute(
        "SELECT at_us FROM beat WHERE at_us >= ? AND session = ? ORDER BY seq DESC LIMIT 1",
        (from_us, session),
    ).fetchone()
    return None if found is None else int(found[0])


def _carry_over(connection: sqlite3.Connection, batch: Batch) -> int:
    """Insert the rows that are not there yet; how many these were."""
    before = connection.total_changes
    columns = ", ".join(batch.columns)
    statement = f"INSERT OR IGNORE INTO {batch.table} ({columns}) VALUES ({rows.places_of(columns)})"
    connection.executemany(statement, batch.rows)
    return connection.total_changes - before

"""Keeps the record going: opens, waits out a full or locked disk, replaces a damaged file, counts what was lost."""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aios_gui.heartbeat.model.gap import Gap, GapKind, clock_jump
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.model.hour import MINUTE_NS, MINUTES, Hour
from aios_gui.record.model.retention import Growth
from aios_gui.record.store.errors import StoreError, damaged, is_damage, is_endless, is_senseless
from aios_gui.record.store.hour_rows import Firings, read_minutes
from aios_gui.record.store.schema import RecordSchema
from aios_gui.record.store.writer import Opened, SqliteWriter
from aios_gui.system.threads import begin

if TYPE_CHECKING:
    from aios_gui.record.store.care import CarryOver, Examination

log = logging.getLogger(__name__)

PENDING_LIMIT = 20_000
RETRY_NS = 2_000_000_000
SYNC_NS = 45_000_000_000
TRIM_NS = 600_000_000_000
SEAL_NS = 60_000_000_000
SEAL_STEPS = 4
LOOK_FOR_FILE_NS = 2_000_000_000
EXAMINE_FIRST_NS, EXAMINE_AGAIN_NS = 60_000_000_000, 86_400_000_000_000
_UNWRITABLE = (ValueError, TypeError, OverflowError, sqlite3.DataError)
"""What is raised for an item that no record can take, whatever the disk."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session's row says of the run: when it began (wall, ns), who runs it, versions and machine."""

    started_ns: int
    mode: str
    facts: dict[str, Any]


class ResilientStore:
    """The recorder's hand on the store. Nothing here raises: a store that fails is told in ``health``.

    Items that cannot be written wait, 20,000 at most; older ones are then given up, counted, and stand in the
    record as a gap once it can be written again. Times given to its methods are monotonic ns unless named wall.
    """

    def __init__(
        self,
        path: Path,
        schema: RecordSchema,
        session: SessionFacts,
        raw_days: int,
        limit_bytes: int,
        own_folder: bool = True,
    ) -> None:
        self._schema = schema
        self._writer = SqliteWriter(path, schema, own_folder)
        self._session_facts = session
        self.raw_days = raw_days
        self.limit_bytes = limit_bytes
        self.session = 0
        self.health = StoreHealth()
        self.growth = Growth()
        self.is_ours = True
        """While this is False, another instance owns the place of the record: nothing is opened there."""
        self.last_hiccup: Event | None = None
        """The newest one of an earlier run, once the record was opened."""
        self.on_first_opening: Callable[[sqlite3.Connection], object] = lambda _connection: None
        """Called once, before anything of this run is written, to read what goes on from earlier ones."""
        self.on_news: Callable[[Event], object] = lambda _event: None
        """Called with every event of the store itself, on the thread that keeps."""
        self._pending: deque[object] = deque()
        self._lost: list[RecordedBeat] = []
        self._lost_count = 0
        self._retry_at_ns = 0
        self._sync_at_ns = 0
        self._trim_at_ns = 0
        self._seal_at_ns = 0
        self._look_at_ns = 0
        self._news: list[Event] = []
        self._first_opening = True
        self._session_noted = False
        self._remembered: list[object] | None = None
        self._examine_at_ns: int | None = None
        self._examination: Examination | None = None
        self._carry_over: CarryOver | None = None

    @property
    def folder(self) -> Path:
        """Where the record lies."""
        return self._writer.path.parent

    def take(self, items: Iterable[object]) -> None:
        """Own ``items`` from now on; they are written with the next ``keep``."""
        self._pending.extend(items)

    def keep(
        self,
        now_ns: int,
        wall_ns: int,
        recent: Callable[[], Iterable[LiveItem]] = tuple,
        tends: bool = True,
    ) -> None:
        """Write all that waits, if the store lets it.

        ``recent`` tells what was written lately: it is written again where the file was deleted in the meantime. Unless
        it ``tends`` the record, it does nothing else.
        """
        if now_ns >= self._retry_at_ns:
            try:
                if self.is_ours and tends:
                    self._find_replaced(now_ns, wall_ns, recent)
                self._write(wall_ns)
                if tends:
                    self._tend(now_ns, wall_ns)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told in ``health``
                self._fail(error, now_ns, wall_ns, recent)
        self._give_up_oldest()

    def seal(
        self,
        now_ns: int,
        wall_ns: int,
        recent: Callable[[], Iterable[LiveItem]],
        is_quiet: Callable[[], bool],
    ) -> bool:
        """Seal some of what is old enough, in steps of a millisecond or two; ``is_quiet`` is asked before each.

        False where nothing was done.
        """
        is_in_use = self._remembered is not None or self._carry_over is not None
        if now_ns < self._seal_at_ns or not self._writer.is_open or not self.health.recording or is_in_use:
            return False
        try:
            for step in range(SEAL_STEPS):
                if not is_quiet():
                    return step > 0
                if not self._writer.seal():
                    self._seal_at_ns = now_ns + SEAL_NS
                    return step > 0
        except Exception as error:  # noqa: BLE001 - as in ``keep``
            self._seal_at_ns = now_ns + SEAL_NS
            if isinstance(error, sqlite3.Error) and is_damage(error):
                self._fail(error, now_ns, wall_ns, recent)
            else:  # as on a full disk, of which the beats tell once they cannot be written
                log.warning("nothing is sealed for now: %s", error)
        return True

    def past_hour(self, hiccup_ns: int, firings: Firings) -> list[tuple[int, Hour]]:
        """What the record has of the hour before this run, by the minute; nothing where it cannot be read."""
        started_ns = self._session_facts.started_ns
        try:
            since_ns = started_ns - MINUTES * MINUTE_NS
            return read_minutes(self._writer.connection, since_ns, started_ns, hiccup_ns, firings)
        except (sqlite3.Error, StoreError) as error:
            log.warning("the hour before this run cannot be read from the record: %s", error)
            if isinstance(error, sqlite3.Error) and is_damage(error):
                self._examine_at_ns = 0  # not only in a while, until when nothing of it could be read
            return []

    def news(self) -> list[Event]:
        """Events of the store itself since last asked; they are also written."""
        news, self._news = self._news, []
        return news

    def close(self, now_ns: int, wall_ns: int) -> None:
        """Write what waits, note the proper end and close."""
        self.keep(max(now_ns, self._retry_at_ns), wall_ns)
        if self._pending and self._retry_at_ns == 0:
            # The file was found damaged only now and set aside: what waits goes into a new one.
            self.keep(now_ns, wall_ns)
        self._leave_alone()
        try:
            if self._writer.is_open:
                self._writer.end_session(self.session, wall_ns)
            self._writer.close()
        except Exception:
            log.exception("the record could not be closed properly")

    # While the record is moved

    def moving_connection(self) -> sqlite3.Connection | None:
        """The connection that it writes with; None while the record cannot be written."""
        return self._writer.connection if self._writer.is_open and self.health.recording else None

    def remember_writes(self) -> None:
        """From now on also remember what is written, for a copy that does not have it."""
        self._remembered = []

    def leave(self) -> None:
        """Close the record, to go on with another one or with the same."""
        self._leave_alone()
        self._writer.close()
        self._session_noted = False

    def complete(self, copy: Path) -> None:
        """Write what was remembered into a copy of the record; sqlite3.Error, OSError or StoreError as they come."""
        writer = SqliteWriter(copy, self._schema, own_folder=False, checked=True)
        try:
            writer.open()
            writer.write(self._remembered or [], self.session)
        finally:
            writer.close()

    def settle_in(self, record: Path) -> None:
        """Go on with this record; sqlite3.Error, OSError or StoreError where it cannot be opened.

        Nothing has changed then.
        """
        writer = SqliteWriter(record, self._schema, own_folder=False, checked=True)
        writer.open()
        self._writer, self._remembered = writer, None

    def go_to(self, record: Path) -> None:
        """Go on with this record, which is opened with the next ``keep`` or as soon as it can be."""
        self._leave_alone()
        self._writer.close()
        self._writer, self._remembered = (
            SqliteWriter(record, self._schema, own_folder=False, checked=True),
            None,
        )
        self._session_noted = False

    def stay(self) -> None:
        """Go on with the record as it is."""
        self._remembered = None

    def _write(self, wall_ns: int) -> None:
        if not self._writer.is_open or not self._session_noted:
            self._open(wall_ns)
        if not self._pending and not self._lost_count:
            return
        extra: list[object] = [self._lost_gap()] if self._lost else []
        try:
            self._commit([*extra, *self._pending])
            self._pending.clear()
        except _UNWRITABLE as error:
            log.warning("the record takes not all that waits (%s): each is written by itself", error)
            self._pending.extendleft(extra)
            self._lost.clear()
            self._write_singly()
        if not self.health.recording:
            self._recovered(wall_ns)
        self._lost.clear()
        self._lost_count = 0

    def _commit(self, items: list[object]) -> None:
        self._writer.write(items, self.session)
        if self._remembered is not None:
            self._remembered += items

    def _write_singly(self) -> None:
        """Write what waits one by one, and leave out what can never be written, as text that is none."""
        while self._pending:
            try:
                self._commit([self._pending[0]])
            except _UNWRITABLE:
                log.exception("%r cannot be written and is left out", self._pending[0])
            self._pending.popleft()

    def _open(self, wall_ns: int) -> None:
        if not self._writer.is_open:
            if not self.is_ours:
                raise StoreError("another instance keeps the record here")
            opened = self._writer.open(wall_ns)
            self._session_noted = False
            if opened.set_aside is not None:
                self._note(opened.set_aside)
            self._begin_to_carry_over(wall_ns)
            if self._first_opening:
                self._read_earlier()
                self._first_opening = False
                self._note_time_off(opened)
                self.last_hiccup = opened.last_hiccup
                if not opened.ended_cleanly:
                    log.warning("the last run was ended from outside; its record is sound")
        session = self._session_facts
        self.session = self._writer.begin_session(session.started_ns, session.mode, session.facts)
        self._session_noted = True

    def _read_earlier(self) -> None:
        try:
            self.on_first_opening(self._writer.connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not is_senseless(error):
                self._writer.close()  # to be opened and read again
                raise
            log.exception(
                "what earlier runs left in the record cannot be read; the beats are recorded all the same"
            )

    def _note_time_off(self, opened: Opened) -> None:
        """In the span since the record last wrote something the program did not run, which is no failure.

        Where the clock was set back meanwhile, how long that was cannot be known: the jump is noted instead.
        """
        started_ns = self._session_facts.started_ns
        if opened.last_ns is None:
            return
        gap: Gap | None = Gap(GapKind.NOT_RECORDED, opened.last_ns, started_ns)
        if opened.last_ns >= started_ns:
            gap = clock_jump(opened.last_ns, started_ns)
        if gap is not None:
            self._pending.appendleft(gap)

    def _find_replaced(self, now_ns: int, wall_ns: int, recent: Callable[[], Iterable[LiveItem]]) -> None:
        """A file deleted or exchanged while open takes no more beats: begin a new one with what is still known."""
        if now_ns < self._look_at_ns:
            return
        self._look_at_ns = now_ns + LOOK_FOR_FILE_NS
        if self._writer.was_replaced():
            log.error("the record %s was deleted or replaced while it was open", self._writer.path)
            self._writer.close()
            self._write_again(recent())
            self._emit(
                Event(EventKind.STORE_UNAVAILABLE, wall_ns, None, {"error": "deleted or replaced while open"})
            )

    def _tend(self, now_ns: int, wall_ns: int) -> None:
        if now_ns >= self._sync_at_ns:
            self._sync_at_ns = now_ns + SYNC_NS
            self._writer.sync()
            self.growth = self._writer.growth()
        if now_ns >= self._trim_at_ns:
            more = self._writer.trim(self.raw_days, self.limit_bytes)
            self._trim_at_ns = now_ns + (0 if more else TRIM_NS)
        if self._carry_over is not None and self._remembered is None:
            self._go_on_carrying_over(self._carry_over, wall_ns)
        self._examine(now_ns, wall_ns)

    # Care in idle time

    def _examine(self, now_ns: int, wall_ns: int) -> None:
        """Have the record read through, a while after it was opened and then once a day."""
        if self._examine_at_ns is None:
            self._examine_at_ns = now_ns + EXAMINE_FIRST_NS
        if self._examination is None:
            if now_ns >= self._examine_at_ns:
                from aios_gui.record.store.care import Examination

                self._examination = Examination(self._writer.path)
                begin(self._examination)
        elif not self._examination.is_alive():
            damage, hours, self._examination = self._examination.damage, self._examination.damaged_hours, None
            self._examine_at_ns = now_ns + EXAMINE_AGAIN_NS
            for hour in hours:
                facts: dict[str, int | float | str] = {"hour": hour}
                if self._writer.is_news(EventKind.HOUR_DAMAGED, facts):
                    log.error("the page of hour %d (UTC, since 1970) is damaged", hour)
                    self._emit(Event(EventKind.HOUR_DAMAGED, wall_ns, None, facts))
            if damage:
                raise damaged(damage)

    def _begin_to_carry_over(self, wall_ns: int) -> None:
        unfinished = self._writer.unfinished(wall_ns)
        if self._carry_over is None and unfinished is not None:
            from aios_gui.record.store.care import CarryOver

            path, saved = unfinished
            self._carry_over = CarryOver(self._writer.salvage(path, wall_ns), saved)
            if not begin(self._carry_over):
                self._carry_over = None

    def _go_on_carrying_over(self, work: CarryOver, wall_ns: int) -> None:
        batch = work.next()
        if batch is not None:
            try:
                new_rows = self._writer.carry_over(batch)
            except _UNWRITABLE:
                log.exception("rows of %s cannot be written and are left out", batch.table)
                new_rows = 0
            work.taken(new_rows)
        elif work.is_done:
            self._carry_over = None
            facts: dict[str, int | float | str] = {"moved_to": str(work.path), **work.saved}
            log.warning("of %s these were carried over: %s", work.path, work.saved or "none")
            self._emit(Event(EventKind.STORE_CARRIED_OVER, wall_ns, None, facts))

    def _leave_alone(self) -> None:
        """Let nothing read the record or one that was set aside; it is begun again when the record is opened."""
        for work in (self._examination, self._carry_over):
            if work is not None:
                work.stop()
        self._examination = self._carry_over = self._examine_at_ns = None

    def _write_again(self, items: Iterable[LiveItem]) -> None:
        """Have what was written lately written into the next file, before all that waits."""
        waiting = set(map(id, self._pending))
        self._pending.extendleft(reversed([item for item in items if id(item) not in waiting]))

    def _fail(
        self, error: Exception, now_ns: int, wall_ns: int, recent: Callable[[], Iterable[LiveItem]]
    ) -> None:
        self._retry_at_ns = now_ns + RETRY_NS
        if isinstance(error, sqlite3.Error) and is_damage(error):
            # Gaps and events are carried over at once, with the small tables.
            again = [item for item in recent() if isinstance(item, RecordedBeat | ContextSample)]
            if self._set_aside(str(error), wall_ns):
                self._write_again(again)
            return
        if is_endless(error):
            self._writer.suspect()
        elif isinstance(error, OSError) or not isinstance(error, sqlite3.OperationalError):
            self._writer.close()
        if self.health.recording:
            log.error("the record cannot be written: %s", error)
            self._emit(Event(EventKind.STORE_UNAVAILABLE, wall_ns, None, {"error": str(error)[:200]}))
        self._is_failing(str(error), wall_ns)

    def _is_failing(self, error: str, wall_ns: int) -> None:
        since_ns = wall_ns if self.health.recording else self.health.failing_since_ns
        self.health = StoreHealth(False, self._lost_count, error, failing_since_ns=since_ns)

    def _set_aside(self, damage: str, wall_ns: int) -> bool:
        self._leave_alone()
        try:
            self._writer.set_aside(damage)
        except OSError as error:
            log.exception("the damaged record could not be set aside")
            self._is_failing(f"{damage}; {error}", wall_ns)
            return False
        self._retry_at_ns = 0
        return True

    def _recovered(self, wall_ns: int) -> None:
        self.health = StoreHealth()
        self._emit(Event(EventKind.STORE_RECOVERED, wall_ns, None, {"unrecorded_beats": self._lost_count}))

    def _emit(self, event: Event) -> None:
        self._note(event)
        self._pending.append(event)

    def _note(self, event: Event) -> None:
        self._news.append(event)
        try:
            self.on_news(event)
        except Exception:
            log.exception("%s could not be told", event)

    def _give_up_oldest(self) -> None:
        while len(self._pending) > PENDING_LIMIT:
            item = self._pending.popleft()
            if isinstance(item, RecordedBeat):
                self._lost_count += 1
                self._lost = [self._lost[0], item] if self._lost else [item]
        if not self.health.recording:
            self.health = replace(self.health, unrecorded_beats=self._lost_count)

    def _lost_gap(self) -> Gap:
        return Gap(GapKind.NOT_RECORDED, self._lost[0].wall_ns, self._lost[-1].wall_ns, self._lost_count)


def machine_facts() -> dict[str, Any]:
    """Versions and machine for a session's row."""
    import os

    from aios_gui import __version__

    if sys.platform == "win32":
        import platform

        system = platform.uname()
    else:
        system = os.uname()
    return {
        "version": __version__,
        "python": sys.version.split(maxsplit=1)[0],
        "sqlite": sqlite3.sqlite_version,
        "system": sys.platform,
        "release": system.release,
        "machine": system.machine,
        "cores": os.cpu_count(),
    }

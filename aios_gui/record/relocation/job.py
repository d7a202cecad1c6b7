"""Moves the record to another folder while beats go on being written, one step after the other."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from aios_gui.record.relocation import journal as place
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.store.damage import find_damage
from aios_gui.record.store.errors import StoreError
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import STORE_NAME, Paths

log = logging.getLogger(__name__)
_PAGES_AT_ONCE = 128
_LOOK_S = 0.05
_SPARE_BYTES = 8 << 20
"""What the record may grow by while it is copied, and the log beside it."""


class MoveRefused(Exception):
    """The record stays where it is; ``problem`` tells why, and ``reason`` what the system said."""

    def __init__(
        self, problem: MoveProblem, reason: str = "", needed_bytes: int = 0, free_bytes: int = 0
    ) -> None:
        super().__init__(f"{problem}: {reason}")
        self.problem, self.reason = problem, reason
        self.needed_bytes, self.free_bytes = needed_bytes, free_bytes


class _Cancelled(Exception):
    """Somebody wants the record to stay."""


class WriterOfRecord(Protocol):
    """Who writes the record. Every call comes on its own thread."""

    def moving_connection(self) -> sqlite3.Connection | None:
        """The connection that it writes with; None where it has none."""
        ...

    def remember_writes(self) -> None:
        """From now on, also remember what is written."""
        ...

    def leave(self) -> None:
        """Close the record."""
        ...

    def complete(self, copy: Path) -> None:
        """Write into the copy all that was remembered; errors as they come."""
        ...

    def settle_in(self, record: Path) -> None:
        """Open this record and go on with it; errors as they come."""
        ...

    def stay(self) -> None:
        """Go on with the former record, and remember nothing more."""
        ...


def check_target(paths: Paths, target: Path) -> None:
    """Whether the record can be moved to ``target``, which is made if need be; MoveRefused where it cannot."""
    if not target.is_absolute():
        raise MoveRefused(MoveProblem.NOT_ABSOLUTE)
    source = paths.record_folder
    if target == source or (target.is_dir() and source.is_dir() and target.samefile(source)):
        raise MoveRefused(MoveProblem.SAME_FOLDER)
    if target.exists() and not target.is_dir():
        raise MoveRefused(MoveProblem.NOT_A_FOLDER)
    try:
        make_private(target)
        if (target / STORE_NAME).exists():
            raise MoveRefused(MoveProblem.HOLDS_RECORD)
        place.remove(place.files_of(target / place.COPY_NAME))
        with tempfile.TemporaryFile(dir=target):
            free_bytes = shutil.disk_usage(target).free
    except OSError as error:
        raise MoveRefused(MoveProblem.NOT_WRITABLE, error.strerror or str(error)) from error
    needed_bytes = sum(each.stat().st_size for each in place.files_of(paths.store)) + _SPARE_BYTES
    if free_bytes < needed_bytes:
        raise MoveRefused(MoveProblem.NO_ROOM, needed_bytes=needed_bytes, free_bytes=free_bytes)


class RecordMove:
    """One move. ``run`` does it on the thread that writes the record; any thread may read ``picture`` and cancel."""

    def __init__(self, paths: Paths, target: Path) -> None:
        self._paths = paths
        self._target = Path(os.path.normpath(target))
        self._source = paths.record_folder
        self._copy = self._target / place.COPY_NAME
        self._cancelled = threading.Event()
        self.picture = MoveStatus(MovePhase.COPYING, str(self._target))

    def cancel(self) -> None:
        """Let the record stay, as far as that is still possible."""
        self._cancelled.set()

    def run(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Move the record; never raises, ``picture`` tells how it ended.

        ``between`` is called between two short steps, so that whoever writes the record can go on doing so.
        """
        try:
            place.settle(self._paths)
            check_target(self._paths, self._target)
            self._move(writer, between)
        except MoveRefused as refused:
            log.warning("the record is not moved to %s: %s", self._target, refused)
            self._show(
                MovePhase.FAILED,
                problem=refused.problem,
                reason=refused.reason,
                needed_bytes=refused.needed_bytes,
                free_bytes=refused.free_bytes,
            )
        except _Cancelled:
            self._show(MovePhase.CANCELLED)

    def _move(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        try:
            place.note_move(self._paths, place.Move(self._source, self._target))
            self._copy_record(writer, between)
            writer.remember_writes()
            self._check_copy(writer, between)
        except (OSError, sqlite3.Error, StoreError) as error:
            self._give_up(writer)
            raise MoveRefused(MoveProblem.COPY_FAILED, str(error)) from error
        except (MoveRefused, _Cancelled):
            self._give_up(writer)
            raise
        self._show(MovePhase.SWITCHING)
        self._switch(writer)
        self._show(MovePhase.DONE, left_behind=self._tidy_up())
        log.info("the record was moved from %s to %s", self._source, self._target)

    # The steps

    def _copy_record(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Copy page by page; what the writer writes meanwhile SQLite puts into the copy, too."""
        source = self._connection(writer)
        page_bytes: int = source.execute("PRAGMA page_size").fetchone()[0]

        def tell(_status: int, remaining: int, total: int) -> None:
            self._show(
                MovePhase.COPYING, done_bytes=(total - remaining) * page_bytes, total_bytes=total * page_bytes
            )
            self._go_on(writer, source, between if remaining else None)

        os.close(os.open(self._copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(self._copy, isolation_level=None)) as copy:
            source.backup(copy, pages=_PAGES_AT_ONCE, progress=tell)

    def _check_copy(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Read the copy from end to end, on a thread of its own since that may take a while."""
        self._show(MovePhase.CHECKING, done_bytes=self.picture.total_bytes)
        source = self._connection(writer)
        found: list[str] = []
        with closing(sqlite3.connect(self._copy, isolation_level=None, check_same_thread=False)) as copy:
            reader = threading.Thread(
                target=lambda: found.append(find_damage(copy)), name="copy-check", daemon=True
            )
            reader.start()
            try:
                checking = True
                while checking:  # once at least, however short the check
                    reader.join(_LOOK_S)
                    self._go_on(writer, source, between)
                    checking = reader.is_alive()
            finally:
                copy.interrupt()
                reader.join()
        if found != [""]:
            raise MoveRefused(MoveProblem.COPY_DAMAGED, found[0] if found else "")
        if len(place.files_of(self._copy)) != 1:
            raise MoveRefused(MoveProblem.COPY_FAILED, "the copy is still in use")

    def _go_on(
        self, writer: WriterOfRecord, source: sqlite3.Connection, between: Callable[[], None] | None
    ) -> None:
        if self._cancelled.is_set():
            raise _Cancelled
        if between is not None:
            between()
        if self._connection(writer) is not source:
            raise MoveRefused(MoveProblem.NOT_RECORDING)

    def _connection(self, writer: WriterOfRecord) -> sqlite3.Connection:
        connection = writer.moving_connection()
        if connection is None:
            raise MoveRefused(MoveProblem.NOT_RECORDING)
        return connection

    def _switch(self, writer: WriterOfRecord) -> None:
        """From here on it cannot be cancelled: a moment later the record lies in the new place."""
        writer.leave()
        try:
            writer.complete(self._copy)
            place.point_to(self._paths, self._target)
            place.name_copy(self._target)
            writer.settle_in(self._target / STORE_NAME)
        except (OSError, sqlite3.Error, StoreError) as error:
            self._switch_back(writer)
            raise MoveRefused(MoveProblem.NOT_SWITCHED, str(error)) from error

    def _switch_back(self, writer: WriterOfRecord) -> None:
        try:
            place.point_to(self._paths, self._source)
        except OSError:
            # Then the record lies in the new place, and the next start opens it there.
            log.exception("the note of where the record lies cannot be written back")
            return
        with suppress(OSError):
            place.remove(place.files_of(self._target / STORE_NAME))  # there was none before
        self._give_up(writer)

    def _give_up(self, writer: WriterOfRecord) -> None:
        """Leave nothing of the copy, and let the writer go on as before."""
        writer.stay()
        try:
            place.remove(place.files_of(self._copy))
            place.forget_move(self._paths)
        except OSError as error:
            log.warning("the copy in %s is removed at the next start: %s", self._target, error)

    def _tidy_up(self) -> str:
        """Remove the former record; where that fails, as while somebody reads it, the next start does."""
        try:
            place.remove(place.files_of(self._source / STORE_NAME))
            place.forget_move(self._paths)
        except OSError as error:
            log.warning("the former record in %s is removed at the next start: %s", self._source, error)
            return str(self._source / STORE_NAME)
        return ""

    def _show(self, phase: MovePhase, **changes: object) -> None:
        self.picture = replace(self.picture, phase=phase, **changes)  # type: ignore[arg-type]

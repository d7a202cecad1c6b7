"""Moves the record to another folder while beats go on being written, one step after the other."""

from __future__ import annotations

import logging
import math
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

from aios_gui.record.relocation import journal
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.store.damage import find_damage
from aios_gui.record.store.opening import open_connection
from aios_gui.system.atomic_file import make_private
from aios_gui.system.other_users import opens_to_others
from aios_gui.system.paths import STORE_NAME, Paths
from aios_gui.system.threads import Thread

log = logging.getLogger(__name__)
_PAGES_AT_ONCE = 128
_LOOK_S = 0.05
_BUSY_TIMEOUT_S = 5.0
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
    """The record is to stay."""


class WriterOfRecord(Protocol):
    """What writes the record. Every call comes on its own thread."""

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

    def go_to(self, record: Path) -> None:
        """Go on with this record as soon as it can be opened."""
        ...

    def stay(self) -> None:
        """Go on with the former record, and remember nothing more."""
        ...


def check_target(paths: Paths, target: Path) -> None:
    """Whether the record can be moved to ``target``, which is made if need be; MoveRefused where it cannot."""
    if not target.is_absolute():
        raise MoveRefused(MoveProblem.NOT_ABSOLUTE)
    source = paths.record_folder
    try:
        if target == source or (target.is_dir() and source.is_dir() and target.samefile(source)):
            raise MoveRefused(MoveProblem.SAME_FOLDER)
        if target.exists() and not target.is_dir():
            raise MoveRefused(MoveProblem.NOT_A_FOLDER)
        make_private(target)
        if (target / STORE_NAME).exists():
            raise MoveRefused(MoveProblem.HOLDS_RECORD)
        journal.remove(journal.files_of(target / journal.COPY_NAME))
        with tempfile.TemporaryFile(dir=target):
            free_bytes = shutil.disk_usage(target).free
        if (found := opens_to_others(target)) is not None:
            raise MoveRefused(MoveProblem.OPEN_TO_OTHERS, str(found))
        needed_bytes = sum(map(_size, journal.files_of(paths.store))) + _SPARE_BYTES
    except OSError as error:
        raise MoveRefused(MoveProblem.NOT_WRITABLE, error.strerror or str(error)) from error
    except ValueError as error:  # NUL, or text that is none, in a path
        raise MoveRefused(MoveProblem.NOT_WRITABLE, str(error)) from error
    if free_bytes < needed_bytes:
        raise MoveRefused(MoveProblem.NO_ROOM, needed_bytes=needed_bytes, free_bytes=free_bytes)


def _size(file: Path) -> int:
    """Bytes of a file; 0 where it has just gone, as the log does when the last reader closes it."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


class RecordMove:
    """One move. ``run`` does it on the thread that writes the record; any thread may read ``status`` and cancel."""

    def __init__(self, paths: Paths, target: Path) -> None:
        self._paths = paths
        self._target = Path(os.path.normpath(target))
        self._source = paths.data
        self._copy = self._target / journal.COPY_NAME
        self._cancelled = threading.Event()
        self.is_half_undone = False
        """The note names a place where the record does not lie; ``undo`` is to be called until it no longer does."""
        self.status = MoveStatus(MovePhase.COPYING, str(self._target))

    def cancel(self) -> None:
        """Let the record stay, as far as that is still possible."""
        self._cancelled.set()

    def call_off(self) -> None:
        """It will not be run any more."""
        if self.status.under_way:
            self._show(MovePhase.CANCELLED)

    def refuse(self, problem: MoveProblem) -> None:
        """It is not run."""
        self._show(MovePhase.FAILED, problem=problem)

    def undo(self) -> bool:
        """Let the note name the place where the record lies; False where that still cannot be."""
        if self.is_half_undone:
            try:
                journal.point_to(self._paths, self._source)
            except OSError:
                return False
            self.is_half_undone = False
            journal.settle(self._paths)
        return True

    def run(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Move the record; never raises, ``status`` tells how it ended.

        ``between`` is called between two short steps, so that what writes the record can go on doing so.
        """
        try:
            journal.settle(self._paths)
            self._source = self._paths.record_folder
            check_target(self._paths, self._target)
            self._move(writer, between)
        except MoveRefused as refused:
            log.warning("the record is not moved to %r: %s", str(self._target), refused)
            self._show(
                MovePhase.FAILED,
                problem=refused.problem,
                reason=refused.reason,
                needed_bytes=refused.needed_bytes,
                free_bytes=refused.free_bytes,
            )
        except _Cancelled:
            self._show(MovePhase.CANCELLED)
        except (Exception, SystemExit) as error:
            log.exception(
                "the move of the record to %r met an error that was not expected", str(self._target)
            )
            self._show(MovePhase.FAILED, problem=MoveProblem.COPY_FAILED, reason=_reason(error))

    def _move(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        try:
            journal.note_move(self._paths, journal.Move(self._source, self._target))
            self._copy_record(writer, between)
            writer.remember_writes()
            self._check_copy(writer, between)
        except (MoveRefused, _Cancelled):
            self._give_up(writer)
            raise
        except (Exception, SystemExit) as error:
            self._give_up(writer)
            raise MoveRefused(MoveProblem.COPY_FAILED, _reason(error)) from error
        self._show(MovePhase.SWITCHING)
        # The former record is kept until the new one was opened.
        left_behind = self._tidy_up() if self._switch(writer) else str(self._source / STORE_NAME)
        self._show(MovePhase.DONE, left_behind=left_behind)
        log.info("the record was moved from %s to %s", self._source, self._target)

    # The steps

    def _copy_record(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Copy page by page; what the writer writes while this goes on, SQLite puts into the copy, too."""
        source = self._connection(writer)
        page_bytes: int = source.execute("PRAGMA page_size").fetchone()[0]

        def on_progress(_status: int, remaining: int, total: int) -> None:
            self._show(
                MovePhase.COPYING, done_bytes=(total - remaining) * page_bytes, total_bytes=total * page_bytes
            )
            self._go_on(writer, source, between if remaining else None)

        os.close(os.open(self._copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        copy, _allowance = open_connection(self._copy, is_read_only=False, busy_timeout_s=_BUSY_TIMEOUT_S)
        with closing(copy):
            source.backup(copy, pages=_PAGES_AT_ONCE, progress=on_progress)

    def _check_copy(self, writer: WriterOfRecord, between: Callable[[], None]) -> None:
        """Read the copy from end to end, on a thread of its own since that may take a while."""
        self._show(MovePhase.CHECKING, done_bytes=self.status.total_bytes)
        source = self._connection(writer)
        found: list[str] = []
        copy, allowance = open_connection(
            self._copy, is_read_only=False, busy_timeout_s=_BUSY_TIMEOUT_S, any_thread=True
        )
        allowance.left = math.inf
        with closing(copy):
            reader = Thread(target=lambda: found.append(_verdict(copy)), name="copy-check", daemon=True)
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
        if len(journal.files_of(self._copy)) != 1:
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

    def _switch(self, writer: WriterOfRecord) -> bool:
        """From here on it cannot be cancelled: a moment later the record lies in the new place. False where
        it is there, but could not be opened yet.
        """
        try:
            writer.leave()
            writer.complete(self._copy)
            journal.point_to(self._paths, self._target)
            journal.name_copy(self._target)
            writer.settle_in(self._target / STORE_NAME)
        except (Exception, SystemExit) as error:
            if not self._is_there(writer):
                raise MoveRefused(MoveProblem.NOT_SWITCHED, _reason(error)) from error
            log.exception("the record lies in %s, and is opened there as soon as it can be", self._target)
            return False
        return True

    def _is_there(self, writer: WriterOfRecord) -> bool:
        """Let the record stay, as it was not changed over; True where that can no longer be and it lies in the copy."""
        try:
            if self._paths.record_folder != self._source:
                journal.point_to(self._paths, self._source)
        except OSError:
            log.exception("the note of where the record lies cannot be written back")
            return self._go_along(writer)
        with suppress(OSError):
            journal.remove(journal.files_of(self._target / STORE_NAME))  # there was none before
        self._give_up(writer)
        return False

    def _go_along(self, writer: WriterOfRecord) -> bool:
        """Follow the note, which names the new place, where the copy is whole; False where it has no name there."""
        try:
            journal.name_copy(self._target)
            named = (self._target / STORE_NAME).exists()
        except OSError:
            log.exception("the copy of the record cannot be given its name; the record goes on where it was")
            named = False
        if named:
            writer.go_to(self._target / STORE_NAME)
        else:
            self.is_half_undone = True
            writer.stay()
        return named

    def _give_up(self, writer: WriterOfRecord) -> None:
        """Leave nothing of the copy, and let the writer go on as before."""
        writer.stay()
        try:
            journal.remove(journal.files_of(self._copy))
            journal.forget_move(self._paths)
        except OSError as error:
            log.warning("the copy in %s is removed at the next start: %s", self._target, error)

    def _tidy_up(self) -> str:
        """Remove the former record; where that fails, as while it is being read, the next start does."""
        try:
            journal.remove(journal.files_of(self._source / STORE_NAME))
            journal.forget_move(self._paths)
        except OSError as error:
            log.warning("the former record in %s is removed at the next start: %s", self._source, error)
            return str(self._source / STORE_NAME)
        return ""

    def _show(self, phase: MovePhase, **changes: object) -> None:
        self.status = replace(self.status, phase=phase, **changes)  # type: ignore[arg-type]


def _verdict(copy: sqlite3.Connection) -> str:
    try:
        return find_damage(copy)
    except sqlite3.Error as error:  # as where it is interrupted
        return str(error)


def _reason(error: BaseException) -> str:
    """What is told of an error: the words of the system, or its kind where it has none."""
    return str(error) or type(error).__name__

"""The client of a move of the record: asks the instance that runs, or moves it here where none does."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aios_gui.instance.channel import ChannelError, NoResident
from aios_gui.instance.client import ChannelClient, Client
from aios_gui.instance.commands import CancelMove, GetMove, GetSnapshot, MoveRecord
from aios_gui.instance.lock import InstanceLock
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.relocation import journal
from aios_gui.record.relocation.job import MoveRefused, RecordMove, check_target
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths

_LOOK_S = 0.05
_ASK_S = 5.0
_STALLED_S = 10.0
"""Without progress for this long, it is asked whether the recorder still makes its rounds."""

OnStatus = Callable[[MoveStatus], None]


def move_record(paths: Paths, target: Path, cancelled: threading.Event, on_status: OnStatus) -> MoveStatus:
    """Move the record and return how it ended; ``on_status`` is given every status in between.

    AlreadyRunning or ChannelError where another instance runs and cannot be asked, OSError where there can be no lock,
    ValueError where ``target`` cannot be a folder's path.
    """
    command = MoveRecord(str(target))
    client = ChannelClient(paths, _ASK_S)
    try:
        first = client.execute(command).move
    except NoResident:
        return _move_here(paths, target, cancelled, on_status)
    return _follow(client, first, cancelled, on_status)


def _follow(
    client: Client, status: MoveStatus, cancelled: threading.Event, on_status: OnStatus
) -> MoveStatus:
    """Watch the move of the other instance; ChannelError where it is lost, or where its recorder does not go on."""
    asked = False
    seen, moved_s = status, time.monotonic()
    while status.under_way:
        on_status(status)
        if status != seen:
            seen, moved_s = status, time.monotonic()
        elif time.monotonic() - moved_s > _STALLED_S:
            _check_recorder(client)
            moved_s = time.monotonic()
        if cancelled.wait(_LOOK_S) and not asked:
            asked = True
            status = client.execute(CancelMove()).move
            continue
        if asked:
            time.sleep(_LOOK_S)
        status = client.execute(GetMove()).move
    return status


def _check_recorder(client: Client) -> None:
    """ChannelError where the recorder of the other instance is held up, as by a disk that hangs."""
    if client.execute(GetSnapshot()).snapshot.store.silent_since_ns:
        raise ChannelError("its recorder does not answer")


def _move_here(paths: Paths, target: Path, cancelled: threading.Event, on_status: OnStatus) -> MoveStatus:
    """Be the one instance for as long as it takes."""
    lock = InstanceLock(paths)
    lock.take()
    try:
        journal.settle(paths)
        if not paths.store.exists():
            return _point_only(paths, target)
        move = RecordMove(paths, target)
        worker = threading.Thread(target=_run, args=(paths, move), name="record-move")
        worker.start()
        while worker.is_alive():
            on_status(move.status)
            if cancelled.wait(_LOOK_S):
                move.cancel()
                worker.join()
        return move.status
    finally:
        lock.release()


def _point_only(paths: Paths, target: Path) -> MoveStatus:
    """There is no record yet: it is only noted where it is to begin."""
    status = MoveStatus(MovePhase.DONE, str(target))
    try:
        check_target(paths, target)
        journal.point_to(paths, target)
    except MoveRefused as refused:
        return replace(
            status,
            phase=MovePhase.FAILED,
            problem=refused.problem,
            reason=refused.reason,
            needed_bytes=refused.needed_bytes,
            free_bytes=refused.free_bytes,
        )
    return status


def _run(paths: Paths, move: RecordMove) -> None:
    writer = _IdleWriter(paths.store, own_folder=paths.record_folder == paths.data)
    try:
        writer.open()
        move.run(writer, lambda: None)
        move.undo()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is how the move ended
        move.status = replace(
            move.status, phase=MovePhase.FAILED, problem=MoveProblem.COPY_FAILED, reason=str(error)
        )
    finally:
        writer.leave()


class _IdleWriter:
    """Holds the record while nothing is written into it."""

    def __init__(self, record: Path, own_folder: bool) -> None:
        self._writer = SqliteWriter(record, RECORD_SCHEMA, own_folder)

    def open(self) -> None:
        """Open the record; errors as they come."""
        self._writer.open()

    def moving_connection(self) -> sqlite3.Connection | None:
        return self._writer.connection

    def remember_writes(self) -> None:
        """There are none."""

    def leave(self) -> None:
        self._writer.close()

    def complete(self, copy: Path) -> None:
        """The copy has all that was written."""

    def settle_in(self, record: Path) -> None:
        self.go_to(record)
        self._writer.open()

    def go_to(self, record: Path) -> None:
        self._writer = SqliteWriter(record, RECORD_SCHEMA, own_folder=False, checked=True)

    def stay(self) -> None:
        """Nothing is to be written."""

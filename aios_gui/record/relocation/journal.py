"""Where the record lies, kept in a note; and what a move that was killed left half-way, put in order.

A move copies the record under a name of its own, then swaps the note, then gives the copy its name, then removes the
former record. So at every moment the folder that the note names has the whole record, and a second note tells what
is to be tidied up.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aios_gui.record.store.damage import SET_ASIDE
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.former import formers_of
from aios_gui.record.store.opening import open_connection
from aios_gui.record.store.tables import read_tables
from aios_gui.system.atomic_file import replace_patiently, sync_folder, write_atomically
from aios_gui.system.paths import STORE_NAME, Paths

log = logging.getLogger(__name__)
COPY_NAME = STORE_NAME + ".moving"
_SUFFIXES = ("", "-wal", "-shm", "-journal")
_BUSY_TIMEOUT_S = 1.0
_NEWEST = (
    "SELECT coalesce(max(id), 0) FROM session",
    "SELECT coalesce(max(at_us), 0) FROM beat",
    "SELECT coalesce(max(at_us), 0) FROM context",
    "SELECT coalesce(max(id), 0) FROM event",
    "SELECT coalesce(max(id), 0) FROM gap",
)
_SET_ASIDE = re.compile(f"{SET_ASIDE.pattern}(-wal|-shm|-journal)?")


@dataclass(frozen=True, slots=True)
class Move:
    """A move that is under way: from one folder to another."""

    source: Path
    target: Path


def point_to(paths: Paths, folder: Path) -> None:
    """From now on the record lies in ``folder``; the swap is whole or not at all. OSError where it cannot be noted."""
    former = former_folders(paths)
    before = paths.record_folder
    if before != paths.data and set_aside_in(before):
        former = [*former, before]
    kept = [str(each) for each in dict.fromkeys(former) if each != folder]
    if folder == paths.data and not kept:
        paths.record_note.unlink(missing_ok=True)
        sync_folder(paths.data)
        return
    # Without a folder the record lies in the data folder.
    plain: dict[str, object] = (
        {"former": kept} if folder == paths.data else {"folder": str(folder), "former": kept}
    )
    write_atomically(paths.record_note, json.dumps(plain, indent=1).encode())


def former_folders(paths: Paths) -> list[Path]:
    """Other folders in which damaged records were set aside while the record lay there."""
    try:
        former = json.loads(paths.record_note.read_bytes())["former"]
        return [Path(each) for each in former if isinstance(each, str)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def set_aside_in(folder: Path) -> list[Path]:
    """Damaged records that were set aside in ``folder``, with the files that belong to them."""
    found = folder.glob(f"{Path(STORE_NAME).stem}.damaged-*")
    return sorted(each for each in found if _SET_ASIDE.fullmatch(each.name) and each.is_file())


def files_of(record: Path) -> list[Path]:
    """The record, the files that SQLite keeps beside it, and what an older version left, as far as they exist."""
    candidates = [record.with_name(record.name + suffix) for suffix in _SUFFIXES]
    return [*(each for each in candidates if each.exists()), *formers_of(record)]


def note_move(paths: Paths, move: Move) -> None:
    """Note that a move begins, before anything of it exists; OSError where that cannot be noted."""
    plain = {"source": str(move.source), "target": str(move.target)}
    write_atomically(paths.move_note, json.dumps(plain).encode())


def forget_move(paths: Paths) -> None:
    """The move is over and nothing of it is left half-way."""
    paths.move_note.unlink(missing_ok=True)


def move_under_way(paths: Paths) -> Move | None:
    """The move that is noted; None as a rule."""
    try:
        plain = json.loads(paths.move_note.read_bytes())
        return Move(Path(plain["source"]), Path(plain["target"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def settle(paths: Paths) -> bool:
    """Put in order what a move left half-way; only for the one who holds the instance lock. True where all is in order.

    Nothing is removed unless the whole record lies in the other place. What cannot be reached now is left for the
    next start.
    """
    move = move_under_way(paths)
    if move is None:
        return True
    try:
        if os.path.normcase(paths.record_folder) != os.path.normcase(move.target):
            remove(files_of(move.target / COPY_NAME))
        elif _went_on(move.source / STORE_NAME, move.target):
            log.warning("the record in %s went on after it was copied, and is kept there", move.source)
            point_to(paths, move.source)
            remove([*files_of(move.target / COPY_NAME), *files_of(move.target / STORE_NAME)])
        else:
            name_copy(move.target)
            if not (move.target / STORE_NAME).is_file():
                log.warning("the record in %s cannot be reached; the former one is kept", move.target)
                return False
            remove(files_of(move.source / STORE_NAME))
        forget_move(paths)
    except (OSError, ValueError) as error:  # ValueError: NUL in the path of a note that was tampered with
        log.warning("what a move of the record left cannot be tidied up yet: %s", error)
        return False
    log.info("a move of the record from %s to %s was put in order", move.source, move.target)
    return True


def _went_on(record: Path, target: Path) -> bool:
    """Whether a record has all that its copy in ``target`` has, and more: the move failed, and so did its undoing."""
    copy = next((each for each in (target / STORE_NAME, target / COPY_NAME) if each.is_file()), None)
    if copy is None or not record.is_file():
        return False
    try:
        newest, copied = _newest(record), _newest(copy)
    except (sqlite3.Error, StoreError) as error:
        log.warning("the record in %s cannot be compared with its copy: %s", record.parent, error)
        return False
    return newest != copied and all(ours >= theirs for ours, theirs in zip(newest, copied, strict=True))


def _newest(record: Path) -> list[int]:
    """The newest row of each table that the recorder writes into all the time."""
    # Not read-only: then it would leave its files beside the record.
    connection, _allowance = open_connection(record, is_read_only=False, busy_timeout_s=_BUSY_TIMEOUT_S)
    with closing(connection):
        read_tables(connection)
        return [connection.execute(question).fetchone()[0] for question in _NEWEST]


def name_copy(folder: Path) -> None:
    """Give the copy in ``folder`` the name of the record, unless it has it."""
    copy, record = folder / COPY_NAME, folder / STORE_NAME
    if copy.exists() and not record.exists():
        replace_patiently(copy, record)
        sync_folder(folder)


def remove(files: list[Path]) -> None:
    """Remove the files; OSError where one cannot be removed."""
    for each in files:
        each.unlink(missing_ok=True)

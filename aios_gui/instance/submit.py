"""Brings something into the record: by the instance that runs, or here where none does."""

from __future__ import annotations

import sqlite3
import time

from aios_gui.instance.channel import ChannelError, NoResident
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import ForRecord, checked
from aios_gui.instance.lock import AlreadyRunning, InstanceLock
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.relocation.journal import settle
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths

PATIENCE_S = 5.0
_BETWEEN_TRIES_S = 0.05


class NotKept(Exception):
    """It is not in the record; the message says why."""


def bring_into_record(
    paths: Paths, command: ForRecord, patience_s: float = PATIENCE_S, is_sound: bool = False
) -> str:
    """Send ``command`` to the instance that runs, or write what it carries where none does.

    A record that ``is_sound``, as one that was opened a moment ago, is not read through first.

    Returns where a damaged record was set aside to, "" as a rule. NotKept where it cannot be written, or only later.
    """
    try:
        command = checked(command)
    except ValueError as error:
        raise NotKept(str(error)) from error
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            if _send(paths, command, patience_s):
                return ""
            if time.monotonic() > deadline_s:
                raise NotKept("the running instance takes in no more for now")
            time.sleep(_BETWEEN_TRIES_S)
            continue
        except NoResident:
            pass
        except ChannelError as error:
            raise NotKept(str(error)) from error
        try:
            return _write_here(paths, command.item(), is_sound)
        except AlreadyRunning as error:
            # An instance is just starting or ending.
            if time.monotonic() > deadline_s:
                raise NotKept(str(error)) from error
            time.sleep(_BETWEEN_TRIES_S)
        except (sqlite3.Error, OSError, StoreError) as error:
            raise NotKept(str(error)) from error


def _send(paths: Paths, command: ForRecord, patience_s: float) -> bool:
    """Give it to the instance that runs, which writes it within a second; False where that has too much to write."""
    answer = ChannelClient(paths, patience_s).execute(command)
    if answer.problem:
        raise NotKept(f"the running instance keeps it until it can write again: {answer.problem}")
    return answer.done


def _write_here(paths: Paths, item: object, is_sound: bool) -> str:
    """Be the one instance for the moment that it takes."""
    lock = InstanceLock(paths)
    lock.take()
    settle(paths)
    is_own = paths.record_folder == paths.data
    writer = SqliteWriter(paths.store, RECORD_SCHEMA, own_folder=is_own, checked=is_sound)
    try:
        opened = writer.open()
        writer.write([item], 0)
        return str(opened.set_aside.facts["moved_to"]) if opened.set_aside is not None else ""
    finally:
        writer.close()
        lock.release()

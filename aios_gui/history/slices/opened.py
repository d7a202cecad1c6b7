"""Opens a slice or a copied record, which anyone may have made, for reading."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from aios_gui.record.store.errors import NewerStoreError, NotOurs, StoreError
from aios_gui.record.store.opening import open_connection
from aios_gui.record.store.schema import RecordSchema
from aios_gui.text.os_reason import reason_of


class SliceFault(StrEnum):
    """Why a file is not opened."""

    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    NOT_A_RECORD = "not_a_record"
    NEWER = "newer"


class SliceRefused(Exception):
    """The file is not opened; ``detail`` says more, "" where there is no more."""

    def __init__(self, fault: SliceFault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


def check_slice(file: Path, schema: RecordSchema) -> None:
    """``SliceRefused`` unless the file is a record with this program's tables alone; nothing in it is carried out."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would never open
            raise SliceRefused(SliceFault.NOT_A_FILE)
        connection, _allowance = open_connection(file, is_read_only=True, busy_timeout_s=1.0)
        with closing(connection):
            schema.check(connection)
            if not schema.found_version(connection):
                raise SliceRefused(SliceFault.NOT_A_RECORD)
    except NewerStoreError as error:
        raise SliceRefused(SliceFault.NEWER) from error
    except NotOurs as error:
        raise SliceRefused(SliceFault.NOT_A_RECORD, error.what) from error
    except StoreError as error:
        raise SliceRefused(SliceFault.UNREADABLE, str(error)) from error
    except OSError as error:
        raise SliceRefused(SliceFault.UNREADABLE, reason_of(error)) from error
    except (sqlite3.Error, ValueError) as error:
        raise SliceRefused(SliceFault.NOT_A_RECORD, str(error)) from error

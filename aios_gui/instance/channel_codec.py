"""Snapshots and moves of the record to plain JSON values and back, for the channel between two instances."""

from __future__ import annotations

from typing import Any

import msgspec

from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.relocation.model import MoveStatus


def snapshot_to(snapshot: Snapshot) -> dict[str, Any]:
    """``snapshot`` as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(snapshot)
    return plain


def snapshot_from(plain: Any) -> Snapshot:
    """The snapshot of such values; ValueError where they are of another version's shape."""
    try:
        return msgspec.convert(plain, Snapshot)
    except msgspec.ValidationError as error:
        raise ValueError(f"the running instance is of another version: {error}") from error


def move_to(picture: MoveStatus) -> dict[str, Any]:
    """How a move of the record stands, as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(picture)
    return plain


def move_from(plain: Any) -> MoveStatus:
    """The same back; ValueError where they are of another version's shape."""
    try:
        return msgspec.convert(plain, MoveStatus)
    except msgspec.ValidationError as error:
        raise ValueError(f"the running instance is of another version: {error}") from error

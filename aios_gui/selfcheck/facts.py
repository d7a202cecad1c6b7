"""What measurements share: how far one is, as its process prints it, and facts read back into their types."""

from __future__ import annotations

import logging
from typing import Annotated, Any, TypeVar

import msgspec

log = logging.getLogger(__name__)
_Facts = TypeVar("_Facts")

# JSON as Python reads it may hold NaN and infinity, which nothing here can show.
Finite = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**15)]


class Progress(msgspec.Struct, frozen=True):
    """How far a run is: ``share`` done (0 to 1), about how many seconds are left, the name of what is measured now."""

    share: Annotated[float, msgspec.Meta(ge=0, le=1)] = msgspec.field(name="progress")
    remaining_s: Annotated[float, msgspec.Meta(ge=0, le=1e9)]
    now: str


def progress_facts(progress: Progress) -> dict[str, Any]:
    """JSON-ready facts, for the process that started the measurement."""
    shown = Progress(round(progress.share, 4), round(progress.remaining_s, 1), progress.now)
    plain: dict[str, Any] = msgspec.to_builtins(shown)
    return plain


def progress_of(line: Any) -> Progress | None:
    """What such a line says; None where it is not understood, which the log then has."""
    try:
        return read_facts(line, Progress)
    except ValueError as error:
        log.warning("a line of progress was not understood: %s", error)
        return None


def read_facts(plain: Any, kind: type[_Facts]) -> _Facts:
    """Plain JSON values as ``kind``; ValueError that names the key where they are of another shape."""
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"made by another version of this program: {error}") from error

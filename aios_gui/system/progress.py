"""How far a long run is, as its process prints it: a line of JSON that another process understands."""

from __future__ import annotations

import logging
from typing import Annotated, Any

import msgspec

log = logging.getLogger(__name__)


class Progress(msgspec.Struct, frozen=True):
    """How far a run is: ``share`` done (0 to 1), about how many seconds are left, the name of what is done now."""

    share: Annotated[float, msgspec.Meta(ge=0, le=1)] = msgspec.field(name="progress")
    remaining_s: Annotated[float, msgspec.Meta(ge=0, le=1e9)]
    now: str


def progress_facts(progress: Progress) -> dict[str, Any]:
    """JSON-ready facts, for the process that started the run."""
    shown = Progress(round(progress.share, 4), round(progress.remaining_s, 1), progress.now)
    plain: dict[str, Any] = msgspec.to_builtins(shown)
    return plain


def progress_of(line: Any) -> Progress | None:
    """What such a line says; None where it is not understood, which the log then has."""
    try:
        return msgspec.convert(line, Progress)
    except msgspec.ValidationError as error:
        log.warning("a line of progress was not understood: %s", error)
        return None

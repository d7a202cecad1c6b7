"""How a move of the record to another folder stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MovePhase(StrEnum):
    """What a move is doing, or how it ended."""

    IDLE = "idle"
    COPYING = "copying"
    CHECKING = "checking"
    SWITCHING = "switching"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY = frozenset((MovePhase.COPYING, MovePhase.CHECKING, MovePhase.SWITCHING))


class MoveProblem(StrEnum):
    """Why the record was not moved."""

    NOT_ABSOLUTE = "not_absolute"
    SAME_FOLDER = "same_folder"
    NOT_A_FOLDER = "not_a_folder"
    HOLDS_RECORD = "holds_record"
    NOT_WRITABLE = "not_writable"
    OPEN_TO_OTHERS = "open_to_others"
    """Another user could put a record of his own in its place."""
    NO_ROOM = "no_room"
    COPY_FAILED = "copy_failed"
    COPY_DAMAGED = "copy_damaged"
    NOT_SWITCHED = "not_switched"
    NOT_RECORDING = "not_recording"
    """The record could not be written while it was copied, so that a copy of it would not be whole."""
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class MoveStatus:
    """How it stands: to where, how much of it, and what went wrong.

    ``needed_bytes`` and ``free_bytes`` tell what lacks where there is no room. ``left_behind`` is the former record
    where it could not be removed yet.
    """

    phase: MovePhase = MovePhase.IDLE
    target: str = ""
    done_bytes: int = 0
    total_bytes: int = 0
    problem: MoveProblem | None = None
    reason: str = ""
    needed_bytes: int = 0
    free_bytes: int = 0
    left_behind: str = ""

    @property
    def share(self) -> float:
        """How much of the copy is done, 0 to 1."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.phase in UNDER_WAY

"""A note on a moment or a span, by a person or a script, and what can be done to it."""

from __future__ import annotations

from dataclasses import dataclass

LATEST_NS = 2**62 - 1
"""No note begins or ends later."""


@dataclass(frozen=True, slots=True)
class Note:
    """From ``start_ns`` to ``end_ns`` (wall), which are the same for a moment. ``id`` is 0 until the record has it.

    ``written_ns`` is when it was written. Two notes may be on one moment.
    """

    start_ns: int
    end_ns: int
    text: str
    written_ns: int
    id: int = 0

    @property
    def is_span(self) -> bool:
        """Whether it is on more than a moment."""
        return self.end_ns > self.start_ns


@dataclass(frozen=True, slots=True)
class NoteEdit:
    """Another text, begin or length for the note of that number; None leaves what there is."""

    id: int
    text: str | None = None
    start_ns: int | None = None
    length_ns: int | None = None


@dataclass(frozen=True, slots=True)
class NoteRemoval:
    """The note of that number is gone."""

    id: int

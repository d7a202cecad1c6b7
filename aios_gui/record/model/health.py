"""Whether what happens is being recorded, and what was lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """Whether beats are being written, how many were lost to a full or broken disk, and why.

    ``silent_since_ns`` is when the recorder last kept something (wall, ns), where it has stopped making rounds; else 0.
    """

    recording: bool = True
    unrecorded_beats: int = 0
    error: str = ""
    silent_since_ns: int = 0
    failing_since_ns: int = 0
    """Since when nothing could be written (wall, ns), where that is so; else 0."""

"""Whether what happens is being recorded, and what was lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """Whether beats are being written, how many were lost to a full or broken disk, and why."""

    recording: bool = True
    unrecorded_beats: int = 0
    error: str = ""

"""What a job tells: which step it is at, and what it made."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Step(StrEnum):
    """What a job does now; the words go from process to process."""

    READING = "reading"
    RECKONING = "reckoning"
    DRAWING = "drawing"
    WRITING = "writing"


class JobResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The file that a job made; of raw data how many beats are in it, of a report from which template it is."""

    file: str
    format: str
    size_bytes: int
    seconds: float
    beats: int | None = None
    template: str | None = None

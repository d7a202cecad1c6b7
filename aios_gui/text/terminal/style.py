"""What a terminal can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """What the terminal can show: its size, colours, and characters beyond ASCII."""

    columns: int
    rows: int
    colour: bool
    blocks: bool

"""A place in the window that somebody may be led to: a panel, and what of it is to be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """``panel`` is a key of the registry. A span of time and a moment are by the wall clock, ns; 0 for none.

    ``incident`` is a number, 0 where only the moment is known; ``rule`` is the name of one.
    """

    panel: str
    start_ns: int = 0
    end_ns: int = 0
    at_ns: int = 0
    incident: int = 0
    rule: str = ""

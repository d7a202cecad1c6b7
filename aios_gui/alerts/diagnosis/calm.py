"""The process table as it was while all was calm, to compare with."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from aios_gui.alerts.model.processes import ProcessTable

KEPT = 3


@dataclass(frozen=True, slots=True)
class Calm:
    """A table and when it was taken, by the wall clock (ns)."""

    wall_ns: int
    table: ProcessTable


class CalmTables:
    """The last three tables. One thread adds, another asks."""

    def __init__(self) -> None:
        self._kept: deque[Calm] = deque(maxlen=KEPT)

    def add(self, calm: Calm) -> None:
        """Keep one more."""
        self._kept.append(calm)

    def before(self, wall_ns: int) -> Calm | None:
        """The newest from before that moment, or else the oldest there is: it tells at least a part."""
        kept = tuple(self._kept)
        earlier = [each for each in kept if each.wall_ns <= wall_ns]
        return earlier[-1] if earlier else kept[0] if kept else None

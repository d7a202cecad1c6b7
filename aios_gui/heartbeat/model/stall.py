"""A stall: a span in which the beat's thread was due to run and did not; and how often that is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aios_gui.heartbeat.model.beat import LatenessSplit

SLICE_NS = 50_000_000
LONG_SLICE_NS = 100_000_000


class WatchMode(StrEnum):
    """How often the engine wakes between two beats to see whether it woke in time; the words stand in the settings."""

    AUTO = "auto"
    """Every 50 ms; on battery every 100 ms."""
    FINE = "50ms"
    COARSE = "100ms"
    OFF = "off"

    def slice_ns(self, on_battery: bool) -> int:
        """The length of a slice, ns; 0 for none."""
        if self is WatchMode.OFF:
            return 0
        coarse = self is WatchMode.COARSE or (self is WatchMode.AUTO and on_battery)
        return LONG_SLICE_NS if coarse else SLICE_NS


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """The watch as it is now: the length of a slice, ns, 0 while it is off; and its share of one core, 0 to 1."""

    slice_ns: int = 0
    cpu_share: float = 0.0


class SeenBy(StrEnum):
    """What noticed a stall; the words are stored."""

    BEAT = "beat"
    WATCH = "watch"
    KERNEL = "kernel"
    """Its account of the time in which tasks waited for a resource."""


@dataclass(frozen=True, slots=True)
class Stall:
    """One stall over the hiccup threshold. ``wall_ns`` is when it ended, ns since the Unix epoch.

    ``seq`` is the beat that it delayed, or the next one; ``missed`` counts the grid points that passed in it.
    """

    wall_ns: int
    length_ns: int
    seen_by: SeenBy
    seq: int
    missed: int = 0
    split: LatenessSplit | None = None

"""How much of a span the beats cover, and why the rest is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aios_gui.heartbeat.model.gap import Gap, GapKind


@dataclass(frozen=True, slots=True)
class GapSum:
    """The gaps of a kind: how many touch the span, and how much of it they take (ns).

    A clock that was set back takes nothing, since the time it goes over again is covered by beats.
    """

    count: int = 0
    length_ns: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Beats made and missed in a span, and the gaps, which are not to blame on anyone.

    ``start_ns`` to ``end_ns`` is the part of the span between the first and the last beat of the whole record.
    ``covered_ns`` is what no gap takes of it. ``unrecorded`` beats were made while nothing could be written.
    """

    start_ns: int
    end_ns: int
    made: int = 0
    missed: int = 0
    unrecorded: int = 0
    covered_ns: int = 0
    gaps: Mapping[GapKind, GapSum] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """Beats that should have been made outside the gaps."""
        return self.made + self.missed

    @property
    def availability(self) -> float | None:
        """Beats made over beats due, 0 to 1; None where none was due."""
        return self.made / self.due if self.due else None

    @property
    def share(self) -> float | None:
        """How much of the span is covered, 0 to 1; None for a span outside the record."""
        length_ns = self.end_ns - self.start_ns
        return self.covered_ns / length_ns if length_ns > 0 else None


def coverage_of(start_ns: int, end_ns: int, made: int, missed: int, gaps: Iterable[Gap]) -> Coverage:
    """The coverage of a span that lies within the record, by the gaps that touch it."""
    sums: dict[GapKind, GapSum] = {}
    taken: list[tuple[int, int]] = []
    unrecorded = 0
    for gap in gaps:
        first_ns, last_ns = max(start_ns, gap.start_ns), min(end_ns, gap.end_ns)
        length_ns = max(0, last_ns - first_ns)
        known = sums.get(gap.kind, GapSum())
        is_counted = gap.is_rest and known.count
        sums[gap.kind] = GapSum(known.count + (not is_counted), known.length_ns + length_ns)
        unrecorded += gap.unrecorded_beats
        if length_ns:
            taken.append((first_ns, last_ns))
    free_ns, reached_ns = max(0, end_ns - start_ns), start_ns
    for first_ns, last_ns in sorted(taken):
        # Gaps overlap where the clock was set back between them.
        free_ns -= max(0, last_ns - max(first_ns, reached_ns))
        reached_ns = max(reached_ns, last_ns)
    return Coverage(start_ns, end_ns, made, missed, unrecorded, free_ns, sums)

"""What the plots of History draw: the smoke of a span, and what happened in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from aios_gui.alerts.record_reader import incidents
from aios_gui.heartbeat.model.gap import Gap
from aios_gui.history.analysis.model.smoke import Smoke
from aios_gui.history.changes.record_reader import changes_by_slot
from aios_gui.history.notes.model import Note
from aios_gui.record.model.timerange import TimeRange
from aios_gui.ui.history.smoke_shape import column
from aios_gui.ui.incidents.marks import span_of
from aios_gui.ui.plots.painting import Span

_NS = 1_000_000_000
_MOST_MARKS = 300
_SLOTS = 200
"""Changes are put together in at most this many stretches of the span."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """Changes that lie close together: from the first to the last, s since the epoch, and how many."""

    start_s: float
    end_s: float
    count: int


@dataclass(frozen=True, eq=False)
class Scene:
    """One span; ``starts_s`` is where the buckets begin, seconds after ``origin_s``."""

    span: TimeRange
    smoke: Smoke
    starts_s: Floats
    origin_s: float
    gap_starts_s: Floats
    gap_ends_s: Floats
    """By their begin."""
    incidents: tuple[Span, ...] = ()
    changes: tuple[ChangeMark, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def bucket_s(self) -> float:
        """How long a bucket is."""
        return self.smoke.bucket_ns / _NS

    @property
    def bounds_s(self) -> tuple[float, float]:
        """From when to when it is drawn, s since the epoch."""
        return self.span.start_ns / _NS, self.span.end_ns / _NS

    def row_at(self, at_s: float) -> int | None:
        """The bucket of a moment; None where there is none."""
        if not len(self.starts_s) or not self.bucket_s:
            return None
        row = int((at_s - self.origin_s - self.starts_s[0]) // self.bucket_s)
        return row if 0 <= row < len(self.starts_s) else None

    def bucket(self, row: int) -> tuple[float, float]:
        """From when to when a bucket is, s since the epoch, within the span."""
        (first_s, last_s), start_s = self.bounds_s, self.origin_s + float(self.starts_s[row])
        return max(first_s, min(start_s, last_s)), min(last_s, start_s + self.bucket_s)

    def middle_s(self, row: int) -> float:
        """The middle of a bucket, s since the epoch, within the span."""
        return sum(self.bucket(row)) / 2

    def gap_at(self, at_s: float) -> Gap | None:
        """The gap that a moment lies in."""
        return next((each for each in self.smoke.gaps if each.start_ns < at_s * _NS < each.end_ns), None)


def scene_of(history: Any, span: TimeRange, pixels: int, now_ns: int) -> Scene:
    """The scene of a span, for about ``pixels`` pixels."""
    smoke = history.smoke(span, pixels)
    marked = incidents(history.reader, span.start_ns, span.end_ns, _MOST_MARKS)
    slot_ns = max(1, (span.end_ns - span.start_ns) // _SLOTS)
    slots = changes_by_slot(history.reader, span.start_ns, span.end_ns, slot_ns)
    starts_s = column(smoke.time_s)
    origin_s = float(starts_s[0]) if len(starts_s) else span.start_ns / _NS
    gap_starts_s, gap_ends_s = edges_of(smoke.gaps)
    return Scene(
        span,
        smoke,
        starts_s - origin_s,
        origin_s,
        gap_starts_s,
        gap_ends_s,
        tuple(span_of(each, now_ns / _NS) for each in marked),
        tuple(ChangeMark(first / _NS, last / _NS, count) for first, last, count in slots),
        tuple(history.notes(span, _MOST_MARKS)),
    )


def edges_of(gaps: tuple[Gap, ...]) -> tuple[Floats, Floats]:
    """Where gaps begin and end, by their begin; a clock set back leaves a seam where it landed."""
    edges = np.array([(min(each.start_ns, each.end_ns), each.end_ns) for each in gaps], np.float64)
    edges = edges.reshape(-1, 2) / _NS
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    return edges[:, 0], edges[:, 1]


def joined(
    starts_s: Floats, ends_s: Floats, x_of: Callable[[Floats], Floats], least_px: float
) -> list[tuple[float, float]]:
    """From where to where gaps lie, px; those that touch on the screen are one, and a short one still has its width."""
    left, right = x_of(starts_s), x_of(ends_s)
    right = np.maximum(right, left + least_px)
    if not len(left):
        return []
    reach = np.maximum.accumulate(right)
    begins = np.append(True, left[1:] > reach[:-1] + 1)
    lasts = np.append(np.flatnonzero(begins)[1:] - 1, len(left) - 1)
    return list(zip(left[begins].tolist(), reach[lasts].tolist(), strict=True))

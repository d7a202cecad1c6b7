"""Where the crosshair stands: on the row nearest to the mouse, or stepped to by keyboard."""

from __future__ import annotations

import numpy as np

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event, hiccup_length_ns
from aios_gui.instance.words import cause_phrase
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.figures import duration
from aios_gui.ui.plots.curve import Rows

_NS = 1_000_000_000


class Crosshair:
    """A moment that is being read, or none."""

    def __init__(self) -> None:
        self.at_s: float | None = None

    def row(self, rows: Rows) -> int | None:
        """The row nearest to the moment; None without a moment or without rows."""
        times = rows.times
        if self.at_s is None or not len(times):
            return None
        after = int(np.searchsorted(times, self.at_s))
        if after == 0:
            return 0
        if after == len(times):
            return after - 1
        return after if times[after] - self.at_s < self.at_s - times[after - 1] else after - 1

    def step(self, rows: Rows, beats: int) -> None:
        """Move by ``beats`` rows, not beyond the first or last."""
        row = self.row(rows)
        if row is not None:
            self.at_s = float(rows.times[min(len(rows.times) - 1, max(0, row + beats))])

    def toggle(self, rows: Rows, end_s: float) -> None:
        """Put it on the newest row up to ``end_s``, or take it away."""
        if self.at_s is not None:
            self.at_s = None
        elif len(rows.times):
            self.at_s = end_s
            row = self.row(rows)
            self.at_s = float(rows.times[row]) if row is not None else None


def gap_at(gaps: tuple[Gap, ...], at_s: float | None) -> Gap | None:
    """The gap that a moment lies in."""
    if at_s is None:
        return None
    return next((gap for gap in gaps if gap.start_ns < at_s * _NS < gap.end_ns), None)


def hiccup_remark(hiccups: tuple[Event, ...], at_s: float, within_s: float) -> str:
    """What is to be said of a hiccup within ``within_s`` of a moment: how late, and whose fault; or nothing."""
    near = [event for event in hiccups if abs(event.wall_ns / _NS - at_s) <= within_s]
    if not near:
        return ""
    worst = max(near, key=hiccup_length_ns)
    late = duration(hiccup_length_ns(worst))
    number = worst.facts.get("cause")
    cause = cause_phrase(Cause(number)) if isinstance(number, int) and number in set(Cause) else ""
    if not cause:
        return _("hiccup {duration}").format(duration=late)
    return _("hiccup {duration}: {cause}").format(duration=late, cause=cause)

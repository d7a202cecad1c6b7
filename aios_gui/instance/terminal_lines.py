"""One beat as one line, for output that is read later or by a program."""

from __future__ import annotations

from aios_gui.heartbeat.model.beat import Cause, result_text
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.text import figures


def beat_line(beat: RecordedBeat) -> str:
    """When, the result in the words that agents parse, and the figures as ``name=value``."""
    fields = [
        figures.moment(beat.wall_ns),
        result_text(beat.outcome, beat.duration_ns, beat.breached, "no figures"),
        f"lateness={beat.lateness_ns / 1e6:.2f}ms",
        f"missed={beat.missed}",
        f"cpu={_share(beat.cpu_percent)}",
        f"memory={_share(beat.memory_percent)}",
    ]
    if beat.cause is not Cause.NONE:
        fields.append(f"cause={beat.cause.name.lower()}")
    return "  ".join(fields)


def _share(percent: float | None) -> str:
    return "?" if percent is None else f"{percent:.1f}%"

"""What the mark in the header and in the tray shows: the worst there is in a snapshot."""

from __future__ import annotations

from aios_gui.alerts.model.health import HealthState
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import Snapshot

RECENT_NS = 10_000_000_000
"""How long a stutter stays on the mark."""
_SILENT_NS = 2_000_000_000


def health_of(snapshot: Snapshot, now_ns: int) -> Severity:
    """Fine, warning, critical, or gap while there is nothing to judge; ``now_ns`` is the wall clock."""
    beat = snapshot.beat
    if snapshot.state is EngineState.LOST:
        return Severity.CRITICAL
    if snapshot.state is not EngineState.RUNNING or beat is None:
        return Severity.INACTIVE
    if beat.failed or now_ns - beat.wall_ns > 2 * snapshot.interval_ns + _SILENT_NS:
        return Severity.CRITICAL
    hiccup = snapshot.last_hiccup
    if hiccup is not None and 0 <= now_ns - hiccup.wall_ns < RECENT_NS:
        return Severity.CRITICAL
    if snapshot.worst is Level.CRITICAL:
        return Severity.CRITICAL
    score, health = snapshot.score, snapshot.health
    degraded = score is not None and score.is_degraded
    degraded |= health is not None and health.state is HealthState.DEGRADED
    if (
        beat.breached
        or degraded
        or snapshot.worst is not None
        or not snapshot.store.recording
        or snapshot.broken_parts
    ):
        return Severity.WARNING
    return Severity.OK

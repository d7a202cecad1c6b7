"""Tells when the beat is stuck, with the stack that it is stuck in."""

from __future__ import annotations

import traceback

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.evidence import frames_by_thread
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.states import EngineState

STUCK_AFTER_NS = 3_000_000_000
_FRAMES_KEPT = 12
_BEATING = (EngineState.WARMING, EngineState.RUNNING)


class Watchdog:
    """Looks at the engine from another thread. Reports each time the beat gets stuck once.

    A beat is stuck when it has run, or its alarm is overdue, for over 3 s at two looks: after the whole program
    was frozen, the first look may come before the beat had its chance.
    """

    def __init__(self, engine: HeartbeatEngine) -> None:
        self._engine = engine
        self._suspected = (0, 0)
        self._reported = (0, 0)

    def look(self, now_ns: int, wall_ns: int) -> Event | None:
        """The event of a beat found stuck."""
        engine = self._engine
        since_ns = engine.in_beat_since_ns or engine.next_alarm_ns
        running = engine.state in _BEATING
        if not running or not since_ns or now_ns - since_ns < STUCK_AFTER_NS:
            self._suspected = (0, 0)
            return None
        state = (since_ns, engine.made)
        if state != self._suspected:
            self._suspected = state
            return None
        if state == self._reported:
            return None
        self._reported = state
        facts: dict[str, int | float | str] = {"stuck_ns": now_ns - since_ns, "stack": self._stack()}
        return Event(EventKind.STUCK, wall_ns, engine.made, facts)

    def _stack(self) -> str:
        frame = frames_by_thread().get(self._engine.thread_ident)
        if frame is None:
            return "the beat's thread has ended"
        entries = traceback.extract_stack(frame)[-_FRAMES_KEPT:]
        return "\n".join(f"{entry.name} ({entry.filename}:{entry.lineno})" for entry in entries)

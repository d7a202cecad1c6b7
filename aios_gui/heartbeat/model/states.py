"""Where the engine stands and who runs it."""

from __future__ import annotations

from enum import StrEnum


class EngineState(StrEnum):
    """Where the engine stands."""

    STARTING = "starting"
    WARMING = "warming"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    LOST = "lost"
    """The instance that records cannot be reached."""


class Mode(StrEnum):
    """Who runs the engine."""

    WINDOW = "window"
    SERVICE = "service"


class LaunchMode(StrEnum):
    """How the program shows itself when the system starts it."""

    TRAY = "tray"
    WINDOW = "window"
    HEADLESS = "headless"

"""How bad a beat, a span, an incident or a notice is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """One scale for beats, spans, notices and states; ``INACTIVE`` is a span without beats."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    INACTIVE = "inactive"

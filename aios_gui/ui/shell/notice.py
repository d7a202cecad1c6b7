"""What the user should know, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aios_gui.heartbeat.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Notice:
    """Its words are asked anew when the language changes. ``key`` tells one from another.

    ``other_action`` is a second thing that can be done about it.
    """

    key: str
    level: Severity
    text: Callable[[], str]
    action: Callable[[], str] | None = None
    on_action: Callable[[], None] | None = None
    closable: bool = True
    other_action: Callable[[], str] | None = None
    on_other_action: Callable[[], None] | None = None

"""What one check of the doctor found, in words. Each feature brings its own checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """How grave a finding is: an error keeps a part of the program from working."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """A finding in words, and what to do about it; ``name`` is for scripts and never translated."""

    name: str
    state: CheckState
    detail: str
    remedy: str = ""


def worst(states: list[CheckState]) -> CheckState:
    """The gravest of ``states``; ok where there are none."""
    order = list(CheckState)
    return max(states, key=order.index, default=CheckState.OK)

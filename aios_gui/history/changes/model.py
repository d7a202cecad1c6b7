"""What a change is, how two states are compared, and which changes belong together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

BURST_GAP_NS = 120_000_000_000
"""Changes of one kind that lie no further apart belong together."""
LEAST_BURST = 4
_SUBJECT_CHARACTERS, _VALUE_CHARACTERS = 200, 300


class ChangeKind(StrEnum):
    """What it is that changed; the words are stored."""

    PACKAGE = "package"
    PROGRAM = "program"
    KERNEL = "kernel"
    BOOT_OPTION = "boot_option"
    SYSTEM = "system"
    DRIVER = "driver"
    FIRMWARE = "firmware"
    POWER_SOURCE = "power_source"
    POWER_PLAN = "power_plan"
    BOOT = "boot"
    RESUME = "resume"
    OWN_VERSION = "own_version"
    MODE = "mode"
    INTERVAL = "interval"
    SETTING = "setting"


class Problem(StrEnum):
    """Why a source could not be read, or not wholly; the words are stored."""

    DENIED = "denied"
    UNREADABLE = "unreadable"
    TOO_MUCH = "too_much"
    TOOK_TOO_LONG = "took_too_long"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, ns since the Unix epoch. What was added has no ``before``, what was removed no ``after``.

    ``facts`` may have ``precision_s``, how exactly the moment is known, where that is worse than a second.
    """

    at_ns: int
    kind: ChangeKind
    source: str
    subject: str
    before: str | None = None
    after: str | None = None
    facts: dict[str, int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, most in (
            ("subject", _SUBJECT_CHARACTERS),
            ("before", _VALUE_CHARACTERS),
            ("after", _VALUE_CHARACTERS),
        ):
            text = getattr(self, name)
            if text is not None and len(text) > most:
                object.__setattr__(self, name, text[: most - 1] + "…")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source found, ns since the Unix epoch, and the state that the next look compares with.

    Without a ``state`` more of the same look follows. ``base_us`` is when the state was kept that it was compared with,
    None where there was none: a look that is not based on the state in the record is not kept.
    """

    source: str
    at_ns: int
    changes: tuple[Change, ...] = ()
    state: dict[str, Any] | None = None
    base_us: int | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Look:
        """The look of its fields as plain values; ValueError, TypeError or KeyError where they are none."""
        changes = tuple(Change(**{**each, "kind": ChangeKind(each["kind"])}) for each in facts["changes"])
        return cls(**{**facts, "changes": changes})


@dataclass(frozen=True, slots=True)
class KeptState:
    """What the record has of a source: when it was looked at (µs, ns as of ``Look``), and its state then."""

    at_us: int
    state: dict[str, Any]

    @property
    def problem(self) -> Problem | None:
        """Why it could not be read the last time; None where it could."""
        word = self.state.get("problem")
        return Problem(word) if word in list(Problem) else None


def differences(
    before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[str, str | None, str | None]]:
    """What is not the same: the name, what it was, what it is, by name."""
    return [
        (name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


@dataclass(frozen=True, slots=True)
class Burst:
    """Changes that were made in one go, oldest first; one alone is a burst, too."""

    changes: tuple[Change, ...]

    @property
    def is_many(self) -> bool:
        """Whether it is told as one."""
        return len(self.changes) >= LEAST_BURST


def bursts(changes: Iterable[Change]) -> list[Burst]:
    """The changes, oldest first, with those of one kind that lie close together as one."""
    found: list[list[Change]] = []
    open_bursts: dict[ChangeKind, list[Change]] = {}
    for change in sorted(changes, key=lambda each: each.at_ns):
        burst = open_bursts.get(change.kind)
        if burst is not None and change.at_ns - burst[-1].at_ns <= BURST_GAP_NS:
            burst.append(change)
        else:
            open_bursts[change.kind] = [change]
            found.append(open_bursts[change.kind])
    told: list[Burst] = []
    for burst in found:
        if len(burst) >= LEAST_BURST:
            told.append(Burst(tuple(burst)))
        else:
            told += [Burst((each,)) for each in burst]
    return sorted(told, key=lambda each: each.changes[0].at_ns)

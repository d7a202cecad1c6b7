"""What a source of changes is, and how states are compared with those of the look before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aios_gui.history.changes.model import Change, ChangeKind, Problem, differences
from aios_gui.record.store.reader import RecordReader

MOST_CHANGES = 50_000
"""That one look takes in; the next one goes on from there."""
_VALUE_CHARACTERS = 300
_MOST_VALUES = 20_000


@dataclass(frozen=True, slots=True)
class Past:
    """What a source has to go on: the moment (wall, ns), the state of the look before, None at the first one.

    That look was made at ``looked_ns``. Files lie below ``root``. ``settings`` are this program's, as text by name,
    changed last at ``settings_ns``.
    """

    now_ns: int
    state: Mapping[str, Any] | None
    reader: RecordReader
    looked_ns: int = 0
    root: Path = Path("/")
    settings: Mapping[str, str] = field(default_factory=dict)
    settings_ns: int = 0
    expired: Callable[[], bool] = lambda: False
    """Whether the time that a look may take is over."""


@dataclass(slots=True)
class Found:
    """What a look at a source found: changes, the state for the next look, and what was in its way."""

    changes: list[Change] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    is_there: bool = True
    """False where this machine has no such source."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its name, which is stored, the systems that may have it, and what looks at it.

    ``look`` may raise OSError and ValueError. It is not asked where the source that it stands ``in_for`` was there.
    """

    name: str
    systems: tuple[str, ...]
    look: Callable[[Past], Found]
    in_for: str = ""

    @property
    def is_for_this_system(self) -> bool:
        """Whether this system may have it."""
        return not self.systems or sys.platform in self.systems


LINUX, WINDOWS, MACOS = ("linux",), ("win32",), ("darwin",)
Values = dict[str, dict[str, str]]
"""By the word of a kind, what each subject is."""


def look_at_values(source: str, past: Past, values: Values, forgets: bool = True) -> Found:
    """Compare what there is with what there was; nothing has changed at the first look.

    Unless the source ``forgets``, what is gone is remembered as it was, and is no change: as a driver without its
    device.
    """
    before: Values = (past.state or {}).get("values", {})
    found = Found()
    kept: Values = {}
    for kind in sorted({*before, *values}):
        then, now = before.get(kind, {}), _short(values.get(kind, {}))
        kept[kind] = now if forgets else dict(list({**then, **now}.items())[-_MOST_VALUES:])
        if past.state is None or kind not in before:
            continue
        found.changes += [
            Change(past.now_ns, ChangeKind(kind), source, subject, was, now_is)
            for subject, was, now_is in differences(then, kept[kind])
        ]
    found.state["values"] = kept
    found.is_there = any(kept.values())
    return found


def _short(values: Mapping[str, str]) -> dict[str, str]:
    return {
        name[:_VALUE_CHARACTERS]: value[:_VALUE_CHARACTERS]
        for name, value in sorted(values.items())[:_MOST_VALUES]
    }


def folders_in(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def read_text(path: Path, most_bytes: int = 4096) -> str:
    """The first line of a small file as of the kernel, "" where there is none."""
    try:
        with path.open("rb") as stream:
            return stream.read(most_bytes).decode("utf-8", "replace").partition("\n")[0].strip("\0 \t\r")
    except OSError:
        return ""

"""What goes into a slice, a line for each kind of item, and what stands for names that are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from aios_gui.alerts.model.incident import HiccupFinding
from aios_gui.alerts.model.rules import DEFAULT_RULES
from aios_gui.alerts.record_reader import hiccup_findings, incidents
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.history.changes.model import Look
from aios_gui.history.changes.record_reader import changes
from aios_gui.history.notes.record_reader import notes
from aios_gui.history.stretches import by_day
from aios_gui.history.who_ran.record_reader import samples_by_day
from aios_gui.record.store.reader import RecordReader

Read = Callable[[RecordReader, int, int], Iterable[object]]
"""The items of a span (wall clock, ns), each as the record takes it in."""


def _hiccup_findings(reader: RecordReader, start_ns: int, end_ns: int) -> Iterator[HiccupFinding]:
    for wall_ns, finding in hiccup_findings(reader, start_ns, end_ns).items():
        yield HiccupFinding(wall_ns, None, finding)


def _changes(reader: RecordReader, start_ns: int, end_ns: int) -> Iterator[Look]:
    found = tuple(changes(reader, start_ns, end_ns))
    if found:
        yield Look("", 0, found)


def _contexts(reader: RecordReader, start_ns: int, end_ns: int) -> Iterator[ContextSample]:
    for part in by_day(reader, start_ns, end_ns):
        yield from reader.contexts(*part)


CONTENTS: dict[str, Read] = {
    "contexts": _contexts,
    "gaps": RecordReader.gaps_as_found,
    "events": RecordReader.events,
    "incidents": incidents,
    "hiccup_findings": _hiccup_findings,
    "changes": _changes,
    "who_ran": samples_by_day,
    "notes": notes,
}
"""Everything but the beats, which are read one by one."""

_NO_NAMES = frozenset(
    {"measure", "resource", "source", "seen_by", "mode"}
    | {"version", "python", "sqlite", "system", "machine", "release"}
)
"""Texts under these keys are words of this program or versions."""
_OWN_RULES = frozenset(rule.name for rule in DEFAULT_RULES)
"""What other rules are called is the user's."""


class Names:
    """Goes through items for the texts in them: counts them, and has others stand for them where they are hidden."""

    def __init__(self, are_hidden: bool) -> None:
        self.found: Counter[str] = Counter()
        self._are_hidden = are_hidden
        self._stand_ins: dict[str, str] = {}

    def pass_on(self, value: Any, key: str = "") -> Any:
        """The value as it goes into the slice. The same text has the same one standing for it throughout."""
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, dict):
            return {each: self.pass_on(inner, each) for each, inner in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.pass_on(inner, key) for inner in value)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {
                each.name: self.pass_on(getattr(value, each.name), each.name) for each in fields(value)
            }
            return replace(value, **changed)
        return value

    def _text(self, text: str, key: str) -> str:
        if not text or key in _NO_NAMES or (key == "rule" and text in _OWN_RULES):
            return text
        if key == "action":  # its kind is a word of this program, what follows is the user's
            kind, colon, rest = text.partition(":")
            return kind + colon + self._text(rest, "") if rest else text
        self.found[text] += 1
        if not self._are_hidden:
            return text
        return self._stand_ins.setdefault(text, f"name-{len(self._stand_ins) + 1}")

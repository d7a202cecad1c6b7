"""What goes into a slice, a line for each kind of item, and what stands for names that are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, NamedTuple

from aios_gui.alerts.model.incident import HiccupFinding
from aios_gui.alerts.model.rules import DEFAULT_RULES
from aios_gui.alerts.record_reader import hiccup_findings, incidents
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.history.changes.model import Look
from aios_gui.history.changes.record_reader import changes
from aios_gui.history.notes.record_reader import notes
from aios_gui.history.stretches import by_day
from aios_gui.history.who_ran.codec import with_texts
from aios_gui.history.who_ran.record import WHO_RAN_PART
from aios_gui.history.who_ran.record_reader import samples_by_day
from aios_gui.record.model.columns import Packed
from aios_gui.record.store.context_part import CONTEXT_PART
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
"""Everything but the beats."""


class SealedPart(NamedTuple):
    """What of ``CONTENTS`` is a part of each page: its number, and the table with the rows of open hours."""

    number: int
    table: str
    pass_on: Callable[[bytes, Names], tuple[bytes, int]]
    """The part as it goes into the slice, and how many items are in it; ValueError where it is damaged."""


def _contexts_packed(packed: bytes, _names: Names) -> tuple[bytes, int]:
    return packed, Packed(packed).count  # numbers alone


def _who_ran_packed(packed: bytes, names: Names) -> tuple[bytes, int]:
    return with_texts(packed, names.stand_in)


SEALED = {
    "contexts": SealedPart(CONTEXT_PART, "context", _contexts_packed),
    "who_ran": SealedPart(WHO_RAN_PART, "who_ran", _who_ran_packed),
}

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
        if key in _NO_NAMES or (key == "rule" and text in _OWN_RULES):
            return text
        if key == "action":  # its kind is a word of this program, what follows is the user's
            kind, colon, rest = text.partition(":")
            return kind + colon + self._text(rest, "") if rest else text
        return self.stand_in(text)

    def stand_in(self, text: str, times: int = 1) -> str:
        """What stands for a text that is found this many times; itself where it may be read."""
        if not text:
            return text
        self.found[text] += times
        if not self._are_hidden:
            return text
        return self._stand_ins.setdefault(text, f"name-{len(self._stand_ins) + 1}")

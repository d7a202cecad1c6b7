"""What a person says of an incident or a rule, as a request of the channel: acknowledge, note, mute, unmute, undo."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from aios_gui.alerts.model.incident import NOTE_CHARACTERS, IncidentMark, Mute, Undo
from aios_gui.alerts.model.rule_fields import NAME_CHARACTERS
from aios_gui.instance.submit import bring_into_record
from aios_gui.system.paths import Paths

_LAST_MOMENT_NS = 2**62
_ACTION_CHARACTERS = 600
Said = IncidentMark | Mute | Undo


def request_of(item: Said) -> dict[str, Any]:
    """The request that says so."""
    if isinstance(item, Undo):
        return {"op": "undo", "id": item.id, "action": item.action}
    if isinstance(item, Mute):
        if not item.until_ns:
            return {"op": "unmute", "rule": item.rule}
        return {"op": "mute", "rule": item.rule, "until_ns": item.until_ns}
    if item.note is not None:
        return {"op": "note", "id": item.id, "text": item.note}
    return {"op": "acknowledge", "id": item.id, "at_ns": item.acknowledged_ns}


def item_of(request: dict[str, Any]) -> Said:
    """What a request says; ValueError, in words, where it makes no sense."""
    operation = request["op"]
    if operation in ("mute", "unmute"):
        rule = request.get("rule")
        if not isinstance(rule, str) or not rule or len(rule) > NAME_CHARACTERS or not rule.isprintable():
            raise ValueError("a rule is named by a text")
        return Mute(rule, 0 if operation == "unmute" else _moment(request.get("until_ns")))
    number = request.get("id")
    if type(number) is not int or not 0 < number < 2**63:
        raise ValueError("an incident is named by its number")
    if operation == "undo":
        action = request.get("action")
        if not isinstance(action, str) or not 0 < len(action) <= _ACTION_CHARACTERS:
            raise ValueError("an action is named as in the settings")
        return Undo(number, action)
    if operation == "note":
        return IncidentMark(number, note=clean_note(request.get("text")))
    return IncidentMark(number, _moment(request.get("at_ns") or time.time_ns()))


def _moment(value: Any) -> int:
    if type(value) is not int or not 0 < value < _LAST_MOMENT_NS:
        raise ValueError("a moment is a number of nanoseconds")
    return value


def clean_note(text: Any) -> str:
    """A note as it is kept: text with its lines, without other control characters; ValueError where it is none."""
    if not isinstance(text, str):
        raise ValueError("a note is a text")
    if len(text) > NOTE_CHARACTERS:
        raise ValueError(f"a note has at most {NOTE_CHARACTERS} characters, this one {len(text)}")
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text).strip()


def accept(request: dict[str, Any], note: Callable[[Said], object], problem: str) -> dict[str, Any]:
    """Answer a caller of the channel; ``problem`` says what is wrong with the record."""
    try:
        note(item_of(request))
    except ValueError as error:
        return {"error": str(error)}
    return {"done": True, "problem": problem}


def say(paths: Paths, item: IncidentMark | Mute) -> str:
    """Let it be known and recorded, whether an instance runs or not; as ``bring_into_record``."""
    return bring_into_record(paths, request_of(item), item, time.time_ns())

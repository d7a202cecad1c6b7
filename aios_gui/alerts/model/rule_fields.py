"""A rule as it is written down: its declared fields, what is wrong with one, and the rule of a table that is right."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from aios_gui.alerts.model.action import parse_action
from aios_gui.alerts.model.rules import CUSTOM, Comparison, Level, Measure, Rule
from aios_gui.settings.model import Setting

NAME_CHARACTERS = 60
MAXIMUM_RULES = 200
_LIST_ENTRIES, _ENTRY_CHARACTERS = 50, 500
_LARGEST = 1e12
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_UNITS = {"percent": "%", "ms": "ms", "mb": "MB"}

FIELDS: tuple[Setting, ...] = (
    Setting("name", ""),
    Setting("measure", str(Measure.CPU)),
    Setting("comparison", str(Comparison.ABOVE), choices=dict.fromkeys(map(str, Comparison), "")),
    Setting("limit", 0.0, 0.0, _LARGEST),
    Setting("level", str(Level.WARNING), choices=dict.fromkeys(map(str, Level), "")),
    Setting("for_s", 30.0, 0.0, 86_400.0, unit="s"),
    Setting("clear", 0.0, 0.0, _LARGEST),
    Setting("cooldown_s", 300.0, 0.0, 604_800.0, unit="s"),
    Setting("quiet_from", ""),
    Setting("quiet_to", ""),
    Setting("enabled", True),
)
"""Name, type, range and default of every field but the two lists, ``allow`` and ``actions``."""
BY_FIELD = {field.name: field for field in FIELDS}
LISTS = ("allow", "actions")
_REQUIRED = ("name", "measure", "limit")
_PLAIN = {field.name: field.default for field in fields(Rule)}


class RuleFault(StrEnum):
    """What can be wrong with a field of a rule, or with the rule."""

    NOT_A_TABLE = "not_a_table"
    TOO_MANY = "too_many"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    NOT_ALLOWED = "not_allowed"
    """Of the wrong type, out of range, or not one of the choices: ``BY_FIELD`` says what is."""
    NOT_A_NAME = "not_a_name"
    NAME_TAKEN = "name_taken"
    NO_SUCH_MEASURE = "no_such_measure"
    NOT_A_TIME = "not_a_time"
    HALF_A_SPAN = "half_a_span"
    """One end of the quiet hours alone."""
    CLEAR_BEYOND_LIMIT = "clear_beyond_limit"
    NOT_A_LIST = "not_a_list"
    NO_SUCH_ACTION = "no_such_action"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault: which field ("" for the whole rule), what is wrong, and what stands there."""

    field: str
    fault: RuleFault
    found: Any = None


def unit_of(measure: str) -> str:
    """The unit of a measure's figures: ``%``, ``ms``, ``MB``, or "" for a plain number."""
    return "" if measure.startswith(CUSTOM) else _UNITS.get(measure.rpartition("_")[2], "")


def rule_of(table: Any, taken: Collection[str] = ()) -> tuple[Rule | None, tuple[FieldFault, ...]]:
    """The rule that ``table`` describes, or None and everything that is wrong with it.

    ``taken`` are the names of other rules. A clear level that is not given is the limit.
    """
    if not isinstance(table, Mapping):
        return None, (FieldFault("", RuleFault.NOT_A_TABLE, table),)
    faults = [FieldFault(name, RuleFault.MISSING) for name in _REQUIRED if name not in table]
    values: dict[str, Any] = {}
    for name, value in table.items():
        fault = _check(str(name), value, values)
        if fault is not None:
            faults.append(FieldFault(str(name), fault, value))
    if values.get("name") in taken:
        faults.append(FieldFault("name", RuleFault.NAME_TAKEN, values["name"]))
    values.setdefault("clear", values.get("limit"))
    faults += _unfit(values)
    return (None, tuple(faults)) if faults else (Rule(**values), ())


def table_of(rule: Rule) -> dict[str, Any]:
    """``rule`` as a table, without what is as usual; ``rule_of`` gives it back."""
    table: dict[str, Any] = {}
    for field in fields(rule):
        value = getattr(rule, field.name)
        usual = rule.limit if field.name == "clear" else _PLAIN[field.name]
        if field.name in _REQUIRED or value != usual:
            table[field.name] = list(value) if isinstance(value, tuple) else _bare(value)
    return table


def _bare(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _check(name: str, value: Any, values: dict[str, Any]) -> RuleFault | None:
    """Put the right form of ``value`` into ``values``, or tell what is wrong with it."""
    if name in LISTS:
        return _check_list(name, value, values)
    field = BY_FIELD.get(name)
    if field is None:
        return RuleFault.UNKNOWN_FIELD
    try:
        checked = field.check(value)
    except (ValueError, OverflowError):
        return RuleFault.NOT_ALLOWED
    fault = _CHECKS[name](str(checked)) if name in _CHECKS else None
    if fault is None:
        values[name] = _WORDS[name](str(checked)) if name in _WORDS else checked
    return fault


def _check_list(name: str, value: Any, values: dict[str, Any]) -> RuleFault | None:
    if not isinstance(value, list | tuple) or len(value) > _LIST_ENTRIES:
        return RuleFault.NOT_A_LIST
    if not all(isinstance(each, str) and 0 < len(each.strip()) <= _ENTRY_CHARACTERS for each in value):
        return RuleFault.NOT_A_LIST
    entries = tuple(each.strip() for each in value)
    if name == "actions":
        try:
            for each in entries:
                parse_action(each)
        except ValueError:
            return RuleFault.NO_SUCH_ACTION
    values[name] = entries
    return None


def _name_fault(name: str) -> RuleFault | None:
    # A comma parts the names that scripts read.
    good = (
        name.isprintable() and name == name.strip() and "," not in name and 0 < len(name) <= NAME_CHARACTERS
    )
    return None if good else RuleFault.NOT_A_NAME


def _measure_fault(measure: str) -> RuleFault | None:
    custom = measure.removeprefix(CUSTOM)
    known = measure in tuple(Measure) or (custom != measure and _name_fault(custom) is None)
    return None if known else RuleFault.NO_SUCH_MEASURE


def _time_fault(time: str) -> RuleFault | None:
    return None if not time or _TIME.fullmatch(time) else RuleFault.NOT_A_TIME


_CHECKS = {
    "name": _name_fault,
    "measure": _measure_fault,
    "quiet_from": _time_fault,
    "quiet_to": _time_fault,
}
_WORDS = {"comparison": Comparison, "level": Level}


def _unfit(values: dict[str, Any]) -> list[FieldFault]:
    """Fields that are right alone and wrong together."""
    faults = []
    quiet = values.get("quiet_from", ""), values.get("quiet_to", "")
    if bool(quiet[0]) != bool(quiet[1]):
        field = "quiet_to" if quiet[0] else "quiet_from"
        faults.append(FieldFault(field, RuleFault.HALF_A_SPAN, ""))
    clear, limit = values["clear"], values.get("limit")
    if clear is not None and limit is not None:
        below = values.get("comparison") is Comparison.BELOW
        if clear < limit if below else clear > limit:
            faults.append(FieldFault("clear", RuleFault.CLEAR_BEYOND_LIMIT, clear))
    return faults

"""The rules in the settings file: read from its tables, composed as text, brought over from older versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aios_gui.alerts.model.rule_fields import MAXIMUM_RULES, FieldFault, RuleFault, rule_of, table_of
from aios_gui.alerts.model.rules import DEFAULT_RULES, Rule, with_limit
from aios_gui.settings.model import BY_NAME, LIMITS

_INTRODUCTION = (
    "# Rules: a limit on a measure, and what happens when it was breached for so many seconds.\n"
    "# Without any rule here the ones below hold; once there is one, only those that are written here do.\n"
)
RULE_HEADER = "[[rules]]"
_HEADER = re.compile(r"^\s*\[\[\s*[\"']?rules[\"']?\s*\]\]\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault: of which rule (from 1; 0: of all), and the name of the default rule that holds instead, if any."""

    number: int
    fault: FieldFault
    instead: str = ""


@dataclass(frozen=True, slots=True)
class FoundRules:
    """The rules that can be used, in their order, and what is wrong with the others."""

    rules: tuple[Rule, ...]
    problems: tuple[RuleProblem, ...] = ()


def read_rules(tables: Any) -> FoundRules:
    """The rules of ``tables``. A faulty one is left out; where it has a default rule's name, that one holds."""
    if not isinstance(tables, list):
        return FoundRules(DEFAULT_RULES, (RuleProblem(0, FieldFault("", RuleFault.NOT_A_TABLE, tables)),))
    usual = {rule.name: rule for rule in DEFAULT_RULES}
    rules: dict[str, Rule] = {}
    problems: list[RuleProblem] = []
    for number, table in enumerate(tables, 1):
        if len(rules) >= MAXIMUM_RULES:
            problems.append(RuleProblem(number, FieldFault("", RuleFault.TOO_MANY, len(tables))))
            break
        rule, faults = rule_of(table, rules)
        instead = ""
        if rule is None:
            name = table.get("name") if isinstance(table, Mapping) else None
            rule = usual.get(name) if isinstance(name, str) and name not in rules else None
            instead = rule.name if rule is not None else ""
        if rule is not None:
            rules[rule.name] = rule
        problems += [RuleProblem(number, fault, instead) for fault in faults]
    return FoundRules(tuple(rules.values()), tuple(problems))


def compose_rules(rules: tuple[Rule, ...], before: Any = None) -> str:
    """The text of ``rules``, as comments where they are the default ones.

    Faulty ones in ``before``, the tables of the file as it is, stay as they are: whoever wrote them is to mend them.
    """
    kept = _faulty(rules, before)
    blocks = [_block(table) for table in (*map(table_of, rules), *kept)]
    if rules == DEFAULT_RULES and not kept:
        blocks = ["".join(f"# {line}\n" for line in block.splitlines()) for block in blocks]
    return "\n".join([_INTRODUCTION, *blocks])


def _block(table: dict[str, Any]) -> str:
    import tomli_w

    # Given the whole list, tomli_w would write short rules in one line, which may not follow a section.
    return RULE_HEADER + "\n" + tomli_w.dumps(table)


def _faulty(rules: tuple[Rule, ...], before: Any) -> list[dict[str, Any]]:
    """Tables of ``before`` that are no rules and have no name that one of ``rules`` has."""
    if not isinstance(before, list):
        return []
    names = [rule.name for rule in rules]
    tables = [each for each in before if isinstance(each, dict) and rule_of(each)[0] is None]
    return [
        each for each in tables if each.get("name") not in names and not any(map(_is_nested, each.values()))
    ]


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value)))


def field_line(text: str, number: int, field: str) -> int | None:
    """The line, counted from 1, of a field of the rule of that number, or where the rule begins."""
    key = re.compile(rf"^\s*[\"']?{re.escape(field)}[\"']?\s*=")
    seen, began = 0, None
    for line_number, line in enumerate(text.splitlines(), 1):
        if _HEADER.match(line):
            seen += 1
            if seen == number:
                began = line_number
        elif seen == number and began is not None:
            if line.lstrip().startswith("["):
                break
            if key.match(line):
                return line_number
        if seen > number:
            break
    return began


def limits_into_rules(table: dict[str, Any]) -> dict[str, Any]:
    """A file of version 1, whose thresholds were settings, with the rules that say the same.

    A value that was not allowed stays where it is, to be told of.
    """
    thresholds = table.get("thresholds")
    if not isinstance(thresholds, dict):
        return table
    rules, rest = DEFAULT_RULES, dict(thresholds)
    for setting, rule in LIMITS.items():
        key = setting.partition(".")[2]
        try:
            limit = BY_NAME[setting].check(rest[key])
        except (KeyError, ValueError, OverflowError):
            continue
        rules = with_limit(rules, rule, float(limit))
        del rest[key]
    others = {name: value for name, value in table.items() if name != "thresholds"}
    if rest:
        others["thresholds"] = rest
    if rules != DEFAULT_RULES and "rules" not in others:
        others["rules"] = [table_of(rule) for rule in rules]
    return others

"""The settings of the alerts: thresholds, what a diagnosis keeps, and the rules, which are a table of the file.

What reads and writes a rule is loaded only where there is one: a beat on the command line meets none as a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aios_gui.alerts.model import rules as rule_model
from aios_gui.alerts.model.rules import DEFAULT_RULES, Rule, with_limit
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.settings.model import Alias, Entries, EntryFault, Section, Setting, Settings, Table
from aios_gui.text.catalogue import N_

if TYPE_CHECKING:
    from aios_gui.alerts.model.incident import Incident

_RULES = "rules"


def _limit(
    key: str,
    rule: str,
    default: float,
    minimum: float,
    maximum: float,
    unit: str,
    title: str,
    help_text: str,
    search: str,
) -> Setting:
    """The setting ``thresholds.key``, which is the limit of the rule of that name and stands nowhere else."""

    def read(rules: tuple[Rule, ...]) -> float:
        limit = next((each.limit for each in rules if each.name == rule), default)
        return min(max(minimum, limit), maximum)

    def write(rules: tuple[Rule, ...], limit: float) -> tuple[Rule, ...]:
        return with_limit(rules, rule, limit)

    alias = Alias(_RULES, read, write)
    return Setting(
        f"thresholds.{key}",
        default,
        minimum,
        maximum,
        unit=unit,
        title=title,
        help=help_text,
        search=search,
        alias=alias,
    )


THRESHOLDS = Section(
    "thresholds",
    N_("Alerts"),
    (
        _limit(
            "cpu_percent",
            "cpu",
            80.0,
            0.0,
            100.0,
            "%",
            N_("CPU alert above"),
            N_("The limit of the rule on the CPU of the whole machine."),
            N_("processor load threshold rules limit"),
        ),
        _limit(
            "memory_percent",
            "memory",
            85.0,
            0.0,
            100.0,
            "%",
            N_("Memory alert above"),
            N_("The limit of the rule on the memory of the whole machine."),
            N_("RAM threshold rules limit"),
        ),
        _limit(
            "hiccup_ms",
            "hiccup",
            50.0,
            1.0,
            60_000.0,
            "ms",
            N_("Hiccup threshold"),
            N_("A stall of at least this length counts as a hiccup. You would notice it as a stutter."),
            N_("freeze lag stall latency rules limit"),
        ),
    ),
)


DIAGNOSIS = Section(
    "diagnosis",
    N_("Diagnosis"),
    (
        Setting(
            "diagnosis.command_lines",
            False,
            title=N_("Whole command lines"),
            help=N_(
                "Keep and show with what arguments the programs of an incident were started; what looks like a "
                "password or a key is blanked. Otherwise only the program and its script are kept."
            ),
            search=N_("privacy arguments culprit process"),
        ),
    ),
    shown_in=THRESHOLDS.key,
)


def keeps_command_lines(settings: Settings) -> bool:
    """Whether whole command lines of other programs are kept and shown."""
    return bool(settings["diagnosis.command_lines"])


def shown(incident: Incident, settings: Settings) -> Incident:
    """The incident as it may be shown: with whole command lines only where the settings say so."""
    return incident.with_command_lines() if keeps_command_lines(settings) else incident


def rules_of(settings: Settings) -> tuple[Rule, ...]:
    """The rules as set."""
    return settings.table(_RULES)


def with_rules(settings: Settings, rules: tuple[Rule, ...]) -> Settings:
    """``settings`` with other rules; they are taken for valid ones with names of their own."""
    return settings.with_table(_RULES, rules)


def thresholds_of(settings: Settings) -> Thresholds:
    """What the beat compares with, compiled from the rules as set."""
    return rule_model.thresholds_of(rules_of(settings))


def read_rules(tables: Any) -> Entries:
    """The rules of ``tables``. A faulty one is left out; where it has a default rule's name, that one holds."""
    from aios_gui.alerts.model.rule_fields import MAXIMUM_RULES, RuleFault, rule_of

    if not isinstance(tables, list):
        return Entries(DEFAULT_RULES, (EntryFault(0, "", RuleFault.NOT_A_TABLE, tables),))
    usual = {rule.name: rule for rule in DEFAULT_RULES}
    rules: dict[str, Rule] = {}
    found: list[EntryFault] = []
    for number, table in enumerate(tables, 1):
        if number > MAXIMUM_RULES:
            found.append(EntryFault(number, "", RuleFault.TOO_MANY, len(tables)))
            break
        rule, faults = rule_of(table, rules)
        used = ""
        if rule is None:
            name = table.get("name") if isinstance(table, Mapping) else None
            rule = usual.get(name) if isinstance(name, str) and name not in rules else None
            used = rule.name if rule is not None else ""
        if rule is not None:
            rules[rule.name] = rule
        found += [EntryFault(number, each.field, each.fault, each.found, used) for each in faults]
    return Entries(tuple(rules.values()), tuple(found))


def _faulty(rules: tuple[Rule, ...], before: Any) -> list[dict[str, Any]]:
    """Tables of ``before`` that are no rules and have no name that one of ``rules`` has."""
    if not isinstance(before, list):
        return []
    from aios_gui.alerts.model.rule_fields import rule_of

    names = [rule.name for rule in rules]
    tables = [each for each in before if isinstance(each, dict) and rule_of(each)[0] is None]
    return [
        each for each in tables if each.get("name") not in names and not any(map(_is_nested, each.values()))
    ]


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value)))


def _write(rule: Rule) -> dict[str, Any]:
    from aios_gui.alerts.model.rule_fields import table_of

    return table_of(rule)


def _describe(key: str, found: str, fault: EntryFault, tells_used: bool) -> str:
    from aios_gui.alerts.words.rules import fault_in_file

    return fault_in_file(key, found, fault, tells_used)


RULES = Table(
    _RULES,
    "# Rules: a limit on a measure, and what happens when it was breached for a number of seconds.\n"
    "# Without any rule here the ones below hold; once there is one, only those that are written here do.\n",
    DEFAULT_RULES,
    read_rules,
    _write,
    _faulty,
    _describe,
)


def limits_into_rules(table: dict[str, Any]) -> dict[str, Any]:
    """A file of version 1, whose thresholds were settings, with the rules that say the same.

    A value that was not allowed stays where it is, to be told of.
    """
    thresholds = table.get("thresholds")
    if not isinstance(thresholds, dict):
        return table
    rules, rest = DEFAULT_RULES, dict(thresholds)
    for setting in THRESHOLDS.settings:
        key = setting.name.partition(".")[2]
        try:
            limit = setting.check(rest[key])
        except (KeyError, ValueError, OverflowError):
            continue
        assert setting.alias is not None
        rules = setting.alias.write(rules, limit)
        del rest[key]
    others = {name: value for name, value in table.items() if name != "thresholds"}
    if rest:
        others["thresholds"] = rest
    if rules != DEFAULT_RULES and "rules" not in others:
        others["rules"] = [_write(rule) for rule in rules]
    return others

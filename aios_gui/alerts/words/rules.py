"""Rules in words: measures, levels, conditions, the fields of the form, and what a field must be."""

from __future__ import annotations

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.rule_fields import (
    BY_FIELD,
    MAXIMUM_RULES,
    NAME_CHARACTERS,
    RuleFault,
    unit_of,
)
from aios_gui.alerts.model.rules import CUSTOM, Comparison, Level, Measure, Rule
from aios_gui.settings.model import EntryFault
from aios_gui.settings.words import wanted as wanted_value
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain


def measure_name(measure: str) -> str:
    """What is measured, as ``CPU of the machine``; a custom one by its own name."""
    names = {
        Measure.CPU: _("CPU of the machine"),
        Measure.MEMORY: _("memory of the machine"),
        Measure.SWAP: _("swap in use"),
        Measure.DISK_FREE: _("free space on the disk of the record"),
        Measure.DISK_BUSY: _("active time of the busiest disk"),
        Measure.CPU_STALLED: _("time in which something waited for a core"),
        Measure.IO_STALLED: _("time in which something waited for the disk"),
        Measure.MEMORY_STALLED: _("time in which something waited for memory"),
        Measure.DURATION_MEAN: _("duration of beats, mean"),
        Measure.DURATION_P95: _("duration of beats, P95"),
        Measure.DURATION_P99: _("duration of beats, P99"),
        Measure.LATENESS: _("lateness of beats"),
        Measure.MISSED: _("missed beats"),
        Measure.OWN_CPU: _("CPU of this program"),
        Measure.OWN_MEMORY: _("memory of this program"),
    }
    return names[Measure(measure)] if measure in names else plain(measure.removeprefix(CUSTOM), 60)


def figure(measure: str, value: float | None) -> str:
    """A figure of a measure with its unit: ``82 %``, ``55 ms``, ``120 MB``; ``–`` for None."""
    if value is None:
        return figures.NONE
    unit = unit_of(measure)
    if unit == "%":
        return figures.percent(value)
    if unit == "ms":
        return figures.spoken_duration(value * 1e6)
    if unit == "MB":
        return figures.size(value * 2**20)
    return figures.count(round(value)) if 1e6 <= abs(value) < 1e15 else f"{value:g}"


def level_name(level: Level) -> str:
    """How bad it is, in a word."""
    return {Level.WARNING: _("warning"), Level.CRITICAL: _("critical")}[level]


def rule_title(name: str) -> str:
    """What a rule is called: one that the program came with in words, any other by the name it was given."""
    names = {
        "cpu": _("CPU"),
        "cpu-warning": _("CPU, warning"),
        "memory": _("Memory"),
        "memory-warning": _("Memory, warning"),
        "duration": _("Beat duration"),
        "duration-warning": _("Beat duration, warning"),
        "duration-p95": _("Beat duration, P95"),
        "duration-p95-warning": _("Beat duration, P95, warning"),
        "hiccup": _("Hiccup"),
        "disk": _("Disk space"),
        "disk-warning": _("Disk space, warning"),
        "disk-busy": _("Busy disk"),
        "disk-stalled": _("Waiting for the disk"),
    }
    return names.get(name) or plain(name, NAME_CHARACTERS)


def condition(rule: Rule) -> str:
    """When a rule fires: ``CPU of the machine at 80 % or more for 30 s``."""
    way = (
        _("{measure} at {limit} or more")
        if rule.comparison is Comparison.ABOVE
        else _("{measure} at {limit} or less")
    )
    sentence = way.format(measure=measure_name(rule.measure), limit=figure(rule.measure, rule.limit))
    if not rule.for_s:
        return sentence
    return _("{condition} for {span}").format(condition=sentence, span=figures.span(rule.for_s * 1e9))


def wanted(field: str, fault: RuleFault) -> str:
    """What a field of a rule must be, where ``fault`` is what is wrong with it; for the rule as a whole field is ""."""
    if fault is RuleFault.NOT_ALLOWED:
        return wanted_value(BY_FIELD[field])
    return {
        RuleFault.NOT_A_TABLE: _("must be written as [[rules]]"),
        RuleFault.TOO_MANY: _("is one too many: there may be {count} rules"),
        RuleFault.MISSING: _("must be given"),
        RuleFault.UNKNOWN_FIELD: _("is not a field of a rule"),
        RuleFault.NOT_A_NAME: _("must be a name of at most {length} characters without a comma"),
        RuleFault.NAME_TAKEN: _("must be a name that no other rule has"),
        RuleFault.NO_SUCH_MEASURE: _("must be one of {measures}, or custom: and a name"),
        RuleFault.NOT_A_TIME: _("must be a time such as 22:00, or empty"),
        RuleFault.HALF_A_SPAN: _("must be given too: quiet hours have a start and an end"),
        RuleFault.CLEAR_BEYOND_LIMIT: _("must not be beyond the limit"),
        RuleFault.NOT_A_LIST: _('must be a list of texts, as ["one", "two"]'),
        RuleFault.NO_SUCH_ACTION: _("must name actions: {actions}"),
    }[fault].format(
        count=MAXIMUM_RULES,
        length=NAME_CHARACTERS,
        measures=", ".join(Measure),
        actions=", ".join(map(_written, ActionKind)),
    )


def _written(kind: ActionKind) -> str:
    return f"{kind}:…" if kind.takes_argument else str(kind)


def fault_in_file(key: str, found: str, fault: EntryFault, tells_used: bool) -> str:
    """What is wrong with the field ``key`` of a rule in the settings file, and what is used instead where it tells."""
    sentence = _("“{key}” {wanted}")
    if tells_used and not fault.number:
        sentence = _("“{key}” {wanted}; the default rules are used")
    elif tells_used and fault.used:
        sentence = _("“{key}” {wanted}; the default rule “{rule}” is used")
    elif tells_used:
        sentence = _("“{key}” {wanted}; the rule is left out")
    kind = RuleFault(fault.fault)
    if kind not in (RuleFault.MISSING, RuleFault.HALF_A_SPAN, RuleFault.TOO_MANY):
        sentence = sentence.replace("{wanted}", _("is {found}, but {wanted}"))
    return sentence.format(key=key, found=found, wanted=wanted(fault.field, kind), rule=plain(fault.used))


def field_name(name: str, comparison: Comparison = Comparison.ABOVE) -> str:
    """What a field is called, of a rule that compares so."""
    if name == "clear" and comparison is Comparison.BELOW:
        return _("Clears above")
    return {
        "name": _("Name"),
        "measure": _("What is watched"),
        "comparison": _("Alert when"),
        "limit": _("Limit"),
        "level": _("Level"),
        "for_s": _("For at least"),
        "clear": _("Clears below"),
        "cooldown_s": _("Cooldown"),
        "quiet_from": _("Quiet from"),
        "quiet_to": _("Quiet until"),
        "allow": _("Ignore when caused by"),
        "actions": _("Actions"),
        "enabled": _("Enabled"),
    }[name]


def field_help(name: str, comparison: Comparison = Comparison.ABOVE) -> str:
    """What a field means, of a rule that compares so; "" where its name says it."""
    if name == "clear" and comparison is Comparison.BELOW:
        return _("Clears after staying above this for the same time. Leave empty to use the limit.")
    return {
        "name": _("As the settings file and the command line call it."),
        "for_s": _("Fires after the limit is exceeded this long."),
        "clear": _("Clears after staying below this for the same time. Leave empty to use the limit."),
        "cooldown_s": _("Firing again within this time continues the same incident."),
        "quiet_from": _("During quiet hours it is recorded without a notification."),
        "allow": _("One per line, e.g. make. The rule stays silent when one of these is the main culprit."),
        "actions": _("Each runs once when the rule fires."),
    }.get(name, "")


def comparison_name(comparison: Comparison) -> str:
    """On which side of the limit it is bad."""
    return {Comparison.ABOVE: _("at or above the limit"), Comparison.BELOW: _("at or below the limit")}[
        comparison
    ]


def unit_name(name: str, measure: str) -> str:
    """The unit of a number in the form; "" for none."""
    unit = unit_of(measure) if name in ("limit", "clear") else "s" if name in ("for_s", "cooldown_s") else ""
    spoken = {"s": _("{figure} s"), "ms": _("{figure} ms")}
    return spoken[unit].format(figure="").strip() if unit in spoken else unit


def fault_sentence(name: str, fault: RuleFault, comparison: Comparison = Comparison.ABOVE) -> str:
    """What is wrong with a field of a rule that compares so, as a sentence beside it."""
    if fault is RuleFault.CLEAR_BEYOND_LIMIT:
        above = comparison is Comparison.ABOVE
        return _("Must not be above the limit.") if above else _("Must not be below the limit.")
    if name in ("limit", "clear") and fault is RuleFault.NOT_ALLOWED:
        what = _("must be a number of 0 or more")
    elif name == "measure" and fault in (RuleFault.NO_SUCH_MEASURE, RuleFault.NOT_ALLOWED):
        what = _("must be the name of a measure that a plug-in offers")
    elif fault is RuleFault.NOT_A_LIST:
        what = _("must be at most 50 lines of at most 500 characters")
    else:
        what = wanted(name, fault)
    return _("This {what}.").format(what=what)

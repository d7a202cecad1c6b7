"""The fields of a rule as a form names them, with what each means and what is wrong with it."""

from __future__ import annotations

from aios_gui.alerts.model.rule_fields import RuleFault, unit_of
from aios_gui.alerts.model.rules import Comparison
from aios_gui.alerts.words import rules as rule_words
from aios_gui.text.catalogue import gettext as _


def field_name(name: str) -> str:
    """What a field is called."""
    return {
        "name": _("Name"),
        "measure": _("What is watched"),
        "comparison": _("It is bad"),
        "limit": _("Limit"),
        "level": _("Level"),
        "for_s": _("For at least"),
        "clear": _("Over again from"),
        "cooldown_s": _("Cooldown"),
        "quiet_from": _("Quiet from"),
        "quiet_to": _("Quiet until"),
        "allow": _("Processes that excuse it"),
        "actions": _("What is done"),
        "enabled": _("Watched"),
    }[name]


def field_help(name: str) -> str:
    """What a field means; "" where its name says it."""
    return {
        "for_s": _("It fires when the limit was breached for so long."),
        "clear": _("It is over when the figure was better than this for as long. Empty: the limit."),
        "cooldown_s": _("Firing again so soon after it was over counts as the same incident."),
        "quiet_from": _("In the quiet hours it is recorded, and alerts nobody."),
        "allow": _(
            "A name a line, as make or firefox. Where the worst culprit is one of them, nobody is alerted."
        ),
        "actions": _("Each is done once, when the rule fires and alerts somebody."),
    }.get(name, "")


def comparison_name(comparison: Comparison) -> str:
    """On which side of the limit it is bad."""
    return {Comparison.ABOVE: _("at the limit or above"), Comparison.BELOW: _("at the limit or below")}[
        comparison
    ]


def unit_name(name: str, measure: str) -> str:
    """The unit of a number in the form; "" for none."""
    unit = unit_of(measure) if name in ("limit", "clear") else "s" if name in ("for_s", "cooldown_s") else ""
    spoken = {"s": _("{figure} s"), "ms": _("{figure} ms")}
    return spoken[unit].format(figure="").strip() if unit in spoken else unit


def fault_sentence(name: str, fault: RuleFault) -> str:
    """What is wrong with a field, as a sentence beside it."""
    if name in ("limit", "clear") and fault is RuleFault.NOT_ALLOWED:
        what = _("must be a number of 0 or more")
    elif name == "measure" and fault in (RuleFault.NO_SUCH_MEASURE, RuleFault.NOT_ALLOWED):
        what = _("must be the name of a measure that a plug-in offers")
    elif fault is RuleFault.NOT_A_LIST:
        what = _("must be at most 50 lines of at most 500 characters")
    else:
        what = rule_words.wanted(name, fault)
    return _("This {what}.").format(what=what)

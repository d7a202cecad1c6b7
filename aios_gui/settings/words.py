"""What is wrong with the settings, in words, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aios_gui.settings.model import BY_NAME, Setting
from aios_gui.settings.table import unit_text
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from aios_gui.settings.file import SettingsProblem


def problem_sentence(problem: SettingsProblem) -> str:
    """Where the fault is, what it is, and what is used instead."""
    return _("{place}: {fault}").format(place=_place(problem), fault=_fault(problem))


def _place(problem: SettingsProblem) -> str:
    place = str(problem.path)
    if problem.line is not None:
        place = _("{path}, line {line}").format(path=place, line=problem.line)
    return plain(place, 400)


def _fault(problem: SettingsProblem) -> str:
    found = plain(problem.found)
    match problem.kind:
        case "unreadable":
            return _("the settings cannot be read or written ({reason})").format(reason=found)
        case "damaged" if problem.set_aside is None:
            return _("the settings cannot be understood ({reason}); the defaults are used").format(
                reason=found
            )
        case "damaged":
            return _(
                "the settings could not be understood ({reason}); they are kept as {name} "
                "and the defaults are used"
            ).format(reason=found, name=plain(problem.set_aside.name if problem.set_aside else ""))
        case "newer_version":
            return _(
                "the settings were written by a newer version of this program (version {version}); "
                "they are left untouched and the defaults are used"
            ).format(version=found)
        case "unknown_key":
            return _("there is no setting “{key}”; it is ignored").format(key=plain(problem.key))
        case "rule":
            return _rule_fault(problem)
    return _("“{key}” is {found}, but {wanted}; {used} is used").format(
        key=plain(problem.key), found=found, wanted=wanted(BY_NAME[problem.key]), used=plain(problem.used)
    )


def _rule_fault(problem: SettingsProblem) -> str:
    """What is wrong with a rule, and what is used instead."""
    sentence = _("“{key}” {wanted}; the rule is left out")
    if problem.used:
        sentence = _("“{key}” {wanted}; the default rule “{rule}” is used")
    if problem.key == "rules":
        sentence = _("“{key}” {wanted}; the default rules are used")
    return _with_rule_words(sentence, problem)


def _with_rule_words(sentence: str, problem: SettingsProblem) -> str:
    """``sentence`` with what a rule holds and should hold. Those words are loaded only where one is wrong."""
    from aios_gui.alerts.model.rule_fields import RuleFault
    from aios_gui.alerts.words.rules import wanted

    assert problem.fault is not None
    field = problem.key.partition("].")[2]
    if problem.fault not in (RuleFault.MISSING, RuleFault.HALF_A_SPAN, RuleFault.TOO_MANY):
        sentence = sentence.replace("{wanted}", _("is {found}, but {wanted}"))
    return sentence.format(
        key=plain(problem.key),
        found=plain(problem.found),
        wanted=wanted(field, problem.fault),
        rule=plain(problem.used),
    )


def fault_sentence(problem: SettingsProblem) -> str:
    """Where the fault is and what it is, without what is used instead."""
    faults = {
        "damaged": _("the settings cannot be understood ({reason})"),
        "newer_version": _("the settings were written by a newer version of this program (version {reason})"),
        "unknown_key": _("there is no setting “{key}”"),
    }
    sentence = faults.get(problem.kind)
    if sentence is None and problem.key in BY_NAME:
        sentence = _("“{key}” is {reason}, but {wanted}")
    if problem.kind == "rule":
        bare = _with_rule_words(_("“{key}” {wanted}"), problem)
        return _("{place}: {fault}").format(place=_place(problem), fault=bare)
    if sentence is None:
        return problem_sentence(problem)
    wanted_instead = wanted(BY_NAME[problem.key]) if problem.key in BY_NAME else ""
    fault = sentence.format(reason=plain(problem.found), key=plain(problem.key), wanted=wanted_instead)
    return _("{place}: {fault}").format(place=_place(problem), fault=fault)


def kept_sentence(problem: SettingsProblem) -> str:
    """As ``fault_sentence``, of a file that was changed while the program runs."""
    if problem.kind == "unknown_key":
        return problem_sentence(problem)
    return _("{fault}; what was set before stays in force").format(fault=fault_sentence(problem))


def value_sentence(setting: Setting) -> str:
    """What a value must be, beside the field in which another one was typed."""
    return _("This {wanted}.").format(wanted=wanted(setting))


def refusal_sentence(setting: Setting, text: str) -> str:
    """Why ``text`` is no value of a setting, with the setting's name in the file."""
    return _("“{key}” cannot be “{text}”: it {wanted}").format(
        key=setting.name, text=plain(text, 60), wanted=wanted(setting)
    )


def wanted(setting: Setting) -> str:
    """What a value must be, as the end of a sentence."""
    if setting.choices:
        return _("must be one of {choices}").format(choices=", ".join(setting.choices))
    if setting.kind is bool:
        return _("must be true or false")
    if setting.keys:
        return _("must be keys such as Ctrl+P that mean nothing else, or nothing")
    if setting.kind is str:
        return _("must be a text in quotation marks")
    limits = {"low": f"{setting.minimum:g}", "high": f"{setting.maximum:g} {unit_text(setting)}".rstrip()}
    if setting.kind is int:
        return _("must be a whole number from {low} to {high}").format(**limits)
    return _("must be a number from {low} to {high}").format(**limits)


def with_remedy(sentence: str, problem: SettingsProblem) -> str:
    """What is wrong, and what the user can do about it."""
    return _("{fault}. {remedy}").format(fault=sentence, remedy=remedy(problem))


def remedy(problem: SettingsProblem) -> str:
    """What the user can do about it."""
    match problem.kind:
        case "unreadable":
            return _("Check that the file belongs to you and that its folder can be written.")
        case "damaged":
            return _("Correct the line in a text editor, or delete the file to begin with the defaults.")
        case "newer_version":
            return _("Install the newer version again, or move the file away to begin with the defaults.")
        case "unknown_key":
            return _("Correct the name of the setting, or remove the line.")
    return _("Correct the line in a text editor, or remove it to get the default.")

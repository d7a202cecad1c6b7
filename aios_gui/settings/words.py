"""Settings in words: what each is called, does and may be, and what is wrong with their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aios_gui.settings.model import Section, Setting, SettingValue, Table
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from aios_gui.settings.file import SettingsProblem

_UNITS = {
    "s": N_("s"),
    "ms": N_("ms"),
    "min": N_("min"),
    "d": N_("days"),
    "MB": N_("MB"),
    "%": N_("%"),
    "Hz": N_("times a second"),
}


def _spoken(text: str, otherwise: str = "") -> str:
    # The empty text stands for the head of the catalogue.
    return _(text) if text else otherwise


def section_title(section: Section) -> str:
    """What a section of the settings is called; its name in the file where it has no other."""
    return _spoken(section.title, section.key)


def title(setting: Setting) -> str:
    """What a setting is called; its name in the file where it has no other."""
    return _spoken(setting.title, setting.name)


def help_text(setting: Setting) -> str:
    """What a setting does; "" where its name says it all."""
    return _spoken(setting.help)


def search_words(setting: Setting) -> str:
    """Further words by which people look for a setting, in the language spoken and in English; "" for none."""
    return f"{_spoken(setting.search)} {setting.search}".strip()


def choice_text(setting: Setting, choice: str) -> str:
    """What a choice of a setting means; the word itself where it has no other."""
    return _spoken(setting.choices.get(choice, ""), choice)


def unit_text(setting: Setting) -> str:
    """The unit behind a figure; "" for none."""
    return _spoken(_UNITS.get(setting.unit, ""), setting.unit)


def value_text(setting: Setting, value: SettingValue) -> str:
    """A value as it stands in a sentence."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if setting.choices:
        return choice_text(setting, str(value))
    if setting.keys:
        return str(value) or _("no keys")
    if value == "":
        return _("empty")
    return f"{setting.written(value)} {unit_text(setting)}".rstrip()


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
    if isinstance(problem.declared, Table):
        return _entry_fault(problem.declared, problem, tells_used=True)
    assert problem.declared is not None
    return _("“{key}” is {found}, but {wanted}; {used} is used").format(
        key=plain(problem.key), found=found, wanted=wanted(problem.declared), used=plain(problem.used)
    )


def _entry_fault(table: Table, problem: SettingsProblem, tells_used: bool) -> str:
    assert problem.entry is not None
    return table.describe(plain(problem.key), plain(problem.found), problem.entry, tells_used)


def fault_sentence(problem: SettingsProblem) -> str:
    """Where the fault is and what it is, without what is used instead."""
    found, declared = plain(problem.found), problem.declared
    if isinstance(declared, Table):
        fault = _entry_fault(declared, problem, tells_used=False)
    elif declared is not None:
        sentence = _("“{key}” is {reason}, but {wanted}")
        fault = sentence.format(key=plain(problem.key), reason=found, wanted=wanted(declared))
    elif problem.kind == "damaged":
        fault = _("the settings cannot be understood ({reason})").format(reason=found)
    elif problem.kind == "newer_version":
        sentence = _("the settings were written by a newer version of this program (version {reason})")
        fault = sentence.format(reason=found)
    elif problem.kind == "unknown_key":
        fault = _("there is no setting “{key}”").format(key=plain(problem.key))
    else:
        return problem_sentence(problem)
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

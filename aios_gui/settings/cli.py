"""`settings`: reads and changes the settings; what runs takes a change over at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aios_gui.instance.cli.common import ALERT, FINE, CommandError, load_settings, output_file, print_json
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.output import answers_yes, can_ask, complain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aios_gui.alerts.model.trust import Power
    from aios_gui.settings.model import Setting, Settings
    from aios_gui.system.paths import Paths

_ACTIONS = {
    "list": "",
    "get": "NAME",
    "set": "NAME VALUE",
    "reset": "NAME",
    "path": "",
    "export": "FILE",
    "import": "FILE",
    "confirm": "",
}
"""Each with the words that it takes; ``reset`` takes none, too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `settings`."""
    parser.add_argument(
        "action",
        choices=tuple(_ACTIONS),
        nargs="?",
        default="list",
        help=_(
            "list all; get NAME; set NAME VALUE; reset NAME, or all without one; path of the file; "
            "export FILE; import FILE; confirm what rules may run or touch (default: list)"
        ),
    )
    parser.add_argument("words", nargs="*", metavar="NAME VALUE", help=_("as beat.interval_s 0.5, or a file"))
    parser.add_argument(
        "--confirm",
        action="store_true",
        help=_(
            "with import or confirm: let rules run, touch and load all that is listed, without a question"
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("print one object or list"))


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; what is wrong with a name or a value is told in a sentence and changes nothing."""
    from aios_gui.system.paths import find_paths

    if arguments.confirm and arguments.action not in ("import", "confirm"):
        raise CommandError(_("--confirm belongs to import and confirm"))
    usage = _ACTIONS[arguments.action]
    if len(arguments.words) != len(usage.split()) and (arguments.action != "reset" or arguments.words):
        usage = f"settings {arguments.action} {usage}".rstrip()
        raise CommandError(_("write it as: aios-heartbeat {usage}").format(usage=usage))
    if arguments.action == "import":
        return _import(find_paths(), arguments.words[0], arguments.json, arguments.confirm)
    if arguments.action == "confirm":
        return _confirm(find_paths(), arguments.json, arguments.confirm)
    actions: dict[str, Callable[..., int]] = {
        "list": _list,
        "get": _get,
        "set": _set,
        "reset": _reset,
        "path": _path,
        "export": _export,
    }
    return actions[arguments.action](find_paths(), arguments.json, *arguments.words)


def _list(paths: Paths, as_json: bool) -> int:
    settings = load_settings(paths)
    if as_json:
        print_json([_facts(setting, settings) for setting in settings.declared])
        return FINE
    from aios_gui.settings.words import title, value_text
    from aios_gui.text.terminal.text_width import padded

    width = max(len(setting.name) for setting in settings.declared) + 2
    for setting in settings.declared:
        value = settings[setting.name]
        mark = "*" if value != setting.default else " "
        print(
            f"{mark} {padded(setting.name, width)}{padded(value_text(setting, value), 36)}  {title(setting)}"
        )
    print(_("* is not the default"))
    return FINE


def _get(paths: Paths, as_json: bool, name: str) -> int:
    settings = load_settings(paths)
    setting = _declared(settings, name)
    if as_json:
        print_json(_facts(setting, settings))
    else:
        print(setting.written(settings[name]))
    return FINE


def _set(paths: Paths, as_json: bool, name: str, text: str) -> int:
    from aios_gui.settings.words import refusal_sentence

    settings = load_settings(paths)
    setting = _declared(settings, name)
    try:
        value = setting.read(text)
    except ValueError as error:
        raise CommandError(refusal_sentence(setting, text)) from error
    return _changed(paths, settings.with_value(name, value), [setting], as_json)


def _reset(paths: Paths, as_json: bool, *names: str) -> int:
    settings = load_settings(paths)
    changed = [each for each in settings.declared if settings[each.name] != each.default]
    chosen = [_declared(settings, name) for name in names] or changed
    for setting in chosen:
        settings = settings.with_value(setting.name, setting.default)
    return _changed(paths, settings, chosen, as_json)


def _path(paths: Paths, as_json: bool) -> int:
    if as_json:
        print_json({"path": str(paths.settings), "exists": paths.settings.exists()})
    else:
        print(paths.settings)
    return FINE


def _export(paths: Paths, as_json: bool, file: str) -> int:
    from aios_gui.settings.transfer import export_settings

    target = output_file(file)
    export_settings(load_settings(paths), target)
    if as_json:
        print_json({"path": str(target)})
    else:
        complain(_("the settings were written to {file}").format(file=target))
    return FINE


def _import(paths: Paths, file: str, as_json: bool, confirmed: bool) -> int:
    from aios_gui.alerts.settings import rules_of
    from aios_gui.settings.transfer import ImportRefused, import_settings
    from aios_gui.settings.words import fault_sentence

    before = load_settings(paths)
    try:
        settings = import_settings(Path(file), before.declared)
    except ImportRefused as refused:
        for problem in refused.problems:
            complain(fault_sentence(problem))
        raise CommandError(
            _("nothing was changed, since {file} cannot be used").format(file=file)
        ) from refused
    changed = [each for each in settings.declared if settings[each.name] != before[each.name]]
    held = _waiting(paths, settings)
    _let(paths, held, confirmed)
    status = _changed(paths, settings, changed, as_json)
    if rules_of(settings) != rules_of(before) and not as_json:
        print(_("the rules were changed"))
    return status


def _confirm(paths: Paths, as_json: bool, confirmed: bool) -> int:
    """Have a person confirm what rules would do; 1 where something still waits."""
    settings = load_settings(paths)
    _let(paths, _waiting(paths, settings), confirmed)
    _notify_the_running(paths)
    held = _waiting(paths, settings)
    if as_json:
        print_json({"waiting": [{"rule": each.rule, "text": each.text} for each in held]})
    elif not held:
        print(_("nothing waits to be confirmed"))
    return ALERT if held else FINE


def _waiting(paths: Paths, settings: Settings) -> tuple[Power, ...]:
    from aios_gui.alerts.confirmations import Confirmations
    from aios_gui.alerts.model.trust import waiting
    from aios_gui.alerts.settings import rules_of

    return waiting(rules_of(settings), Confirmations(paths.confirmations).read())


def _let(paths: Paths, held: Sequence[Power], confirmed: bool) -> None:
    """List what waits, and keep what a person confirms: all with ``confirmed``, else what is answered with yes."""
    if not held:
        return
    from aios_gui.alerts.confirmations import Confirmations
    from aios_gui.alerts.words.trust import how_to_confirm, power_sentence, waiting_sentence

    asks = not confirmed and can_ask()
    allowed: list[str] = []
    for each in held:
        complain(power_sentence(each))
        if confirmed or (asks and answers_yes(_("Let it do that? Type yes or no: "))):
            allowed.append(each.text)
    if allowed:
        try:
            Confirmations(paths.confirmations).add(allowed)
        except OSError as error:
            sentence = _("what you confirmed cannot be kept in {file} ({reason})")
            reason = error.strerror or str(error)
            raise CommandError(sentence.format(file=paths.confirmations, reason=reason)) from error
    left = [each for each in held if each.text not in allowed]
    if left:
        complain(_("{fault}. {remedy}").format(fault=waiting_sentence(left), remedy=how_to_confirm()))


# What they share


def _declared(settings: Settings, name: str) -> Setting:
    from difflib import get_close_matches

    from aios_gui.text.plain import plain

    known = settings.declared.by_name
    if name in known:
        return known[name]
    sentence = _("there is no setting “{name}”; “aios-heartbeat settings” lists them")
    near = get_close_matches(name, known, 1)
    if near:
        sentence = _("there is no setting “{name}”; is “{near}” meant?")
    raise CommandError(sentence.format(name=plain(name, 60), near=near[0] if near else ""))


def _changed(paths: Paths, settings: Settings, chosen: list[Setting], as_json: bool) -> int:
    """Save, and let what runs know."""
    from aios_gui.instance.settings import settings_file
    from aios_gui.settings.file import SettingsError
    from aios_gui.settings.words import problem_sentence, with_remedy
    from aios_gui.system.logs import start_logging

    start_logging(paths)
    try:
        settings_file(paths).save(settings)
    except SettingsError as error:
        raise CommandError(with_remedy(problem_sentence(error.problem), error.problem)) from error
    running = _notify_the_running(paths)
    if as_json:
        print_json({"running": running, "settings": [_facts(setting, settings) for setting in chosen]})
    elif len(chosen) == 1:
        from aios_gui.settings.words import title, value_text

        value = value_text(chosen[0], settings[chosen[0].name])
        print(_("{title}: {value}").format(title=title(chosen[0]), value=value))
    else:
        count = ngettext("{count} setting was changed", "{count} settings were changed", len(chosen))
        print(count.format(count=len(chosen)))
    return FINE


def _notify_the_running(paths: Paths) -> bool:
    """Have it look at the files again; whether there is one."""
    from aios_gui.instance.channel import ChannelError, NoResident
    from aios_gui.instance.client import ChannelClient
    from aios_gui.instance.commands import ReloadSettings

    try:
        ChannelClient(paths).execute(ReloadSettings())
    except NoResident:
        return False
    except ChannelError:
        pass  # it looks at the files by itself every few seconds
    return True


def _facts(setting: Setting, settings: Settings) -> dict[str, Any]:

    value = settings[setting.name]
    return {
        "name": setting.name,
        "value": value,
        "default": setting.default,
        "changed": value != setting.default,
        "minimum": setting.minimum,
        "maximum": setting.maximum,
        "choices": list(setting.choices) or None,
        "unit": setting.unit or None,
        "effect": str(setting.effect),
        "title": setting.title,
        "help": setting.help,
    }

"""`doctor`: every feature's checks in turn, and how to mend what is wrong."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aios_gui.alerts import doctor_checks as alerts
from aios_gui.alerts.record_reader import all_incidents, mutes
from aios_gui.autostart import doctor_checks as autostart
from aios_gui.heartbeat import doctor_checks as heartbeat
from aios_gui.history.changes import doctor_checks as changes
from aios_gui.instance import doctor_checks as instance
from aios_gui.instance.cli.common import (
    ALERT,
    FINE,
    CommandError,
    output_file,
    print_json,
)
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.settings import settings_file
from aios_gui.record import doctor_checks as record
from aios_gui.reports import doctor_checks as reports
from aios_gui.selfcheck.doctor import files, installation
from aios_gui.settings import doctor_checks as settings
from aios_gui.settings.model import Settings
from aios_gui.system.logs import start_logging
from aios_gui.system.paths import Paths, find_paths
from aios_gui.text import figures
from aios_gui.text.catalogue import N_, english_only
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain
from aios_gui.text.terminal.output import answers_yes, can_ask
from aios_gui.text.terminal.text_width import padded, width

if TYPE_CHECKING:
    from aios_gui.selfcheck.doctor.bundle import Part

_log = logging.getLogger(__name__)


class Examination(NamedTuple):
    """One check: the name that scripts read, its title, to be translated when it is shown, and what does it."""

    name: str
    title: str
    check: Callable[[Paths], Check]


def _settings(paths: Paths) -> Settings:
    return settings_file(paths).load(set_aside=False).settings


EXAMINATIONS = (
    Examination("python", N_("Python"), lambda _paths: installation.python()),
    Examination("program", N_("program"), lambda _paths: installation.program()),
    Examination("packages", N_("packages"), lambda _paths: installation.packages()),
    Examination("display", N_("display"), lambda _paths: installation.display()),
    Examination("libraries", N_("libraries"), lambda _paths: installation.libraries()),
    Examination("folders", N_("folders"), files.folders),
    Examination("disk", N_("disk"), files.disk),
    Examination("settings", N_("settings"), lambda paths: settings.settings(settings_file(paths))),
    Examination("actions", N_("actions"), lambda paths: alerts.actions(paths, _settings(paths))),
    Examination(
        "record",
        N_("record"),
        lambda paths: record.record(paths, RECORD_SCHEMA.version, (all_incidents, mutes)),
    ),
    Examination("changes", N_("changes"), changes.changes),
    Examination("schedule", N_("scheduled reports"), lambda paths: reports.schedule(paths, _settings(paths))),
    Examination("log", N_("log"), files.log),
    Examination("instance", N_("instance"), instance.instance),
    Examination("autostart", N_("autostart"), lambda paths: autostart.autostart(_settings(paths))),
    Examination("sampler", N_("sampler"), lambda _paths: heartbeat.sampler()),
    Examination("clock", N_("clock"), lambda _paths: heartbeat.clock()),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help=_("print one object with all findings"))
    parser.add_argument(
        "--bundle",
        metavar="FILE",
        help=_(
            "list what helps to find a fault, ask, and write it to this new file, to be sent with a report"
        ),
    )
    parser.add_argument("--yes", action="store_true", help=_("with --bundle: write it without a question"))
    parser.add_argument(
        "--whole",
        action="store_true",
        help=_("with --bundle: leave user and host name, folders and commands of rules as they are"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 where one is an error."""
    paths = find_paths()
    start_logging(paths)
    if arguments.bundle is not None:
        return _bundle(paths, arguments)
    if arguments.yes or arguments.whole:
        raise CommandError(_("--yes and --whole belong to --bundle"))
    checks = []
    for examination, check in examine(paths):
        checks.append(check)
        if not arguments.json:
            _print(examination, check)
    answers = _answers(checks)
    if arguments.json:
        print_json(answers)
    return FINE if answers["ok"] else ALERT


def _answers(checks: Sequence[Check]) -> dict[str, Any]:
    healthy = all(check.state is not CheckState.ERROR for check in checks)
    return {"ok": healthy, "checks": [_facts(check) for check in checks]}


def _bundle(paths: Paths, arguments: argparse.Namespace) -> int:
    """Show what the file would hold, and write it where that is wanted; 2 where it is not written."""
    from aios_gui.instance.forgetting import belongings
    from aios_gui.selfcheck.doctor.blanking import blanks_of
    from aios_gui.selfcheck.doctor.bundle import OwnFile, as_zip, parts_of
    from aios_gui.system.atomic_file import write_new
    from aios_gui.text.os_reason import file_and_reason

    target = output_file(arguments.bundle)
    if os.path.lexists(target):
        raise CommandError(_("{file} is there already; name a new file").format(file=plain(target, 400)))
    settings = _settings(paths)
    with english_only():
        answers = _answers([check for _examination, check in examine(paths)])
    own_files = [OwnFile(each.where, str(each.kind), each.size_bytes) for each in belongings(paths, ())]
    blanks = None if arguments.whole else blanks_of(paths, settings)
    parts = parts_of(paths, settings, answers, own_files, blanks)
    content = as_zip(parts)
    if not arguments.json:
        _list(parts, target, len(content), is_whole=arguments.whole)
    if not arguments.yes and not (can_ask() and answers_yes(_("Write it? Type yes or no: "))):
        raise CommandError(_("nothing was written; with --yes it is written without a question"))
    try:
        write_new(target, io.BytesIO(content))
    except OSError as error:
        raise CommandError(file_and_reason(error)) from error
    if arguments.json:
        listed = [{"name": part.name, "size_bytes": len(part.content)} for part in parts]
        print_json({"file": str(target), "blanked": not arguments.whole, "parts": listed})
    else:
        print(_("Written to {file}. Look through it before you send it.").format(file=plain(target, 400)))
    return FINE


def _list(parts: Sequence[Part], target: Path, size_bytes: int, is_whole: bool) -> None:
    sentence = _("{file} would be {size} and hold:")
    print(sentence.format(file=plain(target, 400), size=figures.size(size_bytes)))
    for part in parts:
        print(f"  {padded(part.name, 26)}{padded(figures.size(len(part.content)), 10)}{_(part.about)}")
    if is_whole:
        print(_("Names, folders and commands are in it as they are. What looks like a secret is blanked."))
    else:
        print(
            _(
                "User and host name, the folders of the program and of the user, the commands of rules, and what looks "
                "like a secret are blanked. The record itself is not in it."
            )
        )


def examine(
    paths: Paths, examinations: Iterable[Examination] = EXAMINATIONS
) -> Iterator[tuple[Examination, Check]]:
    """Every check in turn, as it is done; one that fails by itself is an error like any other."""
    for examination in examinations:
        try:
            check = examination.check(paths)
        except Exception as error:  # noqa: BLE001 - what breaks a check is itself a finding
            _log.exception("the check %s failed", examination.name)
            detail = _("this check itself failed: {error}").format(
                error=plain(f"{type(error).__name__}: {error}")
            )
            remedy = _("Report this, with the log {path}.").format(path=paths.log)
            check = Check(examination.name, CheckState.ERROR, detail, remedy)
        yield examination, check


def _facts(check: Check) -> dict[str, str | None]:
    # `detail` and `remedy` are sentences for people. As all that --json prints they are in English in every language.
    return {
        "name": check.name,
        "state": str(check.state),
        "detail": check.detail,
        "remedy": check.remedy or None,
    }


def _print(examination: Examination, check: Check) -> None:
    words = {"ok": _("ok"), "warning": _("warning"), "error": _("ERROR")}
    first, *more = check.detail.splitlines() or [""]
    places = max(width(_(each.title)) for each in EXAMINATIONS)
    head = f"{padded(words[check.state], 8)}  {padded(_(examination.title), places)} "
    indent = " " * width(head)
    print(head + f"\n{indent}".join([first, *more]))
    if check.remedy:
        print(f"{indent[2:]}→ {check.remedy}")
    sys.stdout.flush()

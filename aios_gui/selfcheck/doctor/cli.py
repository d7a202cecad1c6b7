"""`doctor`: every feature's checks in turn, and how to mend what is wrong."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from aios_gui.alerts import doctor_checks as alerts
from aios_gui.alerts.record_reader import all_incidents, mutes
from aios_gui.autostart import doctor_checks as autostart
from aios_gui.heartbeat import doctor_checks as heartbeat
from aios_gui.instance import doctor_checks as instance
from aios_gui.instance.cli.common import ALERT, FINE, print_json, speak_the_users_language
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.settings import settings_file
from aios_gui.record import doctor_checks as record
from aios_gui.selfcheck.doctor import files, installation
from aios_gui.settings import doctor_checks as settings
from aios_gui.settings.model import Settings
from aios_gui.system.logs import start_logging
from aios_gui.system.paths import Paths, find_paths
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain
from aios_gui.text.terminal.text_width import padded

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
    Examination("log", N_("log"), files.log),
    Examination("instance", N_("instance"), instance.instance),
    Examination("autostart", N_("autostart"), lambda paths: autostart.autostart(_settings(paths))),
    Examination("sampler", N_("sampler"), lambda _paths: heartbeat.sampler()),
    Examination("clock", N_("clock"), lambda _paths: heartbeat.clock()),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help=_("print one object with all findings"))


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 where one is an error."""
    paths = find_paths()
    speak_the_users_language(paths)
    start_logging(paths)
    checks = []
    for examination, check in examine(paths):
        checks.append(check)
        if not arguments.json:
            _print(examination, check)
    healthy = all(check.state is not CheckState.ERROR for check in checks)
    if arguments.json:
        print_json({"ok": healthy, "checks": [_facts(check) for check in checks]})
    return FINE if healthy else ALERT


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
    indent = "\n" + " " * 22
    title = padded(_(examination.title), 11)
    print(f"{padded(words[check.state], 8)}  {title} {indent.join([first, *more])}")
    if check.remedy:
        print(f"{' ' * 20}→ {check.remedy}")
    sys.stdout.flush()

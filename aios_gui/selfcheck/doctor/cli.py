"""`doctor`: checks the installation and says how to mend what is wrong."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import ALERT, FINE, print_json, speak_the_users_language
from aios_gui.text.catalogue import gettext as _

if TYPE_CHECKING:
    from aios_gui.selfcheck.doctor import Check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    parser.add_argument("--json", action="store_true", help=_("print one object with all findings"))


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 where one is an error."""
    from aios_gui.selfcheck.doctor import CheckState, examine
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    speak_the_users_language(paths)
    start_logging(paths)
    checks = []
    for check in examine(paths):
        checks.append(check)
        if not arguments.json:
            _print(check)
    healthy = all(check.state is not CheckState.ERROR for check in checks)
    if arguments.json:
        print_json({"ok": healthy, "checks": [_facts(check) for check in checks]})
    return FINE if healthy else ALERT


def _facts(check: Check) -> dict[str, str | None]:
    return {
        "name": check.name,
        "state": str(check.state),
        "detail": check.detail,
        "remedy": check.remedy or None,
    }


def _print(check: Check) -> None:
    from aios_gui.text.terminal.text_width import padded

    words = {"ok": _("ok"), "warning": _("warning"), "error": _("ERROR")}
    first, *more = check.detail.splitlines() or [""]
    indent = "\n" + " " * 22
    print(f"{padded(words[check.state], 8)}  {padded(_title(check.name), 11)} {indent.join([first, *more])}")
    if check.remedy:
        print(f"{' ' * 20}→ {check.remedy}")
    sys.stdout.flush()


def _title(name: str) -> str:
    titles = {
        "python": _("Python"),
        "packages": _("packages"),
        "display": _("display"),
        "libraries": _("libraries"),
        "folders": _("folders"),
        "disk": _("disk"),
        "settings": _("settings"),
        "record": _("record"),
        "log": _("log"),
        "instance": _("instance"),
        "autostart": _("autostart"),
        "sampler": _("sampler"),
        "clock": _("clock"),
    }
    return titles.get(name, name)

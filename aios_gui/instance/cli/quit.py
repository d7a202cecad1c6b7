"""`quit`: asks the instance that runs, and the window beside a service, to end, and waits until they have."""

from __future__ import annotations

import argparse

from aios_gui.instance.cli.common import FINE, CommandError, print_json
from aios_gui.text.catalogue import gettext as _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `quit`."""
    parser.add_argument("--json", action="store_true", help=_("print one object"))


def run(arguments: argparse.Namespace) -> int:
    """0 where nothing runs any more; CommandError where it does not end within ten seconds."""
    from aios_gui.instance.client import ask_all_to_end
    from aios_gui.instance.lock import WindowPaths, is_locked, read_instance
    from aios_gui.system.logs import start_logging
    from aios_gui.system.paths import find_paths

    paths = find_paths()
    start_logging(paths)
    held = [each for each in (paths, WindowPaths(*paths)) if is_locked(each)]
    running = bool(held)
    info = next(filter(None, map(read_instance, held)), None)
    if running and not ask_all_to_end(paths):
        sentence = _("the instance that runs (process {pid}) does not end; end that process by hand")
        raise CommandError(sentence.format(pid=info.pid if info is not None else "?"))
    if arguments.json:
        pid, mode = (info.pid, str(info.mode)) if info is not None else (None, None)
        print_json({"ended": running, "pid": pid, "mode": mode})
    else:
        print(_("The heartbeat has ended.") if running else _("The heartbeat is not running."))
    return FINE

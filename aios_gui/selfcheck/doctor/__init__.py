"""Examines the installation, the user's files and the running instance, and says how to mend what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from aios_gui.selfcheck.doctor import files, installation, running, startup
from aios_gui.selfcheck.doctor.check import Check, CheckState
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_log = logging.getLogger(__name__)

EXAMINATIONS: dict[str, Callable[[Paths], Check]] = {
    "python": lambda _paths: installation.python(),
    "packages": lambda _paths: installation.packages(),
    "display": lambda _paths: installation.display(),
    "libraries": lambda _paths: installation.libraries(),
    "folders": files.folders,
    "disk": files.disk,
    "settings": files.settings,
    "record": files.record,
    "log": files.log,
    "instance": running.instance,
    "autostart": startup.autostart,
    "sampler": lambda _paths: running.sampler(),
    "clock": lambda _paths: running.clock(),
}


def examine(paths: Paths) -> Iterator[Check]:
    """Every check in turn, as it is done; one that fails by itself is an error like any other."""
    for name, check in EXAMINATIONS.items():
        try:
            yield check(paths)
        except Exception as error:  # noqa: BLE001 - what breaks a check is itself a finding
            _log.exception("the check %s failed", name)
            detail = _("this check itself failed: {error}").format(
                error=plain(f"{type(error).__name__}: {error}")
            )
            remedy = _("Report this, with the log {path}.").format(path=paths.log)
            yield Check(name, CheckState.ERROR, detail, remedy)


__all__ = ["Check", "CheckState", "examine"]

"""Starts what is registered the way the system would: in the user's home, in a session of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.text.catalogue import gettext as _


def launch(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The started process, its errors in ``stderr``; AutostartError where it cannot be started.

    Its standard input is a pipe, so that a trial can see to it that it ends with this process.
    """
    if not command:
        raise AutostartError(_("no command is registered"))
    group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        return subprocess.Popen(
            list(command),
            cwd=Path.home(),
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            creationflags=group,
        )
    except (OSError, ValueError) as error:  # a zero byte in an argument is a ValueError
        raise AutostartError(f"{command[0]}: {getattr(error, 'strerror', None) or error}") from error

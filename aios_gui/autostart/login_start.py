"""Keeps when the system last started the program, and how long its first beat took."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aios_gui.system.atomic_file import write_private
from aios_gui.system.paths import Paths

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoginStart:
    """One start by the system: when (wall, ns), and how long after its wait, if any, the first beat came.

    ``first_beat_ns`` is None until there is one, and for ever where none came.
    """

    at_ns: int
    ready_ns: int
    """When the wait was over (wall, ns)."""
    first_beat_ns: int | None = None


def keep_login_start(paths: Paths, start: LoginStart) -> None:
    """Keep it in place of the one before; a disk that is full is no reason not to beat."""
    import msgspec  # 2 MB that a service does not need before it is asked for something

    try:
        write_private(paths.login_start, msgspec.json.encode(start))
    except OSError:
        log.exception("when the system started this could not be kept")


def last_login_start(paths: Paths) -> LoginStart | None:
    """The last one; None where there was none or its note cannot be understood."""
    import msgspec

    try:
        return msgspec.json.decode(paths.login_start.read_bytes(), type=LoginStart)
    except (OSError, msgspec.DecodeError):
        return None

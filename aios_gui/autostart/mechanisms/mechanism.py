"""The one protocol of every way to be started at log-in."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Protocol

from aios_gui.autostart.model.autostart import Option, Plan, Status, Wish
from aios_gui.heartbeat.model.states import LaunchMode


class Mechanism(Protocol):
    """One way. Constructors do no input or output; every method asks the system anew.

    ``key`` names it for scripts, ``options`` is what it can be told and ``faces`` how it can show the program. Methods
    raise AutostartError with what the system said, ``plan`` and ``enable`` also for a face that is not among ``faces``.
    """

    key: str
    options: frozenset[Option]
    faces: frozenset[LaunchMode]

    def is_available(self) -> bool:
        """Whether this system has it."""
        ...

    def plan(self, wish: Wish) -> Plan:
        """What ``enable`` would write; nothing is written."""
        ...

    def enable(self, wish: Wish) -> Status:
        """Register, replacing what is there, and read back what the system then has."""
        ...

    def disable(self) -> Status:
        """Remove every trace, also of the system's own switch for it; nothing where there is none."""
        ...

    def status(self, wish: Wish) -> Status:
        """How it stands, compared with ``wish`` and with this copy of the program; does not raise: UNREADABLE tells."""
        ...

    def allow(self) -> Status:
        """Switch it on again in the system's own list, where the user had switched it off there."""
        ...

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start what is registered, read back and taken apart as the system would, by ``launching.launch``."""
        ...

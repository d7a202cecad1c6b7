"""Every way to be started at log-in: one module each, and one line here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from aios_gui.autostart.mechanisms import (
    desktop_file,
    launch_agent,
    run_key,
    scheduled_task,
    systemd_unit,
)
from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model import LaunchProgram
from aios_gui.system.own_program import own_service_command, own_window_command
from aios_gui.system.paths import home_of

# Each module has of_system(program, environ) -> Mechanism. The first of a system is its default.
MECHANISMS: dict[str, tuple[Callable[[LaunchProgram, Mapping[str, str]], Mechanism], ...]] = {
    "win32": (run_key.of_system, scheduled_task.of_system),
    "linux": (desktop_file.of_system, systemd_unit.of_system),
    "darwin": (launch_agent.of_system,),
}


def this_program(environ: Mapping[str, str] = os.environ) -> LaunchProgram:
    """This copy of the program, with the home that it was given."""
    return LaunchProgram(tuple(own_window_command()), tuple(own_service_command()), home_of(environ))


def mechanisms(
    program: LaunchProgram | None = None,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> list[Mechanism]:
    """Those of this system, the default first; nothing is asked of the system yet."""
    program = program or this_program(environ)
    return [make(program, environ) for make in MECHANISMS.get(platform, ())]

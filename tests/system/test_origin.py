"""Where something comes from: program, machine, time and zone."""

import re
import socket

from aios_gui import __version__
from aios_gui.system.origin import origin

AT = 1_741_785_300_000_000_000


def test_it_names_program_machine_time_and_zone() -> None:
    start = f"AIOS Heartbeat {__version__} · {socket.gethostname()} · "
    assert origin(AT).startswith(start)
    assert re.fullmatch(r"2025-03-1\d \d\d:\d\d:00 UTC[+-]\d\d:\d\d", origin(AT).removeprefix(start))
    both = origin(AT, AT + 60_000_000_000).removeprefix(start)
    assert re.fullmatch(r"2025-03-1\d \d\d:\d\d:00 to 2025-03-1\d \d\d:\d\d:00 UTC.*", both)

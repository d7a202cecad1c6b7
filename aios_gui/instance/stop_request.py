"""Asks the instance that runs to end, and waits until it has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from aios_gui.instance.channel import ChannelError, NoResident, ask
from aios_gui.instance.lock import is_locked
from aios_gui.system.paths import Paths

log = logging.getLogger(__name__)
PATIENCE_S = 10.0
_LOOK_S = 0.05


def ask_to_end(paths: Paths, wait: Callable[[float], object] = time.sleep) -> bool:
    """Ask it and wait until its lock is free, up to 10 s; ``wait`` waits for so many seconds. True when it is."""
    try:
        ask(paths, {"op": "quit"}, 2.0)
    except NoResident:
        return True
    except ChannelError as error:
        log.warning("the other instance could not be asked to end: %s", error)
        return False
    deadline = time.monotonic() + PATIENCE_S
    while is_locked(paths):
        if time.monotonic() > deadline:
            return False
        wait(_LOOK_S)
    return True

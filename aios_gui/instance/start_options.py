"""What a start is told before anything else: whose home, how long to wait, and whether it is a trial only."""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aios_gui.system.paths import HOME_VARIABLE, TRIAL_VARIABLE

if TYPE_CHECKING:
    import threading

    from aios_gui.record.model.timerange import View

LONGEST_WAIT_S = 3600
HOME_OPTION = "--home"


SLICE = ".aiosrec"
"""How the name of a slice ends, by which the window is told to look at it."""


class LaunchOptions(NamedTuple):
    """What the command line asks of the window."""

    minimized: bool
    panel: str
    quit_after_s: float
    screenshot: Path | None
    after_s: float
    spread_s: float
    at_login: bool
    slice: str = ""
    """A file to look at, "" to beat."""
    view: View | None = None
    """What the panel is to show."""


def take_home(arguments: Sequence[str], environ: MutableMapping[str, str] = os.environ) -> list[str]:
    """Put the folder of `--home FOLDER` into the environment; returns the other arguments.

    One without a folder is left, for the reader of the arguments to complain of.
    """
    rest = list(arguments)
    home = ""
    while True:
        place = next(
            (n for n, each in enumerate(rest) if each == HOME_OPTION or each.startswith(HOME_OPTION + "=")),
            None,
        )
        if place is None or (rest[place] == HOME_OPTION and place + 1 == len(rest)):
            break
        taken = 1 if "=" in rest[place] else 2
        home = rest[place].partition("=")[2] if taken == 1 else rest[place + 1]
        del rest[place : place + taken]
    home = environ.get(TRIAL_VARIABLE, "") or home
    if home:
        environ[HOME_VARIABLE] = os.path.abspath(os.path.expanduser(home))  # noqa: PTH100, PTH111 - keeps links
    return rest


def is_trial() -> bool:
    """Whether this start only shows that it works."""
    return bool(os.environ.get(TRIAL_VARIABLE))


def wait_to_start(after_s: float, spread_s: float) -> bool:
    """Wait for ``after_s``, and at random up to ``spread_s`` more, on the main thread; False where it was asked to end.

    In a trial it waits for nothing, and from here on ends with the process that tries it.
    """
    if is_trial():
        import signal

        from aios_gui.system.parent import EndWithParent

        # In order, as by anybody else: on Windows that is an end at once.
        EndWithParent(end=lambda: os.kill(os.getpid(), signal.SIGTERM)).__enter__()
        return True
    # The standard library's random would load OpenSSL, 4 MB of it.
    span_s = after_s + spread_s * int.from_bytes(os.urandom(4)) / 2**32
    if span_s <= 0:
        return True
    import threading

    from aios_gui.system.termination import Termination

    ended = threading.Event()
    with Termination(ended.set):
        return not _wait(ended, span_s)


def _wait(ended: threading.Event, span_s: float) -> bool:
    """In slices, since Windows tells a waiting thread of a signal only when its wait is over."""
    import time

    until_s = time.monotonic() + span_s
    while (left_s := until_s - time.monotonic()) > 0:
        if ended.wait(min(left_s, 1.0 if os.name == "nt" else left_s)):
            return True
    return False

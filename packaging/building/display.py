"""A screen of its own for a window that is only to be tried."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from building.steps import BuildError

_ADVICE = "Install it, as by `apt install xvfb`: the build ends by opening the window that it made."


@contextmanager
def screen() -> Iterator[str]:
    """The name of a display that is there until the end; BuildError where there is no Xvfb."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    try:
        server = subprocess.Popen(
            command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise BuildError(f"Xvfb cannot be started: {error.strerror}. {_ADVICE}") from error
    finally:
        os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise BuildError("Xvfb found no display that is free.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()

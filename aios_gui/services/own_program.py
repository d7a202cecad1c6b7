"""How this program starts its own command line in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path


def own_command(*arguments: str) -> list[str]:
    """The command line of this very program with ``arguments``, as a list for any process starter.

    A frozen program has its console sister beside it; otherwise the running Python starts the package.
    """
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        return [str(here.with_name("aios-heartbeat" + here.suffix)), *arguments]
    return [sys.executable, "-m", "aios_gui", *arguments]

"""Runs the system's own tools for a mechanism: whatever they say is kept, and none is waited for without end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PATIENCE_S = 20.0
NOT_THERE, TOO_SLOW = 127, 124
"""As a shell and `timeout` have it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said, and its exit status."""

    status: int
    out: str = ""
    err: str = ""

    @property
    def said(self) -> str:
        """What it said of a failure."""
        return self.err.strip() or self.out.strip() or f"exit status {self.status}"


Runner = Callable[[Sequence[str]], Answer]


def run(command: Sequence[str]) -> Answer:
    """Run ``command`` and wait 20 s at most; never raises for what the tool does."""
    windowless = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            # What it says is compared with what is known, so in one language.
            env={**os.environ, "LC_ALL": "C"},
            creationflags=windowless,
        )
    except subprocess.TimeoutExpired:
        return Answer(TOO_SLOW, err=f"{command[0]} did not answer within {PATIENCE_S:.0f} s")
    except OSError as error:
        return Answer(NOT_THERE, err=f"{command[0]}: {error.strerror or error}")
    return Answer(done.returncode, _text(done.stdout), _text(done.stderr))


def _text(said: bytes) -> str:
    """As the tool prints it: Windows' own tools do so in the code page of its consoles."""
    return said.decode("oem" if sys.platform == "win32" else "utf-8", "replace")

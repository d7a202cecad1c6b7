"""Progress and failure: each step is named and timed; one that fails says what failed and where the rest is told."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_LAST_LINES = 15


class BuildError(Exception):
    """The build cannot go on; the message says what happened, to what, and what to do."""


def say(text: str) -> None:
    """A line of progress."""
    print(f"[build] {text}", flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Name what is being done, and how long it took."""
    say(f"{what} …")
    started = time.perf_counter()
    yield
    say(f"{what}: {time.perf_counter() - started:.1f} s")


def run_tool(
    command: Sequence[str | Path],
    log: Path,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    advice: str = "",
) -> str:
    """Run a tool to its end; returns what it said, which ``log`` keeps.

    Raises:
        BuildError: there is no such tool (``advice`` says where to get it), or it failed.
    """
    words = [str(word) for word in command]
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            words, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        raise BuildError(f"{words[0]} cannot be started: {error.strerror}. {advice}".strip()) from error
    said = done.stdout.decode(errors="replace")
    log.write_text(said, encoding="utf-8")
    if done.returncode != 0:
        last = "\n".join(said.splitlines()[-_LAST_LINES:])
        raise BuildError(
            f"{Path(words[0]).name} ended with status {done.returncode}. All it said is in {log}; the end:\n{last}"
        )
    return said


def python_tool(module: str, *arguments: str | Path) -> list[str | Path]:
    """The command of a tool that is a module of this Python."""
    return [sys.executable, "-m", module, *arguments]

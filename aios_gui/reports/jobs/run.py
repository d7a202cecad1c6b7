"""The side of a job that wants it: starts the child and reads what it tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO

import msgspec

from aios_gui.reports.jobs.model import JobResult
from aios_gui.system.own_child import OwnChild
from aios_gui.system.progress import Progress, progress_of
from aios_gui.text.terminal.output import PROGRAM

_LONGEST_LINE = 1 << 16


class JobFailed(Exception):
    """A job made no file; the message is a sentence that says why, "" where the child was ended."""


def run_job(
    child: OwnChild, arguments: list[str], on_progress: Callable[[Progress], object] = lambda _progress: None
) -> JobResult:
    """Have a child write a file by these arguments of the command line, as `export --format csv -o x.csv`.

    JobFailed where it made none, OSError where no child can be started.
    """
    results: list[JobResult] = []
    said = [""]

    def take(output: IO[bytes]) -> None:
        while line := output.readline(_LONGEST_LINE):
            try:
                found = json.loads(line)
                if "progress" not in found:
                    results.append(msgspec.convert(found, JobResult))
                elif (progress := progress_of(found)) is not None:
                    on_progress(progress)
            except (ValueError, TypeError):
                said.append(line.decode("utf-8", "replace").strip())

    status = child.run([*arguments, "--progress", "json"], take)
    if status or not results:
        raise JobFailed(said[-1].removeprefix(f"{PROGRAM}: "))
    return results[-1]

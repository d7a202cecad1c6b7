"""Runs the frozen program of the console, as a user would, in a home of its own."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from building.order import ROOT
from building.steps import BuildError, say, step

BEAT = re.compile(r"(HEARTBEAT_OK|AIOS_(ALERT|DEGRADED|AUTO_FIXED):\S+) \(\d+\.\d+ms\)")
_OF_THE_WINDOW = ("pyqtgraph", "aios_gui.ui")
HEAVY = re.compile(r"\S*/((?:PySide6|shiboken6|numpy)/\S+|libQt6\S+)")
"""What of Qt and numpy a process has loaded, in /proc/PID/maps."""
_RUNS = 9
Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]
"""Runs a program with these words to its end."""
_PATIENCE_S = 120.0


@contextmanager
def own_home() -> Iterator[dict[str, str]]:
    """The environment of a user who has nothing yet; the folder goes at the end."""
    with tempfile.TemporaryDirectory(prefix="aios-") as home:
        yield {**os.environ, "AIOS_HOME": home, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def try_console(program: Path, version: str) -> None:
    """Let it tell its version, beat, and look itself over.

    Raises:
        BuildError: it did not do what it should; the message holds what it said.
    """
    with step("Trying the program of the console"), own_home() as environ:
        told = ask([str(program), "--version"], environ)
        if told.strip() != f"aios-heartbeat {version}":
            raise BuildError(f"{program} --version says {told.strip()!r}, not {version}.")
        beat = ask([str(program), "beat"], environ, fine=(0, 1))
        if not BEAT.fullmatch(beat.strip()):
            raise BuildError(f"{program} beat says {beat.strip()!r}, which is no beat.")
        say(f"beat: {beat.strip()}")
        for line in ask([str(program), "doctor"], environ).splitlines():
            say(f"doctor: {line}")
        _holds_no_window(program)
        _beats_light(program, environ)
        _compare_starts(program, environ)


def ask(command: Sequence[str], environ: Mapping[str, str], fine: Sequence[int] = (0,)) -> str:
    """What a command prints; BuildError where it ends otherwise than ``fine`` or not at all."""
    return said(command, running((), environ), fine)


def said(words: Sequence[str], run: Run, fine: Sequence[int] = (0,)) -> str:
    """What ``run`` prints of ``words``; BuildError where it ends otherwise than ``fine`` or not at all."""
    told = " ".join(words)
    try:
        done = run(words)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"{told} could not be run: {error}") from error
    if done.returncode not in fine:
        raise BuildError(f"{told} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def running(program: Sequence[str], environ: Mapping[str, str]) -> Run:
    """What runs ``program`` of this machine with the words it is given."""

    def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, *words],
            env=dict(environ),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_PATIENCE_S,
            check=False,
        )

    return run


def _holds_no_window(program: Path) -> None:
    """No command can load what only the window may, since it is not there."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(program))
    name = next(each for each in archive.toc if each.startswith("PYZ"))
    modules = archive.open_embedded_archive(name).toc
    found = sorted(
        each for each in modules if f"{each}.".startswith(tuple(f"{own}." for own in _OF_THE_WINDOW))
    )
    if found:
        raise BuildError(f"{program} holds {', '.join(found[:5])}, which some command imports.")
    say(f"It holds {len(modules)} modules, and none of {', '.join(_OF_THE_WINDOW)}.")


def _beats_light(program: Path, environ: Mapping[str, str]) -> None:
    """The service beats without Qt and numpy, which only reports and analyses load; told where there is a /proc."""
    if not sys.platform.startswith("linux"):
        return
    with subprocess.Popen([str(program), "service"], env=dict(environ), stdout=subprocess.DEVNULL) as service:
        try:
            beating = Path(environ["AIOS_HOME"]) / "data" / "instance.json"
            ends_s = time.monotonic() + _PATIENCE_S
            while not beating.exists() and service.poll() is None and time.monotonic() < ends_s:
                time.sleep(0.1)
            loaded = Path(f"/proc/{service.pid}/maps").read_text(encoding="utf-8")
            ask([str(program), "beat"], environ, fine=(0, 1))
        finally:
            service.terminate()
    heavy = sorted(set(HEAVY.findall(loaded)))
    if heavy or "python" not in loaded:
        raise BuildError(f"The service that only beats has loaded {', '.join(heavy[:5]) or 'nothing'}.")
    say("The service beats without Qt and numpy.")


def _compare_starts(program: Path, environ: Mapping[str, str]) -> None:
    """Say what a whole `beat` takes, frozen and from source, in turns so that both have the same machine."""
    commands = {"frozen": [str(program), "beat"], "source": [sys.executable, "-m", "aios_gui", "beat"]}
    spans_ms: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_RUNS):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, env=dict(environ), cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
            spans_ms[name].append((time.perf_counter() - started) * 1e3)
    medians = {name: statistics.median(spans) for name, spans in spans_ms.items()}
    say(f"A whole `beat` takes {medians['frozen']:.0f} ms frozen, {medians['source']:.0f} ms from source.")

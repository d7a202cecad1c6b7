"""What a test of a fault needs: the real program, a world in which things break, and what must hold after."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import fields
from itertools import groupby
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import ContextSample, EventKind, RecordedBeat
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, GetSnapshot, LatestAnswer
from aios_gui.instance.lock import is_locked
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths, find_paths
from tests.processes import (
    COMMAND,
    LONGEST_COMMAND_S,
    NO_DESKTOP,
    PATIENCE_S,
    ROOT,
    Service,
    beats_of,
    child,
    run_command,
    wait_until,
)

EVER = (0, 2**62)
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
SUMMARY = re.compile(r"beats=(\d+) due=(\d+) missed=(\d+) availability=[\d.]+%")
FAST = "[beat]\ninterval_s = 0.05\n"
"""Settings for a window, which takes no interval from the command line."""
LOOK_S = 0.1
"""An answer costs the program some milliseconds, and the test as many."""
ANSWER_S = 20.0
"""How long it may take to answer where others have the cores."""
SERVICE = ("service", "--interval", "0.05")

linux = pytest.mark.skipif(sys.platform != "linux", reason="namespaces, signals and /proc are those of Linux")


def _makes_worlds() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return False
    return subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode == 0


needs_worlds = pytest.mark.skipif(
    not _makes_worlds(),
    reason="this user may make no namespaces here: they take util-linux and a kernel that lets",
)


class Heartbeat(Service):
    """The real program, service or window, seen from outside."""

    def ask(self, patience_s: float = ANSWER_S) -> LatestAnswer:
        """Its latest beat."""
        return ChannelClient(self.paths, patience_s).execute(GetLatest())

    def snapshot(self) -> Snapshot:
        """All that it shows."""
        return ChannelClient(self.paths, ANSWER_S).execute(GetSnapshot()).snapshot

    def wait_until_it_beats(self) -> None:
        """Wait until it can be asked and has made its first beat."""

        def answers() -> bool:
            assert self.process.poll() is None, self.process.communicate()
            with suppress(ChannelError):
                return self.ask().beat is not None
            return False

        wait_until(answers, "its first beat", pause_s=LOOK_S)

    def wait_until_it_shows(
        self, condition: Callable[[Snapshot], object], what: str, patience_s: float = PATIENCE_S
    ) -> Snapshot:
        """Wait until what it shows is so; what it showed then."""
        seen = self.snapshot()

        def holds() -> object:
            nonlocal seen
            seen = self.snapshot()
            return condition(seen)

        wait_until(holds, what, patience_s, LOOK_S)
        return seen

    def beats_on(self, count: int = 3) -> None:
        """Wait until it has made some more beats, recorded or not."""
        made = self.snapshot().made
        self.wait_until_it_shows(lambda seen: seen.made >= made + count, f"{count} beats more")

    def quit(self, says: str = "") -> int:
        """Have it end; see ``ended``."""
        if sys.platform == "win32":  # which has no signal for that
            assert run_command("quit", AIOS_HOME=str(self.paths.config)).returncode == 0
        else:
            self.send(signal.SIGTERM)
        return self.ended(says)

    def ended(self, says: str = "") -> int:
        """Wait until it has ended in order; how many beats it says it has made, 0 for a window, which says nothing.

        On stderr it says nothing, or at most lines that match ``says``.
        """
        status, out, err = self.end()
        assert [line for line in told(err) if not says or not re.search(says, line)] == []
        assert status == 0
        found = SUMMARY.fullmatch(out.splitlines()[-1]) if out else None
        assert found is not None or self.is_window
        if found is None:
            return 0
        made, due, missed = map(int, found.groups())
        assert due == made + missed
        return made

    @property
    def is_window(self) -> bool:
        """Whether it is no service."""
        return "service" not in self.process.args  # type: ignore[operator]


def at_once(*tries: Callable[[], object]) -> None:
    """Do all of it, each on a thread of its own, since most of a fault is waiting; what one raised is raised here."""
    with ThreadPoolExecutor(len(tries)) as pool:
        begun = [pool.submit(each) for each in tries]
    for each in begun:
        each.result()


def told(err: str) -> list[str]:
    """What the program said on stderr, without what Qt's platform without a display says of itself."""
    return [line for line in err.splitlines() if not line.startswith("This plugin does not support")]


def home_at(folder: Path) -> Paths:
    """Where everything lies in a home of this folder, which is made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return find_paths({**os.environ, "AIOS_HOME": str(folder)})


@contextmanager
def heartbeat(
    paths: Paths,
    *arguments: str,
    command: Sequence[str] = COMMAND,
    inside: Sequence[str] = (),
    **environ: str,
) -> Iterator[Heartbeat]:
    """The program with these arguments, those of a service if there are none; it is killed at the latest at the end.

    ``inside`` is a command that becomes the one which follows it, as ``unshare`` does.
    """
    arguments = arguments or SERVICE
    home = {"AIOS_HOME": str(paths.config)}
    with child(*inside, *command, *arguments, **{**NO_DESKTOP, **OFFSCREEN, **home, **environ}) as process:
        yield Heartbeat(process, paths)


@contextmanager
def window(
    paths: Paths,
    *arguments: str,
    settings: str = FAST,
    panel: str = "startup",
    command: Sequence[str] = COMMAND,
    **environ: str,
) -> Iterator[Heartbeat]:
    """The program with its window, on Qt's platform without a display unless ``environ`` has another.

    The panel that is opened if none is told loads no plots, which saves a third of what a window takes to start.
    """
    paths.settings.write_text(settings)
    with heartbeat(paths, "--panel", panel, *arguments, command=command, **environ) as running:
        yield running


def altered(what: str, switch: Path) -> tuple[str, ...]:
    """The command of the program with one thing altered; see ``altered.py``."""
    return (sys.executable, "-m", "tests.e2e.faults.altered", what, str(switch))


def put(file: Path, text: str) -> None:
    """Write a file so that a reader finds it whole, before or after."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(text)
    beside.replace(file)


def move_clocks(file: Path, wall_ns: int, asleep_ns: int) -> None:
    """Let the altered program's wall clock, and its count of the time asleep, be so far ahead of the machine's."""
    put(file, f"{wall_ns} {asleep_ns}")


class World:
    """A world with mounts of its own, over the home of a test or over files of the kernel, as seen from outside."""

    def __init__(self, holder: subprocess.Popen[str], paths: Paths) -> None:
        self.home = paths.config
        self.paths = find_paths({"AIOS_HOME": f"/proc/{holder.pid}/root{self.home}"})
        enter = ["nsenter", f"--target={holder.pid}", "--user", "--mount", "--preserve-credentials"]
        self._inside = (*enter, f"--wd={ROOT}")

    def do(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run something in it."""
        return subprocess.run(
            [*self._inside, *command],
            env={**os.environ, "AIOS_HOME": str(self.home)},
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST_COMMAND_S,
            check=False,
        )

    @contextmanager
    def heartbeat(self, *arguments: str, command: Sequence[str] = COMMAND) -> Iterator[Heartbeat]:
        """The program in it. Its socket lies outside, since a socket is found by its path alone."""
        runtime = self.home.with_name(f"{self.home.name}-run")
        runtime.mkdir(mode=0o700, exist_ok=True)
        environ = {"AIOS_HOME": str(self.home), "XDG_RUNTIME_DIR": str(runtime)}
        with heartbeat(self.paths, *arguments, command=command, inside=self._inside, **environ) as running:
            yield running

    def record(self, folder: Path) -> Paths:
        """A copy of what it keeps: SQLite finds no file that lies in another world."""
        shutil.copytree(self.paths.data, folder / "data", ignore=shutil.ignore_patterns("*.sock", "*-shm"))
        return find_paths({"AIOS_HOME": str(folder)})


@contextmanager
def world(paths: Paths, mounts: str) -> Iterator[World]:
    """A world in which these shell commands have mounted something; it ends with the block."""
    mounted = f"{mounts} && echo mounted && exec cat"
    with child("unshare", "-Urm", "sh", "-ec", mounted, AIOS_HOME=str(paths.config)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mounted\n", holder.communicate()
        yield World(holder, paths)
        holder.kill()


# What must hold


def whole(paths: Paths) -> list[RecordedBeat]:
    """The beats of a sound record: of each run each once and in order."""
    with RecordReader(paths.store) as reader:
        assert reader.check() == "ok"
    beats = beats_of(paths)
    for _session, run in groupby(
        sorted(beats, key=lambda beat: (beat.session, beat.seq)), lambda beat: beat.session
    ):
        numbers = [beat.seq for beat in run]
        assert numbers == sorted(set(numbers))
    return beats


def complete(paths: Paths, made: int) -> list[RecordedBeat]:
    """The beats of the last run, all of those it has made, in a sound record; no one else holds its lock."""
    assert not is_locked(paths)
    beats = whole(paths)
    last = [beat for beat in beats if beat.session == beats[-1].session]
    assert sorted(beat.seq for beat in last) == list(range(made))
    return last


def nothing_escaped(paths: Paths) -> None:
    """No part of the program has failed: neither its log nor its record tells of an error that was not foreseen."""
    log = paths.log.read_text(encoding="utf-8", errors="replace") if paths.log.exists() else ""
    assert "Traceback" not in log
    with RecordReader(paths.store) as reader:
        assert reader.events(*EVER, EventKind.PART_FAILED) == []


def plausible(paths: Paths) -> list[ContextSample]:
    """The samples beside the beats: whatever has happened, no rate is negative and no share over the whole."""
    with RecordReader(paths.store) as reader:
        samples = reader.contexts(*EVER)
    for name in (field.name for field in fields(ContextSample)):
        for sample in samples:
            value = getattr(sample, name)
            assert value is None or value >= 0, (name, value)
            assert value is None or not name.endswith("_percent") or name.startswith("own") or value <= 100
            assert value is None or not name.endswith("_per_s") or value < 1e12, (name, value)
    for beat in beats_of(paths):
        for share in (beat.cpu_percent, beat.memory_percent):
            assert share is None or 0 <= share <= 100
    return samples


def files_in(paths: Paths) -> set[str]:
    """What lies in the home, by its name there."""
    home = paths.config
    return {file.relative_to(home).as_posix() for file in home.rglob("*") if not file.is_dir()}

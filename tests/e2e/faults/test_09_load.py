"""Processor, memory, disk and descriptors taken by others: it beats on, names who did it once, and answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import RaiseWindow
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    ANSWER_S,
    FAST,
    Heartbeat,
    complete,
    heartbeat,
    linux,
    nothing_escaped,
    whole,
    window,
)
from tests.processes import answered, beats_of, incidents_here, run_command, wait_until

resource = pytest.importorskip("resource", reason="limits of a running process are those of Linux")
HOG = "aios-hog"
CORES = os.cpu_count() or 1
BUSY = (
    '[[rules]]\nname = "busy"\nmeasure = "cpu_percent"\nlimit = 1\nclear = 0\nfor_s = 0\nlevel = "critical"\n'
)
SPIN = "while True: pass"
WRITE = """
import os, sys
with open(sys.argv[1], "wb", buffering=0) as file:
    while True:
        file.seek(0)
        file.write(bytes(1 << 20))
        os.fsync(file.fileno())
"""
MEMORY = "import sys; taken = [bytearray(1 << 20) for _each in range(int(sys.argv[1]))]; sys.stdin.read()"


@contextmanager
def hogs(folder: Path, spinning: int) -> Iterator[None]:
    """Some that spin, one that writes, one that holds memory; all by the name of a hog."""
    link = folder / HOG
    link.symlink_to(Path(sys.executable).resolve())
    commands = [("-c", SPIN)] * spinning + [("-c", WRITE, str(folder / "written")), ("-c", MEMORY, "200")]
    with ExitStack() as running:
        for command in commands:
            # In sessions of their own, since Linux shares the cores out among sessions.
            hog = subprocess.Popen([link, "-S", *command], stdin=subprocess.PIPE, start_new_session=True)
            process = running.enter_context(hog)
            running.callback(process.kill)
        yield


@linux
@pytest.mark.parametrize("spinning", [1, pytest.param(2 * CORES, marks=pytest.mark.long)])
def test_beside_hogs_the_window_answers_and_names_them_once(
    paths: Paths, tmp_path: Path, spinning: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def incidents() -> list[dict[str, Any]]:
        return [each for each in incidents_here(capsys) if each["rule"] == "busy"]

    with window(paths, settings=FAST + BUSY, panel="live") as running:
        running.wait_until_it_beats()
        with hogs(tmp_path, spinning):
            wait_until(
                lambda: any(each["finding"] for each in incidents()), "someone looked who did it", pause_s=0.1
            )
            (incident,) = incidents()
            assert HOG in {each["name"] for each in incident["culprits"]}
            running.beats_on(20)
            assert answered("beat").stdout.startswith("AIOS_ALERT:")
            assert ChannelClient(paths, 10.0).execute(RaiseWindow("incidents")).done
        # The way that looked into it has come back, and takes what is asked of it next.
        assert answered("incidents", "--ack", str(incident["id"])).returncode == 0
        wait_until(lambda: incidents()[0]["acknowledged_at"], "its mark")
        paths.settings.write_text(FAST + "rules = []\n")
        wait_until(
            lambda: [each["state"] for each in incidents()] == ["cleared"],
            "the incident is over",
            pause_s=0.1,
        )
        assert len(incidents()) == 1
        running.quit()
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    nothing_escaped(paths)


def limit(running: Heartbeat, what: int, value: int) -> None:
    """Let the process have no more of it."""
    _soft, hard = resource.prlimit(running.process.pid, what)
    resource.prlimit(running.process.pid, what, (value, hard))


def reaches(running: Heartbeat, patience_s: float = ANSWER_S) -> bool:
    with suppress(ChannelError):
        running.ask(patience_s)
        return True
    return False


@linux
def test_without_a_free_descriptor_it_records_on_and_answers_again_later(paths: Paths) -> None:
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        soft, _hard = resource.prlimit(running.process.pid, resource.RLIMIT_NOFILE)
        limit(running, resource.RLIMIT_NOFILE, 3)  # what is open stays, and nothing else can be opened
        reaches(running, 1.0)  # where it waits for a caller, the kernel has set one aside for it already
        assert not reaches(running, 1.0)
        before = len(beats_of(paths))
        running.wait_for_beats(before + 10)
        limit(running, resource.RLIMIT_NOFILE, soft)
        wait_until(lambda: reaches(running), "an answer")
        complete(paths, running.quit())


@linux
def test_without_free_memory_it_records_on_and_answers_again_later(paths: Paths) -> None:
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        status = Path(f"/proc/{running.process.pid}/status").read_text()
        taken = next(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmSize:")
        )
        soft, _hard = resource.prlimit(running.process.pid, resource.RLIMIT_AS)
        limit(running, resource.RLIMIT_AS, taken)
        before = len(beats_of(paths))
        for _each in range(2):
            reaches(running, 1.0)  # a thread for each, which there is no room for
        running.wait_for_beats(before + 10)
        limit(running, resource.RLIMIT_AS, soft)
        # What failed for want of memory is begun again after a pause of a minute at most.
        wait_until(lambda: reaches(running), "an answer", patience_s=90)
        # Python itself says that of a thread that had no memory to begin with.
        complete(paths, running.quit("^Exception ignored in thread started by|^MemoryError"))


@linux
@pytest.mark.long
@pytest.mark.skipif(shutil.which("stress-ng") is None, reason="the package stress-ng is not installed")
def test_half_a_minute_of_stress_on_all_sides(paths: Paths, tmp_path: Path) -> None:
    stress = ["stress-ng", "--timeout", "30", "--temp-path", str(tmp_path), "--cpu", str(2 * CORES)]
    stress += [
        "--vm",
        "2",
        "--vm-bytes",
        "20%",
        "--hdd",
        "2",
        "--hdd-bytes",
        "64m",
        "--fork",
        "2",
        "--switch",
        "2",
    ]
    with window(paths, panel="live") as running:
        running.wait_until_it_beats()
        with subprocess.Popen(stress, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as pressing:
            while pressing.poll() is None:
                running.beats_on(5)
        beat = run_command("beat")
        assert beat.returncode in (0, 1), beat.stderr
        running.quit()
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    nothing_escaped(paths)

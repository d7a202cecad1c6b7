"""A bare Windows machine under Wine with the installed program on it, and what of it can be asked and waited for."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from building.machine import Wine
from building.steps import BuildError

LISTED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\AIOS Heartbeat"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
PATIENCE_S = 120.0
"""Only a check that fails takes this long; an uninstaller removes 800 files, on a busy machine in a minute."""
WINDOW, CONSOLE = "aios-gui.exe", "aios-heartbeat.exe"
OLD, NEW, GONE = "aios-heartbeat.old", "aios-heartbeat.new", "aios-heartbeat.gone"
EXCHANGE = frozenset({OLD, NEW, GONE})
"""Folders that the installer has for itself while it works."""
LIST = "installed-files.txt"
"""What it may remove again."""
_DURABLE = ("heartbeat.sqlite3", "settings.toml", "window.ini")
READING_ONLY, NOTHING = 1, 0
"""What others may do with a file that is held."""
_HOLDER = """
import ctypes, os, sys, time
name, sharing, held, free = sys.argv[1:]
ctypes.windll.kernel32.CreateFileW.restype = ctypes.c_void_p
handle = ctypes.windll.kernel32.CreateFileW(name, 0x80000000, int(sharing), None, 3, 0, None)
if handle not in (None, ctypes.c_void_p(-1).value):
    open(held, "w").close()
    while not os.path.exists(free):
        time.sleep(0.1)
"""


class Trial:
    """One machine with what is checked on it; a check that fails is told and counted, and the rest goes on."""

    def __init__(self, machine: Wine, work: Path) -> None:
        self.machine = machine
        self.work = work
        self.failed = 0
        self.checked = 0
        home = machine.drive / "users" / machine.user
        self.local = home / "AppData" / "Local"
        self.program = self.local / "Programs" / "AIOS Heartbeat"
        self.data = self.local / "aios-heartbeat"
        self.desktop = home / "Desktop"
        self.links = home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs"

    def check(self, holds: object, what: str, detail: object = "") -> None:
        """Count and tell one claim."""
        print(
            f"{'ok    ' if holds else 'FAILED'} {what}" + (f": {detail}" if detail or not holds else ""),
            flush=True,
        )
        self.checked += 1
        self.failed += not holds

    def run(
        self, *command: str | Path, timeout_s: float = 120, environ: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of this machine."""
        return self.machine.run(command, environ, timeout_s=timeout_s)

    def install(self, setup: Path, *options: str, folder: str = "") -> int:
        """Run an installer silently; its exit status. A ``folder`` stands in its command line without quotes."""
        where = f"/D={folder}".split(" ") if folder else []
        return self.run(setup, "/S", *options, *where, timeout_s=300).returncode

    def console(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed console program."""
        return self.run(self.program / CONSOLE, *arguments)

    def registered(self, key: str, name: str) -> str:
        """A value of the registry, "" where there is none."""
        done = self.run("reg", "query", key, "/v", name)
        lines = [line for line in done.stdout.splitlines() if line.strip().startswith(name)]
        return lines[0].split(None, name.count(" ") + 2)[-1] if done.returncode == 0 and lines else ""

    def running(self) -> list[int]:
        """The process numbers of every window program that runs."""
        rows = csv.reader(self.run("tasklist", "/fo", "csv").stdout.splitlines())
        return [int(row[1]) for row in rows if row and row[0].lower() == WINDOW]

    def shown(self) -> int:
        """How many windows of the program are on the screen; the tray's is none of them."""
        display = self.run("--display").stdout.strip()
        command = ["xdotool", "search", "--onlyvisible", "--name", "AIOS Heartbeat"]
        environ = {"DISPLAY": display, "PATH": os.environ["PATH"]}
        found = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        return len(found.stdout.split())

    def instance(self) -> dict[str, object]:
        """The instance that beats; empty where none does."""
        try:
            found: dict[str, object] = json.loads((self.data / "instance.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def beats(self) -> int:
        """How many beats are on record."""
        try:
            with closing(sqlite3.connect(self.data / "heartbeat.sqlite3")) as record:
                return int(record.execute("SELECT count(*) FROM beat").fetchone()[0])
        except sqlite3.Error:
            return 0

    def wait(self, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
        """Whether it comes to hold in time."""
        deadline = time.monotonic() + patience_s
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.25)
        return True

    def files(self) -> set[str]:
        """What lies in the folder of the program, the programs and their parts only."""
        return {each.name for each in self.program.iterdir()} if self.program.is_dir() else set()

    def kept(self) -> set[str]:
        """What of the data is there that only a user may remove."""
        return {name for name in _DURABLE if (self.data / name).is_file()}

    @contextmanager
    def held(self, lab: Wine, file: Path, sharing: int) -> Iterator[Callable[[], None]]:
        """``file`` is open, as by a virus scanner, until the end or until what is given is called.

        Raises:
            BuildError: it cannot be held; ``lab`` has the Python that would do it.
        """
        held, free = self.work / "held", self.work / "free"
        for each in (held, free):
            each.unlink(missing_ok=True)
        python = self.machine.name_of(lab.drive / "Python313" / "python.exe")
        places = [self.machine.name_of(each) for each in (file, held, free)]
        child = self.machine.start([python, "-c", _HOLDER, places[0], str(sharing), *places[1:]])
        try:
            if not self.wait(held.exists):
                raise BuildError(f"{file} could not be held.")
            yield free.touch
        finally:
            free.touch()
            child.communicate(timeout=60)

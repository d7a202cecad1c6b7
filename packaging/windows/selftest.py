"""Tries the installer as its user has it, on a bare Windows machine under Wine: `python packaging/windows/selftest.py`.

It needs what `dev.py build --target windows` made: the frozen folder, of which it makes an older and a newer installer.
Installs, starts, starts at log-in, upgrades while it runs and while a file is held, refuses what cannot work, and
uninstalls while it runs. Nothing but the data may be left.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from building.machine import Wine, windows_machine
from building.order import ROOT, Order, source_time_s, source_version
from building.steps import BuildError
from building.windows import make_installer

RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
LISTED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\AIOS Heartbeat"
PATIENCE_S = 30.0
OLDER, NEWER = "0.0.8", "0.0.9"
ODD = "Ünïcode 心跳 app"
# Holds the file named by the second argument, as a virus scanner may, until the third is there.
HOLDER = """
import ctypes, os, sys, time
ctypes.windll.kernel32.CreateFileW.restype = ctypes.c_void_p
handle = ctypes.windll.kernel32.CreateFileW(sys.argv[1], 0x80000000, 1, None, 3, 0, None)
assert handle not in (None, ctypes.c_void_p(-1).value), "cannot be held"
open(sys.argv[2], "w").close()
while not os.path.exists(sys.argv[3]):
    time.sleep(0.1)
"""


class Trial:
    """One machine with what is checked on it; a check that fails is told and counted, and the rest goes on."""

    def __init__(self, machine: Wine, work: Path) -> None:
        self.machine = machine
        self.work = work
        self.failed = 0
        self.local = machine.drive / "users" / "root" / "AppData" / "Local"
        self.program = self.local / "Programs" / "AIOS Heartbeat"
        self.data = self.local / "aios-heartbeat"
        self.links = (
            machine.drive / "users" / "root" / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs"
        )

    def check(self, holds: object, what: str, detail: object = "") -> None:
        """Count and tell one claim."""
        print(
            f"{'ok    ' if holds else 'FAILED'} {what}" + (f": {detail}" if detail or not holds else ""),
            flush=True,
        )
        self.failed += not holds

    def run(self, *command: str | Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program of this machine."""
        return self.machine.run(command, timeout_s=timeout_s)

    def install(self, setup: Path, *options: str, folder: str = "") -> int:
        """Run an installer silently; its exit status. A ``folder`` stands in its command line without quotes."""
        where = f"/D={folder}".split(" ") if folder else []
        return self.run(setup, "/S", *options, *where, timeout_s=300).returncode

    def console(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed console program."""
        return self.run(self.program / "aios-heartbeat.exe", *arguments)

    def registered(self, key: str, name: str) -> str:
        """A value of the registry, "" where there is none."""
        done = self.run("reg", "query", key, "/v", name)
        lines = [line for line in done.stdout.splitlines() if line.strip().startswith(name)]
        return lines[0].split(None, name.count(" ") + 2)[-1] if done.returncode == 0 and lines else ""

    def instance(self) -> dict[str, object]:
        """Who beats; empty where nobody does."""
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


def installs(t: Trial, setup: Path) -> None:
    """A silent installation is whole and Windows lists it."""
    started = time.monotonic()
    status = t.install(setup, "/DESKTOP")
    t.check(status == 0, "silent installation", f"{time.monotonic() - started:.1f} s")
    parts = {"_internal", "aios-gui.exe", "aios-heartbeat.exe", "LICENSE.txt", "uninstall.exe"}
    t.check(t.files() == parts, "the program's folder", sorted(t.files()))
    listed = (
        "DisplayName",
        "DisplayVersion",
        "Publisher",
        "QuietUninstallString",
        "EstimatedSize",
        "DisplayIcon",
    )
    facts = {name: t.registered(LISTED, name) for name in listed}
    t.check(all(facts.values()) and facts["DisplayVersion"] == OLDER, "the entry that Windows lists", facts)
    t.check((t.links / "AIOS Heartbeat.lnk").is_file(), "link in the Start menu")
    t.check((t.machine.drive / "users/root/Desktop/AIOS Heartbeat.lnk").is_file(), "link on the desktop")
    t.check(not t.registered(RUN, "AIOS Heartbeat"), "not started at log-in unless that is asked for")
    beat = t.console("beat")
    t.check(beat.returncode in (0, 1), "beat without Python on the machine", beat.stdout.strip())
    t.check(t.console("doctor").returncode in (0, 1), "doctor")


def starts_at_login(t: Trial) -> None:
    """What the program itself registers is what Windows starts."""
    done = t.console("autostart", "enable", "--no-test", "--delay", "1")
    t.check(done.returncode == 0, "registered by the command", done.stderr.strip())
    t.check(
        "aios-gui.exe" in t.registered(RUN, "AIOS Heartbeat"),
        "the Run value",
        t.registered(RUN, "AIOS Heartbeat"),
    )
    before = t.beats()
    t.machine.control("--boot")
    t.check(t.wait(lambda: t.beats() > before + 2), "started at log-in, and beats", t.instance())
    answer = json.loads(t.console("autostart", "status", "--json").stdout)
    (run_key,) = [each for each in answer if each["mechanism"] == "run_key"]
    t.check(run_key["state"] == "on" and run_key["ours"], "its state", run_key["state"])


def upgrades_while_it_runs(t: Trial, setup: Path) -> None:
    """The new version takes the place of the old, keeps the data, and goes on beating."""
    before, settings = t.beats(), (t.data / "settings.toml").read_bytes()
    pid = t.instance().get("pid")
    t.check(t.install(setup) == 0, "upgrade while it runs")
    t.check(not (t.program / "_internal" / "of-the-older.txt").exists(), "nothing of the old version is left")
    t.check(t.registered(LISTED, "DisplayVersion") == NEWER, "the version that Windows lists")
    t.check({"old", "new", "gone"}.isdisjoint(t.files()), "no folder of the exchange is left")
    again = t.wait(lambda: t.beats() > before + 2 and t.instance().get("pid") not in (None, pid))
    t.check(again, "it goes on by itself", t.instance())
    t.check((t.data / "settings.toml").read_bytes() == settings, "the settings are as they were")
    t.check(t.registered(RUN, "AIOS Heartbeat"), "the start at log-in is as it was")


def keeps_the_old_version_where_a_file_is_held(t: Trial, holder: Wine, setup: Path) -> None:
    """A virus scanner, say, has a file open: nothing changes, status 2, and the old version runs again."""
    # Of the folder of parts, Windows refuses to move it where a file in it is open; Wine does not.
    name, held, free = "aios-heartbeat.exe", t.work / "held", t.work / "free"
    for each in (held, free):
        each.unlink(missing_ok=True)
    places = [t.machine.name_of(each) for each in (t.program / name, held, free)]
    python = holder.drive / "Python313" / "python.exe"
    child = t.machine.start([t.machine.name_of(python), "-c", HOLDER, *places])
    try:
        t.check(t.wait(held.exists), "a file of the program is held")
        before = t.beats()
        status = t.install(setup)
        t.check(status == 2, "the upgrade gives up", f"status {status}")
        t.check(t.registered(LISTED, "DisplayVersion") == NEWER, "the version that was there is still listed")
        t.check(
            {"old", "new", "gone"}.isdisjoint(t.files()),
            "no folder of the exchange is left",
            sorted(t.files()),
        )
        t.check(t.run(t.program / "aios-gui.exe", "beat").returncode in (0, 1), "and works")
        t.check(t.wait(lambda: t.beats() > before + 2), "it goes on by itself", t.instance())
    finally:
        free.touch()
        child.communicate(timeout=60)


def brings_an_interrupted_exchange_back(t: Trial, setup: Path) -> None:
    """A power cut in the midst of an upgrade: the next installation mends it."""
    t.console("quit")
    (t.program / "old").mkdir()
    shutil.move(t.program / "_internal", t.program / "old" / "_internal")
    (t.program / "new" / "_internal").mkdir(parents=True)
    status = t.install(setup)
    t.check(status == 0 and {"old", "new", "gone"}.isdisjoint(t.files()), "a cut-off upgrade is mended")
    t.check(t.console("beat").returncode in (0, 1), "and the program works")


def refuses_what_cannot_work(t: Trial, setup: Path) -> None:
    """Too long a path, a folder that cannot be written, another program's folder: status 2 and nothing is left."""
    status = t.install(setup, folder="C:\\" + "\\".join(["long folder name"] * 10))
    t.check(status == 2, "a path that is too long is refused", f"status {status}")
    other = t.machine.drive / "other"
    (other / "_internal").mkdir(parents=True)
    (other / "_internal" / "theirs.dll").touch()
    status = t.install(setup, folder="C:\\other")
    kept = [each.name for each in other.rglob("*")]
    t.check(
        status == 2 and kept == ["_internal", "theirs.dll"],
        "another program's folder is left alone",
        kept,
    )
    status = t.install(setup, folder="Z:\\proc\\aios heartbeat")
    t.check(status == 2, "a folder that cannot be written is refused", f"status {status}")


def installs_into_an_odd_folder(t: Trial, setup: Path) -> None:
    """Spaces and characters of other scripts; the start at log-in by the installer itself."""
    folder = t.machine.drive / ODD
    t.check(t.install(setup, "/AUTOSTART", folder=f"C:\\{ODD}") == 0, f"installation into {ODD}")
    beat = t.run(folder / "aios-heartbeat.exe", "beat", "--json")
    t.check(beat.returncode in (0, 1), "it beats there", beat.stderr.strip())
    # `reg` prints in a code page that lacks most of these characters.
    line = t.registered(RUN, "AIOS Heartbeat")
    t.check(' app\\aios-gui.exe" --at-login' in line, "its start at log-in", line)
    before = t.beats()
    t.machine.control("--boot")
    t.check(t.wait(lambda: t.beats() > before + 1, 60), "started at log-in from there", t.instance())
    t.program = folder
    uninstalls_while_it_runs(t)


def uninstalls_while_it_runs(t: Trial) -> None:
    """Program, links and start at log-in are gone; the data stays."""
    t.check(t.instance(), "it runs", t.instance())
    beats = t.beats()
    t.run(t.program / "uninstall.exe", "/S")
    t.check(t.wait(lambda: not t.program.exists()), "the program is gone", sorted(t.files()))
    t.check(t.wait(lambda: not t.registered(LISTED, "DisplayName")), "the entry of Windows is gone")
    t.check(not t.registered(RUN, "AIOS Heartbeat"), "the start at log-in is gone")
    links = [
        each for folder in (t.links, t.machine.drive / "users/root/Desktop") for each in folder.rglob("AIOS*")
    ]
    t.check(not links, "the links are gone", links)
    t.check(
        t.beats() >= beats > 0 and (t.data / "settings.toml").exists(),
        "the data is kept",
        f"{t.beats()} beats",
    )
    t.check(not t.instance(), "nothing runs any more")


def forgets_when_asked(t: Trial, setup: Path) -> None:
    """With /FORGET the data goes as well."""
    t.program = t.local / "Programs" / "AIOS Heartbeat"
    t.check(t.install(setup) == 0, "installation over kept data")
    t.check(t.console("beat").returncode in (0, 1), "it goes on with them")
    t.run(t.program / "uninstall.exe", "/S", "/FORGET")
    t.check(t.wait(lambda: not t.program.exists()), "the program is gone")
    t.check(t.wait(lambda: not t.data.exists()), "and so is the data", list(t.data.rglob("*")))


def installers(order: Order, frozen: Path) -> tuple[Path, Path]:
    """An older and a newer installer of the same program; the older brings one file more. Packed quickly."""
    older = order.work / "older"
    shutil.rmtree(older, ignore_errors=True)
    shutil.copytree(frozen, older)
    (older / "_internal" / "of-the-older.txt").write_text("gone after the upgrade", encoding="ascii")
    order.work.mkdir(parents=True, exist_ok=True)
    return (
        make_installer(order, older, order.work / f"setup-{OLDER}.exe", OLDER, "zlib"),
        make_installer(order, frozen, order.work / f"setup-{NEWER}.exe", NEWER, "zlib"),
    )


def main() -> int:
    """0 where every check held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("frozen", type=Path, help="the folder with aios-gui.exe and aios-heartbeat.exe")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "windows-selftest", metavar="FOLDER")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    order = Order(work, work, source_version(), source_time_s())
    try:
        lab = windows_machine()
        if not isinstance(lab, Wine):
            raise BuildError(
                "This installs, removes and logs off: it is for a machine under Wine, not for yours."
            )
        shutil.rmtree(work / "machine", ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        older, newer = installers(replace(order), arguments.frozen.absolute())
        t = Trial(lab.new(work / "machine"), work)
        installs(t, older)
        starts_at_login(t)
        upgrades_while_it_runs(t, newer)
        keeps_the_old_version_where_a_file_is_held(t, lab, older)
        brings_an_interrupted_exchange_back(t, newer)
        refuses_what_cannot_work(t, newer)
        t.run(t.program / "aios-gui.exe", "--minimized", "--quit-after", "0.5")
        t.machine.control("--boot")
        t.wait(t.instance)
        uninstalls_while_it_runs(t)
        installs_into_an_odd_folder(t, newer)
        forgets_when_asked(t, newer)
        t.machine.control("--stop")
    except BuildError as error:
        print(f"selftest: {error}", file=sys.stderr)
        return 2
    print(f"{t.failed} checks failed." if t.failed else "Every check held.")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Tries the portable folder where it was never meant to be: deep in other folders, and where no one may write."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from building.machine import Wine
from windows.trial import CONSOLE, RUN, WINDOW, Trial

_DEEPEST = 240
"""Characters of the program's path. Beyond 260 Wine tells no path of an open file, whatever room it is given
(GetFinalPathNameByHandleW answers ERROR_MORE_DATA), and no frozen Python starts there."""
_NAME = "deep down "


def runs_from_a_deep_folder(lab: Wine, work: Path, frozen: Path) -> Trial:
    """Its own path as long as Windows may start it from, those of its parts longer."""
    t = Trial(lab.new(work / "places"), work)
    missing = _DEEPEST - len("C:\\" + "\\" + CONSOLE)
    name = (_NAME * (missing // len(_NAME) + 1))[:missing].rstrip()
    half = len(name) // 2
    t.program = t.machine.drive / (name[:half].rstrip() + "x") / (name[half:].strip() + "x")
    shutil.copytree(frozen, t.program)
    told = f"{len(t.machine.name_of(t.program / CONSOLE))} characters"
    t.check(t.console("beat").returncode in (0, 1), "it beats deep down in folders", told)
    done = t.console("autostart", "enable", "--no-test", "--delay", "1")
    t.check(
        done.returncode == 2 and "at most 260" in done.stderr,
        "it says that Windows would not start a command of this length at log-in",
        done.stderr.strip(),
    )
    t.check(not t.registered(RUN, "AIOS Heartbeat"), "and writes none")
    t.machine.control("--stop")
    return t


def runs_from_a_read_only_folder(lab: Wine, work: Path, frozen: Path) -> Trial:
    """It writes nothing beside itself, so that a folder of an administrator, or a disc, is as good as any."""
    t = Trial(Wine(lab.lab, work / "places", user=lab.user), work)
    place = work / "read-only"
    place.mkdir(exist_ok=True)
    for options in (["--bind", str(frozen), str(place)], ["-o", "remount,bind,ro", str(place)]):
        subprocess.run(["mount", *options], check=True)
    try:
        t.program = place
        # What serves the files is the first program of the machine: all see the folder, or none.
        seen = {"WINLAB_BIND": str(place)}
        denied = t.run("cmd", "/c", f"echo x > {t.machine.name_of(place / 'x')}", environ=seen)
        told = denied.stdout.strip() or denied.stderr.strip()
        t.check("denied" in told, "no one can write into the program's folder", told)
        before = t.beats()
        t.check(t.run(place / CONSOLE, "beat", environ=seen).returncode in (0, 1), "it beats from there")
        shown = t.run(place / WINDOW, "--quit-after", "6", environ=seen)
        t.check(shown.returncode == 0, "and shows its window", f"status {shown.returncode}")
        t.check(t.beats() > before, "and records", f"{t.beats() - before} beats")
        t.machine.control("--stop")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)
    return t

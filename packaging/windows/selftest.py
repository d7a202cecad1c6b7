"""Tries the installer as its user has it, on bare Windows machines under Wine: `python packaging/windows/selftest.py`.

It needs what `dev.py build --target windows` made: the frozen folder, of which it makes an older and a newer installer.
Installs, starts, starts at log-in, upgrades while it runs and while a file is held, refuses what cannot work, and
uninstalls while it runs. Nothing but the data may be left.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from building.machine import Wine, windows_machine
from building.order import ROOT, Order, source_time_s, source_version
from building.steps import BuildError
from building.windows import make_installer
from windows.odd_places import runs_from_a_deep_folder, runs_from_a_read_only_folder
from windows.trial import CONSOLE, EXCHANGE, LIST, LISTED, NEW, NOTHING, OLD, READING_ONLY, RUN, WINDOW, Trial

OLDER, NEWER = "0.0.8", "0.0.9"
ODD = "Ünïcode 心跳 app"
ODD_USER = "Jürgen 心跳"


def installs(t: Trial, setup: Path) -> None:
    """A silent installation is whole and Windows lists it."""
    started = time.monotonic()
    status = t.install(setup, "/DESKTOP")
    t.check(status == 0, "silent installation", f"{time.monotonic() - started:.1f} s")
    parts = {"_internal", WINDOW, CONSOLE, "LICENSE.txt", "uninstall.exe", LIST}
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
    t.check((t.desktop / "AIOS Heartbeat.lnk").is_file(), "link on the desktop")
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
    t.check(EXCHANGE.isdisjoint(t.files()), "no folder of the exchange is left")
    again = t.wait(lambda: t.beats() > before + 2 and t.instance().get("pid") not in (None, pid))
    t.check(again, "it goes on by itself", t.instance())
    t.check((t.data / "settings.toml").read_bytes() == settings, "the settings are as they were")
    t.check(t.registered(RUN, "AIOS Heartbeat"), "the start at log-in is as it was")


def shows_one_window(t: Trial) -> None:
    """Started at log-in it is in the tray alone; another start shows its window and beats no second time."""
    pid = t.instance().get("pid")
    t.check(len(t.running()) == 1, "one instance runs after log-in", t.running())
    t.check(t.shown() == 0, "with its window hidden")
    second = t.run(t.program / WINDOW)
    t.check(second.returncode == 0, "a second start ends by itself", f"status {second.returncode}")
    t.check(t.wait(lambda: t.shown() == 1), "and shows the window of the first", t.shown())
    t.check(
        len(t.running()) == 1 and t.instance().get("pid") == pid, "which is still the only one", t.running()
    )


def keeps_the_old_version_where_a_file_is_held(
    t: Trial, lab: Wine, setup: Path, name: str, sharing: int
) -> None:
    """A virus scanner, say, has a file open: nothing changes, status 2, and the old version runs on."""
    # Of the folder of parts, Windows refuses to move it where a file in it is open; Wine does not.
    works = CONSOLE if name == WINDOW else WINDOW
    with t.held(lab, t.program / name, sharing):
        before = t.beats()
        status = t.install(setup)
        how = "with others reading" if sharing else "alone"
        t.check(status == 2, f"the upgrade gives up where {name} is held {how}", f"status {status}")
        t.check(t.registered(LISTED, "DisplayVersion") == NEWER, "the version that was there is still listed")
        t.check(EXCHANGE.isdisjoint(t.files()), "no folder of the exchange is left", sorted(t.files()))
        t.check(t.run(t.program / works, "beat").returncode in (0, 1), "and works")
        t.check(t.wait(lambda: t.beats() > before + 2), "it goes on by itself", t.instance())


def upgrades_once_a_file_is_free(t: Trial, lab: Wine, setup: Path) -> None:
    """A virus scanner that is done within seconds costs nothing but these."""
    with t.held(lab, t.program / WINDOW, NOTHING) as release:
        child = t.machine.start([setup, "/S"])
        time.sleep(4)
        release()
        child.communicate(timeout=300)
    t.check(
        child.returncode == 0, "the upgrade waits for a file that is soon free", f"status {child.returncode}"
    )
    t.check(t.wait(t.instance), "and it goes on by itself", t.instance())


def upgrades_or_keeps_where_a_part_is_held(t: Trial, lab: Wine, setup: Path) -> None:
    """A library that no other program may open: the version that is there afterwards is whole and listed."""
    with t.held(lab, t.program / "_internal" / "base_library.zip", NOTHING):
        status = t.install(setup)
    t.check(status in (0, 2), "an upgrade with a part held ends in order", f"status {status}")
    listed = t.registered(LISTED, "DisplayVersion")
    t.check(listed == (OLDER if status == 0 else NEWER), "what is listed is what it told", listed)
    t.check(t.console("beat").returncode in (0, 1), "and works")


def brings_an_interrupted_exchange_back(t: Trial, setup: Path) -> None:
    """A power cut during an upgrade: the next installation mends it."""
    t.console("quit")
    (t.program / OLD).mkdir()
    shutil.copy(t.program / LIST, t.program / OLD / LIST)
    shutil.move(t.program / "_internal", t.program / OLD / "_internal")
    (t.program / NEW / "_internal").mkdir(parents=True)
    shutil.copy(t.program / LIST, t.program / NEW / LIST)
    status = t.install(setup)
    t.check(status == 0 and EXCHANGE.isdisjoint(t.files()), "a cut-off upgrade is mended")
    t.check(t.console("beat").returncode in (0, 1), "and the program works")


def mends_a_first_installation_that_was_cut_off(t: Trial, setup: Path) -> None:
    """A power cut during the first installation: parts have their place already, and the list of all lies beside."""
    folder = t.machine.drive / "cut off"
    t.install(setup, folder="C:\\cut off")
    (folder / NEW).mkdir()
    shutil.move(folder / LIST, folder / NEW / LIST)
    (folder / "uninstall.exe").unlink()
    status = t.install(setup, folder="C:\\cut off")
    t.check(
        status == 0 and {each.name for each in folder.iterdir()}.isdisjoint({*EXCHANGE, "kept-1"}),
        "a cut-off first installation is mended",
        sorted(each.name for each in folder.iterdir()),
    )
    t.run(folder / "uninstall.exe", "/S")
    t.check(t.wait(lambda: not folder.exists()), "and can be removed")


def leaves_what_is_not_its_own(t: Trial, older: Path, newer: Path) -> None:
    """In a folder with files of the user: none goes, whatever its name and whatever is done."""
    folder = t.machine.drive / "mine"
    mine = {
        "new/a.txt",
        "old/b.txt",
        "gone/c.txt",
        "thesis.odt",
        f"{OLD}/d.txt",
        f"{NEW}/e.txt",
        "kept-1/f.txt",
    }

    def write(names: set[str]) -> None:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name, encoding="ascii")

    def texts() -> set[str]:
        found = (each for each in folder.rglob("*.*") if each.is_file() and each.suffix in (".txt", ".odt"))
        return {each.read_text(encoding="ascii", errors="replace") for each in found}

    write({*mine, "LICENSE.txt"})
    status = t.install(older, folder="C:\\mine")
    t.check(
        status == 2 and {*mine, "LICENSE.txt"} == texts(), "a folder with a file of a part's name is refused"
    )
    (folder / "LICENSE.txt").unlink()
    t.check(
        t.install(older, folder="C:\\mine") == 0 and mine <= texts(),
        "a folder with files of the user",
        sorted(mine - texts()),
    )
    mine.add("_internal/numpy/g.txt")
    write({"_internal/numpy/g.txt"})
    (folder / LIST).write_bytes(
        (folder / LIST).read_bytes() + "..\\outside.txt\r\nC:\\outside.txt\r\n".encode("utf-16-le")
    )
    outside = t.machine.drive / "outside.txt"
    outside.touch()
    t.check(
        t.install(newer, folder="C:\\mine") == 0 and mine <= texts(),
        "an upgrade there",
        sorted(mine - texts()),
    )
    mine.add("_internal/h.txt")
    write({"_internal/h.txt"})
    t.check(
        t.install(older, folder="C:\\mine") == 0 and mine <= texts(),
        "another upgrade there",
        sorted(mine - texts()),
    )
    t.run(folder / "uninstall.exe", "/S")
    t.check(t.wait(lambda: not (folder / "uninstall.exe").exists()), "uninstalled there")
    left = {each.name for each in folder.rglob("*") if each.is_file()}
    t.check(
        mine == texts() and len(left) == len(mine),
        "all files of the user are left, and nothing else",
        sorted(left),
    )
    t.check(outside.exists(), "no line of the list leads out of the folder")


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
    beat = t.run(folder / CONSOLE, "beat", "--json")
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
    beats, kept = t.beats(), t.kept()
    t.run(t.program / "uninstall.exe", "/S")
    t.check(t.wait(lambda: not t.program.exists()), "the program is gone", sorted(t.files()))
    t.check(t.wait(lambda: not t.registered(LISTED, "DisplayName")), "the entry of Windows is gone")
    t.check(not t.registered(RUN, "AIOS Heartbeat"), "the start at log-in is gone")
    links = [each for folder in (t.links, t.desktop) for each in folder.rglob("AIOS*")]
    t.check(not links, "the links are gone", links)
    t.check(
        t.beats() >= beats > 0 and kept <= t.kept(),
        "the data is kept",
        f"{t.beats()} beats, {sorted(t.kept())}",
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


def installs_for_an_odd_user(lab: Wine, work: Path, setup: Path) -> Trial:
    """A user whose name is in no code page: every place of the program and of its data has it in its path."""
    t = Trial(lab.new(work / "machine-of-another", ODD_USER), work)
    t.check(t.install(setup, "/AUTOSTART", "/DESKTOP") == 0, f"installation for {ODD_USER}")
    t.check(t.program.is_dir(), "into that user's folder", t.program)
    beat = t.console("beat", "--json")
    t.check(beat.returncode in (0, 1), "it beats there", beat.stderr.strip())
    t.machine.control("--boot")
    t.check(t.wait(lambda: t.beats() > 2, 60), "started at log-in, and beats", t.instance())
    shows_one_window(t)
    uninstalls_while_it_runs(t)
    t.machine.control("--stop")
    return t


def on_one_machine(lab: Wine, work: Path, older: Path, newer: Path) -> Trial:
    """All that one machine goes through, from the first installation to the last trace."""
    t = Trial(lab.new(work / "machine"), work)
    installs(t, older)
    starts_at_login(t)
    shows_one_window(t)
    upgrades_while_it_runs(t, newer)
    for name, sharing in ((CONSOLE, READING_ONLY), (CONSOLE, NOTHING), (WINDOW, NOTHING)):
        keeps_the_old_version_where_a_file_is_held(t, lab, older, name, sharing)
    upgrades_once_a_file_is_free(t, lab, newer)
    upgrades_or_keeps_where_a_part_is_held(t, lab, older)
    brings_an_interrupted_exchange_back(t, newer)
    refuses_what_cannot_work(t, newer)
    t.machine.control("--boot")
    t.wait(t.instance)
    uninstalls_while_it_runs(t)
    installs_into_an_odd_folder(t, newer)
    forgets_when_asked(t, newer)
    mends_a_first_installation_that_was_cut_off(t, newer)
    leaves_what_is_not_its_own(t, older, newer)
    t.machine.control("--stop")
    return t


def main() -> int:
    """0 where every check held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("frozen", type=Path, help="the folder with aios-gui.exe and aios-heartbeat.exe")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "windows-selftest", metavar="FOLDER")
    arguments = parser.parse_args()
    work, frozen = arguments.work.absolute(), arguments.frozen.absolute()
    order = Order(work, work, source_version(), source_time_s())
    try:
        lab = windows_machine()
        if not isinstance(lab, Wine):
            raise BuildError(
                "This installs, removes and logs off: it is for a machine under Wine, not for yours."
            )
        for each in ("machine", "machine-of-another", "places"):
            shutil.rmtree(work / each, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        older, newer = installers(order, frozen)
        trials = [
            on_one_machine(lab, work, older, newer),
            installs_for_an_odd_user(lab, work, newer),
            runs_from_a_deep_folder(lab, work, frozen),
            runs_from_a_read_only_folder(lab, work, frozen),
        ]
    except BuildError as error:
        print(f"selftest: {error}", file=sys.stderr)
        return 2
    failed, checked = (sum(numbers) for numbers in zip(*((t.failed, t.checked) for t in trials), strict=True))
    print(f"{failed} of {checked} checks failed." if failed else f"Every one of {checked} checks held.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

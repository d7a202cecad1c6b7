"""The program for Windows: a folder, an installer and a portable archive, each run before it counts as built."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path, PureWindowsPath
from typing import Any

from aios_gui.ui.panels import PANELS
from building.freezing import freeze, size_bytes
from building.installer_picture import draw_picture
from building.machine import Windows, windows_machine
from building.materials import write_materials
from building.order import APP, ROOT, Order
from building.signing import sign
from building.smoke_documents import SLICE, try_documents
from building.smoke_window import look_at
from building.steps import BuildError, run_tool, say, step
from building.windows_version import four_numbers

INSTALLER = ROOT / "packaging" / "windows" / "installer"
ICON = ROOT / "packaging" / "icons" / "aios-heartbeat.ico"
LARGEST_FOLDER_BYTES = 120_000_000
LARGEST_INSTALLER_BYTES = 35_000_000
_WINES = (b"Wine builtin DLL", b"Wine placeholder DLL")
_WINES_NAMES = {"icuuc.dll", "wlcplx.dll", "ucrtbase.dll"}


def build(order: Order) -> list[Path]:
    """Build, run what was built, and return the files for users.

    Raises:
        BuildError: it cannot be built here, or what was built does not work.
    """
    if order.one_file:
        raise BuildError("For Windows there is the folder, packed, and the installer: leave out --onefile.")
    machine = windows_machine()
    folder = freeze(order) if not machine.is_wine else _freeze_under_wine(order, machine)
    shutil.copy2(ROOT / "LICENSE", folder / "LICENSE.txt")
    check_folder(folder)
    sign(order, [folder / "aios-gui.exe", folder / f"{APP}.exe"])
    try_programs(machine, folder, order.work / "trial", order.version)
    order.dist.mkdir(parents=True, exist_ok=True)
    name = f"{APP}-{order.version}-windows-x64"
    with step("Packing the portable folder"):
        portable = write_zip(
            folder, order.dist / f"{name}-portable.zip", f"{APP}-{order.version}", order.epoch_s
        )
    setup = make_installer(order, folder, order.dist / f"{name}-setup.exe")
    sign(order, [setup])
    say(
        f"{setup.name}: {setup.stat().st_size / 1e6:.1f} MB; {portable.name}: {portable.stat().st_size / 1e6:.1f} MB"
    )
    if setup.stat().st_size > LARGEST_INSTALLER_BYTES:
        raise BuildError(
            f"{setup} is larger than {LARGEST_INSTALLER_BYTES / 1e6:.0f} MB. See what got into it."
        )
    inside = _materials(machine, folder)
    bills = [
        write_materials(order, each, each.with_name(f"{each.name}.cdx.json"), inside)
        for each in (setup, portable)
    ]
    return [setup, portable, *bills]


def _materials(machine: Windows, folder: Path) -> list[dict[str, Any]]:
    """What is inside, told by the Python that built it."""
    command = [*machine.python, "-m", "building.materials", machine.name_of(folder)]
    told: list[dict[str, Any]] = json.loads(_told(machine.run(command, folder=ROOT / "packaging"), 0))
    return told


def _freeze_under_wine(order: Order, machine: Windows) -> Path:
    frozen, log = order.work / "frozen", order.work / "pyinstaller.log"
    shutil.rmtree(frozen, ignore_errors=True)
    frozen.mkdir(parents=True)
    where = {"--distpath": frozen, "--workpath": order.work / "pyinstaller"}
    options = [word for name, path in where.items() for word in (name, machine.name_of(path))]
    spec = machine.name_of(ROOT / "packaging" / "aios.spec")
    environ = {
        "SOURCE_DATE_EPOCH": str(order.epoch_s),
        "PYTHONHASHSEED": "0",
        "AIOS_RELEASES_PAGE": order.releases_page,
        "AIOS_LEFT_OUT": machine.name_of(order.work / "left-out.txt"),
    }
    with step("Freezing by PyInstaller under Wine"):
        done = machine.run(
            [*machine.python, "-m", "PyInstaller", "--noconfirm", *options, spec],
            environ,
            ROOT,
            timeout_s=3600,
        )
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise BuildError(
            f"PyInstaller ended with status {done.returncode}. All it said is in {log}; the end:\n{last}"
        )
    return frozen / APP


def check_folder(folder: Path) -> None:
    """BuildError where something is in it that may not be shipped, or it is too large."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    foreign = [file.name for file in files if file.name.lower() in _WINES_NAMES or _is_wines(file)]
    if foreign:
        raise BuildError(f"{folder} holds files of Wine, which may not be shipped: {', '.join(foreign)}")
    size = size_bytes(folder)
    say(f"The folder: {size / 1e6:.1f} MB in {len(files)} files.")
    if size > LARGEST_FOLDER_BYTES:
        raise BuildError(
            f"{folder} is larger than {LARGEST_FOLDER_BYTES / 1e6:.0f} MB. See what got into it."
        )


def _is_wines(file: Path) -> bool:
    if file.suffix.lower() not in (".dll", ".pyd", ".exe"):
        return False
    with file.open("rb") as stream:
        head = stream.read(256)
    return any(sign in head for sign in _WINES)


def try_programs(machine: Windows, folder: Path, home: Path, version: str) -> None:
    """Run both programs in a ``home`` of their own; BuildError where one does not do what it should."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environ = {"AIOS_HOME": machine.name_of(home / "home")}
    console = folder / "aios-heartbeat.exe"
    with step("Trying the console program"):
        said = _told(machine.run([console, "--version"], environ), 0)
        if version not in said:
            raise BuildError(f"{console} says it is {said.strip()!r} and not {version}.")
        beat = _told(machine.run([console, "beat", "--json"], environ), 0, 1)
        if not json.loads(beat)["result"].startswith(("HEARTBEAT_OK", "AIOS_ALERT", "AIOS_DEGRADED")):
            raise BuildError(f"{console} beat says: {beat}")
        _told(machine.run([console, "doctor"], environ), 0, 1)
    with step("Trying the window"):
        _try_window(machine, folder, home)
    documents = home / "documents"
    try_documents(
        lambda words: machine.run([console, *words], environ),
        home / "home" / "data",
        documents,
        machine.name_of,
    )
    with step("Opening a slice"):
        _photograph(machine, folder, home, "slice", machine.name_of(documents / SLICE))


def _told(done: subprocess.CompletedProcess[str], *fine: int) -> str:
    if done.returncode not in fine:
        raise BuildError(f"{done.args} ended with status {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def _try_window(machine: Windows, folder: Path, home: Path) -> None:
    for panel in PANELS:
        _photograph(machine, folder, home, panel.key, "--panel", panel.key)
    with closing(sqlite3.connect(home / "home" / "data" / "heartbeat.sqlite3")) as record:
        (count,) = record.execute("SELECT count(*) FROM beat").fetchone()
    if not count:
        raise BuildError("The window showed itself, but nothing was recorded.")
    say(f"The record holds {count} beats. The pictures are in {home}.")


def _photograph(machine: Windows, folder: Path, home: Path, name: str, *options: str) -> None:
    """Have the window show what ``options`` ask for until it is on a picture, and look at that."""
    picture = home / f"{name}.png"
    command: list[str | Path] = [folder / "aios-gui.exe", *options, "--screenshot", machine.name_of(picture)]
    done = machine.run(command, {"AIOS_HOME": machine.name_of(home / "home")}, timeout_s=180)
    if done.returncode != 0:
        log = home / "home" / "logs" / "aios-heartbeat.log"
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else done.stderr
        raise BuildError(f"The window ended with status {done.returncode}:\n{said}")
    say(f"{name}: {look_at(picture)}")


def make_installer(
    order: Order, folder: Path, target: Path, version: str = "", compressor: str = "/SOLID lzma"
) -> Path:
    """Make the installer of ``folder``, as of another ``version`` where one is given.

    What it installs bears the time of the order, and so do the files of ``folder`` from then on.
    """
    version = version or order.version
    picture = draw_picture(order.work / "installer.bmp")
    listed = write_list(folder, order.work / "installed-files.txt")
    for file in (picture, listed, *folder.rglob("*")):
        os.utime(file, (order.epoch_s, order.epoch_s))
    given = {
        "VERSION": version,
        "FOUR_NUMBERS": ".".join(map(str, four_numbers(version))),
        "SIZE_KB": size_bytes(folder) // 1024,
        "FOLDER": folder,
        "LIST_FILE": listed,
        "ICON": ICON,
        "PICTURE": picture,
        "OUT": target,
    }
    command = ["makensis", "-V2", "-INPUTCHARSET", "UTF8", f"-XSetCompressor /FINAL {compressor}"]
    advice = "NSIS makes the installer: `apt install nsis` on a Debian, or nsis.sourceforge.io on Windows."
    with step(f"Making the installer of {version}"):
        run_tool(
            [*command, *(f"-D{name}={value}" for name, value in given.items()), INSTALLER / "installer.nsi"],
            order.work / "makensis.log",
            order.environ,
            INSTALLER,
            advice,
        )
    return target


def write_list(folder: Path, target: Path) -> Path:
    """Write what the installer may remove again: each file of ``folder``, then each folder, the deepest first.

    BuildError for a name that the installer would take for one that leads out of the folder.
    """
    below = sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix())
    files = [str(PureWindowsPath(each.relative_to(folder))) for each in below if not each.is_dir()]
    folders = [f"{PureWindowsPath(each.relative_to(folder))}\\" for each in below if each.is_dir()]
    odd = [each for each in (*files, *folders) if ".." in each or ":" in each]
    if odd:
        raise BuildError(f"The installer cannot remove again what has two dots or a colon in its name: {odd}")
    lines = [*files, *sorted(folders, key=lambda each: (-each.count("\\"), each))]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-16-le"))
    return target


def write_zip(folder: Path, target: Path, name: str, epoch_s: int) -> Path:
    """Pack ``folder`` into ``target`` as a folder ``name``; the same whenever the files are."""
    import time
    import zipfile

    moment = time.gmtime(max(epoch_s, 315532800))[:6]  # an archive knows no time before 1980
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())
    return target

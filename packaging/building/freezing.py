"""Freezes both programs by PyInstaller, and tells what was left out."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from building.order import APP, ROOT, Order
from building.steps import BuildError, python_tool, run_tool, say, step

_ONE_FILE_CAVEATS = (
    "--onefile makes two programs that unpack themselves into a temporary folder at every start. That makes every "
    "start slower, a command's by several times, needs a temporary folder from which programs may be started, leaves "
    "it behind where the program is killed, and makes virus scanners distrust it. The folder has none of that."
)


def freeze(order: Order) -> Path:
    """The folder with both programs, new; beside it in ``order.work`` the list of what was left out."""
    if order.one_file:
        say(_ONE_FILE_CAVEATS)
    frozen = order.work / "frozen"
    shutil.rmtree(frozen, ignore_errors=True)
    listed = order.work / "left-out.txt"
    where = [
        "--distpath",
        str(frozen / APP if order.one_file else frozen),
        "--workpath",
        str(order.work / "pyinstaller"),
    ]
    command = python_tool("PyInstaller", "--noconfirm", *where, ROOT / "packaging" / "aios.spec")
    with step("Freezing by PyInstaller"):
        run_tool(
            [*command, *(["--", "--onefile"] if order.one_file else [])],
            order.work / "pyinstaller.log",
            {**order.environ, "AIOS_LEFT_OUT": str(listed)},
            ROOT,
        )
    for line in listed.read_text(encoding="utf-8").splitlines():
        say(line if len(line) <= 140 else f"{line[:139]}…")
    say(f"(in full: {listed})")
    return frozen / APP


def program(folder: Path, name: str) -> Path:
    """The frozen program ``name`` in ``folder``; BuildError where it was not made."""
    suffix = ".exe" if sys.platform == "win32" else ""
    found = folder / (name + suffix)
    if not found.is_file():
        raise BuildError(f"{found} was not made. See the log of PyInstaller beside {folder.parent}.")
    return found


def size_bytes(folder: Path) -> int:
    """What the files of a folder hold together; links count nothing."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())

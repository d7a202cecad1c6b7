"""The target wheel: the wheel and the source archive for Python's own index, looked over and installed on trial."""

from __future__ import annotations

import os
import shutil
import sys
import venv
import zipfile
from pathlib import Path

from building.materials import write_materials
from building.order import ROOT, Order
from building.smoke import BEAT, ask, own_home, running
from building.smoke_documents import try_documents
from building.steps import BuildError, python_tool, run_tool, say, step

_NEEDED = (
    "aios_gui/resources/icons/app.svg",
    "aios_gui/resources/reports/page.css",
    "aios_gui/resources/reports/zoom.js",
    "aios_gui/resources/style/app.qss",
    "aios_gui/resources/translations/zh_CN/LC_MESSAGES/aios.mo",
)
_UNWANTED = ("tests/", "packaging/", "aios_gui/resources/screenshots/")


def build(order: Order) -> list[Path]:
    """Make both, look them over, install the wheel where nothing else is; returns the files for users."""
    made = order.work / "wheel"
    shutil.rmtree(made, ignore_errors=True)
    with step("Building wheel and source archive"):
        run_tool(
            python_tool("build", "--no-isolation", "--outdir", made, ROOT),
            order.work / "build.log",
            order.environ,
        )
    wheel, archive = next(made.glob("*.whl")), next(made.glob("*.tar.gz"))
    with step("Looking them over"):
        check_wheel(wheel)
        run_tool(
            python_tool("twine", "check", "--strict", wheel, archive), order.work / "twine.log", order.environ
        )
        run_tool(python_tool("check_wheel_contents", wheel), order.work / "wheel-contents.log", order.environ)
    _try_installed(order, wheel)
    files = [Path(shutil.copy2(each, order.dist)) for each in (wheel, archive)]
    return [*files, write_materials(order, files[0], order.dist / f"{wheel.name}.cdx.json")]


def check_wheel(wheel: Path) -> None:
    """BuildError where the wheel lacks a resource, or holds what is not the program's."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    lacking = [name for name in _NEEDED if name not in names]
    odd = [
        name for name in names if name.startswith(_UNWANTED) or "__pycache__" in name or name.endswith(".po")
    ]
    if lacking or odd:
        raise BuildError(f"{wheel.name} lacks {lacking} and holds {odd} beside what it should.")


def _try_installed(order: Order, wheel: Path) -> None:
    """Both commands, from an environment with nothing but the wheel and what it asks for."""
    folder = order.work / "bare"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    suffix = ".exe" if os.name == "nt" else ""
    with step("Installing the wheel in a bare environment"):
        venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
        python = programs / Path(sys.executable).with_stem("python").name
        run_tool(
            [python, "-m", "pip", "install", "--disable-pip-version-check", wheel], order.work / "pip.log"
        )
    with step("Trying what it installed"), own_home() as environ:
        for name in ("aios-heartbeat", "aios-gui"):
            told = ask([str(programs / (name + suffix)), "--version"], environ).strip()
            if told != f"{name} {order.version}":
                raise BuildError(f"{name} --version says {told!r}, not {order.version}.")
        console = str(programs / ("aios-heartbeat" + suffix))
        beat = ask([console, "beat"], environ, fine=(0, 1)).strip()
        if not BEAT.fullmatch(beat):
            raise BuildError(f"The installed command says {beat!r}, which is no beat.")
        say(f"beat: {beat}")
        ask([console, "doctor"], environ)
        ask([console, "service", "--interval", "0.1", "--duration", "0.05"], environ)
        try_documents(
            running([console], environ), Path(environ["AIOS_HOME"]) / "data", order.work / "documents"
        )

"""Checks of what the program runs on: Python, the packages, a display, the system's libraries."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from aios_gui import __version__
from aios_gui.system.linux.libraries import ALWAYS, WAYLAND, X11, Packages
from aios_gui.system.other_users import writable_by_others
from aios_gui.system.tools import system_text
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain

DISTRIBUTION = "aios-heartbeat"
OLDEST_PYTHON, NEWEST_TRIED_PYTHON = (3, 11), (3, 13)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*\(?([^;)]*)\)?\s*(;.*)?")
_BOUND = re.compile(r"\s*(<=|>=|<|>|==|!=)\s*([0-9][0-9.]*)")
_INSTALLERS = (
    ("/usr/bin/apt", "apt install"),
    ("/usr/bin/dnf", "dnf install"),
    ("/usr/bin/pacman", "pacman -S"),
)


def python() -> Check:
    """Whether this Python is one that the program was tried with."""
    version = sys.version_info[:2]
    detail = _("AIOS Heartbeat {version} on Python {python}, {system}").format(
        version=__version__, python=platform.python_version(), system=plain(system_text())
    )
    if version < OLDEST_PYTHON:
        return Check("python", CheckState.ERROR, detail, _("Install Python 3.11 or newer."))
    if version > NEWEST_TRIED_PYTHON:
        remedy = _("This Python has not been tried yet. If something fails, use Python 3.13.")
        return Check("python", CheckState.WARNING, detail, remedy)
    return Check("python", CheckState.OK, detail)


def packages() -> Check:
    """Whether every package is there, in a version that the program was made for."""
    if getattr(sys, "frozen", False):
        return Check("packages", CheckState.OK, _("those that the program was built with"))
    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        # A bare checkout.
        return Check("packages", CheckState.OK, _("run without installation; versions are not checked"))
    found: list[str] = []
    wrong: list[str] = []
    for requirement in requirements:
        name, bounds, marker = split_requirement(requirement)
        if marker:
            continue
        version = _version_of(name)
        found.append(f"{name} {version or '–'}")
        if version is None or not within(version, bounds):
            wrong.append(f"{name} {version or '–'} ({bounds})")
    if not wrong:
        return Check("packages", CheckState.OK, ", ".join(found))
    detail = _("missing or of the wrong version: {packages}").format(packages=", ".join(wrong))
    return Check(
        "packages",
        CheckState.ERROR,
        detail,
        _("Install the program again: {command}").format(
            command=f"{sys.executable} -m pip install --force-reinstall {DISTRIBUTION}"
        ),
    )


def program() -> Check:
    """Whether another user of this machine could replace the program."""
    places = dict.fromkeys((Path(sys.executable), Path(__file__).parent))
    found = next(filter(None, map(writable_by_others, places)), None)
    if found is None:
        return Check("program", CheckState.OK, plain(sys.executable, 400))
    detail = _("another user of this machine may write {place}, and so replace this program")
    remedy = _("Keep them out: {command}").format(command=f'chmod go-w "{plain(found, 400)}"')
    return Check("program", CheckState.WARNING, detail.format(place=plain(found, 400)), remedy)


def split_requirement(text: str) -> tuple[str, str, str]:
    """Name, bounds and marker of a requirement such as ``psutil<8,>=7; extra == "x"``."""
    match = _REQUIREMENT.fullmatch(text)
    return (match[1], match[2].strip(), match[3] or "") if match else (text, "", "")


def within(version: str, bounds: str) -> bool:
    """Whether ``version`` meets bounds such as ``<8,>=7``, by its numbers alone."""
    mine = _numbers(version)
    for sign, limit_text in _BOUND.findall(bounds):
        limit = _numbers(limit_text)
        size = max(len(mine), len(limit))
        a, b = mine + (0,) * (size - len(mine)), limit + (0,) * (size - len(limit))
        allowed = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}
        if not allowed[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    release = re.match(r"[0-9]+(\.[0-9]+)*", version)
    return tuple(int(part) for part in release[0].split(".")) if release else ()


def _version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def display(environ: Mapping[str, str] = os.environ) -> Check:
    """Whether a window could be opened from here."""
    if sys.platform in ("win32", "darwin"):
        return Check("display", CheckState.OK, _("the system's own"))
    shown = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY")
    if shown:
        return Check("display", CheckState.OK, plain(shown))
    remedy = _("Start the window from a desktop session; the command line works without one.")
    return Check(
        "display", CheckState.WARNING, _("no display: the window cannot be opened from here"), remedy
    )


def libraries(environ: Mapping[str, str] = os.environ) -> Check:
    """Whether the system's libraries that Qt needs are there. Qt itself is not loaded."""
    if not sys.platform.startswith("linux"):
        return Check("libraries", CheckState.OK, _("nothing beyond the program is needed"))
    needed = {**ALWAYS, **(WAYLAND if environ.get("WAYLAND_DISPLAY") else X11)}
    missing = [name for name in needed if not _loads(name)]
    if not missing:
        return Check("libraries", CheckState.OK, _("all that the window needs of the system"))
    detail = _("the window needs libraries that are missing: {names}").format(names=", ".join(missing))
    return Check("libraries", CheckState.WARNING, detail, _how_to_install([needed[name] for name in missing]))


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _how_to_install(rows: list[Packages]) -> str:
    for place, (program, command) in enumerate(_INSTALLERS):
        if os.path.exists(program):  # noqa: PTH110
            wanted = " ".join(sorted({row[place] for row in rows}))
            return _("Install them: {command}").format(command=f"sudo {command} {wanted}")
    return _("Install them with the package manager of your system.")

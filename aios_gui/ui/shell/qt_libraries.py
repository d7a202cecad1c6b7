"""Finds the system library that Qt lacks, before Qt would end the process over it. Does not import Qt."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from aios_gui.system.linux.libraries import packages_of
from aios_gui.text.catalogue import gettext as _

_LIBRARY = re.compile(r"(lib[\w.+-]+?\.so)[\d.]*: cannot open shared object file")


def has_display(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window could be shown at all; systems other than Linux always can."""
    if not platform.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def missing_library(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    load: Callable[[str], object] = ctypes.CDLL,
) -> str:
    """The error of the loader where Qt's X11 plugin cannot be loaded, else nothing."""
    wanted = environ.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or environ.get("WAYLAND_DISPLAY") or wanted not in ("", "xcb"):
        return ""
    found = importlib.util.find_spec("PySide6")
    for folder in (found.submodule_search_locations or []) if found is not None else []:
        plugin = Path(folder) / "Qt" / "plugins" / "platforms" / "libqxcb.so"
        if plugin.exists():
            try:
                load(str(plugin))
            except OSError as error:
                # In a frozen program the loader's own words are behind others, which blame the freezing.
                return str(error.__cause__ or error)
    return ""


def remedy(error: str) -> str:
    """What to tell the user about an error of the loader: which library, and which package has it."""
    match = _LIBRARY.search(error)
    if match is None:
        return _("The window cannot be shown: {error}").format(error=error)
    library = match.group(1)
    packages = packages_of(library)
    if packages is None:
        return _("The window needs the system library {library}: install the package that has it.").format(
            library=library
        )
    apt, dnf, pacman = packages
    sentence = _(
        "The window needs the system library {library}. Install it with one of:\n"
        "  apt install {apt}\n  dnf install {dnf}\n  pacman -S {pacman}"
    ).format(library=library, apt=apt, dnf=dnf, pacman=pacman)
    return sentence + "\n" + _("“aios-heartbeat doctor” lists everything that is missing.")

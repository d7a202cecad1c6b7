"""Whether Qt can start: its system libraries, a display that answers; and its Python binding, loaded cheaply.

Imports Qt only in `load_qt`: a Qt that cannot start ends the process.
"""

from __future__ import annotations

import ctypes
import importlib.util
import inspect
import logging
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import isnan
from pathlib import Path

from aios_gui.system.linux.libraries import packages_of
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
_LIBRARY = re.compile(r"(lib[\w.+-]+?\.so)[\d.]*: cannot open shared object file")
_X11 = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<number>\d+)(\.\d+)?")
_FIRST_PORT = 6000
_PATIENCE_S = 3.0
_FEATURES = ("PySide6.support.feature", "shibokensupport.feature")


def _no_source(_module: object) -> str:
    raise OSError("not looked for")


def _uses_no_features(_module: object) -> bool:
    return False


def load_qt() -> None:
    """Import PySide6.QtCore; ImportError where it cannot be.

    To find out which modules use its optional features (``from __feature__ import snake_case``), PySide6 reads the
    source of every module imported before or after it, all of which Python then keeps: 4 MB here, and a tenth of a
    second. This program uses none of these features, so the answer is known. Where PySide6 is built otherwise,
    nothing is lost but that.
    """
    leave_out_odd_scale()
    if "PySide6.QtCore" in sys.modules:
        return
    real = inspect.getsource
    inspect.getsource = _no_source  # type: ignore[assignment]
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        inspect.getsource = real
    for name in _FEATURES:
        feature = sys.modules.get(name)
        if feature is not None and hasattr(feature, "_mod_uses_pyside"):
            vars(feature)["_mod_uses_pyside"] = _uses_no_features


def leave_out_odd_scale() -> None:
    """Remove a scale that is no number from the environment: Qt crashes on ``nan``, mostly as it paints."""
    with suppress(ValueError):
        if isnan(float(os.environ.get("QT_SCALE_FACTOR", ""))):
            log.warning("QT_SCALE_FACTOR is no number, and is left out")
            del os.environ["QT_SCALE_FACTOR"]


def activation_token(environ: Mapping[str, str] = os.environ) -> str:
    """What the desktop gave to this start so that its window may come to the front; "" for nothing usable."""
    token = environ.get("XDG_ACTIVATION_TOKEN", "") or environ.get("DESKTOP_STARTUP_ID", "")
    return token if re.fullmatch(r"[\x21-\x7e]{1,256}", token) else ""


def has_display(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window could be shown at all; systems other than Linux always can."""
    if not platform.startswith("linux"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _plugin_folders() -> list[Path]:
    found = importlib.util.find_spec("PySide6")
    places = (found.submodule_search_locations or []) if found is not None else []
    return [Path(place) / "Qt" / "plugins" / "platforms" for place in places]


def unknown_platform(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    folders: Callable[[], list[Path]] = _plugin_folders,
) -> str:
    """What to tell the user where QT_QPA_PLATFORM names nothing that Qt has, which would end the process."""
    wanted = environ.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or not wanted:
        return ""
    plugins = [plugin for folder in folders() for plugin in folder.glob("libq*.so")]
    known = sorted(plugin.stem.removeprefix("libq") for plugin in plugins)
    names = [each.partition(":")[0] for each in wanted.split(";")]
    if not known or any(name.startswith(each) for name in names for each in known):
        return ""
    sentence = _(
        "QT_QPA_PLATFORM asks for “{wanted}”, which Qt does not have. Unset it, or name one of: {known}"
    )
    return sentence.format(wanted=plain(wanted, 80), known=", ".join(known))


def missing_library(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    load: Callable[[str], object] = ctypes.CDLL,
) -> str:
    """The error of the loader where Qt's X11 plugin cannot be loaded, else nothing."""
    wanted = environ.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or environ.get("WAYLAND_DISPLAY") or wanted not in ("", "xcb"):
        return ""
    for folder in _plugin_folders():
        plugin = folder / "libqxcb.so"
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


def silent_display(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    folder: Path = Path("/tmp/.X11-unix"),  # noqa: S108
) -> str:
    """The name of the display that was asked for and that does not answer, else nothing.

    One is enough where both kinds are named, as Qt takes the other then. What cannot be judged is left to Qt.
    """
    wanted = re.split("[:;]", environ.get("QT_QPA_PLATFORM", ""), maxsplit=1)[0]
    if not platform.startswith("linux") or wanted not in ("", "xcb", "wayland"):
        return ""
    asked = {
        "wayland": environ.get("WAYLAND_DISPLAY", ""),
        "xcb": environ.get("DISPLAY", ""),
    }
    named = {kind: name for kind, name in asked.items() if name and wanted in ("", kind)}
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    for kind, name in named.items():
        if _x11_answers(name, folder) if kind == "xcb" else _wayland_answers(name, runtime):
            return ""
    return " ".join(named.values())


def _x11_answers(name: str, folder: Path) -> bool:
    """Whether the X server of that name takes a connection; True where the name is of a kind not known here."""
    found = _X11.fullmatch(name)
    if found is None:
        return True
    host, number = found["host"].strip("[]"), int(found["number"])
    if host in ("", "unix"):
        place = str(folder / f"X{number}")
        return _takes(place) or _takes(f"\0{place}")
    try:
        socket.create_connection((host, _FIRST_PORT + number), _PATIENCE_S).close()
    except OSError:
        return False
    return True


def _wayland_answers(name: str, runtime: str) -> bool:
    """Whether the compositor takes a connection; a name is one in the user's folder for such things."""
    if not runtime and not name.startswith("/"):
        return False
    return _takes(str(Path(runtime) / name))


def _takes(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(_PATIENCE_S)
        try:
            attempt.connect(address)
        except OSError:
            return False
    return True

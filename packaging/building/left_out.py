"""What a frozen program does without: modules that are not imported here, and files that its libraries bring along."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

MODULES = (
    *("tkinter", "lib2to3", "ensurepip", "setuptools", "pip", "wheel", "readline", "curses"),
    *("ssl", "_ssl", "_hashlib"),  # OpenSSL, 6 MB: nothing here speaks to the network
    *("IPython", "matplotlib", "scipy", "OpenGL", "cupy", "numba", "h5py", "jupyter_rfb", "yaml", "PIL"),
    *("attr", "attrs", "colorcet", "pytest", "hypothesis", "_pytest", "babel", "charset_normalizer"),
    "typing_extensions",  # what msgspec asks of it, Python has itself
    # What numpy, pydoc and Jinja2 would only load when somebody calls for help, tests or coroutines.
    *("numpy.f2py", "numpy.polynomial", "numpy.testing", "pydoc_data"),
    *("unittest", "doctest", "pdb", "asyncio"),
    *("pyqtgraph.opengl", "pyqtgraph.examples", "pyqtgraph.jupyter", "pyqtgraph.console"),
    *(f"PySide6.{name}" for name in ("QtQml", "QtQuick", "QtSql", "QtDesigner", "QtHelp", "QtTest")),
    *(f"PySide6.{name}" for name in ("QtNetwork", "QtPrintSupport", "QtDBus")),
)

HOOKS_OF_THE_CONSOLE = ("pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_multiprocessing", "pyi_rth_pyside6")
"""What PyInstaller runs before a program that asks for sources, lists modules, forks or loads Qt: 13 ms of a beat's 60,
and the last one loads Qt itself, which only a report as PDF or PNG needs."""


class Rule(NamedTuple):
    """Files that are left out: why, and a regular expression over their paths in the folder, in lower case."""

    why: str
    pattern: str


# What Qt says itself is needed in the languages of the program only.
_EVERYWHERE = (
    Rule("Qt's texts in other languages", r"/translations/(?!qtbase_zh_cn\.qm$)qt.*\.qm$"),
    Rule("sources of the translations", r"/resources/translations/.*\.po$"),
    Rule("OpenGL in software", r"opengl32sw"),
    Rule("QML, Quick, PDF, virtual keyboard", r"qt6(quick|qml|pdf|virtualkeyboard)|qtvirtualkeyboard"),
    Rule("databases", r"qt6sql|/sqldrivers/"),
    Rule(
        "network",
        r"qt6network|qtnetwork|/plugins/(tls|networkinformation)/|lib(crypto|ssl)[-.]|lib(crypto|ssl)-",
    ),
    Rule("tests", r"qt6test\b"),
    Rule("formats of pictures", r"/imageformats/(lib)?q(pdf|tiff|webp|icns|tga|wbmp|gif|ico)d?\."),
    Rule("devices of other kinds", r"/plugins/generic/|qdirect2d"),
    Rule(
        "where the builder installed a package",  # differs with the folder of the build
        r"\.dist-info/(record|installer|requested|direct_url\.json)$",
    ),
    Rule("logos of the plotting library", r"/pyqtgraph/icons/peegee/"),
)
_LINUX = (
    Rule(
        "screens without a desktop",
        r"libq(eglfs|linuxfb|vnc|vkkhrdisplay|minimalegl|minimal)\.|egldevice|qt6egl|"
        r"wayland-graphics-integration|xcbglintegrations",
    ),
    Rule("shells of cars and phones", r"wayland-shell-integration/lib(ivi|fullscreen|qt-shell|wl-shell)"),
)
# Qt's folder and those of other packages hold what they bring. Of the libraries of the machine that builds, only these
# come along, since they are not on every desktop; any other, in particular GTK's and GLib's, has to fit what the
# desktop loads beside it, and so has to be its own.
_BROUGHT_ALONG = re.compile(
    r"libpython|libffi\.|libsqlite3\.|libbz2\.|liblzma\.|libmpdec|libexpat\.|"
    r"libxcb-(cursor|icccm|image|keysyms|render-util|util)\.|libqt6|libicu|libpyside6|libshiboken6|"
    r"libscipy_openblas|libgfortran|libquadmath"
)
OF_THE_SYSTEM = "libraries of the system"


def reason(path: str, platform: str = sys.platform) -> str | None:
    """Why the file at ``path`` in the folder is left out; None for one that is kept."""
    plain = "/" + path.replace("\\", "/").lower()
    rules = _EVERYWHERE + (_LINUX if platform == "linux" else ())
    for rule in rules:
        if re.search(rule.pattern, plain):
            return rule.why
    if platform == "linux" and plain.count("/") == 1 and re.match(r"/lib[^/]*\.so", plain):
        return None if _BROUGHT_ALONG.match(plain[1:]) else OF_THE_SYSTEM
    return None


class LeftOut:
    """Sorts the files that PyInstaller found, and counts what it took away."""

    def __init__(self, platform: str = sys.platform) -> None:
        self._platform = platform
        self._bytes: dict[str, dict[str, int]] = {}

    def kept(self, entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """Those of the entries (name in the folder, source, kind) that are shipped."""
        kept = []
        for entry in entries:
            why = reason(entry[0], self._platform)
            if why is None:
                kept.append(entry)
            else:
                self._note(why, entry)
        return kept

    def _note(self, why: str, entry: tuple[str, str, str]) -> None:
        source = Path(entry[1])
        link = entry[2] == "SYMLINK" or not source.is_file()
        self._bytes.setdefault(why, {})[entry[0]] = 0 if link else source.stat().st_size

    def report(self) -> str:
        """A line for every reason: megabytes, files and their names; the sum in the last."""
        lines = []
        for why, files in sorted(self._bytes.items(), key=lambda item: -sum(item[1].values())):
            names = ", ".join(sorted({Path(name.replace("\\", "/")).name for name in files}))
            lines.append(f"{sum(files.values()) / 1e6:7.1f} MB  {len(files):3}  {why}: {names}")
        every = [size for files in self._bytes.values() for size in files.values()]
        return "\n".join([*lines, f"{sum(every) / 1e6:7.1f} MB  {len(every):3}  left out in all"]) + "\n"

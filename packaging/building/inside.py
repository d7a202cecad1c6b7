"""What a frozen folder holds of others: the packages of Python, and the libraries of the machine that built it."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from building.checksums import sha256
from building.licences import distributions
from building.order import APP

_LIBRARY = re.compile(r"\.(so|dll|dylib)(\.|$)", re.IGNORECASE)
_COVERED = re.compile(r"(lib)?python3|lib(qt6|pyside6|shiboken6)|(qt6|pyside6|shiboken6)", re.IGNORECASE)
"""Those of Python and of Qt, which the bill of materials names as a whole."""


class Origin(NamedTuple):
    """The package of the system that a library came from."""

    package: str
    version: str
    purl: str


def packages(frozen: Iterable[Path]) -> set[str]:
    """The packages whose modules the programs ``frozen`` hold."""
    from PyInstaller.archive.readers import CArchiveReader

    modules: set[str] = set()
    for program in frozen:
        archive = CArchiveReader(str(program))
        modules |= set(
            archive.open_embedded_archive(next(each for each in archive.toc if each.startswith("PYZ"))).toc
        )
    return set(distributions(modules))


def programs(folder: Path) -> list[Path]:
    """Both programs in the frozen ``folder``, a bundle on macOS."""
    place = folder / "Contents" / "MacOS" if _is_bundle(folder) else folder
    suffix = ".exe" if sys.platform == "win32" else ""
    return [place / (name + suffix) for name in (APP, "aios-gui")]


def _is_bundle(folder: Path) -> bool:
    return folder.suffix == ".app"


def libraries(folder: Path) -> list[Path]:
    """The shared libraries in ``folder``, a bundle on macOS, that neither Python nor Qt brought."""
    shared = folder / "Contents" / "Frameworks" if _is_bundle(folder) else folder / "_internal"
    files = [*shared.glob("*"), *shared.glob("*.libs/*"), *shared.glob("PySide6/Qt/lib/libicu*")]
    return sorted(
        (
            file
            for file in files
            if file.is_file()
            and not file.is_symlink()
            and _LIBRARY.search(file.name)
            and not _COVERED.match(file.name)
        ),
        key=lambda file: file.name,
    )


def origin(library: Path) -> Origin | None:
    """The package that the file belongs to, byte for byte, as dpkg tells; None where there is none, or no dpkg."""
    if not shutil.which("dpkg-query"):
        return None
    for line in _told("--search", f"*/{library.name}").splitlines():
        owner, _, place = line.rpartition(": ")
        file = Path(place)
        if owner and not owner.startswith("diversion") and file.is_file() and sha256(file) == sha256(library):
            name, version, kind = _told(
                "--show", "--showformat=${Package}\n${Version}\n${Architecture}", owner
            ).split("\n")
            system = platform.freedesktop_os_release()["ID"]
            return Origin(name, version, f"pkg:deb/{system}/{name}@{version.replace('+', '%2B')}?arch={kind}")
    return None


def _told(*question: str) -> str:
    command = ["dpkg-query", *question]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout

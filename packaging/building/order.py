"""What is to be built: from which source, into which folder, as which version and time."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APP = "aios-heartbeat"
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Order:
    """One call of `dev.py build`."""

    dist: Path
    """Where what users get is put."""
    work: Path
    """Where everything else is."""
    version: str
    epoch_s: int
    """The time that files in archives bear, so that the same source gives the same archive."""
    one_file: bool = False
    clean_root: Path | None = None
    """Where the package for Debian is tried: a folder that is made into a Debian of its own."""
    sign_with: Path | None = None
    """The program that signs the files it is called with."""
    releases_page: str = ""
    """Where releases are published, which the program then tells; empty where that is not known."""

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every tool that writes something."""
        fixed = {
            "SOURCE_DATE_EPOCH": str(self.epoch_s),
            "DPKG_DEB_THREADS_MAX": "1",  # how many pack it shows in what is packed
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "AIOS_RELEASES_PAGE": self.releases_page,
        }
        return {**os.environ, **fixed}


def source_version() -> str:
    """The version as the package has it; it stands nowhere else."""
    found = _VERSION.search((ROOT / "aios_gui" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError('aios_gui/__init__.py has no line __version__ = "…"')
    return found[1]


def source_time_s(root: Path = ROOT) -> int:
    """SOURCE_DATE_EPOCH where it is set, else the time of the last commit, else that of the list of changes."""
    asked = os.environ.get("SOURCE_DATE_EPOCH", "")
    if asked.isdecimal():
        return int(asked)
    try:
        command = ["git", "log", "-1", "--format=%ct"]
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return int(answer.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return int((root / "CHANGELOG.md").stat().st_mtime)

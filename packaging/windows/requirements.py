"""Prints what a Windows Python needs to build and to test the project, as a requirements file for pip.

pip judges the conditions of dependencies by the machine that it runs on, not by the one that it downloads for. So what
is needed on Windows alone is named here.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
OF_EXTRAS = {
    *("pytest", "pytest-qt", "pytest-xdist", "hypothesis", "import-linter"),
    *("babel", "shtab", "pyinstaller"),
}
WINDOWS_ONLY = ("colorama", "pefile", "pywin32-ctypes", "tzdata")


def requirements() -> list[str]:
    """The lines."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    chosen = [each for each in extras if re.split(r"[<>=!~ \[]", each, maxsplit=1)[0] in OF_EXTRAS]
    return [*project["dependencies"], *chosen, *WINDOWS_ONLY]


if __name__ == "__main__":
    print("\n".join(requirements()))

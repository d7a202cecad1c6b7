"""The licences of what of others a frozen program holds, as files that go along with it."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from building.order import ROOT

FOLDER = "licences"
"""Where they lie, beside everything else that the programs share."""
_OF_QT = ROOT / "packaging" / "licences"
_SIGNS = ("licen", "copying", "notice")
_PYTHON = "Python"


def distributions(modules: Iterable[str]) -> list[str]:
    """The packages that bring the modules, by the names of both; what no package brings is left out."""
    known = metadata.packages_distributions()
    tops = {each.split(".", 1)[0] for each in modules}
    return sorted({name for top in tops for name in known.get(top, ())}, key=str.lower)


def licence_files(packages: Iterable[str]) -> list[tuple[str, str]]:
    """Each file (source, folder among those of the program): of the packages, of Python, and of Qt, which brings none.

    A package that brings no file is left out; the bill of materials still tells what its licence is called.
    """
    found = [(str(file), FOLDER) for file in sorted(_OF_QT.iterdir())]
    of_python = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",  # where Windows has it
    )
    found += [(str(file), f"{FOLDER}/{_PYTHON}") for file in of_python if file.is_file()][:1]
    for package in packages:
        for file in metadata.distribution(package).files or []:
            if ".dist-info" in file.parts[0] and any(sign in file.name.lower() for sign in _SIGNS):
                below = [each for each in file.parts[1:-1] if each != "licenses"]
                found.append((str(file.locate()), "/".join([FOLDER, package, *below])))
    return found

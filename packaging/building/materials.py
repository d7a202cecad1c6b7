"""The bill of materials, in CycloneDX's form: what of others is inside, in which version, under which licence."""

from __future__ import annotations

import json
import platform
import re
import sys
import tomllib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from building.checksums import sha256
from building.inside import libraries, origin, packages, programs
from building.order import APP, ROOT, Order
from building.steps import BuildError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SPDX = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def write_materials(
    order: Order, product: Path, target: Path, components: Sequence[dict[str, Any]] | None = None
) -> Path:
    """Write the bill of the file ``product`` to ``target``; the same each time for the same source and packages.

    ``components`` are those of the Python that built it, where that is another than this one.
    """
    components = materials() if components is None else components
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, sha256(product))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(order.epoch_s, UTC).isoformat().replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "bom-ref": APP,
                "name": APP,
                "version": order.version,
                "licenses": [{"license": {"id": "MIT"}}],
                "hashes": [{"alg": "SHA-256", "content": sha256(product)}],
            },
        },
        "components": list(components),
        "dependencies": [{"ref": APP, "dependsOn": [each["bom-ref"] for each in components]}],
    }
    target.write_bytes((json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
    return target


def materials(folder: Path | None = None) -> list[dict[str, Any]]:
    """This Python and the packages in it that are shipped, as the bill has them; and what else ``folder`` holds.

    Raises:
        BuildError: the frozen folder holds a package that the program does not ask for.
    """
    asked = [_python(), *(_component(name) for name in shipped())]
    return asked if folder is None else [*asked, *_frozen(folder)]


def shipped() -> list[str]:
    """The packages that the project needs on this system, and what those need, in alphabetical order."""
    found: set[str] = set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting: list[str] = list(project["dependencies"])
    while waiting:
        requirement = waiting.pop()
        match = _NAME.match(requirement)
        if match is None or "extra ==" in requirement or not _is_installed(match[0]):
            continue
        plain = metadata.metadata(match[0])["Name"]
        if plain not in found:
            found.add(plain)
            waiting.extend(metadata.requires(plain) or [])
    return sorted(found, key=str.lower)


def _is_installed(name: str) -> bool:
    """Whether it is here; what only another system needs is not."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _component(name: str) -> dict[str, Any]:
    version = metadata.version(name)
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        **_licence(metadata.metadata(name)),
    }


def _frozen(folder: Path) -> list[dict[str, Any]]:
    """What comes along when a program is frozen: the boot loader, Qt, and libraries of this machine."""
    unasked = packages(programs(folder)) - set(shipped()) - {APP}
    if unasked:
        raise BuildError(
            f"{folder} holds {', '.join(sorted(unasked))}, which the program does not ask for: "
            "leave it out in packaging/building/left_out.py, or ask for it in pyproject.toml."
        )
    return [_component("pyinstaller"), _qt(), *(_library(file, folder) for file in libraries(folder))]


def _qt() -> dict[str, Any]:
    """Qt itself, which its package for Python brings in the same version."""
    version = metadata.version("PySide6_Essentials")
    purl = f"pkg:generic/qt@{version}"
    licence = {"licenses": [{"license": {"id": "LGPL-3.0-only"}}]}
    return {"type": "framework", "bom-ref": purl, "name": "Qt", "version": version, "purl": purl, **licence}


def _library(file: Path, folder: Path) -> dict[str, Any]:
    """A shared library with its checksum; where dpkg knows it, by its package."""
    found = origin(file)
    known = (
        {"name": found.package, "version": found.version, "purl": found.purl}
        if found
        else {"name": file.name}
    )
    place = file.relative_to(folder).as_posix()
    return {
        "type": "library",
        "bom-ref": f"file:{place}",
        **known,
        "hashes": [{"alg": "SHA-256", "content": sha256(file)}],
        "evidence": {"occurrences": [{"location": place}]},
    }


def _licence(told: Any) -> dict[str, Any]:
    """As the package tells it: an SPDX expression, a name, or its classifiers; nothing where it tells none."""
    expression = told.get("License-Expression") or ""
    name = (told.get("License") or "").splitlines()[:1]
    classifiers = [
        each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or [] if each.startswith("License")
    ]
    if _SPDX.fullmatch(expression):
        return {"licenses": [{"expression": expression}]}
    names = [expression] if expression else name if name and len(name[0]) < 80 else classifiers
    return {"licenses": [{"license": {"name": each}} for each in names]} if names else {}


def _python() -> dict[str, Any]:
    version = platform.python_version()
    return {
        "type": "framework",
        "bom-ref": f"python@{version}",
        "name": "Python",
        "version": version,
        "licenses": [{"license": {"id": "PSF-2.0"}}],
    }


if __name__ == "__main__":
    print(json.dumps(materials(*map(Path, sys.argv[1:2]))))

"""Writes packaging/pins.txt: every package that dev.py installs, in one version, with the checksums of all its files.

`dev.py pin` brings each to the newest version that pyproject.toml allows. The choice holds for every Python and system
that is supported; what is needed on some only has a condition. No registry is named, so that whatever pip is set up for
is asked, and no other file than those that are known is taken from it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "packaging" / "pins.txt"
PARTS: dict[str, tuple[str, ...]] = {"run": (), "dev": ("dev",), "package": ("dev", "package")}
"""Parts of the file, each with what it adds to the one before, and the extras that it brings in the end."""
_HEAD = """\
# What dev.py installs, with the checksums of all files of each package: written by `dev.py pin`.
# A part begins with ==== and adds to the parts before it.
"""
_EDITABLE = "editables<1"
"""What hatchling asks for beside its own requirements where a project is installed in place."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def name_of(line: str) -> str:
    """The package of a line, as registries write it."""
    found = _NAME.match(line)
    assert found is not None, line
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def asked(part: str) -> list[str]:
    """What pyproject.toml asks for in this part, what builds the project included."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = tables["project"]
    extras = [each for extra in PARTS[part] for each in project["optional-dependencies"][extra]]
    return [*tables["build-system"]["requires"], _EDITABLE, *project["dependencies"], *extras]


def resolved(uv: Path, lines: list[str], folder: Path, *constraints: str) -> list[str]:
    """The blocks of the file that uv makes of these requirements: a package with its checksums each."""
    wanted, bounds = folder / "wanted.in", folder / "bounds.in"
    wanted.write_text("\n".join(lines), encoding="utf-8")
    bounds.write_text("\n".join(constraints), encoding="utf-8")
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-config", "--quiet"]
    command: list[str | Path] = [
        uv,
        "pip",
        "compile",
        *options,
        "--python-version",
        "3.11",
        "--constraint",
        bounds,
        wanted,
    ]
    told = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    return re.split(r"\n(?=\S)", told.strip())


def write_pins() -> None:
    """Ask the registry, by a uv of its own, and write the file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        uv = programs / "uv"
        blocks = resolved(uv, asked("package"), folder)
        versions = [block.partition(" \\")[0] for block in blocks]
        written: set[str] = set()
        text = _HEAD
        for part in PARTS:
            names = {name_of(block) for block in resolved(uv, asked(part), folder, *versions)} - written
            written |= names
            text += f"# ==== {part}\n" + "".join(f"{each}\n" for each in blocks if name_of(each) in names)
    PINS.write_text(text, encoding="utf-8")
    print(f"{PINS.relative_to(ROOT)}: {len(versions)} packages")


if __name__ == "__main__":
    write_pins()

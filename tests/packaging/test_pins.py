"""What dev.py installs: one known version of everything, by known files only, wherever they come from."""

import os
import re
import zipfile
from pathlib import Path

import dev
import pins
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ALL = (dev.ROOT / dev.PINS).read_text(encoding="utf-8")
SYSTEMS = {"linux": ("Linux", "posix"), "win32": ("Windows", "nt"), "darwin": ("Darwin", "posix")}
PYTHONS = [f"{dev.OLDEST[0]}.{minor}" for minor in range(dev.OLDEST[1], dev.NEWEST[1] + 1)]


def lines(text: str) -> list[str]:
    """Each package as one line, checksums and all."""
    joined = text.replace("\\\n", " ").splitlines()
    return [line for line in joined if line and not line.startswith("#")]


def machine(system: str, python: str) -> dict[str, str]:
    """What conditions of packages are about, on a system with a Python."""
    name, family = SYSTEMS[system]
    return {
        "sys_platform": system,
        "platform_system": name,
        "os_name": family,
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


def versions(text: str, environment: dict[str, str]) -> dict[str, list[str]]:
    """What is installed on a machine."""
    found: dict[str, list[str]] = {}
    for line in lines(text):
        package, _, condition = line.partition(" --hash")[0].partition(";")
        if not condition.strip() or Marker(condition).evaluate(environment):
            found.setdefault(pins.name_of(line), []).append(package.partition("==")[2].strip())
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(("part", "extras"), [(part, set(extras)) for part, extras in pins.PARTS.items()])
def test_all_that_is_asked_for_has_one_version_that_is_allowed(
    part: str, extras: set[str], system: str, python: str
) -> None:
    here = machine(system, python)
    pinned = versions(dev.pins_for(extras), here)
    for wanted in map(Requirement, pins.asked(part)):
        if wanted.marker is not None and not wanted.marker.evaluate(here):
            continue
        (version,) = pinned[pins.name_of(wanted.name)]
        assert version in wanted.specifier, f"{wanted}: run `python3 packaging/dev.py pin`"
    assert all(len(found) == 1 for found in pinned.values())


def test_every_package_has_its_checksums_and_no_address() -> None:
    for line in lines(ALL):
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+", line), line
    assert not re.search(r"://|@|(^|\s)(-i|-f|--[a-z-]*(index|links|host)\b)", ALL)


def test_only_what_is_needed_is_installed() -> None:
    assert "pytest==" not in dev.pins_for(set())
    assert "pytest==" in dev.pins_for({"dev"})
    assert "pyinstaller==" not in dev.pins_for({"dev"})
    assert lines(dev.pins_for({"dev", "package"})) == lines(ALL)


@pytest.mark.skipif(os.name == "nt", reason="stands in for an interpreter with a shell script")
def test_a_file_that_was_exchanged_on_its_way_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    registry, root, python = tmp_path / "registry", tmp_path / "project", str(dev.venv_python())
    registry.mkdir()
    with zipfile.ZipFile(registry / "aios_trial-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("aios_trial.py", "raise SystemExit('exchanged')")
        wheel.writestr(
            "aios_trial-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: aios-trial\nVersion: 1\n"
        )
        wheel.writestr(
            "aios_trial-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("aios_trial-1.dist-info/RECORD", "")
    (root / "packaging").mkdir(parents=True)
    (root / dev.PINS).write_text(f"# ==== run\naios-trial==1 --hash=sha256:{'0' * 64}\n")
    for name, value in (("ROOT", root), ("VENV", root / ".venv"), ("BEGUN", root / ".venv" / "begun")):
        monkeypatch.setattr(dev, name, value)
    dev.venv_python().parent.mkdir(parents=True)
    dev.venv_python().write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    dev.venv_python().chmod(0o755)
    dev.BEGUN.touch()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(registry))
    with pytest.raises(dev.SetUpError, match="not the one whose checksum is in"):
        dev.install(set())
    assert "aios_trial" in capfd.readouterr().err


def test_actions_of_the_workflows_are_named_by_commit() -> None:
    for file in (dev.ROOT / ".github" / "workflows").glob("*.yml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), (
                    f"{file.name}: {line}"
                )

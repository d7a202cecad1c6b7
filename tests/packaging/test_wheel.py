"""The wheel: what it has to hold, what has no place in it, and the page of the releases where it was told."""

import zipfile
from pathlib import Path

import pytest
from building import wheel
from building.steps import BuildError

from tests.processes import ROOT


def packed(folder: Path, names: list[str]) -> Path:
    """A wheel with empty files of these names."""
    target = folder / "some.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return target


def test_a_wheel_with_its_resources_passes(tmp_path: Path) -> None:
    wheel.check_wheel(packed(tmp_path, ["aios_gui/__init__.py", *wheel._NEEDED]))


def test_a_wheel_without_a_resource_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"app\.qss"):
        wheel.check_wheel(packed(tmp_path, [name for name in wheel._NEEDED if not name.endswith(".qss")]))


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_x.py",
        "packaging/dev.py",
        "aios_gui/resources/screenshots/live.png",
        "aios_gui/__pycache__/x.pyc",
        "aios_gui/resources/translations/zh_CN/LC_MESSAGES/aios.po",
    ],
)
def test_a_wheel_with_what_is_not_the_programs_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=name):
        wheel.check_wheel(packed(tmp_path, [*wheel._NEEDED, name]))


def test_the_resources_it_must_hold_are_those_of_the_source() -> None:
    for name in wheel._NEEDED:
        file = ROOT / name.removeprefix("aios_gui/")
        assert file.is_file() or file.with_suffix(".po").is_file(), name

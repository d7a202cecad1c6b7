"""What a frozen folder holds of others, each with its licence: nothing goes along that is not told."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from building.inside import libraries, origin, packages, programs
from building.licences import FOLDER, distributions, licence_files
from building.materials import materials
from building.order import APP
from building.steps import BuildError

SUFFIX = ".exe" if sys.platform == "win32" else ""


def frozen(folder: Path, modules: dict[str, list[str]]) -> Path:
    """A folder with programs of these names that hold these modules, all of them empty."""
    writers = pytest.importorskip("PyInstaller.archive.writers")
    folder.mkdir()
    for name, held in modules.items():
        source = folder.parent / "empty.py"
        source.write_text("")
        code = {module: compile("", module, "exec") for module in held}
        pyz = folder.parent / f"{name}.pyz"
        writers.ZlibArchiveWriter(str(pyz), [(each, str(source), "PYMODULE") for each in held], code)
        program = folder / (name + SUFFIX)
        writers.CArchiveWriter(str(program), [("PYZ.pyz", str(pyz), False, "z")], "libpython")
    return folder


def test_modules_are_told_by_their_packages() -> None:
    assert distributions(["psutil._common", "os.path", "nobody.knows", "msgspec"]) == ["msgspec", "psutil"]


def test_the_packages_of_both_programs_are_found(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "app", {"one": ["psutil", "os"], "two": ["msgspec.json"]})
    assert packages(folder / (name + SUFFIX) for name in ("one", "two")) == {"psutil", "msgspec"}


def test_what_the_program_does_not_ask_for_may_not_go_along(tmp_path: Path) -> None:
    folder = frozen(tmp_path / "app", {APP: ["psutil"], "aios-gui": ["pytest"]})
    with pytest.raises(BuildError, match="holds pytest, which the program does not ask for"):
        materials(folder)


@pytest.mark.skipif(os.name != "posix", reason="names and links as Linux has them")
def test_libraries_of_the_machine_are_listed_once_and_those_of_python_and_qt_as_a_whole(
    tmp_path: Path,
) -> None:
    folder = frozen(tmp_path / "app", {APP: ["psutil"], "aios-gui": ["pyqtgraph"]})
    shared = folder / "_internal"
    for name in (
        "libodd.so.1",
        "libpython3.11.so.1.0",
        "numpy.libs/libblas-1.so",
        "PySide6/Qt/lib/libQt6Core.so.6",
    ):
        (shared / name).parent.mkdir(parents=True, exist_ok=True)
        (shared / name).write_text(name)
    (shared / "libblas-1.so").symlink_to("numpy.libs/libblas-1.so")
    assert [file.relative_to(shared).as_posix() for file in libraries(folder)] == [
        "numpy.libs/libblas-1.so",
        "libodd.so.1",
    ]
    told = {each["name"]: each for each in materials(folder)}
    assert {"Qt", "pyinstaller", "libodd.so.1", "libblas-1.so", "Python"} <= set(told)
    assert told["libodd.so.1"]["evidence"]["occurrences"] == [{"location": "_internal/libodd.so.1"}]


def test_a_bundle_of_macos_is_looked_into_where_its_parts_lie(tmp_path: Path) -> None:
    bundle = tmp_path / "AIOS Heartbeat.app"
    (bundle / "Contents" / "Frameworks").mkdir(parents=True)
    frozen(bundle / "Contents" / "MacOS", {APP: ["psutil"], "aios-gui": ["numpy"]})
    for name in ("libodd.3.dylib", "libpython3.13.dylib"):
        (bundle / "Contents" / "Frameworks" / name).write_text(name)
    assert packages(programs(bundle)) == {"psutil", "numpy"}
    assert [file.name for file in libraries(bundle)] == ["libodd.3.dylib"]


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="is not a Debian")
def test_a_library_of_the_system_is_told_by_its_package_and_a_changed_one_is_not(tmp_path: Path) -> None:
    shell = Path("/bin/sh").resolve()
    copy = tmp_path / shell.name
    shutil.copyfile(shell, copy)
    found = origin(copy)
    assert found is not None
    assert found.purl.startswith("pkg:deb/")
    assert f"/{found.package}@" in found.purl
    copy.write_bytes(copy.read_bytes() + b"x")
    assert origin(copy) is None


def test_each_package_brings_its_licence_and_qt_that_which_it_is_used_under() -> None:
    files = licence_files(["psutil", "numpy"])
    assert all(Path(source).is_file() for source, _folder in files)
    told = {f"{folder}/{Path(source).name}" for source, folder in files}
    assert {f"{FOLDER}/LGPL-3.0.txt", f"{FOLDER}/GPL-3.0.txt", f"{FOLDER}/psutil/LICENSE"} <= told
    assert len(told) == len(files), "two files of one name in one folder"

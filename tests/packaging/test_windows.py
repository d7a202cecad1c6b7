"""What the program for Windows is made of and checked by, as far as no Windows is needed for it."""

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from building.machine import Wine
from building.order import Order
from building.steps import BuildError
from building.windows import INSTALLER, check_folder, make_installer, write_list, write_zip
from building.windows_version import four_numbers
from windows import requirements

from aios_gui.instance.start_options import SLICE
from aios_gui.system import own_program

TEXT = re.compile(r'^!insertmacro TEXT (\w+) "(.*)" "(.*)"$')
VARIABLE = re.compile(r"\$\{?\w+")


def test_a_version_is_four_numbers_to_windows() -> None:
    cases: list[tuple[str, tuple[int, ...]]] = [
        ("0.1.0", (0, 1, 0, 0)),
        ("1.2.3.4", (1, 2, 3, 4)),
        ("2.0rc1", (2, 0, 0, 0)),
        ("1.0.dev3", (1, 0, 0, 0)),
        ("", (0, 0, 0, 0)),
    ]
    for version, numbers in cases:
        assert four_numbers(version) == numbers


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ICUUC.dll", b"MZ"),
        ("sub/other.dll", b"MZ" + b"\0" * 62 + b"Wine builtin DLL\0"),
        ("other.pyd", b"MZ" + b"\0" * 62 + b"Wine placeholder DLL\0"),
    ],
)
def test_nothing_of_wine_is_shipped(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "aios-gui.exe").write_bytes(b"MZ")
    check_folder(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BuildError, match="may not be shipped"):
        check_folder(tmp_path)


def test_the_same_folder_gives_the_same_archive(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "file").write_bytes(b"x" * 1000)
    (folder / "a.exe").write_bytes(b"MZ")
    made = [
        write_zip(folder, tmp_path / name, "aios-1", 1_700_000_000).read_bytes() for name in ("one", "two")
    ]
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "one") as archive:
        assert archive.namelist() == ["aios-1/a.exe", "aios-1/b/file"]


@pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS is not installed")
def test_the_same_folder_gives_the_same_installer(tmp_path: Path) -> None:
    folder, made = tmp_path / "folder", []
    for turn, names in enumerate((("a.exe", "b/file"), ("b/file", "a.exe"))):
        shutil.rmtree(folder, ignore_errors=True)
        order = Order(tmp_path, tmp_path / f"work{turn}", "1.2.3", 1_700_000_000)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name * 50)
            os.utime(folder / name, (turn * 1000, turn * 1000))
        made.append(make_installer(order, folder, tmp_path / f"setup{turn}.exe", compressor="zlib"))
    assert made[0].read_bytes() == made[1].read_bytes()


def test_all_that_the_program_needs_is_brought_for_windows() -> None:
    lines = requirements.requirements()
    for name in ("PySide6-Essentials", "psutil", "pytest", "pyinstaller", "pefile", "tzdata"):
        assert any(line.startswith(name) for line in lines), name
    assert not any(line.startswith(("ruff", "mypy", "twine")) for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="there every path is Windows' own already")
def test_wine_knows_a_path_by_another_name(tmp_path: Path) -> None:
    machine = Wine(tmp_path / "lab", tmp_path / "machine")
    assert machine.name_of(tmp_path / "machine/drive_c/a b/c.exe") == r"C:\a b\c.exe"
    assert machine.name_of(tmp_path / "x") == "Z:" + str(tmp_path / "x").replace("/", "\\")


def test_the_installer_says_the_same_in_both_languages() -> None:
    lines = (INSTALLER / "texts.nsh").read_text(encoding="utf-8").splitlines()
    texts = [match.groups() for line in lines if (match := TEXT.match(line))]
    assert len(texts) == sum(line.startswith("!insertmacro") for line in lines)
    parts = [INSTALLER / name for name in ("installer.nsi", "closing.nsh")]
    script = "".join(each.read_text(encoding="utf-8") for each in parts)
    for name, english, chinese in texts:
        assert f"$({name})" in script, f"{name} is never said"
        assert sorted(VARIABLE.findall(english)) == sorted(VARIABLE.findall(chinese)), name
        assert any("一" <= letter <= "鿿" for letter in chinese), name
    assert {name for name, _english, _chinese in texts} == set(re.findall(r"\$\(([A-Z_]+)\)", script))


def test_the_installer_knows_the_programs_by_their_names() -> None:
    script = (INSTALLER / "installer.nsi").read_text(encoding="utf-8")
    assert f'!define WINDOW "{own_program.WINDOW_PROGRAM}.exe"' in script
    assert f'!define CONSOLE "{own_program._CONSOLE_PROGRAM}.exe"' in script


def test_a_slice_is_opened_by_the_window_and_left_alone_where_another_program_took_it() -> None:
    script = (INSTALLER / "installer.nsi").read_text(encoding="utf-8")
    assert f'!define SLICE "{SLICE}"' in script
    assert r'"$INSTDIR\${WINDOW}" "%1"' in script
    assert script.count("${SLICE_CLASS}") == 6


def test_the_installer_removes_nothing_but_what_its_list_names() -> None:
    scripts = {each.name: each.read_text(encoding="utf-8") for each in INSTALLER.glob("*.ns?")}
    for name, script in scripts.items():
        assert not re.search(r"RMDir\s+/r", script), f"{name} removes a folder with whatever is in it"
    removed = re.findall(r'Delete "([^"]+)"', "".join(scripts.values()))
    assert set(removed) == {
        r"$R9\$R6",  # a line of the list
        "$R8",  # the list
        r"$INSTDIR\${LIST}",
        r"$INSTDIR\${OLD}\${LIST}",
        r"$INSTDIR\${folder}\${LIST}",
        r"$R9\${LIST}",
        r"$INSTDIR\uninstall.exe",
        r"$SMPROGRAMS\${APP}.lnk",
        r"$DESKTOP\${APP}.lnk",
    }


def test_the_list_of_what_is_installed_has_files_first_and_the_deepest_folders_before_others(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    for name in ("b/c/d.txt", "b/e.txt", "a.exe", "B2/心.dll"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    listed = write_list(folder, tmp_path / "list.txt").read_bytes().decode("utf-16-le").split("\r\n")
    assert listed == ["B2\\心.dll", "a.exe", "b\\c\\d.txt", "b\\e.txt", "b\\c\\", "B2\\", "b\\", ""]
    (folder / "odd..name").touch()
    with pytest.raises(BuildError, match=r"odd\.\.name"):
        write_list(folder, tmp_path / "list.txt")

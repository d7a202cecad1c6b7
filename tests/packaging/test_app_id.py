"""Windows' name for the program: the same in the program and in what installs it, and put where Windows reads it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building.machine import Windows, Wine
from building.windows import INSTALLER

from aios_gui.system.windows.identity import APP_ID

HERE = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"
HAS_LAB = bool(os.environ.get("WINLAB")) and sys.platform == "linux"


def test_links_have_the_name_that_the_program_takes() -> None:
    script = (INSTALLER / "app_id.nsh").read_text(encoding="utf-8")
    assert re.findall(r'^!define APP_ID "(.*)"$', script, re.MULTILINE) == [APP_ID]
    # Microsoft, "Application User Model IDs": no spaces, no more than 128 characters.
    assert re.fullmatch(r"[A-Za-z0-9.]{1,128}", APP_ID)


def test_every_link_that_is_made_gets_the_name() -> None:
    lines = (INSTALLER / "installer.nsi").read_text(encoding="utf-8").splitlines()
    made = [number for number, line in enumerate(lines) if line.strip().startswith("CreateShortcut ")]
    assert len(made) == 2
    for number in made:
        link = lines[number].split('"')[1]
        assert lines[number + 1].strip() == f'!insertmacro GIVE_APP_ID "{link}"'


@pytest.mark.skipif(not (WINDOWS or HAS_LAB), reason="asks for Windows, or a Wine lab that WINLAB names")
@pytest.mark.skipif(shutil.which("makensis") is None, reason="asks for makensis")
def test_the_name_is_put_where_windows_reads_it(tmp_path: Path) -> None:
    machine = Windows() if WINDOWS else Wine(Path(os.environ["WINLAB"])).new(tmp_path / "machine")
    out, told, link = tmp_path / "trial.exe", tmp_path / "told.txt", tmp_path / "trial.lnk"
    places = [f"-DTOLD={machine.name_of(told)}", f"-DLINK={machine.name_of(link)}", f"-DOUT={out}"]
    script = HERE / "app_id_trial.nsi"
    subprocess.run(
        ["makensis", "-V2", "-INPUTCHARSET", "UTF8", *places, f"-X!addincludedir {INSTALLER}", script],
        check=True,
    )
    try:
        assert machine.run([out]).returncode == 0
    finally:
        if isinstance(machine, Wine):
            machine.control("--stop")
    lines = told.read_text(encoding="utf-16").splitlines()
    assert lines[:3] == ["kept one nine", "put 0", f"kind 31 value {APP_ID}"]
    if WINDOWS:
        assert lines[3:] == [f"kind 31 value {APP_ID}"], "Wine says that it keeps it on a link, but does not"
    kept = link.read_bytes()
    for text in ("--an argument", "A comment"):
        assert text.encode("utf-16-le") in kept
    assert b"notepad.exe" in kept.lower()

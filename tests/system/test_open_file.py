"""Opening a file: by the system's own program, which gets the whole path; an error where there is none."""

from pathlib import Path

import pytest

from aios_gui.system.open_file import open_file
from tests.processes import wait_until
from tests.systems import has_a_shell


@has_a_shell
def test_the_program_of_the_system_gets_the_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener, told = tmp_path / "opener", tmp_path / "told"
    opener.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{told}.new" && mv "{told}.new" "{told}"\n')
    opener.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    open_file(Path("-x y.html"), lambda _name: str(opener))
    wait_until(told.exists, "the program was started")
    assert told.read_text() == f"{tmp_path / '-x y.html'}|"


@has_a_shell
def test_without_such_a_program_it_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        open_file(Path("x.html"), lambda _name: None)

"""Who else could replace a file: by its own mode, by any folder above it, by whom it belongs to, behind a link."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aios_gui.autostart.model import SetupFinding, SetupFindingKind
from aios_gui.autostart.setup import odd_place
from aios_gui.autostart.words import finding_sentence, place_sentence
from aios_gui.selfcheck.doctor import installation
from aios_gui.system.other_users import writable_by_others
from aios_gui.text.check import CheckState
from tests.privileges import has_permissions

pytestmark = has_permissions


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "apps" / "aios"
    folder.mkdir(parents=True, mode=0o755)
    program = folder / "aios-gui"
    program.touch(mode=0o755)
    return program


def test_what_is_ones_own_is_nobody_elses(program: Path) -> None:
    assert writable_by_others(program) is None
    assert writable_by_others(program / "missing") is None


@pytest.mark.parametrize("place", ["", "..", "../.."])
def test_the_file_and_every_folder_above_it_counts(program: Path, place: str) -> None:
    found = (program / place).resolve()
    found.chmod(0o777)
    assert writable_by_others(program) == found
    if found.is_dir():
        found.chmod(0o1777)
        assert writable_by_others(program) is None


def test_a_link_is_followed_and_the_place_of_the_link_counts_too(program: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    link = links / "aios-gui"
    link.symlink_to(program)
    program.parent.chmod(0o777)
    assert writable_by_others(link) == program.parent
    program.parent.chmod(0o755)
    links.chmod(0o777)
    assert writable_by_others(link) == links


def test_a_group_counts_where_others_are_in_it(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    program.parent.chmod(0o775)
    own = pwd.struct_passwd(("me", "x", os.getuid(), program.stat().st_gid, "", "", ""))
    monkeypatch.setattr("pwd.getpwall", lambda: [own])
    monkeypatch.setattr("grp.getgrgid", _group(["me"]))
    assert writable_by_others(program) is None
    monkeypatch.setattr("grp.getgrgid", _group(["me", "ada"]))
    assert writable_by_others(program) == program.parent
    monkeypatch.setattr("grp.getgrgid", _group([]))
    ada = pwd.struct_passwd(("ada", "x", os.getuid() + 1, program.stat().st_gid, "", "", ""))
    monkeypatch.setattr("pwd.getpwall", lambda: [own, ada])
    assert writable_by_others(program) == program.parent


def _group(members: list[str]) -> Callable[[int], object]:
    import grp

    return lambda number: grp.struct_group(("g", "x", number, members))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_what_belongs_to_another_counts(program: Path) -> None:
    os.chown(program.parent, 65534, 65534)
    assert writable_by_others(program) == program.parent


def test_autostart_and_the_doctor_tell_of_it(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aios_gui.autostart.setup._TEMPORARY", ())
    assert odd_place(str(program), {}) is None
    program.parent.chmod(0o777)
    found = odd_place(str(program), {})
    assert found == SetupFinding(SetupFindingKind.WRITABLE, str(program.parent))
    assert str(program.parent) in place_sentence(found)
    assert str(program.parent) in finding_sentence(found)
    monkeypatch.setattr("sys.executable", str(program))
    check = installation.program()
    assert check.state is CheckState.WARNING
    assert str(program.parent) in check.detail
    assert "chmod go-w" in check.remedy

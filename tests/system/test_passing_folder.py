"""A folder for a while: gone when it is left, and what was left by a process that was killed goes, too."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aios_gui.system.passing_folder import passing_folder
from tests.systems import follows_links, has_modes


def test_what_a_killed_process_left_goes_and_nothing_else_does(tmp_path: Path, dead_pid: int) -> None:
    left = tmp_path / f"work-{dead_pid}-abc"
    left.mkdir()
    (left / "heartbeat.sqlite3").write_text("")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        kept = [f"work-{alive.pid}-abc", "work-notes", f"work-{10**30}-abc", f"other-{dead_pid}-abc"]
        others = [tmp_path / name for name in kept]
        for other in others:
            other.mkdir()
        with passing_folder("work", tmp_path) as folder:
            assert sorted(tmp_path.iterdir()) == sorted([*others, folder])
        alive.communicate(b"\n")
    assert sorted(tmp_path.iterdir()) == sorted(others)


@follows_links
def test_what_a_link_leads_to_is_left(tmp_path: Path, dead_pid: int) -> None:
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (precious := elsewhere / "precious").write_text("")
    (tmp_path / f"work-{dead_pid}-abc").symlink_to(elsewhere)
    with passing_folder("work", tmp_path):
        pass
    assert precious.exists()


@has_modes
def test_only_its_user_can_look_into_it(tmp_path: Path) -> None:
    with passing_folder("work", tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_its_place_it_lies_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with passing_folder("work", tmp_path / "none") as folder:
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []

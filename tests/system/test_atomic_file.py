"""A file that is written appears whole, or what was there stays."""

import os
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import TextIO

import pytest

from aios_gui.system.atomic_file import (
    FOREIGN,
    make_private,
    remove_leftovers,
    write_atomically,
    write_new,
    write_private,
    write_whole,
)
from tests.privileges import as_ordinary_user, has_permissions, open_folder
from tests.systems import WINDOWS, follows_links


def test_file_appears_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    def breaking(stream: TextIO) -> None:
        stream.write("half")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        write_whole(target, breaking)
    assert target.read_text() == "old"
    assert write_whole(target, lambda stream: stream.write("new")) == 3
    assert target.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


@follows_links
def test_cancelled_as_soon_as_there_is_a_file_it_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def interrupted(path: Path, flags: int, mode: int) -> int:
        os.close(real(path, flags, mode))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report.csv", lambda stream: stream.write("a"))
    assert list(tmp_path.iterdir()) == []


@follows_links
def test_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)
    write_whole(link, lambda stream: stream.write("new"))
    assert link.is_symlink()
    assert target.read_text() == "new"


@has_permissions
def test_a_new_file_is_private_and_one_of_this_user_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    write_whole(target, lambda stream: stream.write("new"))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    for mode in (0o600, 0o644, 0o640):
        target.chmod(mode)
        write_whole(target, lambda stream: stream.write("again"))
        assert stat.S_IMODE(target.stat().st_mode) == mode


@follows_links
def test_a_name_that_was_foreseen_misdirects_nothing(tmp_path: Path) -> None:
    """As the names were once made, from the number of the process, anyone could lay a link there."""
    target, treasure = tmp_path / "out.csv", tmp_path / "treasure"
    treasure.write_text("mine")
    traps = [f".out.csv.{os.getpid()}.tmp", f"out.csv.{os.getpid()}.new"]
    for trap in traps:
        (tmp_path / trap).symlink_to(treasure)
    write_whole(target, lambda stream: stream.write("new"))
    write_atomically(target, b"new")
    write_private(target, b"new")
    assert treasure.read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([*traps, "out.csv", "treasure"])


@follows_links
def test_a_link_to_a_file_that_is_yet_to_be_made_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "way").symlink_to("folder")
    link = tmp_path / "link.csv"
    link.symlink_to("way/../folder/real.csv")
    write_whole(link, lambda stream: stream.write("new"))
    assert link.is_symlink()
    assert (tmp_path / "folder" / "real.csv").read_text() == "new"


@follows_links
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OSError, match="links"):
        write_whole(tmp_path / "a", lambda stream: stream.write("new"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a link away")
@pytest.mark.parametrize("way", ["file", "folder", "pipe"])
def test_a_link_or_pipe_of_another_user_is_refused(way: str) -> None:
    with open_folder() as folder:
        (folder / "real").mkdir(mode=0o777)
        target = folder / "way" / "out.csv" if way == "folder" else folder / "out.csv"
        if way == "pipe":
            os.mkfifo(target)
        else:
            planted = target.parent if way == "folder" else target
            planted.symlink_to(folder / "real" if way == "folder" else folder / "real" / "treasure")
        os.chown(folder / "way" if way == "folder" else target, 4711, 4711, follow_symlinks=False)

        def attempt() -> str:
            try:
                write_whole(target, lambda stream: stream.write("secret"))
            except PermissionError as error:
                return str(error.strerror)
            return ""

        assert as_ordinary_user(attempt) == FOREIGN
        assert attempt() == FOREIGN
        assert list((folder / "real").iterdir()) == []


@has_permissions
def test_a_file_of_another_user_does_not_lend_its_mode(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    target = tmp_path / "out.csv"
    target.touch(0o666)
    target.chmod(0o666)
    os.chown(target, 4711, 4711)
    write_whole(target, lambda stream: stream.write("secret"))
    assert (target.stat().st_uid, stat.S_IMODE(target.stat().st_mode)) == (0, 0o600)


# Wine has the files of Linux on a drive, but no device among them can be written.
@pytest.mark.skipif(WINDOWS or not Path("/dev/stdout").exists(), reason="there is no such device")
def test_a_device_is_written_as_it_is() -> None:
    code = (
        "from pathlib import Path; from aios_gui.system.atomic_file import write_whole;"
        "write_whole(Path('/dev/stdout'), lambda stream: stream.write('through'))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "through"


@has_permissions
@pytest.mark.parametrize("mask", [0o000, 0o002, 0o022, 0o077])
def test_each_folder_is_made_for_this_user_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        make_private(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    for name in ("a", "a/b", "a/b/c"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["x" * 300, "x\0y"])
def test_of_folders_that_cannot_all_be_made_none_is_left(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises((OSError, ValueError)):
        make_private(tmp_path / "a" / "b" / "c" / name)
    assert list(tmp_path.rglob("*")) == [tmp_path / "a"]


def test_what_a_killed_program_was_writing_is_removed_once_it_is_old(tmp_path: Path) -> None:
    left, new, foreign = (tmp_path / f".aios-heartbeat-{part}.tmp" for part in ("0" * 16, "1" * 16, "mine"))
    for file in (left, new, foreign):
        file.touch()
    for file in (left, foreign):
        os.utime(file, (0, 0))
    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "nowhere")
    assert {new, foreign} == set(tmp_path.iterdir())


@has_permissions
def test_a_new_file_is_private_and_takes_the_place_of_nothing(tmp_path: Path) -> None:
    write_new(tmp_path / "new", BytesIO(b"one"))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    for name in ("new", "link"):
        with pytest.raises(FileExistsError):
            write_new(tmp_path / name, BytesIO(b"two"))
    assert (tmp_path / "new").read_bytes() == b"one"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "new"]

"""A file that is written appears whole, or what was there stays."""

from pathlib import Path
from typing import TextIO

import pytest

from aios_gui.system.atomic_file import write_whole
from tests.systems import follows_links


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
def test_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.touch()
    link.symlink_to(target)
    write_whole(link, lambda stream: stream.write("new"))
    assert link.is_symlink()
    assert target.read_text() == "new"

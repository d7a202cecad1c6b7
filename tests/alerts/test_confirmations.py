"""What a person has confirmed: kept for this user alone; whatever else lies in its place confirms nothing."""

import os
import stat
from pathlib import Path

import pytest

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.trust import fingerprint

TEXT = "run:echo hot"


def test_what_is_added_is_read_by_another_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "confirmed.json"
    reader = Confirmations(path)
    assert reader.read() == frozenset()
    Confirmations(path).add([TEXT])
    Confirmations(path).add(["renice:cargo"])
    assert reader.has_changed()
    assert reader.read() == {fingerprint(TEXT), fingerprint("renice:cargo")}
    assert not reader.has_changed()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()
    assert reader.has_changed()
    assert reader.read() == frozenset()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b"{}", b'{"confirmed": 7}', b'{"confirmed": [7, null]}', b"\xff", b"[" * 9_999],
)
def test_anything_else_confirms_nothing_and_is_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "confirmed.json"
    path.write_bytes(content)
    path.chmod(0o600)
    assert Confirmations(path).read() == frozenset()
    Confirmations(path).add([TEXT])
    assert Confirmations(path).read() == {fingerprint(TEXT)}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_others_may_write_or_a_pipe_confirms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    Confirmations(path).add([TEXT])
    path.chmod(0o620)
    assert Confirmations(path).read() == frozenset()
    path.unlink()
    os.mkfifo(path)
    assert Confirmations(path).read() == frozenset()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_whose_rights_were_mended_counts_again(tmp_path: Path) -> None:
    path = tmp_path / "confirmed.json"
    Confirmations(path).add([TEXT])
    path.chmod(0o620)
    reader = Confirmations(path)
    assert reader.read() == frozenset()
    refused_ns = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == refused_ns:  # the clock of a file system goes in steps of some ms
        path.chmod(0o600)
    assert reader.has_changed()
    assert reader.read() == {fingerprint(TEXT)}

"""The note of the last start by the system: kept whole, and read whatever became of it."""

from pathlib import Path

import pytest

from aios_gui.autostart.login_start import LoginStart, keep_login_start, last_login_start
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import find_paths


def test_it_is_kept_and_read(aios_home: Path) -> None:
    paths = find_paths()
    assert last_login_start(paths) is None
    keep_login_start(paths, LoginStart(1, 2))  # there is no folder yet: logged, not raised
    assert last_login_start(paths) is None
    make_private(paths.data)
    for start in (LoginStart(1_000, 2_000), LoginStart(1_000, 2_000, 300)):
        keep_login_start(paths, start)
        assert last_login_start(paths) == start


@pytest.mark.parametrize("content", [b"", b"[]", b'{"at_ns": "x"}', b"\xff", b'{"at_ns": 1}', b"null"])
def test_what_cannot_be_understood_is_no_start(content: bytes, aios_home: Path) -> None:
    paths = find_paths()
    make_private(paths.data)
    paths.login_start.write_bytes(content)
    assert last_login_start(paths) is None

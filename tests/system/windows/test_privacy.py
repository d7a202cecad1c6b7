"""On Windows no mode but a list of rights keeps the user's files private: no one else is on it."""

import ctypes
import re
import sys
from ctypes import byref, c_void_p, c_wchar_p
from pathlib import Path

import pytest

from aios_gui.system.atomic_file import make_private, write_atomically, write_private
from tests.systems import WINE

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="other systems have modes")
_FILE, _RIGHTS = 1, 4
OTHERS = {
    "WD": "everyone",
    "BU": "all users",
    "AU": "whoever is logged in",
    "AN": "nobody by name",
    "BG": "guests",
}


def rights(path: Path) -> str:
    """The list of rights as a text in Windows' own notation, SDDL."""
    advapi32 = ctypes.windll.advapi32  # type: ignore[attr-defined]
    found, text = c_void_p(), c_wchar_p()
    assert (
        advapi32.GetNamedSecurityInfoW(str(path), _FILE, _RIGHTS, None, None, None, None, byref(found)) == 0
    )
    assert advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(found, 1, _RIGHTS, byref(text), None)
    return str(text.value)


def test_the_folder_and_what_is_written_into_it_are_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "open to all" / "data"
    make_private(folder)
    write_private(folder / "channel.key", b"secret")
    write_atomically(folder / "settings.toml", b"secret")
    (folder / "heartbeat.sqlite3").write_bytes(b"")
    # Wine lets no file inherit its folder's rights, but gives it those that it has on the Unix below.
    for each in (folder, *(() if WINE else folder.iterdir())):
        allowed = re.findall(r"\(A;[^;]*;[^;]*;[^;]*;[^;]*;([^)]*)\)", rights(each))
        assert allowed
        assert not OTHERS.keys() & set(allowed), f"{each}: {rights(each)}"

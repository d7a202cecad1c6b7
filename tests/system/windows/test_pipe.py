"""The channel of Windows is for this user and this machine, gives up in time, and carries messages both ways."""

import ctypes
import re
import sys
import threading
import time
from contextlib import closing

import pytest

from aios_gui.system.windows import pipe as windows_pipe
from tests.systems import WINE

on_windows = pytest.mark.skipif(sys.platform != "win32", reason="these pipes are Windows'")
ADDRESS = r"\\.\pipe\aios-heartbeat-test"
_KERNEL_OBJECT, _RIGHTS = 6, 4


def test_the_list_of_rights_has_this_user_alone() -> None:
    assert windows_pipe.rights_of("S-1-5-21-1-2-3-1001") == "D:P(A;;GA;;;S-1-5-21-1-2-3-1001)"


@on_windows
def test_the_pipe_has_that_list() -> None:
    rights = ctypes.WinDLL("advapi32")  # type: ignore[attr-defined, unused-ignore]
    sid = windows_pipe.user_sid()
    assert re.fullmatch(r"S-1-5(-\d+)+", sid)
    with closing(windows_pipe.listen(ADDRESS)) as listener:
        (handle,) = listener._handle_queue  # type: ignore[attr-defined]
        found, text = ctypes.c_void_p(), ctypes.c_wchar_p()
        of_handle = (ctypes.c_void_p(handle), _KERNEL_OBJECT, _RIGHTS)
        assert rights.GetSecurityInfo(*of_handle, None, None, None, None, ctypes.byref(found)) == 0
        assert rights.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            found, 1, _RIGHTS, ctypes.byref(text), None
        )
    told = str(text.value)
    assert told.startswith("D:P")
    assert re.findall(r"\((\w+);[^)]*;([^;)]*)\)", told) == [("A", sid)]


@on_windows
@pytest.mark.skipif(WINE, reason="Wine lets any number listen, whatever the first one asked for")
def test_nobody_else_can_have_listened_there_before() -> None:
    with closing(windows_pipe.listen(ADDRESS)), pytest.raises(PermissionError):
        windows_pipe.listen(ADDRESS)


@on_windows
@pytest.mark.skipif(WINE, reason="Wine has no pipes of other machines")
def test_no_caller_of_another_machine_is_taken() -> None:
    with closing(windows_pipe.listen(ADDRESS)), pytest.raises(OSError):  # noqa: PT011 - Windows' words for it differ
        windows_pipe.connect(ADDRESS.replace(r"\\.", r"\\127.0.0.1"), 2.0)


@on_windows
def test_it_carries_messages() -> None:
    with closing(windows_pipe.listen(ADDRESS)) as listener:

        def answer() -> None:
            with listener.accept() as taken:
                taken.send_bytes(taken.recv_bytes() + b"!")

        thread = threading.Thread(target=answer)
        thread.start()
        with windows_pipe.connect(ADDRESS, 5.0) as connection:
            connection.send_bytes(b"hello")
            assert connection.poll(5.0)
            assert connection.recv_bytes() == b"hello!"
        thread.join()


@on_windows
def test_one_that_takes_nobody_is_given_up_in_time() -> None:
    # The first caller takes the only place there is; none accepts.
    with closing(windows_pipe.listen(ADDRESS)), windows_pipe.connect(ADDRESS, 5.0):
        began_s = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 - Windows' words for it differ
            windows_pipe.connect(ADDRESS, 0.2)
        assert time.monotonic() - began_s < 15, "the standard library's 20 seconds"


@on_windows
def test_where_there_is_none_that_is_said_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        windows_pipe.connect(ADDRESS + "-none", 600.0)

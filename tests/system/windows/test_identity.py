"""Windows takes the program's name, and lets another process come to the front in place of this one."""

import ctypes
import os
import sys

import pytest

from aios_gui.system.windows.identity import APP_ID, let_come_forward, take_app_id
from tests.systems import WINE

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="only Windows groups windows by such a name")


@pytest.mark.skipif(WINE, reason="Wine takes the name but does not tell it again (E_NOTIMPL)")
def test_windows_knows_the_process_by_the_name() -> None:
    take_app_id()
    text = ctypes.c_wchar_p()
    shell32 = ctypes.WinDLL("shell32")  # type: ignore[attr-defined, unused-ignore]
    assert shell32.GetCurrentProcessExplicitAppUserModelID(ctypes.byref(text)) == 0
    assert text.value == APP_ID


def test_a_process_may_be_let_forward() -> None:
    # Windows refuses it to a process that the user does not work with, as one that runs tests.
    assert let_come_forward(os.getpid()) in (True, False)
    assert let_come_forward(0) in (True, False)

"""Who this program is to Windows: the name that its windows and links go together by."""

from __future__ import annotations

import ctypes
from typing import Any

APP_ID = "AIOS.Heartbeat"
"""The AppUserModelID; the installer gives the same one to its links."""
_ANY_PROCESS = 0xFFFFFFFF


def take_app_id() -> None:
    """Otherwise the task bar groups the window with every other Python program."""
    _library("shell32").SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(APP_ID))


def let_come_forward(pid: int) -> bool:
    """Let process ``pid``, or any for 0, bring its window to the front in place of this one; True if Windows does.

    Windows lets only a program do so that the user works with, as the one that he has just started.
    """
    return bool(_library("user32").AllowSetForegroundWindow(ctypes.c_uint(pid or _ANY_PROCESS)))


def _library(name: str) -> Any:
    return ctypes.WinDLL(name)  # type: ignore[attr-defined, unused-ignore]

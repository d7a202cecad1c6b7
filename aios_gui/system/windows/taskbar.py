"""The mark on a window's button in the task bar of Windows.

Source: Microsoft, "ITaskbarList3 interface (shobjidl_core.h)", and SetOverlayIcon there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from aios_gui.system.windows.com import ComError, Maker, create

_CLASS = "56fdf344-fd6d-11d0-958a-006097c9a090"
_INTERFACE = "ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf"
_HR_INIT, _SET_OVERLAY_ICON = 3, 18


def free_icon(icon: int) -> None:
    """Give the handle of an icon back."""
    _user32().DestroyIcon(ctypes.c_void_p(icon))


def button_created() -> int:
    """The number of the message by which a window hears that it has a button, also after the task bar restarted."""
    number: int = _user32().RegisterWindowMessageW(ctypes.c_wchar_p("TaskbarButtonCreated"))
    return number


class Taskbar:
    """The task bar as it is now: after it has restarted, another is needed. For the thread of the windows."""

    def __init__(self, make: Maker = create, free: Callable[[int], None] = free_icon) -> None:
        """ComError where there is none."""
        self._free = free
        self._list = make(_CLASS, _INTERFACE)
        try:
            self._list.call(_HR_INIT)
        except ComError:
            self._list.release()
            raise

    def mark(self, window: int, icon: int, description: str) -> None:
        """Lay ``icon`` over the button of ``window``, or nothing for 0; ComError where that fails.

        The icon is freed in any case, for the task bar has a copy of its own.
        """
        text = description if icon else None
        try:
            self._list.call(
                _SET_OVERLAY_ICON, ctypes.c_void_p(window), ctypes.c_void_p(icon), ctypes.c_wchar_p(text)
            )
        finally:
            if icon:
                self._free(icon)

    def close(self) -> None:
        """Give the task bar back; again is harmless."""
        self._list.release()


def _user32() -> Any:
    return ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]

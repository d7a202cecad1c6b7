"""The mark on a window's button in the task bar of Windows.

Source: Microsoft, "ITaskbarList3 interface (shobjidl_core.h)", and "The Component Object Model": an object begins
with the address of the table of its methods, which are called by their places there.
"""

from __future__ import annotations

import ctypes
import uuid
from collections.abc import Callable
from typing import Any

_CLASS, _INTERFACE = (
    "56fdf344-fd6d-11d0-958a-006097c9a090",
    "ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf",
)
_IN_PROCESS = 1  # CLSCTX_INPROC_SERVER
_RELEASE, _HR_INIT, _SET_OVERLAY_ICON = 2, 3, 18
# On other systems, where tests make such a table, it holds ordinary functions.
_METHOD: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)


def free_icon(icon: int) -> None:
    """Give the handle of an icon back."""
    _library("user32").DestroyIcon(ctypes.c_void_p(icon))


def create() -> int:
    """The address of a new ITaskbarList3, on the thread of Qt's windows; OSError where there is none."""
    found = ctypes.c_void_p()
    names = (_guid(_CLASS), None, _IN_PROCESS, _guid(_INTERFACE))
    _check(_library("ole32").CoCreateInstance(*names, ctypes.byref(found)))
    return found.value or 0


def mark_button(
    window: int,
    icon: int,
    description: str,
    make: Callable[[], int] = create,
    free: Callable[[int], None] = free_icon,
) -> None:
    """Lay ``icon`` over the button of ``window``, or nothing for 0; OSError where that fails.

    The icon is freed in any case: the task bar has a copy of its own. Each call asks for the task bar again, because
    it may have restarted since the last one.
    """
    try:
        taskbar = make()
        try:
            _check(_call(taskbar, _HR_INIT))
            text = ctypes.c_wchar_p(description if icon else None)
            _check(_call(taskbar, _SET_OVERLAY_ICON, ctypes.c_void_p(window), ctypes.c_void_p(icon), text))
        finally:
            _call(taskbar, _RELEASE)
    finally:
        if icon:
            free(icon)


def _call(address: int, place: int, *arguments: Any) -> int:
    table = ctypes.c_void_p.from_address(address).value or 0
    function = ctypes.c_void_p.from_address(table + place * ctypes.sizeof(ctypes.c_void_p)).value
    result: int = _METHOD(ctypes.c_int32, ctypes.c_void_p, *map(type, arguments))(function)(
        address, *arguments
    )
    return result


def _check(result: int) -> None:
    if result < 0:
        raise OSError(f"0x{result & 0xFFFFFFFF:08X}")


def _guid(text: str) -> Any:
    return (ctypes.c_ubyte * 16).from_buffer_copy(uuid.UUID(text).bytes_le)


def _library(name: str) -> Any:
    return ctypes.WinDLL(name)  # type: ignore[attr-defined, unused-ignore]

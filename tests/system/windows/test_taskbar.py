"""The mark over a button: laid, taken away, its icon freed and the task bar given back whatever happens."""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import pytest

from aios_gui.system.windows.taskbar import create, mark_button

OK, FAIL = 0, -0x7FFFBFFB
METHOD: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)


class FakeTaskbar:
    """An ITaskbarList3 as memory holds it: the address of a table of methods."""

    def __init__(self, result: int = OK) -> None:
        self.marks: dict[int, tuple[int, str]] = {}
        self.references = 0
        self.ready = False
        self._result = result
        self._table = (ctypes.c_void_p * 21)()
        self._memory = (ctypes.c_void_p * 1)(ctypes.addressof(self._table))
        pointer = ctypes.c_void_p
        self._methods = [
            self._put(2, self._release),
            self._put(3, self._init),
            self._put(18, self._overlay, pointer, pointer, ctypes.c_wchar_p),
        ]

    def _put(self, place: int, answer: Callable[..., int], *types: Any) -> Any:
        method = METHOD(ctypes.c_int32, ctypes.c_void_p, *types)(answer)
        self._table[place] = ctypes.cast(method, ctypes.c_void_p).value
        return method

    def make(self) -> int:
        self.references += 1
        return ctypes.addressof(self._memory)

    def _release(self, _this: int) -> int:
        self.references -= 1
        return self.references

    def _init(self, _this: int) -> int:
        self.ready = True
        return OK

    def _overlay(self, _this: int, window: int, icon: int | None, text: str | None) -> int:
        assert self.ready
        if self._result == OK:
            self.marks[window] = (icon or 0, text or "")
        return self._result


def test_an_icon_is_laid_over_the_button_and_taken_away() -> None:
    taskbar = FakeTaskbar()
    freed: list[int] = []
    mark_button(0x10, 7, "Warning", taskbar.make, freed.append)
    assert taskbar.marks == {0x10: (7, "Warning")}
    assert (freed, taskbar.references) == ([7], 0)
    mark_button(0x10, 0, "Fine", taskbar.make, freed.append)
    assert taskbar.marks == {0x10: (0, "")}
    assert (freed, taskbar.references) == ([7], 0)


def test_an_icon_is_freed_where_the_task_bar_refuses_it() -> None:
    taskbar = FakeTaskbar(FAIL)
    freed: list[int] = []
    with pytest.raises(OSError, match=r"^0x80004005$"):
        mark_button(0x10, 7, "Warning", taskbar.make, freed.append)
    assert (freed, taskbar.references) == ([7], 0)


def test_an_icon_is_freed_where_there_is_no_task_bar() -> None:
    def refuse() -> int:
        raise OSError("0x80040154")

    freed: list[int] = []
    with pytest.raises(OSError, match="0x80040154"):
        mark_button(0x10, 7, "Warning", refuse, freed.append)
    assert freed == [7]


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has this task bar")
def test_windows_takes_a_mark() -> None:
    ole32 = ctypes.WinDLL("ole32")  # type: ignore[attr-defined, unused-ignore]
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]
    user32.CreateWindowExW.restype = user32.CopyIcon.restype = user32.LoadIconW.restype = ctypes.c_void_p
    nothing = [None] * 4
    window = user32.CreateWindowExW(0, ctypes.c_wchar_p("STATIC"), None, 0, 0, 0, 9, 9, *nothing)
    entered = ole32.CoInitializeEx(None, 2)
    try:
        warning = user32.LoadIconW(None, ctypes.c_void_p(32515))
        mark_button(window, user32.CopyIcon(ctypes.c_void_p(warning)), "Warning", create)
        mark_button(window, 0, "Fine")
    finally:
        if entered >= 0:
            ole32.CoUninitialize()
        user32.DestroyWindow(ctypes.c_void_p(window))

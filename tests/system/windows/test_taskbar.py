"""The mark over a button: laid, taken away, its icon freed whatever happens."""

import ctypes
import sys

import pytest

from aios_gui.system.windows.com import ComError, apartment
from aios_gui.system.windows.taskbar import Taskbar, button_created
from tests.system.windows.com_objects import FAIL, NOT_REGISTERED, FakeShell


def test_an_icon_is_laid_over_the_button_and_taken_away() -> None:
    shell = FakeShell()
    freed: list[int] = []
    taskbar = Taskbar(shell.create, freed.append)
    taskbar.mark(0x10, 7, "Warning")
    assert shell.marks == {0x10: (7, "Warning")}
    assert freed == [7]
    taskbar.mark(0x10, 0, "Fine")
    assert (shell.marks, freed) == ({}, [7])
    taskbar.close()
    taskbar.close()
    assert [each.references for each in shell.made] == [0]


def test_an_icon_is_freed_where_the_task_bar_refuses_it() -> None:
    shell = FakeShell()
    freed: list[int] = []
    taskbar = Taskbar(shell.create, freed.append)
    shell.restart()
    with pytest.raises(ComError) as said:
        taskbar.mark(0x10, 7, "Warning")
    assert (said.value.result, freed) == (FAIL, [7])
    taskbar.close()


def test_there_may_be_no_task_bar() -> None:
    shell = FakeShell()
    shell.missing = {"task bar"}
    with pytest.raises(ComError) as said:
        Taskbar(shell.create)
    assert said.value.result == NOT_REGISTERED


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has this task bar")
def test_windows_takes_a_mark() -> None:
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined, unused-ignore]
    user32.CreateWindowExW.restype = user32.CopyIcon.restype = user32.LoadIconW.restype = ctypes.c_void_p
    nothing = [None] * 4
    window = user32.CreateWindowExW(0, ctypes.c_wchar_p("STATIC"), None, 0, 0, 0, 9, 9, *nothing)
    try:
        with apartment():
            taskbar = Taskbar()
            warning = user32.LoadIconW(None, ctypes.c_void_p(32515))
            taskbar.mark(window, user32.CopyIcon(ctypes.c_void_p(warning)), "Warning")
            taskbar.mark(window, 0, "Fine")
            taskbar.close()
    finally:
        user32.DestroyWindow(ctypes.c_void_p(window))
    assert button_created() >= 0xC000, "the numbers that names are given"

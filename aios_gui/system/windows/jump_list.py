"""The tasks in the menu of the program's button in the task bar of Windows: its jump list.

Source: Microsoft, "ICustomDestinationList interface (shobjidl_core.h)", "Taskbar Extensions", "IShellLinkW".
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aios_gui.system.windows.com import ComError, ComObject, Maker, apartment, create, guid

log = logging.getLogger(__name__)
_LIST_CLASS, _LIST = "77f10cf0-3db5-4966-b520-b7c54fd35ed6", "6332debf-87b5-4670-90c0-5e57b408a49e"
_SET_APP_ID, _BEGIN_LIST, _ADD_USER_TASKS, _COMMIT_LIST, _ABORT_LIST = 3, 4, 7, 8, 11
_COLLECTION_CLASS, _COLLECTION = (
    "2d3468c1-36a7-43b6-ac24-d3f02fd9607a",
    "5632b1a4-e38a-400a-928a-d4cd63230295",
)
_ARRAY, _ADD_OBJECT = "92ca9dcd-5622-4bba-a805-5e9f541bd8c9", 5
_LINK_CLASS, _LINK = "00021401-0000-0000-c000-000000000046", "000214f9-0000-0000-c000-000000000046"
_SET_ARGUMENTS, _SET_ICON, _SET_PATH = 11, 17, 20
_STORE, _SET_VALUE, _COMMIT = "886d8eeb-8cf2-4446-8d02-cdba1dbdcf99", 6, 7
_TITLE, _TITLE_NUMBER = "f29f85e0-4ff9-1068-ab91-08002b27b3d9", 2
_TEXT = 31  # VT_LPWSTR


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the menu, and the command that it starts."""

    title: str
    command: tuple[str, ...]


class _Key(ctypes.Structure):
    """PROPERTYKEY."""

    _fields_ = [("group", ctypes.c_ubyte * 16), ("number", ctypes.c_uint32)]


class _Value(ctypes.Structure):
    """PROPVARIANT, holding a text."""

    _fields_ = [
        ("kind", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("text", ctypes.c_wchar_p),
        ("rest", ctypes.c_void_p),
    ]


def set_tasks(app_id: str, tasks: Sequence[Task], make: Maker = create) -> None:
    """Let these be the tasks of the program ``app_id`` in place of those before; ComError where that fails."""
    with make(_LIST_CLASS, _LIST) as jump_list:
        jump_list.call(_SET_APP_ID, ctypes.c_wchar_p(app_id))
        _begin(jump_list)
        try:
            with _collected(tasks, make) as collection, collection.query(_ARRAY) as array:
                jump_list.call(_ADD_USER_TASKS, ctypes.c_void_p(array.address))
            jump_list.call(_COMMIT_LIST)
        except ComError:
            with contextlib.suppress(ComError):
                jump_list.call(_ABORT_LIST)
            raise


def _begin(jump_list: ComObject) -> None:
    # What the user has removed does not matter here, as tasks cannot be removed.
    shown, removed = ctypes.c_uint(), ctypes.c_void_p()
    jump_list.call(_BEGIN_LIST, ctypes.pointer(shown), guid(_ARRAY), ctypes.pointer(removed))
    if removed.value:
        ComObject(removed.value).release()


def _collected(tasks: Sequence[Task], make: Maker) -> ComObject:
    collection = make(_COLLECTION_CLASS, _COLLECTION)
    try:
        for task in tasks:
            with make(_LINK_CLASS, _LINK) as link:
                _fill(link, task)
                collection.call(_ADD_OBJECT, ctypes.c_void_p(link.address))
    except ComError:
        collection.release()
        raise
    return collection


def _fill(link: ComObject, task: Task) -> None:
    # It brings all of the starts at log-in with it, which are not to be loaded on the thread of the window.
    from aios_gui.system.windows.command_line import join_arguments

    program, *arguments = task.command
    link.call(_SET_PATH, ctypes.c_wchar_p(program))
    link.call(_SET_ARGUMENTS, ctypes.c_wchar_p(join_arguments(arguments)))
    link.call(_SET_ICON, ctypes.c_wchar_p(program), ctypes.c_int(0))
    key = _Key(guid(_TITLE), _TITLE_NUMBER)
    value = _Value(kind=_TEXT, text=task.title)
    with link.query(_STORE) as store:
        store.call(_SET_VALUE, ctypes.pointer(key), ctypes.pointer(value))
        store.call(_COMMIT)


def _set_apart(app_id: str, tasks: Sequence[Task]) -> None:
    with apartment():
        set_tasks(app_id, tasks)


class JumpListWriter:
    """Writes on threads of its own, one list after the other: the shell may take its time, as on a slow profile.

    What fails is logged for whoever looks for it; nothing else depends on it.
    """

    def __init__(self, app_id: str, set_them: Callable[[str, Sequence[Task]], None] = _set_apart) -> None:
        self._app_id = app_id
        self._set = set_them
        self._thread: threading.Thread | None = None

    def write(self, tasks: Sequence[Task]) -> None:
        """Have these written; does not wait."""
        before = self._thread
        # Nobody waits at the end of the program for a shell that hangs.
        self._thread = threading.Thread(
            target=self._write, args=(tuple(tasks), before), name="jump list", daemon=True
        )
        self._thread.start()

    def wait(self, patience_s: float) -> bool:
        """Whether all is written in time."""
        if self._thread is not None:
            self._thread.join(patience_s)
            return not self._thread.is_alive()
        return True

    def _write(self, tasks: tuple[Task, ...], before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            self._set(self._app_id, tasks)
        except (ComError, OSError) as error:
            log.debug("the jump list was not written: %s", error)

"""Hears of a log-off or shutdown where there is no window to be told, as in a service.

Windows tells a program of it by a message to its windows, and by an event of its console only where it has loaded no
user32.dll, which much of Windows brings along (Microsoft, "SetConsoleCtrlHandler"). So a hidden window is made here,
on a thread of its own.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)
_WM_CLOSE, _WM_DESTROY, _WM_QUERYENDSESSION, _WM_ENDSESSION = 0x10, 0x2, 0x11, 0x16
_CLASS = "AiosHeartbeatSession"
_START_S, _END_S = 5.0, 8.0
"""The second is how long Windows is held up at most; it has more patience than that."""


class SessionEnd:
    """From ``start`` to ``close``, calls ``stop`` on a thread of its own when the session ends.

    The process may live until ``ended`` is set, some seconds at most.
    """

    def __init__(self, stop: Callable[[], None], ended: threading.Event) -> None:
        self._stop = stop
        self._ended = ended
        self._ready = threading.Event()
        self._window = 0
        self._thread = threading.Thread(target=self._listen, name="session", daemon=True)

    def start(self) -> None:
        """Begin to listen; where Windows gives no window, that is logged and nothing is heard."""
        self._thread.start()
        self._ready.wait(_START_S)

    def close(self) -> None:
        """Stop listening; again is harmless."""
        if self._window:
            _user32().PostMessageW(self._window, _WM_CLOSE, 0, 0)
            self._thread.join(_START_S)
            self._window = 0

    def _listen(self) -> None:
        user32 = _user32()
        procedure = _procedure_type()(self._on_message)  # kept here for as long as the window lives
        made = _WindowClass(procedure=ctypes.cast(procedure, ctypes.c_void_p), name=_CLASS)
        user32.RegisterClassW(ctypes.byref(made))
        self._window = user32.CreateWindowExW(0, _CLASS, _CLASS, 0, 0, 0, 0, 0, None, None, None, None) or 0
        self._ready.set()
        if not self._window:
            log.warning("no window to hear of log-off: Windows error %d", ctypes.get_last_error())  # type: ignore[attr-defined, unused-ignore]
            return
        message = ctypes.create_string_buffer(64)
        while user32.GetMessageW(message, None, 0, 0) > 0:
            user32.DispatchMessageW(message)
        user32.UnregisterClassW(_CLASS, None)

    def _on_message(self, window: int, message: int, first: int, second: int) -> int:
        if message == _WM_QUERYENDSESSION:
            return 1
        if message == _WM_ENDSESSION and first:
            self._stop()
            self._ended.wait(_END_S)
            return 0
        if message == _WM_DESTROY:
            _user32().PostQuitMessage(0)
            return 0
        answer: int = _user32().DefWindowProcW(window, message, first, second)
        return answer


class _WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = [
        ("style", ctypes.c_uint),
        ("procedure", ctypes.c_void_p),
        ("class_bytes", ctypes.c_int),
        ("window_bytes", ctypes.c_int),
        ("instance", ctypes.c_void_p),
        ("icon", ctypes.c_void_p),
        ("cursor", ctypes.c_void_p),
        ("background", ctypes.c_void_p),
        ("menu", ctypes.c_wchar_p),
        ("name", ctypes.c_wchar_p),
    ]


def _procedure_type() -> Any:
    made: Any = ctypes.WINFUNCTYPE  # type: ignore[attr-defined, unused-ignore]
    return made(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t)


def _user32() -> Any:
    user32 = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]
    user32.CreateWindowExW.restype = ctypes.c_void_p
    user32.CreateWindowExW.argtypes = [
        *(ctypes.c_ulong, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_ulong),
        *[ctypes.c_int] * 4,
        *[ctypes.c_void_p] * 4,
    ]
    user32.DefWindowProcW.restype = ctypes.c_ssize_t
    message = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t]
    for call in (user32.DefWindowProcW, user32.PostMessageW, user32.SendMessageW):
        call.argtypes = message
    user32.GetMessageW.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint]
    user32.DispatchMessageW.argtypes = [ctypes.c_void_p]
    user32.UnregisterClassW.argtypes = [ctypes.c_wchar_p, ctypes.c_void_p]
    return user32

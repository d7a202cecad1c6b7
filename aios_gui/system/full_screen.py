"""Whether a program uses the whole screen, or a presentation is on, so that no message should come in between."""

from __future__ import annotations

import ctypes
import sys

# Microsoft, SHQueryUserNotificationState: busy, full screen by Direct3D, presentation.
_NOT_NOW = (2, 3, 4)


def full_screen_runs() -> bool:
    """As Windows says. False elsewhere: there the desktop's own notification service keeps messages back."""
    if sys.platform != "win32":
        return False
    state = ctypes.c_int()
    try:
        failed = ctypes.WinDLL("shell32").SHQueryUserNotificationState(ctypes.byref(state))
    except (OSError, AttributeError):
        return False
    return not failed and state.value in _NOT_NOW

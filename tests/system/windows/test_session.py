"""A service without a window is told that the session ends, and is waited for."""

import sys
import threading

import pytest

from aios_gui.system.termination import Termination
from aios_gui.system.windows import session as windows_session
from aios_gui.system.windows.session import SessionEnd

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="other systems send signals")
QUERY, END = 0x11, 0x16


def send(session: SessionEnd, message: int, first: int) -> int:
    answer: int = windows_session._user32().SendMessageW(session._window, message, first, 0)
    return answer


def test_the_end_of_the_session_is_heard_and_held_up_until_all_is_done() -> None:
    asked, ended = threading.Event(), threading.Event()
    session = SessionEnd(asked.set, ended)
    session.start()
    try:
        assert session._window
        assert send(session, QUERY, 0) == 1
        assert not asked.is_set(), "another program may still refuse"
        assert send(session, END, 0) == 0
        assert not asked.is_set(), "it was refused"
        ending = threading.Thread(target=send, args=(session, END, 1))
        ending.start()
        assert asked.wait(5.0)
        assert ending.is_alive(), "Windows waits"
        ended.set()
        ending.join(5.0)
        assert not ending.is_alive()
    finally:
        ended.set()
        session.close()
        session.close()
    assert not session._thread.is_alive()


def test_a_service_hears_of_it_also_in_a_console() -> None:
    asked = threading.Event()
    with Termination(asked.set) as ending:
        threading.Thread(target=send, args=(ending._session, END, 1), daemon=True).start()
        assert asked.wait(5.0)

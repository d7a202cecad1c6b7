"""The channel of Windows gives up in time, and carries messages both ways."""

import sys
import threading
import time
from multiprocessing.connection import Listener

import pytest

from aios_gui.system.windows import pipe as windows_pipe

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="these pipes are Windows'")
ADDRESS = r"\\.\pipe\aios-heartbeat-test"


def test_it_carries_messages() -> None:
    with Listener(ADDRESS, "AF_PIPE") as listener:

        def answer() -> None:
            with listener.accept() as taken:
                taken.send_bytes(taken.recv_bytes() + b"!")

        thread = threading.Thread(target=answer)
        thread.start()
        with windows_pipe.connect(ADDRESS, 5.0) as connection:
            connection.send_bytes(b"hello")
            assert connection.poll(5.0)
            assert connection.recv_bytes() == b"hello!"
        thread.join()


def test_one_that_takes_nobody_is_given_up_in_time() -> None:
    # The first caller takes the only place there is; nobody accepts.
    with Listener(ADDRESS, "AF_PIPE"), windows_pipe.connect(ADDRESS, 5.0):
        began_s = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 - Windows' words for it differ
            windows_pipe.connect(ADDRESS, 0.2)
        assert time.monotonic() - began_s < 15, "the standard library's 20 seconds"


def test_where_there_is_none_that_is_said_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        windows_pipe.connect(ADDRESS + "-none", 600.0)

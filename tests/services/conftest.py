"""What every test of a service proves: that it left no thread running, and the collector as it was."""

import gc
import threading
import time
from collections.abc import Iterator

import pytest

PATIENCE_S = 8.0


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail when threads outlive the test, or automatic collection was not given back."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE_S
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left, f"threads outlive the test: {sorted(thread.name for thread in left)}"
    assert gc.isenabled(), "automatic collection was not given back"

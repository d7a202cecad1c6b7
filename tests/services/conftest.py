"""What tests of services get, and proof that each left no thread running and the collector as it was."""

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import WALL, Kept

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


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A keeper with a record of its own, closed after the test."""
    kept = Kept(tmp_path / "data" / "heartbeat.sqlite3")
    yield kept
    kept.keeper.close(0, WALL)

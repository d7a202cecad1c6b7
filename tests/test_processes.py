"""What tests start does not outlive them."""

import sys

import psutil
import pytest

from tests.processes import child, wait_until

STARTS_ANOTHER = """
import sys
from tests.processes import child
with child(sys.executable, "-S", "-c", "import time; time.sleep(600)") as process:
    print(process.pid, flush=True)
    input()
"""


def is_there(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("killed", [True, False])
def test_what_was_started_ends_with_the_tests(killed: bool) -> None:
    with child(sys.executable, "-c", STARTS_ANOTHER) as tests:
        assert tests.stdout is not None
        pid = int(tests.stdout.readline())
        assert is_there(pid)
        if killed:
            tests.kill()
        else:
            tests.communicate("\n", timeout=60)
    wait_until(lambda: not is_there(pid), "the end of what was started")

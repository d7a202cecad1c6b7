"""The kernel's account of stalled time, out of a tree of files as it has them."""

import sys
from pathlib import Path

import pytest

from aios_gui.heartbeat.sampling.stalled_time import StalledTime

of_linux = pytest.mark.skipif(sys.platform != "linux", reason="no other kernel keeps such an account")


def put(folder: Path, name: str, some_us: int, full_us: int | None) -> None:
    lines = [f"some avg10=1.00 avg60=0.00 avg300=0.00 total={some_us}"]
    if full_us is not None:
        lines.append(f"full avg10=0.00 avg60=0.00 avg300=0.00 total={full_us}")
    (folder / name).write_text("\n".join(lines) + "\n")


@of_linux
def test_that_something_waited_and_of_all_but_a_core_also_that_everything_did(tmp_path: Path) -> None:
    for name in ("cpu", "io", "memory"):
        put(tmp_path, name, 7, 5)
    stalled = StalledTime(tmp_path)
    of_all = {"io_full": 5_000, "memory_full": 5_000}
    assert stalled.read() == {"cpu": 7_000, "io": 7_000, "memory": 7_000, **of_all}
    put(tmp_path, "io", 70, 60)
    assert (stalled.read()["io"], stalled.read()["io_full"]) == (70_000, 60_000)
    stalled.close()
    stalled.close()
    assert stalled.read() == {}


@of_linux
def test_what_the_kernel_does_not_tell_is_missing(tmp_path: Path) -> None:
    assert StalledTime(tmp_path / "absent").read() == {}
    put(tmp_path, "memory", 9, None)
    (tmp_path / "cpu").write_text("odd\n")
    (tmp_path / "io").write_text("")
    assert StalledTime(tmp_path).read() == {"memory": 9_000}


@pytest.mark.skipif(sys.platform == "linux", reason="Linux keeps the account")
def test_elsewhere_no_file_is_taken_for_the_account() -> None:
    assert StalledTime().read() == {}

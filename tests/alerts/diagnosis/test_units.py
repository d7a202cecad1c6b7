"""Units out of a tree of cgroups, and of the real one where it can be written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from aios_gui.alerts.diagnosis.units import _MOST, Units
from aios_gui.alerts.model.units import Unit
from tests.processes import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has cgroups")
BURN = "import time\nend = time.thread_time() + 0.1\nwhile time.thread_time() < end: pass\n"


def put(folder: Path, cpu_us: int, io_bytes: int | None = None, pids: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.stat").write_text(f"usage_usec {cpu_us}\nuser_usec 1\nsystem_usec 1\n")
    if io_bytes is not None:
        (folder / "io.stat").write_text(f"254:0 rbytes={io_bytes} wbytes=2 rios=1 wios=1 dbytes=0 dios=0\n")
    (folder / "cgroup.procs").write_text(pids)


def test_what_grew_is_told_with_who_runs_there_the_most_first(tmp_path: Path) -> None:
    system, user = tmp_path / "system.slice", tmp_path / "user.slice" / "user@1000.service" / "app.slice"
    units = Units(str(tmp_path))
    for growth in (0, 1):
        put(system / "ssh.service", 5_000_000, 7, "41\n")
        put(system / "backup.service", 1_000_000 + growth * 250_000, 10 + growth * 4096, "7\n8\n")
        put(user / "app-editor.scope", 2_000_000 + growth * 500_000, None, "")
        if not growth:
            assert units.grown() == ()
    put(system / "new.service", 100_000, 3, "")
    assert units.grown() == (
        Unit("app-editor.scope", 0.5, 0, frozenset()),
        Unit("backup.service", 0.25, 4096, frozenset((7, 8))),
        Unit("new.service", 0.1, 5, frozenset()),
    )
    assert units.grown() == ()


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "odd.service", 1)
    (tmp_path / "odd.service" / "cpu.stat").write_text("odd\n")
    (tmp_path / "empty.service").mkdir()
    put(tmp_path / "well.service", 1)
    units = Units(str(tmp_path))
    units.grown()
    put(tmp_path / "well.service", 1_000_001)
    assert units.grown() == (Unit("well.service", 1.0),)
    assert Units(str(tmp_path / "absent")).grown() == ()


def test_where_there_are_too_many_one_that_was_not_looked_at_is_not_taken_for_new(tmp_path: Path) -> None:
    for number in range(_MOST):
        put(tmp_path / f"{number}.service", 1)
    put(tmp_path / "late.slice" / "old.service", 9_000_000_000)
    units = Units(str(tmp_path))
    units.grown()
    shutil.rmtree(tmp_path / "0.service")
    assert units.grown() == ()
    put(tmp_path / "late.slice" / "old.service", 9_001_000_000)
    assert units.grown() == (Unit("old.service", 1.0),)


@pytest.fixture
def real() -> Iterator[Path]:
    roots = [
        root
        for root in (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
        if (root / "cgroup.procs").exists()
    ]
    if not roots or not os.access(roots[0] / "cgroup.procs", os.W_OK):
        pytest.skip("no cgroup of the second version can be made here")
    unit = roots[0] / f"aios-test-{os.getpid()}.service"
    try:
        unit.mkdir()
    except OSError as error:
        pytest.skip(str(error))
    yield unit
    with suppress(OSError):
        unit.rmdir()


def test_a_process_that_came_and_went_is_in_its_unit(real: Path) -> None:
    units = Units(str(real.parent))
    units.grown()
    command = f"import os\nopen({str(real / 'cgroup.procs')!r}, 'w').write(str(os.getpid()))\n{BURN}"
    subprocess.run([sys.executable, "-S", "-E", "-c", command], check=True)
    wait_until(lambda: not (real / "cgroup.procs").read_text(), "it has left")
    (found,) = (each for each in units.grown() if each.name == real.name)
    assert found.cpu_s > 0.09
    assert found.pids == frozenset()

"""Tables of the real machine: what came and went in between is found, by its own name or by who started it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.tables import FRESH_NS, Tables
from aios_gui.alerts.model.ledger import Program
from tests.processes import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
FAR_NS = 2**62
BURN = "import time\nend = time.thread_time() + 0.15\nwhile time.thread_time() < end: pass\n"


class RealTables:
    """Of which none is of this program: the tests are."""

    def __init__(self) -> None:
        self.tables = Tables(ProcProcesses(), SystemEvidence(), own_pid=0)

    def programs(self) -> tuple[Program, ...]:
        return self.tables.ledger.span(0, FAR_NS).programs


def test_a_program_that_waited_and_then_burst_and_ended_is_named_as_gone(tmp_path: Path) -> None:
    link = tmp_path / "aios-burst"
    link.symlink_to(Path(sys.executable).resolve())
    real = RealTables()
    command = [str(link), "-S", "-E", "-c", f"input()\n{BURN}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        name = Path(f"/proc/{process.pid}/comm")
        wait_until(lambda: name.read_text().strip() == "aios-burst", "it has its name")
        real.tables.take(FAR_NS)
        process.communicate("\n")
    real.tables.take(FAR_NS)
    (found,) = (each for each in real.programs() if each.name == "aios-burst")
    assert found.gone
    assert (found.cpu_percent or 0) > 0
    assert 0.1 < sum(each.cpu_s or 0.0 for each in found.members) < 5


def test_what_no_table_saw_is_told_of_who_waited_for_it() -> None:
    real = RealTables()
    real.tables.take(FAR_NS)
    subprocess.run([sys.executable, "-S", "-E", "-c", BURN], check=True)
    real.tables.take(FAR_NS)
    assert real.tables.refresh()
    found = [each for program in real.programs() for each in program.members if each.ended_children]
    assert any((each.cpu_s or 0.0) > 0.1 for each in found)
    assert real.tables.spent_ns > 0


def test_who_uses_most_just_now_is_told_while_that_is_fresh(tmp_path: Path) -> None:
    link = tmp_path / "aios-hog"
    link.symlink_to(Path(sys.executable).resolve())
    later_ns = 0
    tables = Tables(
        ProcProcesses(), SystemEvidence(), own_pid=-1, now_ns=lambda: time.monotonic_ns() + later_ns
    )
    assert tables.top(of_memory=False) is None
    tables.take(FAR_NS)
    assert tables.top(of_memory=True) is not None
    with subprocess.Popen(
        [str(link), "-S", "-E", "-c", f"{BURN}print(flush=True)\ninput()"], stdin=-1, stdout=-1
    ) as hog:
        assert hog.stdout is not None
        hog.stdout.readline()
        tables.refresh()
        found = tables.top(of_memory=False)
        hog.communicate(b"\n")
    assert found is not None
    assert (found.name, found.is_own) == ("aios-hog", False)
    assert (found.cpu_percent or 0) > 0
    later_ns = FRESH_NS
    assert tables.top(of_memory=False) is None, "what was done a while ago is not what is done now"


def test_what_this_program_and_its_children_use_is_its_own(tmp_path: Path) -> None:
    tables = Tables(ProcProcesses(), SystemEvidence())
    tables.take(FAR_NS)
    with subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", f"{BURN}print(flush=True)\ninput()"], stdin=-1, stdout=-1
    ) as own:
        assert own.stdout is not None
        own.stdout.readline()
        tables.refresh()
        found = tables.top(of_memory=False)
        own.communicate(b"\n")
    assert found is not None
    assert found.is_own
    assert (found.machine_percent or 0) > 0

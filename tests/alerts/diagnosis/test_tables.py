"""Tables of the real machine: what came and went in between is found, by its own name or by who started it."""

import subprocess
import sys
from pathlib import Path

import pytest

from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.tables import FRESH_NS, Tables
from aios_gui.alerts.model.incident import TopProcess
from aios_gui.alerts.model.ledger import Program
from tests.alerts.diagnosis.fakes import MB, ScriptedProcesses, row, table
from tests.fakes import S
from tests.processes import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
FAR_NS = 2**62
BURN = "import time\nend = time.thread_time() + 0.15\nwhile time.thread_time() < end: pass\n"


class RealTables:
    """Of which none is of this program: the tests are."""

    def __init__(self) -> None:
        self.tables = Tables(ProcProcesses(), SystemEvidence(), own_pid=-1)

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


def test_who_uses_most_just_now_is_told_while_that_is_fresh() -> None:
    now_s = 10.0
    script = ScriptedProcesses(
        table(0, row(7, "hog", 5.0), row(8, "database", 90.0, 900 * MB)),
        table(10, row(7, "hog", 6.0), row(8, "database", 90.5, 900 * MB)),
        table(12, row(7, "hog", 9.0), row(8, "database", 90.5, 900 * MB)),
        table(14, row(7, "hog", 9.0), row(8, "database", 90.5, 900 * MB), row(9, "child", 3.0, parent=4711)),
    )
    tables = Tables(script, SystemEvidence(), 2, own_pid=4711, now_ns=lambda: round(now_s * S))
    assert tables.top(of_memory=False) is None
    tables.take(FAR_NS)
    tables.take(FAR_NS)
    assert tables.top(of_memory=False) == TopProcess("hog"), "how much of it just now is not known yet"
    tables.take(FAR_NS)
    now_s = 12.0
    assert tables.top(of_memory=False) == TopProcess("hog", 150.0, 75.0)
    assert tables.top(of_memory=True) == TopProcess("database")
    now_s += FRESH_NS / S + 0.1
    assert tables.top(of_memory=False) is None, "what was done a while ago is not what is done now"


def test_what_a_child_of_this_program_uses_is_its_own() -> None:
    script = ScriptedProcesses(
        table(0, row(4711, "python3", 5.0)),
        table(2, row(4711, "python3", 5.0), row(9, "python3", 2.0, parent=4711)),
    )
    tables = Tables(script, SystemEvidence(), 2, own_pid=4711, now_ns=lambda: 2 * S)
    tables.take(FAR_NS)
    tables.take(FAR_NS)
    assert tables.top(of_memory=False) == TopProcess("AIOS Heartbeat", 100.0, 50.0, is_own=True)

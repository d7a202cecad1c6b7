"""What /proc and /sys tell, on the real machine as psutil tells it, and out of a tree of files as they are."""

import sys
from pathlib import Path

import psutil
import pytest

from aios_gui.system.linux.machine import Battery, Disk, LinuxMachine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def tree(tmp_path: Path) -> LinuxMachine:
    (tmp_path / "net").mkdir()
    (tmp_path / "self" / "task" / "7").mkdir(parents=True)
    (tmp_path / "block" / "sda").mkdir(parents=True)
    (tmp_path / "block" / "cciss!c0d0").mkdir()
    (tmp_path / "stat").write_text("cpu  100 0 200 300 400 5 6 7 8 9\ncpu0 1 2\nintr 1\nctxt 4711\nbtime 5\n")
    (tmp_path / "meminfo").write_text("MemTotal: 2048 kB\nSwapTotal: 1000 kB\nSwapFree: 750 kB\n")
    (tmp_path / "diskstats").write_text(
        "   8 0 sda 10 0 4 30 20 0 6 40 0 50 60\n"
        "   8 1 sda1 10 0 4 30 20 0 6 40 0 50 60 1 2 3 4\n"
        " 104 0 cciss/c0d0 1 0 2 3 4 0 5 6 0 7 8\n"
    )
    (tmp_path / "net" / "dev").write_text(
        "Inter-|   Receive |  Transmit\n face |bytes\n"
        "    lo: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\neth0:300 1 0 0 0 0 0 0 4000 1 0 0 0 0 0 0\n"
    )
    return LinuxMachine(str(tmp_path), str(tmp_path))


def test_the_real_machine_is_told_as_psutil_tells_it(tmp_path: Path) -> None:
    ours = LinuxMachine()
    assert ours.virtual_memory().total == psutil.virtual_memory().total
    assert ours.disk_usage(str(tmp_path)).percent == pytest.approx(
        psutil.disk_usage(str(tmp_path)).percent, abs=1
    )
    assert ours.swap_memory().percent == pytest.approx(psutil.swap_memory().percent, abs=5)
    before, now, after = psutil.cpu_times(), ours.cpu_times(), psutil.cpu_times()
    assert before.user <= now.user <= after.user
    assert before.idle <= now.idle <= after.idle
    assert ours.cpu_stats().ctx_switches <= psutil.cpu_stats().ctx_switches
    assert (ours.disk_io_counters() is None) == (psutil.disk_io_counters() is None)
    assert set(ours.disk_io_counters(perdisk=True) or {}) == set(psutil.disk_io_counters(perdisk=True))
    network = ours.net_io_counters()
    assert (network.bytes_recv if network else 0) <= psutil.net_io_counters().bytes_recv
    process = ours.Process()
    assert sum(process.cpu_times()) <= sum(psutil.Process().cpu_times()[:2]) + 0.1
    assert process.num_threads() == psutil.Process().num_threads()
    assert 0.5 < process.memory_info().rss / psutil.Process().memory_info().rss < 2


def test_each_figure_stands_where_the_kernel_puts_it(tree: LinuxMachine) -> None:
    assert tree.cpu_times()[:4] == (1.0, 0.0, 2.0, 3.0)
    assert tree.cpu_times().steal == 0.07
    assert tree.cpu_stats().ctx_switches == 4711
    assert tree.virtual_memory().total == 2048 * 1024
    assert tree.swap_memory().percent == 25.0
    assert tree.disk_io_counters() == Disk(6 * 512, 11 * 512), "a part of a disk does not count twice"
    parts = tree.disk_io_counters(perdisk=True)
    assert isinstance(parts, dict)
    assert parts["sda1"] == Disk(4 * 512, 6 * 512, 50)
    assert tree.net_io_counters() == (310, 4020)
    assert tree.Process().num_threads() == 1


def test_without_a_disk_or_a_card_there_is_nothing_to_tell(tree: LinuxMachine, tmp_path: Path) -> None:
    (tmp_path / "diskstats").write_text("")
    (tmp_path / "net" / "dev").write_text("Inter-|\n face |\n")
    assert tree.disk_io_counters() is tree.net_io_counters() is None
    (tmp_path / "meminfo").write_text("MemTotal: 2048 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n")
    assert tree.swap_memory().percent == 0.0


@pytest.mark.parametrize(
    ("supplies", "told"),
    [
        ({}, None),
        ({"AC": ("online", "1")}, None),
        ({"BAT0": ("status", "Discharging")}, Battery(False)),
        ({"BAT0": ("status", "Full")}, Battery(True)),
        ({"BAT0": ("status", "Discharging"), "AC": ("online", "1")}, Battery(True)),
        ({"BAT0": ("status", "Full"), "ADP0": ("online", "0"), "ADP1": ("online", "1")}, Battery(True)),
        ({"BAT0": ("status", "Full"), "AC0": ("online", "0")}, Battery(False)),
    ],
)
def test_the_battery(
    tree: LinuxMachine, tmp_path: Path, supplies: dict[str, tuple[str, str]], told: Battery | None
) -> None:
    for name, (file, text) in supplies.items():
        folder = tmp_path / "class" / "power_supply" / name
        folder.mkdir(parents=True)
        (folder / file).write_text(f"{text}\n")
    assert tree.sensors_battery() == told

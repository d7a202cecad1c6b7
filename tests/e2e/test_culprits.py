"""Who did it, for real: a program that spins is found, kept off a core, let back on request, and all is on record."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import UndoAction
from aios_gui.system.paths import find_paths
from tests.processes import answered, incidents_here, service, wait_until

SPINNER = "aios-spinner"
ACTION = f"confine:{SPINNER}"
BUSY = (
    '[[rules]]\nname = "busy"\nmeasure = "cpu_percent"\nlimit = 1\nclear = 0\nfor_s = 0\nlevel = "critical"\n'
    f'actions = ["capture", "event", "{ACTION}"]\n'
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="cores are taken thread by thread on Linux")


@pytest.fixture
def spinner(tmp_path: Path) -> Iterator[psutil.Process]:
    link = tmp_path / SPINNER
    link.symlink_to(Path(sys.executable).resolve())
    command = [str(link), "-S", "-c", "while True: pass"]
    # In a session of its own, since Linux shares the cores out among sessions: whatever else runs, it stands out.
    with subprocess.Popen(command, start_new_session=True) as process:
        seen = psutil.Process(process.pid)
        wait_until(lambda: seen.name() == SPINNER, "it has its name")
        yield seen
        process.kill()


def test_a_program_that_spins_is_found_and_held_back_until_that_is_undone(
    aios_home: Path, spinner: psutil.Process, capsys: pytest.CaptureFixture[str]
) -> None:
    def state_of(action: str) -> str:
        actions = (each for incident in incidents_here(capsys)[:1] for each in incident["actions"])
        return next((each["state"] for each in actions if each["action"] == action), "")

    (aios_home / "settings.toml").write_text(BUSY)
    assert answered("settings", "confirm", "--confirm").returncode == 0
    paths = find_paths()
    cores = spinner.cpu_affinity()
    with service(paths, "--interval", "0.1"):
        wait_until(lambda: state_of(ACTION), "something was done about it", pause_s=0.1)
        (found,) = incidents_here(capsys)
        assert SPINNER in {each["name"] for each in found["culprits"]}
        assert found["finding"] != "unknown"
        if len(cores) > 1:
            assert state_of(ACTION) == "done"
            assert spinner.cpu_affinity() == cores[:-1]
            ChannelClient(paths).execute(UndoAction(found["id"], ACTION))
            wait_until(lambda: state_of(ACTION) == "undone", "it was taken back")
        assert spinner.cpu_affinity() == cores

"""The launch agent: written for the next log-in, and neither loaded nor ended now."""

import plistlib
from pathlib import Path

import pytest

from aios_gui.autostart.model import AutostartOptions, AutostartReason
from aios_gui.heartbeat.model.states import LaunchMode
from tests.autostart.mechanisms.faults import LaunchRig, program_in


@pytest.fixture
def rig(tmp_path: Path) -> LaunchRig:
    return LaunchRig(program_in(tmp_path / "program"), tmp_path / "system")


def test_agent_is_run_at_log_in_and_again_after_a_crash(rig: LaunchRig) -> None:
    agent = plistlib.loads(rig.mechanism.plan(AutostartOptions(LaunchMode.TRAY, nice=3)).text.encode())
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert (agent["ProcessType"], agent["ThrottleInterval"], agent["Nice"]) == ("Interactive", 30, 3)
    assert "LimitLoadToSessionType" not in plistlib.loads(
        rig.mechanism.plan(AutostartOptions(LaunchMode.HEADLESS)).text.encode()
    )


@pytest.mark.parametrize(
    "agent", [[], {}, {"ProgramArguments": []}, {"ProgramArguments": [1]}, {"ProgramArguments": "x"}]
)
def test_what_is_no_agent_is_unreadable(rig: LaunchRig, agent: list[object] | dict[str, object]) -> None:
    rig.mechanism.enable(AutostartOptions())
    rig._path.write_bytes(plistlib.dumps(agent))
    assert rig.mechanism.status(AutostartOptions()).reason is AutostartReason.UNREADABLE


def test_disabled_in_itself_counts_as_switched_off(rig: LaunchRig) -> None:
    rig.mechanism.enable(AutostartOptions())
    agent = plistlib.loads(rig._path.read_bytes())
    rig._path.write_bytes(plistlib.dumps(agent | {"Disabled": True}))
    assert rig.mechanism.status(AutostartOptions()).reason is AutostartReason.SWITCHED_OFF

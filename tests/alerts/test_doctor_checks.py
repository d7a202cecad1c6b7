"""The doctor lists what rules may do, and what waits to be confirmed, with the whole text."""

from pathlib import Path

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.doctor_checks import actions
from aios_gui.alerts.model.rules import Rule
from aios_gui.alerts.settings import with_rules
from aios_gui.system.paths import find_paths
from aios_gui.text.check import CheckState
from tests.defaults import DEFAULTS


def test_what_may_be_done_and_what_waits_is_listed(aios_home: Path) -> None:
    paths = find_paths()
    assert actions(paths, DEFAULTS).state is CheckState.OK
    rules = (
        Rule("hot", "cpu_percent", 90.0, actions=("run:echo \x1b[2J hot", "renice:cargo")),
        Rule("queue", "custom:queue", 5.0, actions=("confine:make",)),
    )
    settings = with_rules(DEFAULTS, rules)
    check = actions(paths, settings)
    assert check.state is CheckState.WARNING
    assert "4 things" in check.detail
    for text in (
        "runs: echo [2J hot",
        "priority of: cargo",
        "plug-in that measures “queue”",
        "off one core: make",
    ):
        assert text in check.detail
    assert "settings confirm" in check.remedy
    Confirmations(paths.confirmations).add(["run:echo \x1b[2J hot"])
    assert "3 things" in actions(paths, settings).detail
    Confirmations(paths.confirmations).add(["renice:cargo", "custom:queue", "confine:make"])
    assert (actions(paths, settings).state, actions(paths, settings).remedy) == (CheckState.OK, "")

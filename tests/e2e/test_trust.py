"""Settings from elsewhere, for real: what they would run, touch or load is not done before a person confirms it."""

import json
import sys
from pathlib import Path

import pytest

from aios_gui.system.paths import find_paths
from tests.processes import beats_of, run_command, service, wait_until

RULE = """[[rules]]
name = "{name}"
measure = "{measure}"
limit = 0
for_s = 0
actions = {actions}
"""


def running(mark: Path) -> str:
    program = f"import pathlib; pathlib.Path({str(mark)!r}).touch()".replace('"', "'")
    command = f'run:{sys.executable} -S -c \\"{program}\\"'
    return RULE.format(name="hot", measure="cpu_percent", actions=f'["{command}", "event"]')


def done() -> dict[str, str]:
    """What was done for the incident: action and state."""
    listed = json.loads(run_command("incidents", "--json").stdout or "[]")
    return {each["action"]: each["state"] for incident in listed for each in incident["actions"]}


@pytest.mark.parametrize("way", ["imported", "written while it runs", "there at the start"])
def test_a_command_is_run_only_once_it_is_confirmed(aios_home: Path, tmp_path: Path, way: str) -> None:
    mark, source = tmp_path / "ran", tmp_path / "theirs.toml"
    source.write_text(running(mark))
    settings = find_paths().settings
    if way == "there at the start":
        settings.write_text(source.read_text())
    with service(find_paths(), "--interval", "0.1"):
        wait_until(lambda: beats_of(find_paths()), "it beats")
        if way == "imported":
            assert "waits for your confirmation" in run_command("settings", "import", str(source)).stderr
        elif way == "written while it runs":
            settings.write_text(source.read_text())
        wait_until(lambda: "event" in done(), "the rest of the rule is done")
    assert list(done()) == ["event"]
    assert not mark.exists()
    assert str(mark) in run_command("doctor").stdout
    assert run_command("settings", "confirm", "--confirm").returncode == 0
    for each in find_paths().data.glob("heartbeat.sqlite3*"):
        each.unlink()  # so that the rule fires again
    with service(find_paths(), "--interval", "0.1"):
        wait_until(mark.exists, "the command is run")

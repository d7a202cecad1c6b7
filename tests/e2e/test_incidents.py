"""Rules of the settings in the real program: they fire, are said, listed and muted, and survive a kill."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aios_gui.system.paths import Paths, find_paths
from tests.processes import Service, answered, incidents_here, run_here, service, wait_until
from tests.processes import run_command as run

ALWAYS = '[[rules]]\nname = "always"\nmeasure = "missed"\nlimit = 0\nfor_s = 0\nlevel = "critical"\n'
LOOK_S = 0.05
"""What a command asks costs the program and the test some milliseconds each."""

Says = Callable[[str], bool]


@pytest.fixture
def beat_says(capsys: pytest.CaptureFixture[str]) -> Says:
    """Whether the beat of the resident begins with a word."""

    def says(word: str) -> bool:
        status, out, _error = run_here(capsys, "beat", "--json")
        facts = json.loads(out)
        assert status == (0 if facts["result"] == "HEARTBEAT_OK" else 1)
        return bool(facts["source"] == "resident" and facts["text"].startswith(word))

    return says


def fired(paths: Paths, beat_says: Says) -> Service:
    running = service(paths, "--interval", "0.1")
    with running as process:
        wait_until(lambda: beat_says("AIOS_ALERT:always ("), "the rule fires", pause_s=LOOK_S)
    return process


def test_a_rule_of_the_settings_fires_and_a_kill_does_not_make_it_fire_twice(
    aios_home: Path, beat_says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    (aios_home / "settings.toml").write_text(ALWAYS)
    paths = find_paths()
    for _ in range(2):
        fired(paths, beat_says)  # and is killed
    listed = answered("incidents", "--json")
    (incident,) = incidents_here(capsys)
    assert (incident["rule"], incident["level"], incident["state"]) == ("always", "critical", "firing")
    assert listed.returncode == 0, "nothing runs that could tell of an alert"
    with service(paths, "--interval", "0.1"):
        wait_until(lambda: beat_says("AIOS_ALERT:always ("), "the rule fires on", pause_s=LOOK_S)
        assert answered("incidents").returncode == 1
        assert answered("incidents", "--mute", "always", "--for", "1h").returncode == 0
        wait_until(lambda: beat_says("HEARTBEAT_OK"), "the rule is muted", pause_s=LOOK_S)
        assert run("incidents", "--note", str(incident["id"]), "known").returncode == 0
        wait_until(lambda: incidents_here(capsys)[0]["note"] == "known", "the note is kept", pause_s=LOOK_S)
    with service(paths, "--interval", "0.1"):
        wait_until(
            lambda: beat_says("HEARTBEAT_OK"), "the rule is muted after a restart, too", pause_s=LOOK_S
        )
    (after,) = incidents_here(capsys)
    assert (after["id"], after["note"], after["silence"]) == (incident["id"], "known", "muted")


def test_a_rule_that_is_removed_while_it_fires_ends_its_incident(
    aios_home: Path, beat_says: Says, capsys: pytest.CaptureFixture[str]
) -> None:
    file = aios_home / "settings.toml"
    file.write_text(ALWAYS)
    paths = find_paths()
    fired(paths, beat_says)
    file.write_text("rules = []\n")
    with service(paths, "--interval", "0.1"):
        wait_until(lambda: beat_says("HEARTBEAT_OK"), "the resident beats", pause_s=LOOK_S)
        wait_until(
            lambda: [each["state"] for each in incidents_here(capsys)] == ["cleared"],
            "the incident is over",
            pause_s=LOOK_S,
        )

"""Who ran and what was noted, from a service that runs to its end and after it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aios_gui.system.paths import find_paths
from tests.processes import answered, run_command, run_here, service, wait_until

# What fires has the processes looked at, at once, so that the first sample need not be waited for.
ALWAYS = (
    '[[rules]]\nname = "always"\nmeasure = "memory_percent"\nlimit = 0.1\nclear = 0\nfor_s = 0\nlevel = "critical"\n'
    'actions = ["capture"]\n'
)
KEYS = {"name", "pid", "parent", "unit", "count", "cpu_percent", "memory_bytes", "io_bytes_per_s"}


def test_a_service_keeps_who_ran_and_takes_notes(aios_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (aios_home / "settings.toml").write_text(ALWAYS)
    paths = find_paths()

    def who(*options: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run_here(capsys, "who", "--json", *options)[1] or "{}")
        return found

    with service(paths, "--interval", "0.1") as running:
        wait_until(lambda: who()["processes"], "who ran is in the record")
        written = run_command("note", "first\nsecond line", "--json")
        assert written.returncode == 0, written.stderr
        note = json.loads(written.stdout)
        running.ask_to_end()
        assert running.end()[0] == 0
    found = json.loads(answered("who", "--at", note["at"], "--json").stdout)
    assert {"at", "sampled_at", "seconds", "processes"} <= found.keys()
    assert all(each.keys() == KEYS for each in found["processes"]), "no command lines"
    assert 5 <= len(found["processes"]) <= 15
    assert all(each["memory_bytes"] for each in found["processes"][:1])
    apart = datetime.fromisoformat(found["sampled_at"]) - datetime.fromisoformat(found["at"])
    assert abs(apart.total_seconds()) <= 60
    shown = answered("who", "--at", note["at"])
    assert found["processes"][0]["name"] in shown.stdout
    whole = who("--range", "1h")
    assert whole["samples"] >= 1
    assert {each["name"] for each in found["processes"]} <= {each["name"] for each in whole["processes"]}
    assert who("--at", "yesterday 00:00")["reason"] == "before_record"
    (listed,) = json.loads(answered("note", "list", "--json").stdout)
    assert listed == note
    assert (note["text"], note["until"]) == ("first\nsecond line", None)
    assert answered("note", "remove", str(note["id"])).returncode == 0
    assert json.loads(answered("note", "list", "--json").stdout) == []

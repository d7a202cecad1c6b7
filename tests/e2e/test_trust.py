"""Settings from elsewhere, for real: what they would run, touch or load is not done before a person confirms it."""

import json
from pathlib import Path

import pytest

from aios_gui.system.paths import find_paths
from tests.alerts.actions.fakes import python
from tests.processes import answered, beats_of, incidents_here, service, wait_until

RULE = """[[rules]]
name = "{name}"
measure = "{measure}"
limit = 0
for_s = 0
actions = {actions}
"""


def running(mark: Path) -> str:
    command = python(f"import pathlib; pathlib.Path('{mark.as_posix()}').touch()")
    return RULE.format(name="hot", measure="cpu_percent", actions=json.dumps([command, "event"]))


def done(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What was done for the incidents of the rule: action and state. On a busy machine usual rules fire as well."""
    incidents = [each for each in incidents_here(capsys) if each["rule"] == "hot"]
    return {each["action"]: each["state"] for incident in incidents for each in incident["actions"]}


@pytest.mark.parametrize(
    "way", ["imported", pytest.param("written while it runs", marks=pytest.mark.long), "there at the start"]
)
def test_a_command_is_run_only_once_it_is_confirmed(
    aios_home: Path, tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mark, source = tmp_path / "ran", tmp_path / "theirs.toml"
    source.write_text(running(mark))
    settings = find_paths().settings
    if way == "there at the start":
        settings.write_text(source.read_text())
    with service(find_paths(), "--interval", "0.1"):
        wait_until(lambda: beats_of(find_paths()), "it beats")
        if way == "imported":
            assert "waits for your confirmation" in answered("settings", "import", str(source)).stderr
        elif way == "written while it runs":
            settings.write_text(source.read_text())
        wait_until(lambda: "event" in done(capsys), "the rest of the rule is done")
    assert list(done(capsys)) == ["event"]
    assert not mark.exists()
    assert mark.as_posix() in answered("doctor").stdout
    assert answered("settings", "confirm", "--confirm").returncode == 0
    for each in find_paths().data.glob("heartbeat.sqlite3*"):
        each.unlink()  # so that the rule fires again
    with service(find_paths(), "--interval", "0.1"):
        wait_until(mark.exists, "the command is run")


PLUG_INS = {
    "fine": "def measure():\n    return 7.0\n",
    "leaves": "raise SystemExit(3)\n",
    "leaves_later": "def measure():\n    raise SystemExit(3)\n",
    "stalls": "import time\ntime.sleep(600)\n",
}
"""In the order in which they are loaded."""


@pytest.fixture
def plug_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed plug-ins; each leaves a mark there when it is imported."""
    folder = tmp_path / "plug-ins"
    about = folder / "aios_odd-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: aios-odd\nVersion: 1.0\n")
    points = "".join(f"{name} = odd_{name}:measure\n" for name in PLUG_INS)
    (about / "entry_points.txt").write_text(f"[aios_heartbeat.measures]\n{points}")
    for name, text in PLUG_INS.items():
        mark = f"import pathlib; pathlib.Path({str(folder / name)!r}).touch()\n"
        (folder / f"odd_{name}.py").write_text(mark + text)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_plug_ins_are_not_loaded_before_that_is_confirmed_and_none_can_stop_the_beat(
    aios_home: Path, plug_ins: Path
) -> None:
    paths = find_paths()
    rules = (RULE.format(name=name, measure=f"custom:{name}", actions='["event"]') for name in PLUG_INS)
    paths.settings.write_text("".join(rules))
    with service(paths, "--interval", "0.1"):
        # Confirmed ones are loaded with the first beats.
        wait_until(lambda: len(beats_of(paths)) > 20, "it beats")
    assert not [name for name in PLUG_INS if (plug_ins / name).exists()]
    assert answered("settings", "confirm", "--confirm").returncode == 0
    with service(paths, "--interval", "0.1"):
        wait_until((plug_ins / "stalls").exists, "all of them are imported, the last one without an end")
        before = len(beats_of(paths))
        wait_until(lambda: len(beats_of(paths)) > before + 20, "beats go on")
        assert answered("beat").stdout.startswith("HEARTBEAT")

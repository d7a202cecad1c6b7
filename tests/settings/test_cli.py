"""`settings`, `record` and `forget` as functions, where nothing runs."""

import io
import json
from pathlib import Path

import pytest

from aios_gui.instance.settings import DECLARED, settings_file
from aios_gui.settings.model import Settings
from aios_gui.system.paths import find_paths
from tests.defaults import DEFAULTS
from tests.processes import run_here as run


@pytest.fixture(autouse=True)
def own_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    # The test's own handlers are not the command's business.
    monkeypatch.setattr("signal.signal", lambda *_: None)


def saved() -> Settings:
    return settings_file(find_paths()).load().settings


def test_all_are_listed_in_words_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "settings")
    assert (status, told) == (0, "")
    assert all(setting.name in out for setting in DECLARED)
    _status, out, _told = run(capsys, "settings", "list", "--json")
    listed = json.loads(out)
    assert [each["name"] for each in listed] == [setting.name for setting in DECLARED]
    assert {"value", "default", "changed", "choices", "unit", "effect", "title", "help"} <= set(listed[0])
    assert not any(each["changed"] for each in listed)


def test_set_get_and_reset(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "settings", "set", "beat.interval_s", "0.5") == (0, "Interval: 0.5 s\n", "")
    assert run(capsys, "settings", "get", "beat.interval_s") == (0, "0.5\n", "")
    assert saved()["beat.interval_s"] == 0.5
    status, out, _told = run(capsys, "settings", "set", "window.theme", "dark", "--json")
    assert (status, json.loads(out)["running"], json.loads(out)["settings"][0]["value"]) == (0, False, "dark")
    assert run(capsys, "settings", "reset", "beat.interval_s") == (0, "Interval: 1 s\n", "")
    assert saved() == DEFAULTS.with_value("window.theme", "dark")
    assert run(capsys, "settings", "reset")[0] == 0
    assert saved() == DEFAULTS


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("set", "beat.interval_s", "0"), "“beat.interval_s” cannot be “0”: it must be a number from 0.02"),
        (("set", "beat.interval_s", "nan"), "cannot be “nan”"),
        (("set", "record.raw_days", "1.5"), "a whole number from 1 to 3650"),
        (("set", "window.theme", "pink"), "one of system, light, dark"),
        (("set", "beat.warm_up", "maybe"), "true or false"),
        (("set", "keyboard.quit", "Q"), "keys such as Ctrl+P"),
        (("set", "beat.intervall_s", "1"), "is “beat.interval_s” meant?"),
        (("get", "x"), "there is no setting “x”"),
        (("get",), "write it as: aios-heartbeat settings get NAME"),
        (("set", "beat.interval_s"), "write it as: aios-heartbeat settings set NAME VALUE"),
        (("list", "more"), "write it as: aios-heartbeat settings list"),
    ],
)
def test_what_is_wrong_is_one_line_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    status, out, told = run(capsys, "settings", *words)
    assert (status, out) == (2, "")
    assert sentence in told
    assert told.count("\n") == 1
    assert not find_paths().settings.exists()


def test_a_value_that_begins_with_a_dash_can_be_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "settings", "set", "--", "autostart.nice", "-5")[0] == 0
    assert saved()["autostart.nice"] == -5


def test_the_file_can_be_found_exported_and_imported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "settings", "path")[1] == f"{find_paths().settings}\n"
    run(capsys, "settings", "set", "record.raw_days", "30")
    copy = tmp_path / "copy.toml"
    assert run(capsys, "settings", "export", str(copy))[0] == 0
    run(capsys, "settings", "reset")
    assert run(capsys, "settings", "import", str(copy)) == (0, "Keep beats for: 30 days\n", "")
    assert saved()["record.raw_days"] == 30


@pytest.mark.parametrize(
    "content", ["[beat", "[beat]\ninterval_s = 'x'\nodd = 1", f"version = {DECLARED.version + 1}"]
)
def test_a_bad_file_is_not_imported(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(content)
    status, out, told = run(capsys, "settings", "import", str(bad))
    assert (status, out) == (2, "")
    assert told.splitlines()[-1] == f"aios-heartbeat: nothing was changed, since {bad} cannot be used"
    assert not find_paths().settings.exists()
    assert bad.read_text() == content
    assert run(capsys, "settings", "import", str(tmp_path / "none.toml"))[0] == 2


def test_a_file_of_a_newer_program_is_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    path = find_paths().settings
    path.write_text(f"version = {DECLARED.version + 1}\n")
    status, _out, told = run(capsys, "settings", "set", "beat.interval_s", "2")
    assert status == 2
    assert "newer version" in told
    assert path.read_text() == f"version = {DECLARED.version + 1}\n"


def test_where_the_record_lies(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert str(find_paths().store) in run(capsys, "record")[1]
    status, out, _told = run(capsys, "record", "--move", str(tmp_path / "new"), "--json")
    assert (status, json.loads(out)["state"]) == (0, "done")
    _status, out, _told = run(capsys, "record", "--json")
    assert json.loads(out)["folder"] == str(tmp_path / "new")
    status, out, told = run(capsys, "record", "--move", str(tmp_path / "new"))
    assert (status, out) == (2, "")
    assert "nothing is lost" in told


def test_forgetting_is_first_only_listed(capsys: pytest.CaptureFixture[str], aios_home: Path) -> None:
    assert run(capsys, "forget") == (0, "There is nothing to remove.\n", "")
    run(capsys, "settings", "set", "beat.interval_s", "2")
    status, out, _told = run(capsys, "forget")
    assert status == 0
    assert str(find_paths().settings) in out
    assert "Nothing was removed" in out
    assert find_paths().settings.exists()
    _status, out, _told = run(capsys, "forget", "--json")
    assert json.loads(out)["would_be_removed"][0]["kind"] == "settings"
    status, out, _told = run(capsys, "forget", "--yes")
    assert status == 0
    assert "nothing of them is left" in out
    assert list(aios_home.rglob("*")) == []


# What an imported file would have done

RUNS = """[[rules]]
name = "hot"
measure = "cpu_percent"
limit = 90
actions = ["notify", "run:echo hot", "renice:cargo"]
"""


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    source = tmp_path / "theirs.toml"
    source.write_text(RUNS)
    return source


def waits(capsys: pytest.CaptureFixture[str]) -> list[str]:
    status, out, _told = run(capsys, "settings", "confirm", "--json")
    listed = [each["text"] for each in json.loads(out)["waiting"]]
    assert status == bool(listed)
    return listed


def answering(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """A person at a terminal."""
    stream = io.StringIO("".join(f"{line}\n" for line in lines))
    stream.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", stream)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)


def test_an_import_lists_what_it_would_run_and_switches_nothing_on(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = run(capsys, "settings", "import", str(runs))
    assert (status, "the rules were changed" in out) == (0, True)
    assert "The rule “hot” runs: echo hot" in told
    assert "lowers the priority of: cargo" in told
    assert "2 things that rules would do wait" in told
    assert waits(capsys) == ["run:echo hot", "renice:cargo"]


def test_what_waits_is_told_in_chinese_with_its_stops(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "settings", "set", "window.language", "zh_CN")
    told = run(capsys, "settings", "import", str(runs))[2]
    assert "。" in told.splitlines()[-1]
    assert ". " not in told


def test_an_import_confirmed_by_its_option_waits_for_nothing(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _out, told = run(capsys, "settings", "import", str(runs), "--confirm")
    assert (status, "runs: echo hot" in told) == (0, True)
    assert waits(capsys) == []
    runs.write_text(RUNS.replace("echo hot", "rm -r hot"))
    run(capsys, "settings", "import", str(runs))
    assert waits(capsys) == ["run:rm -r hot"]


def test_at_a_terminal_each_is_asked_for(
    runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "no", "yes")
    run(capsys, "settings", "import", str(runs))
    assert waits(capsys) == ["run:echo hot"]
    answering(monkeypatch)
    assert waits(capsys) == ["run:echo hot"]
    answering(monkeypatch, "yes")
    assert run(capsys, "settings", "confirm")[:2] == (0, "nothing waits to be confirmed\n")


def test_what_is_edited_by_hand_waits_too(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    find_paths().settings.parent.mkdir(parents=True, exist_ok=True)
    find_paths().settings.write_text(RUNS)
    assert waits(capsys) == ["run:echo hot", "renice:cargo"]


def test_what_cannot_be_kept_or_does_not_belong_is_told(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    find_paths().confirmations.mkdir(parents=True)
    status, _out, told = run(capsys, "settings", "import", str(runs), "--confirm")
    assert (status, "what you confirmed cannot be kept in" in told) == (2, True)
    assert run(capsys, "settings", "list", "--confirm")[0] == 2

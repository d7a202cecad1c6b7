"""The set-up script: which Python it takes, when it makes the environment again, and what it says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import dev
import pytest

needs_posix = pytest.mark.skipif(os.name == "nt", reason="stands in for interpreters with shell scripts")


def interpreter(folder: Path, name: str, version: list[int], can_make_venv: bool) -> list[str]:
    """Write a program that answers the set-up's question as a Python of that version would."""
    script = folder / name
    script.write_text(f"#!/bin/sh\necho '{json.dumps([version, str(script), can_make_venv])}'\n")
    script.chmod(0o755)
    return [str(script)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of the least that the set-up reads, in place of the real one."""
    root = tmp_path / "project"
    po = root / "resources" / "translations" / "zh_CN" / "LC_MESSAGES" / "aios.po"
    for file in (
        root / "pyproject.toml",
        root / "aios_gui" / "__init__.py",
        root / "packaging" / "hatch_build.py",
        root / dev.PINS,
        po,
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    monkeypatch.setattr(dev, "ROOT", root)
    monkeypatch.setattr(dev, "VENV", root / ".venv")
    monkeypatch.setattr(dev, "STAMP", root / ".venv" / "set-up.json")
    monkeypatch.setattr(dev, "BEGUN", root / ".venv" / "set-up.begun")
    return root


@pytest.fixture
def environment(project: Path) -> dict[str, object]:
    """A finished environment in the project; gives its stamp."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(dev.VENV)], check=True)
    stamp = dev.wanted(HERE, {"dev"})
    dev.STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    return stamp


HERE = (sys.version_info[0], sys.version_info[1])


@needs_posix
def test_first_python_that_fits_is_taken(tmp_path: Path) -> None:
    old = interpreter(tmp_path, "old", [3, 10], True)
    new = interpreter(tmp_path, "new", [3, 14], True)
    bare = interpreter(tmp_path, "bare", [3, 11], False)
    good = interpreter(tmp_path, "good", [3, 12], True)
    broken = [str(tmp_path / "absent")]
    assert dev.choose_python([old, new, broken, bare, good]).executable == good[0]


@needs_posix
def test_python_without_venv_names_the_package(tmp_path: Path) -> None:
    old = interpreter(tmp_path, "old", [3, 9], True)
    bare = interpreter(tmp_path, "bare", [3, 11], False)
    with pytest.raises(dev.SetUpError, match=r"sudo apt install python3\.11-venv"):
        dev.choose_python([old, bare])


@needs_posix
def test_no_python_that_fits_says_which_is_needed(tmp_path: Path) -> None:
    with pytest.raises(dev.SetUpError, match=r"needs Python 3\.11 to 3\.13"):
        dev.choose_python([interpreter(tmp_path, "old", [3, 8], True)])


@needs_posix
def test_program_that_answers_nonsense_is_no_python(tmp_path: Path) -> None:
    script = tmp_path / "python3"
    script.write_text("#!/bin/sh\necho pyenv: python3: command not found\n")
    script.chmod(0o755)
    assert dev.ask([str(script)]) is None


def test_this_python_is_asked_first_and_newer_before_older() -> None:
    commands = dev.candidates()
    assert commands[0] == [sys.executable]
    assert commands.index(["python3.13"]) < commands.index(["python3.12"]) < commands.index(["python3.11"])


def test_python_of_an_environment_leads_to_the_one_it_was_made_from(environment: dict[str, object]) -> None:
    found = dev.ask([str(dev.venv_python())])
    assert found is not None
    assert Path(found.executable).exists()
    assert dev.VENV not in Path(found.executable).parents


def test_finished_environment_has_no_trouble(environment: dict[str, object]) -> None:
    assert dev.trouble_with_venv(dev.read_stamp(), HERE) is None
    assert dev.read_stamp() == environment


def test_environment_of_a_killed_set_up_is_made_anew(environment: dict[str, object]) -> None:
    dev.BEGUN.touch()
    assert dev.trouble_with_venv(dev.read_stamp(), HERE) == "its set-up was not finished"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe"])
def test_unreadable_stamp_means_unfinished(environment: dict[str, object], content: bytes) -> None:
    dev.STAMP.write_bytes(content)
    assert dev.trouble_with_venv(dev.read_stamp(), HERE) == "its set-up was not finished"


def test_environment_of_a_moved_project_is_made_anew(
    environment: dict[str, object], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "ROOT", project.parent / "elsewhere")
    assert dev.trouble_with_venv(dev.read_stamp(), HERE) == "the project was moved"


def test_environment_of_another_version_is_made_anew(environment: dict[str, object]) -> None:
    assert dev.trouble_with_venv(dev.read_stamp(), (3, 99)) == "it was made by another version of Python"


def test_environment_whose_python_is_gone_is_made_anew(environment: dict[str, object]) -> None:
    dev.venv_python().unlink()
    dev.venv_python().symlink_to(dev.ROOT / "deleted" / "python")
    assert dev.trouble_with_venv(dev.read_stamp(), HERE) == "the Python it was made from is gone"


@pytest.mark.parametrize("changed", ["pyproject.toml", "aios_gui/__init__.py", "packaging/hatch_build.py"])
def test_changed_source_needs_a_new_set_up(project: Path, changed: str) -> None:
    before = dev.wanted(HERE, {"dev"})
    (project / changed).write_text("2")
    assert dev.wanted(HERE, {"dev"}) != before


def test_changed_or_new_translation_needs_a_new_set_up(project: Path) -> None:
    before = dev.wanted(HERE, set())
    dev.catalogues()[0].write_text("2")
    changed = dev.wanted(HERE, set())
    other = project / "resources" / "translations" / "de" / "LC_MESSAGES" / "aios.po"
    other.parent.mkdir(parents=True)
    other.write_text("1")
    assert len({json.dumps(state) for state in (before, changed, dev.wanted(HERE, set()))}) == 3


def test_environment_that_is_a_link_is_unlinked_not_followed(project: Path) -> None:
    precious = project / "precious"
    precious.mkdir()
    (precious / "file").touch()
    dev.VENV.symlink_to(precious, target_is_directory=True)
    dev.remove_venv()
    assert not dev.VENV.exists()
    assert (precious / "file").exists()


def test_unknown_check_names_those_there_are(project: Path) -> None:
    with pytest.raises(dev.SetUpError, match=r"No such check: speling\. There are lint, format"):
        dev.check(["speling"])


@pytest.mark.parametrize("status", [0, 3])
def test_failing_check_shows_its_output_and_fails(
    status: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", f"print('why'); raise SystemExit({status})"]
    monkeypatch.setattr(dev, "check_commands", lambda: [("lint", command), ("types", command)])
    assert dev.check(["lint"]) == (1 if status else 0)
    shown = capsys.readouterr().out
    assert ("why" in shown) == bool(status)
    assert "types" not in shown


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        dev.main(["--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert all(command in shown for command in dev.COMMANDS)


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert "translate" in capsys.readouterr().out


def test_failure_is_one_message_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing_fits(commands: list[list[str]]) -> dev.Python:
        raise dev.SetUpError("Install a Python.")

    monkeypatch.setattr(dev, "choose_python", nothing_fits)
    assert dev.main(["run"]) == 2
    assert capsys.readouterr().err == "[dev] Install a Python.\n"

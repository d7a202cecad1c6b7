"""The bundle for a report: what is in it, what is not, and that nothing is written unasked."""

import io
import json
import logging
import os
import socket
import stat
import struct
import sys
import tomllib
import zlib
from pathlib import Path

import pytest

from aios_gui.alerts.settings import rules_of
from aios_gui.instance.settings import settings_file
from aios_gui.selfcheck.doctor.blanking import Blanks, blanks_of
from aios_gui.system.logs import start_logging, stop_logging
from aios_gui.system.paths import Paths
from tests.privileges import has_permissions
from tests.processes import run_command, run_here
from tests.systems import follows_links, has_signals

COMMAND = "/opt/pager --to ops@example.org --door 4711"
SECRETS = {
    "of a rule": COMMAND,
    "of an unknown setting": "swordfish-in-settings",
    "of a comment": "swordfish-in-a-comment",
    "of the environment": "swordfish_in_environ",
    "of a log": "swordfish-in-log",
    "of a header": "eyJhbGciOiJIUzI1NiJ9.swordfish",
    "of an address": "swordfish-in-address",
    "of the user": "rumpelstiltskin",
    "of the home": "/home/rumpelstiltskin",
    "of the machine": socket.gethostname(),
}
SETTINGS = f"""# {SECRETS["of a comment"]}
api_token = "{SECRETS["of an unknown setting"]}"
[beat]
interval_s = 2.0
[[rules]]
name = "busy"
measure = "cpu_percent"
limit = 95
actions = ["notify", "run:{COMMAND}"]
"""


@pytest.fixture
def planted(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home with a secret in every place."""
    monkeypatch.setenv("USER", SECRETS["of the user"])
    monkeypatch.setenv("HOME", SECRETS["of the home"])
    monkeypatch.setenv("DEPLOY_TOKEN", SECRETS["of the environment"])
    paths.settings.write_text(SETTINGS, encoding="utf-8")
    start_logging(paths)
    log = logging.getLogger("aios_gui.planted")
    for number in range(30):
        log.warning("nothing to see in line %s", number)
    log.error("login failed: password=%s", SECRETS["of a log"])
    log.error("sent with Authorization: Bearer %s", SECRETS["of a header"])
    log.error("cannot open https://me:%s@example.org/x", SECRETS["of an address"])
    log.error("%s on %s ran %s", SECRETS["of the user"], SECRETS["of the machine"], COMMAND)
    try:
        raise LookupError(f"no {SECRETS['of the environment']} in {SECRETS['of the home']}/notes.txt")
    except LookupError:
        log.exception("it went wrong in %s", paths.logs)
    stop_logging()
    return paths


def unpacked(archive: Path) -> dict[str, bytes]:
    """The files of a zip by the letter of its format, with nothing of the library that wrote it."""
    raw = archive.read_bytes()
    *_, count, _size, place, _comment = struct.unpack("<4s4H2IH", raw[-22:])
    found = {}
    for _ in range(count):
        entry = struct.unpack("<4s6H3I5H2I", raw[place : place + 46])
        assert entry[0] == b"PK\1\2"
        method, packed, size, name_length, extra, comment, start = (
            entry[n] for n in (4, 8, 9, 10, 11, 12, 16)
        )
        name = raw[place + 46 : place + 46 + name_length].decode()
        skipped = sum(struct.unpack("<2H", raw[start + 26 : start + 30]))
        body = raw[start + 30 + skipped : start + 30 + skipped + packed]
        found[name] = zlib.decompress(body, -15) if method == 8 else body
        assert len(found[name]) == size
        place += 46 + name_length + extra + comment
    return found


def bundle(target: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, bytes]:
    """What is in a bundle that is written without a question."""
    status, _out, error = run_here(capsys, "doctor", "--bundle", str(target), "--yes", *options)
    assert (status, error) == (0, "")
    return unpacked(target)


def test_it_holds_what_helps(planted: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = bundle(tmp_path / "b.zip", capsys)
    assert list(found) == [
        "versions.json",
        "doctor.json",
        "settings.toml",
        "errors.txt",
        "files.json",
        "log/aios-heartbeat.log",
    ]
    versions, answers = json.loads(found["versions.json"]), json.loads(found["doctor.json"])
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"record", "settings", "packages", "log"} <= {each["name"] for each in answers["checks"]}
    assert tomllib.loads(found["settings.toml"].decode())["beat"]["interval_s"] == 2.0
    assert b"nothing to see in line 29" in found["log/aios-heartbeat.log"]
    errors = found["errors.txt"].decode()
    assert "nothing to see" not in errors
    assert errors.count(" ERROR ") == 5
    # A home of Linux is none on Windows, where only the name of the user in it goes.
    home = "/home/<user>" if sys.platform == "win32" else "~"
    assert errors.endswith(f"in {home}/notes.txt\n")
    assert '\n  File "' in errors  # a traceback keeps its form
    files = json.loads(found["files.json"])
    of_settings = {"path": f"<settings>{os.sep}settings.toml", "kind": "settings"}
    assert {**of_settings, "size_bytes": planted.settings.stat().st_size} in files


def test_no_secret_is_in_it(planted: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = b"".join(bundle(tmp_path / "b.zip", capsys).values())
    assert [what for what, secret in SECRETS.items() if secret.encode() in whole] == []
    assert str(planted.data).encode() not in whole
    assert b'"notify", "run:***"' in b" ".join(whole.split())


def test_asked_for_whole_it_has_names_and_commands_but_no_password(
    planted: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = b"".join(bundle(tmp_path / "b.zip", capsys, "--whole").values())
    kept = {what for what, secret in SECRETS.items() if secret.encode() in whole}
    assert {"of a rule", "of the user", "of the home", "of the machine"} <= kept
    assert not kept & {"of a log", "of a header", "of an address", "of an unknown setting", "of a comment"}


def test_in_a_process_of_its_own_too(planted: Paths, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    done = run_command("doctor", "--bundle", str(target), "--yes", "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["file"], facts["blanked"]) == (0, str(target), True)
    found = unpacked(target)
    assert [(each["name"], each["size_bytes"]) for each in facts["parts"]] == [
        (name, len(content)) for name, content in found.items()
    ]
    assert not any(secret.encode() in b"".join(found.values()) for secret in SECRETS.values())


@has_permissions
def test_it_is_for_this_user_alone(paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = os.umask(0)
    try:
        bundle(tmp_path / "b.zip", capsys)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["b.zip"]


def test_unasked_it_only_shows_what_it_would_hold(
    planted: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, error = run_here(capsys, "doctor", "--bundle", str(tmp_path / "b.zip"))
    assert (status, error.count("\n")) == (2, 1)
    assert "nothing was written" in error
    assert "  settings.toml " in out
    assert list(tmp_path.iterdir()) == []


class Terminal(io.StringIO):
    """A person at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "written"), [("yes", True), ("no", False), ("", False)])
def test_a_person_is_asked_after_seeing_the_list(
    answer: str,
    written: bool,
    paths: Paths,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    monkeypatch.setattr(sys, "stderr", said)
    status, out, _error = run_here(capsys, "doctor", "--bundle", str(tmp_path / "b.zip"))
    assert said.getvalue().startswith("Write it? Type yes or no: ")
    assert "doctor.json" in out
    assert (status == 0, (tmp_path / "b.zip").exists()) == (written, written)


@pytest.mark.parametrize("is_link", [False, pytest.param(True, marks=follows_links)])
def test_what_is_there_already_is_never_overwritten(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str], is_link: bool
) -> None:
    there = tmp_path / "mine.zip"
    if is_link:
        there.symlink_to(tmp_path / "elsewhere")
    else:
        there.write_text("mine")
    status, _out, error = run_here(capsys, "doctor", "--bundle", str(there), "--yes")
    assert (status, "is there already" in error) == (2, True)
    assert there.is_symlink() if is_link else there.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [there]


def test_options_of_the_bundle_alone_are_refused(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--yes", "--whole"):
        status, _out, error = run_here(capsys, "doctor", option)
        assert (status, "belong to --bundle" in error) == (2, True)


@has_signals
def test_settings_and_a_log_that_are_no_files_hold_nothing_up(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(paths.log)
    os.mkfifo(paths.settings)
    found = bundle(tmp_path / "b.zip", capsys)
    assert "log/aios-heartbeat.log" not in found
    assert b"settings.toml" in found["doctor.json"]


def test_settings_read_back_as_they_were_but_for_commands(
    planted: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = settings_file(planted).load(set_aside=False).settings
    planted.settings.write_bytes(bundle(tmp_path / "b.zip", capsys)["settings.toml"])
    loaded = settings_file(planted).load(set_aside=False)
    assert loaded.problems == ()
    assert [each for each in before.declared if loaded.settings[each.name] != before[each.name]] == []
    assert [rule.actions for rule in rules_of(loaded.settings)] == [("notify", "run:***")]


def test_longer_texts_are_blanked_first_and_names_only_as_words() -> None:
    blanks = Blanks({"/home/ann": "~", "/home/ann/data": "<data>"}, {"ann": "<user>", "": "never"})
    assert blanks.text("/home/ann/data/x of Ann in /home/ann: annual") == "<data>/x of <user> in ~: annual"
    assert blanks.facts({"a": ["ann", 1, None, ("ann",)]}) == {"a": ["<user>", 1, None, ["<user>"]]}


def test_the_folder_where_it_was_started_is_no_secret(paths: Paths) -> None:
    settings = settings_file(paths).load().settings
    environ = {"PWD": "/tmp/somewhere", "PASSWORD_MODE": "true", "MY_KEY": "abcdef"}
    assert blanks_of(paths, settings, environ).text("true abcdef /tmp/somewhere") == "true *** /tmp/somewhere"

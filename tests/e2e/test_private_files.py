"""What the real program writes and reads where folders are open, foreign, read-only, or full of traps."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from aios_gui import cli
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.lock import InstanceInfo, InstanceLock, is_locked, read_instance
from aios_gui.system.atomic_file import make_private
from aios_gui.system.own_program import own_command
from aios_gui.system.paths import Paths, find_paths
from tests.privileges import as_ordinary_user, has_permissions, open_folder
from tests.processes import COMMAND, ROOT, answered, beats_of, run_command, run_here, service, wait_until
from tests.systems import has_signals

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a device of Linux")


@has_permissions
@pytest.mark.parametrize(
    "mask", ["000", *(pytest.param(each, marks=pytest.mark.long) for each in ("002", "022", "077"))]
)
def test_whatever_the_umask_only_the_user_may_write_what_is_kept(tmp_path: Path, mask: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AIOS_", "XDG_"))}
    shell = (
        f'umask {mask}; "$@" service --interval 0.05 --duration 0.01 && "$@" settings set beat.interval_s 2'
    )
    subprocess.run(
        ["sh", "-c", shell, "sh", *COMMAND],
        cwd=ROOT,
        env={**environ, "HOME": str(home)},
        check=True,
        timeout=60,
    )
    found = [each for each in home.rglob("*") if not each.is_symlink()]
    assert any(each.name == "settings.toml" for each in found)
    assert any(each.name == "heartbeat.sqlite3" for each in found)
    assert [each for each in found if each.stat().st_mode & 0o077] == []


def test_modules_of_the_folder_where_it_was_started_are_not_taken(tmp_path: Path) -> None:
    for name in ("json", "psutil", "argparse", "aios_gui"):
        (tmp_path / f"{name}.py").write_text("import os; open('taken', 'w').close(); os._exit(9)")
    done = subprocess.run(own_command("beat"), cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode in (0, 1)
    assert not (tmp_path / "taken").exists()


@LINUX
@has_signals
def test_the_service_beats_on_where_its_output_is_on_a_full_device(paths: Paths) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            [*COMMAND, "service", "--interval", "0.05"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    with process:
        try:
            wait_until(lambda: len(beats_of(paths)) >= 5, "5 beats on record")
            process.send_signal(signal.SIGTERM)
            _out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert err.splitlines() == ["aios-heartbeat: the output could not be written: No space left on device"]
    assert process.returncode == 0


@LINUX
@pytest.mark.parametrize("command", [("settings",), ("beat",), ("doctor", "--json"), ("forget",)])
def test_a_command_tells_in_one_line_that_its_output_cannot_be_written(command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *command],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.stderr.splitlines() == [
        "aios-heartbeat: the output could not be written: No space left on device"
    ]
    assert done.returncode == 2


@LINUX
def test_a_command_whose_errors_cannot_be_written_ends_as_usual() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "nothing"], cwd=ROOT, stderr=full, check=False, timeout=60)
    assert done.returncode == 2


@has_signals
def test_a_heartbeat_that_cannot_be_reached_is_not_said_to_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder for its socket is one that others may write."""
    folder = tmp_path / f"aios-heartbeat-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("AIOS_HOME", str(tmp_path / ("long" * 30)))
    paths = find_paths()
    with service(paths, "--interval", "0.05") as running:
        running.wait_for_beats(2)
        info = read_instance(paths)
        assert info is not None
        assert info.pid == running.process.pid
        done = run_command("quit")
        assert done.returncode == 2
        assert str(info.pid) in done.stderr
        assert "ended" not in done.stdout
        assert running.process.poll() is None
        running.send(signal.SIGTERM)
        _status, _out, err = running.end()
    assert "cannot reach this heartbeat" in err
    assert f"{folder}: it belongs to another user or is open to others" in err
    assert "Traceback" not in err


@has_permissions
@pytest.mark.usefixtures("paths")
def test_in_a_folder_that_can_only_be_read_the_lock_is_seen_and_given_back() -> None:
    with open_folder() as folder:
        home = find_paths({"AIOS_HOME": str(folder / "mine")})

        def attempt() -> tuple[bool, bool]:
            lock = InstanceLock(home)
            lock.take()
            lock.announce(InstanceInfo(1, Mode.SERVICE, "somewhere"))
            home.instance_lock.chmod(0o400)
            home.data.chmod(0o500)
            before = is_locked(home)
            lock.release()
            return before, is_locked(home)

        assert as_ordinary_user(attempt) == (True, False)


@has_permissions
def test_settings_in_a_folder_that_can_only_be_read_are_refused_in_a_line(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    # What it loads is loaded here, as the other user may not read the folder of Python.
    assert run_here(capsys, "settings", "set", "beat.interval_s", "2")[0] == 0
    with open_folder() as folder:
        home = folder / "mine"

        def attempt() -> tuple[int, str]:
            os.environ["AIOS_HOME"] = str(home)
            make_private(home)
            home.chmod(0o500)
            told = StringIO()
            with redirect_stderr(told):
                status = cli.main(["settings", "set", "beat.interval_s", "3"])
            return status, told.getvalue()

        status, told = as_ordinary_user(attempt)
    assert status == 2
    assert len(told.splitlines()) == 1, told
    assert "Permission denied" in told


def test_escape_sequences_in_names_of_files_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = str(tmp_path / "a\x1b[31mb\x07")
    for command in (("settings", "import", name), ("settings", "export", f"{name}/x"), ("beat", name)):
        status, out, err = run_here(capsys, *command)
        assert status == 2
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


@has_permissions
def test_what_is_exported_is_private_and_follows_no_trap(paths: Paths, tmp_path: Path) -> None:
    with service(paths, "--interval", "0.05", "--duration", "0.01") as running:
        running.end()
    for command, name in ((("export", "-o"), "out.csv"), (("settings", "export"), "out.toml")):
        done = answered(*command, str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a link away")
def test_a_link_of_another_user_is_refused_in_words(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "out.toml"
    link.symlink_to(tmp_path / "treasure")
    os.chown(link, 4711, 4711, follow_symlinks=False)
    status, _out, err = run_here(capsys, "settings", "export", str(link))
    assert status == 2
    assert err == (
        f"aios-heartbeat: {link}: it was made by another user, who could read or misdirect what is written there\n"
    )
    assert not (tmp_path / "treasure").exists()
    assert paths.config.is_dir()

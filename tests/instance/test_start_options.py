"""Home, wait and trial: taken before anything else, ended at once, and a trial touches nothing of the user's."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aios_gui import app
from aios_gui.autostart.login_start import last_login_start
from aios_gui.autostart.settings import AUTOSTART
from aios_gui.instance import start_options
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.instance.start_options import LONGEST_WAIT_S, take_home, wait_to_start
from aios_gui.system.paths import Paths, find_paths
from tests.processes import PATIENCE_S, ROOT, wait_until

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")


def test_home_is_taken_wherever_it_stands() -> None:
    cases: list[tuple[list[str], list[str], str | None]] = [
        (["--home", "/h", "beat", "--json"], ["beat", "--json"], "/h"),
        (["beat", "--home", "/h", "--json"], ["beat", "--json"], "/h"),
        (["--minimized", "--home=/a b"], ["--minimized"], "/a b"),
        (["--home", "/one", "--home", "/two"], [], "/two"),
        (["beat"], ["beat"], None),
        (["beat", "--home"], ["beat", "--home"], None),
        (["--homely", "/h"], ["--homely", "/h"], None),
    ]
    for arguments, rest, home in cases:
        environ: dict[str, str] = {}
        assert take_home(arguments, environ) == rest
        assert environ.get("AIOS_HOME") == (home and str(Path(home).absolute()))


def test_relative_home_is_where_it_was_said() -> None:
    environ: dict[str, str] = {}
    take_home(["--home", "here"], environ)
    assert environ["AIOS_HOME"] == str(Path.cwd() / "here")


def test_trial_has_its_own_home_and_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"AIOS_TRIAL": "/trial", "AIOS_HOME": "/mine"}
    assert take_home(["--after", "9", "--home", "/registered"], environ) == ["--after", "9"]
    assert environ["AIOS_HOME"] == str(Path("/trial").absolute())
    monkeypatch.setenv("AIOS_TRIAL", "/trial")
    monkeypatch.setattr("aios_gui.system.parent._is_pipe", lambda _descriptor: False)
    assert wait_to_start(3600, 3600)


def test_spread_is_at_random_within_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def passing(_ended: threading.Event, span_s: float) -> bool:
        waited.append(span_s)
        return False

    monkeypatch.setattr(start_options, "_wait", passing)
    for _ in range(50):
        assert wait_to_start(10, 30)
    assert all(10 <= span_s <= 40 for span_s in waited)
    assert len(set(waited)) > 1
    assert wait_to_start(0, 0)
    assert len(waited) == 50


@posix_only
@pytest.mark.parametrize("arguments", [["service"], ["--minimized"]])
def test_wait_is_ended_at_once_without_qt_and_without_a_trace(arguments: list[str], aios_home: Path) -> None:
    program = (
        "import sys; from aios_gui.instance import start_options as s\n"
        "w = s._wait\n"
        "s._wait = lambda *a: (print([m for m in sys.modules if 'PySide' in m], flush=True), w(*a))[1]\n"
        "from aios_gui.__main__ import main; sys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments, "--after", "3000", "--spread", "500"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "[]\n"
            # What is printed comes before the wait begins; a signal in between is heard as well.
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "", "")
    assert list(aios_home.iterdir()) == []


def test_service_beats_after_its_wait_in_the_home_it_was_given(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "aios_gui", "--home", str(home), "service"),
            *(
                "--after",
                "0.01",
                "--spread",
                "0.01",
                "--at-login",
                "--interval",
                "0.05",
                "--duration",
                "0.005",
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    paths = find_paths({"AIOS_HOME": str(home)})
    assert paths.store.exists()
    start = last_login_start(paths)
    assert start is not None
    assert start.ready_ns - start.at_ns >= 10_000_000
    assert start.first_beat_ns is not None


def _is_up(paths: Paths, arguments: list[str]) -> bool:
    try:
        answer = ChannelClient(paths).execute(GetLatest())
    except ChannelError:
        return False
    return answer.beat is not None and answer.shown == ("" if arguments == ["service"] else "window")


@posix_only
@pytest.mark.parametrize("arguments", [["service"], ["--panel", "live"]])
def test_trial_ends_with_whoever_tries_it(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOS_TRIAL", str(tmp_path / "trial"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    paths = find_paths({"AIOS_HOME": str(tmp_path / "trial")})
    process = subprocess.Popen(
        [sys.executable, "-m", "aios_gui", *arguments, "--after", "3000", "--home", str(tmp_path / "mine")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with process:
        try:
            wait_until(lambda: _is_up(paths, arguments), "the trial's first beat")
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
    assert not paths.instance_file.exists()
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("value", ["-1", "3601", "nan", "soon"])
def test_wait_that_is_none_is_a_usage_error(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["service", f"--after={value}"]) == 2
    with pytest.raises(SystemExit) as leaving:
        app.main(["--minimized", f"--after={value}"])
    assert leaving.value.code == 2
    assert capsys.readouterr().err.count("--after") >= 2


def test_what_autostart_may_be_set_to_wait_a_start_may_wait() -> None:
    assert AUTOSTART["delay_s"].maximum == AUTOSTART["spread_s"].maximum == LONGEST_WAIT_S

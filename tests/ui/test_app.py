"""The program as a person starts it, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from aios_gui import app
from aios_gui.instance.lock import WindowPaths, is_locked
from aios_gui.system.paths import find_paths
from aios_gui.ui.shell.geometry import remembered_panel
from tests.processes import ROOT, Service, answered, child, service
from tests.systems import loads_while_it_asks

PATIENCE_S = 60
WINDOW = (sys.executable, "-m", "aios_gui", "--panel", "startup")
"""With a panel that loads no plots."""


def _environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return kept | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"} | changes


def _run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return _finished("-m", "aios_gui", *arguments, **changes)


def _finished(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python to its end. What it prints goes into files: Wine's own processes may hold its pipes open after it."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command,
            env=_environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=PATIENCE_S,
            check=False,
        )
        told = [(stream.seek(0), stream.read())[1] for stream in (out, err)]
    return subprocess.CompletedProcess(command, done.returncode, *told)


@loads_while_it_asks
def test_a_screenshot_shows_a_window_with_beats_and_is_a_failure_where_it_cannot_be_saved(
    tmp_path: Path,
) -> None:
    picture, nowhere = tmp_path / "window.png", tmp_path / "no" / "such" / "folder.png"

    def photographed(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        home = tmp_path / file.stem
        home.mkdir(mode=0o700)
        (home / "settings.toml").write_text("[beat]\ninterval_s = 0.1\n")
        return _run("--screenshot", str(file), *options, AIOS_HOME=str(home))

    # At once, since each waits some seconds for beats and for its own cost.
    with ThreadPoolExecutor() as pool:
        asked = ((picture,), (nowhere,), (tmp_path / "never.png", "--quit-after", "0.01"))
        saved, failed, hurried = pool.map(lambda each: photographed(*each), asked)
    assert saved.returncode == 0, saved.stderr
    assert saved.stdout == ""
    image = QImage(str(picture))
    assert image.width() >= 760
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 8
    )
    assert failed.returncode == hurried.returncode == app.FAILURE
    assert f"no picture was written to {tmp_path / 'never.png'}" in hurried.stderr


@loads_while_it_asks
def test_in_the_tray_neither_plots_nor_arrays_are_loaded() -> None:
    code = (
        "import sys, json\n"
        "from aios_gui.app import main\n"
        "status = main(['--minimized', '--quit-after', '1'])\n"
        "print(json.dumps([status, [m for m in ('numpy', 'pyqtgraph', 'PySide6.QtSvg') if m in sys.modules]]))\n"
    )
    done = _finished("-c", code)
    assert json.loads(done.stdout) == [0, []], done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_it_says_so_and_shows_the_terminal_view() -> None:
    shown = subprocess.Popen(
        [sys.executable, "-u", "-m", "aios_gui"],
        env=_environment(QT_QPA_PLATFORM=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert shown.stdout is not None
        assert "no display" in shown.stdout.readline()
        assert shown.stdout.readline()
    finally:
        shown.send_signal(signal.SIGINT)
        _out, errors = shown.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in errors


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("asked", [("--screenshot", "window.png"), ("stall.aiosrec",)])
def test_without_a_display_there_is_no_picture_and_no_slice_to_look_at(
    asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.main(asked) == app.FAILURE
    assert "no display" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
def test_sigterm_ends_it_in_order_and_a_second_start_only_raises(aios_home: Path) -> None:
    first = subprocess.Popen([*WINDOW], env=_environment(), stderr=subprocess.PIPE, text=True)
    try:
        note = aios_home / "data" / "instance.json"
        _wait_for(note, first)
        second = _run()
        assert second.returncode == 0, second.stderr
        assert first.poll() is None
    finally:
        first.send_signal(signal.SIGTERM)
        _out, errors = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, errors
    assert "Traceback" not in errors
    assert not note.exists()


def test_beside_a_service_there_is_one_window_which_a_second_start_raises_and_quit_ends_both(
    aios_home: Path,
) -> None:
    paths = find_paths()
    with service(paths, "--interval", "0.5") as beating, _window_beside(beating) as window:
        _wait_for(WindowPaths(*paths).instance_file, window)
        second = _run("--panel", "settings")
        assert second.returncode == 0, second.stderr
        assert window.poll() is None
        done = answered("quit", "--json")
        told = json.loads(done.stdout)
        _out, errors = window.communicate(timeout=PATIENCE_S)
        status, _out, _err = beating.end()
    assert told == {"ended": True, "pid": beating.process.pid, "mode": "service"}
    assert (window.returncode, status, "Traceback" in errors) == (0, 0, False)
    assert remembered_panel(paths.window_state) == "settings"
    assert not any(is_locked(each) for each in (paths, WindowPaths(*paths)))


def test_the_window_of_a_service_that_was_killed_is_still_the_one_window(aios_home: Path) -> None:
    paths = find_paths()
    with service(paths, "--interval", "0.5") as beating, _window_beside(beating) as window:
        _wait_for(WindowPaths(*paths).instance_file, window)
        beating.kill()
        beating.end()
        second = _run("--panel", "incidents")
        assert (second.returncode, window.poll()) == (0, None), second.stderr
        done = answered("quit", "--json")
        assert json.loads(done.stdout) == {"ended": True, "pid": window.pid, "mode": "window"}
        window.communicate(timeout=PATIENCE_S)
    assert remembered_panel(paths.window_state) == "incidents"


@contextmanager
def _window_beside(beating: Service) -> Iterator[subprocess.Popen[str]]:
    beating.wait_for_beats(1)
    with child(*WINDOW, QT_QPA_PLATFORM="offscreen") as window:
        yield window


def _wait_for(file: Path, process: subprocess.Popen[str]) -> None:
    import time

    deadline = time.monotonic() + PATIENCE_S
    while not file.exists():
        assert process.poll() is None, "it ended before it had started"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = _run(AIOS_HOME=str(tmp_path / "file"))
    assert done.returncode == app.FAILURE
    assert "Traceback" not in done.stderr
    assert "cannot be started" in done.stderr


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        app.main(["--no-such-option"])
    assert leaving.value.code == 2
    assert "--no-such-option" in capsys.readouterr().err


def test_a_range_opens_history_at_it_and_is_refused_where_it_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--range", "2025-03-12T14:00+00:00..2025-03-12T15:00+00:00"]
    options = app._parse(arguments)
    assert options.panel == "history"
    assert options.view is not None
    assert options.view.span.start_ns == 1_741_788_000 * 10**9
    assert app._parse([*arguments, "--panel", "live"]).panel == "live"
    assert app._parse([]).view is None
    with pytest.raises(SystemExit) as leaving:
        app.main(["--range", "the other day"])
    assert leaving.value.code == 2
    assert "the other day" in capsys.readouterr().err


@pytest.mark.parametrize("asked", ["inf", "nan", "-1", "1e9", "soon"])
def test_a_time_that_no_timer_takes_is_refused_in_words(
    asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        app._parse([f"--quit-after={asked}"])
    assert f"“{asked}” is not a number of seconds from 0 to 2,000,000" in capsys.readouterr().err


def test_a_command_is_run_by_the_program_of_the_window_too(aios_home: Path) -> None:
    code = "import sys; from aios_gui.app import main; raise SystemExit(main(sys.argv[1:]))"
    done = _finished("-c", code, "--home", str(aios_home), "service", "--duration", "0.01")
    assert done.returncode == 0, done.stderr
    assert "beats=1" in done.stdout


def test_a_command_runs_without_any_output(monkeypatch: pytest.MonkeyPatch, aios_home: Path) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)  # as in a program of Windows without a console
    assert app.main(["service", "--duration", "0.01", "--interval", "0.5"]) == 0
    assert app.main(["service", "--no-such-option"]) == 2
    assert app.main(["no-such-command"]) == 2
    assert (aios_home / "data" / "heartbeat.sqlite3").exists()

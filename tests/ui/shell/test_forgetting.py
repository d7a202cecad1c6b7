"""The window ends in order, then everything is removed, and that is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aios_gui.instance.forgetting import Belonging, Forgotten, Kind
from aios_gui.system.paths import find_paths
from aios_gui.ui.shell.forgetting import words_of
from tests.processes import ROOT, answered

RUN = """
from PySide6.QtCore import QTimer
from aios_gui.ui.shell.session import Session

run = Session.run

def run_and_forget(session, options):
    session.desktop.start(False, "settings")
    def look():
        if session.controller.snapshot.beat is None:
            QTimer.singleShot(20, look)
        else:
            session.controller.forget_everything()
    QTimer.singleShot(0, look)
    return run(session, options)

Session.run = run_and_forget
from aios_gui.app import main
raise SystemExit(main(["--quit-after", "50", "--panel", "settings"]))
"""


@pytest.mark.parametrize("moved", [True, pytest.param(False, marks=pytest.mark.long)])
def test_nothing_is_left_of_a_window_that_was_told_to_forget(
    aios_home: Path, tmp_path: Path, moved: bool
) -> None:
    paths = find_paths()
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    if moved:
        assert answered("record", "--move", str(tmp_path / "new")).returncode == 0
        assert paths.record_folder == tmp_path / "new"
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert list(aios_home.rglob("*")) == []
    assert list(tmp_path.rglob("heartbeat*")) == []


def test_the_end_is_told_in_words() -> None:
    gone = (Belonging(Kind.LOG, "/a"), Belonging(Kind.SETTINGS, "/b"))
    text, detail = words_of(Forgotten(gone, ()))
    assert (text, detail) == ("2 things were removed: nothing of them is left.", "AIOS Heartbeat ends now.")
    text, detail = words_of(Forgotten(gone, (("/c", "Permission denied"),)))
    assert text == "Not everything could be removed."
    assert detail == "/c could not be removed (Permission denied); remove it by hand"

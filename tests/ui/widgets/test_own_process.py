"""A child process tells how far it is and how it ended, and is gone when it is no longer wanted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QProcess
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.system.own_program import own_folder, running_children
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, STUBBORN, install, is_alive


@pytest.fixture
def child(qtbot: QtBot) -> Iterator[OwnProcess]:
    made = OwnProcess()
    yield made
    made.cancel()
    made.deleteLater()


def begun(child: OwnProcess, qtbot: QtBot) -> dict[str, Any]:
    """Start it, and wait for the first that it tells."""
    with qtbot.waitSignal(child.progressed) as told:
        child.start(["bench", "--progress"], tells_progress=True)
    assert child.running
    return dict(told.args[0])


def ended(child: OwnProcess, qtbot: QtBot, *arguments: str, **options: Any) -> Ended:
    """Start it, and wait for its end."""
    with qtbot.waitSignal(child.ended, timeout=PATIENCE_MS) as end:
        child.start(arguments, **options)
    assert not child.running
    (found,) = end.args
    assert isinstance(found, Ended)
    return found


def test_progress_comes_line_by_line_and_the_result_at_the_end(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = (
        "tell(progress=0.5, remaining_s=1.0, now='minimal')\nprint('a library speaks')\ntell(machine='µ')\n"
    )
    asked = install(monkeypatch, tmp_path, code)
    told: list[object] = []
    child.progressed.connect(told.append)
    end = ended(child, qtbot, "bench", "--progress", tells_progress=True)
    assert told == [{"progress": 0.5, "remaining_s": 1.0, "now": "minimal"}]
    assert end == Ended(True, "", "", {"machine": "µ"})
    assert asked.read_text() == '["bench", "--progress"]\n'


def test_it_works_in_the_folder_of_the_program_and_for_the_same_home(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "print(os.getcwd())\nprint(os.environ['AIOS_HOME'])\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AIOS_HOME", "here")
    folder, home = ended(child, qtbot, "export").text.splitlines()
    assert Path(folder).samefile(own_folder())
    assert home == str(tmp_path / "here")


def test_what_it_prints_comes_whole_where_it_tells_no_progress(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "print('a;µ')\nprint('b')\n")
    assert ended(child, qtbot, "export") == Ended(True, "", "a;µ\nb\n")


def test_one_that_prints_more_than_is_taken_is_ended(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "while True:\n    print('a beat' * 1_000)\n")
    assert ended(child, qtbot, "export", most_bytes=100_000) == Ended(False, "", is_too_long=True)


def test_a_failure_brings_its_last_words(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "sys.exit('first\\naios-heartbeat: no such\\x1b machine')\n")
    assert ended(child, qtbot, "bench") == Ended(False, "no such machine")


def test_a_program_that_cannot_be_started_is_told(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = str(tmp_path / "nothing here")
    monkeypatch.setattr("aios_gui.ui.widgets.own_process.own_command", lambda *asked: [missing, *asked])
    end = ended(child, qtbot, "bench")
    assert not end.succeeded
    assert end.message


@pytest.mark.parametrize("manner", [POLITE, "", STUBBORN], ids=["watches its input", "ordinary", "deaf"])
def test_a_cancelled_child_is_gone_and_says_nothing_more(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: str
) -> None:
    install(monkeypatch, tmp_path, manner + FOR_LONG)
    ends: list[object] = []
    child.ended.connect(ends.append)
    pid = begun(child, qtbot)["pid"]
    assert is_alive(pid)
    assert pid in running_children
    child.cancel()
    assert pid not in running_children
    assert not child.running
    assert not is_alive(pid)
    QCoreApplication.processEvents()
    assert ends == []
    child.cancel()


def test_one_that_dies_slowly_holds_nothing_up(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As beside hogs: where its process was deleted before, Qt would complain, and wait."""
    install(monkeypatch, tmp_path, STUBBORN + FOR_LONG)
    monkeypatch.setattr(QProcess, "kill", lambda _process: None)
    ends: list[object] = []
    child.ended.connect(ends.append)
    pid = begun(child, qtbot)["pid"]
    process = child.findChild(QProcess)
    child.cancel()
    assert not child.running
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert isValid(process)
    psutil.Process(pid).kill()
    qtbot.waitUntil(lambda: not isValid(process), timeout=PATIENCE_MS)
    assert ends == []


def test_a_new_one_ends_the_one_before(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    first = begun(child, qtbot)["pid"]
    second = begun(child, qtbot)["pid"]
    assert not is_alive(first)
    assert is_alive(second)


def test_a_program_that_quits_leaves_no_child(
    child: OwnProcess, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, STUBBORN + FOR_LONG)
    pid = begun(child, qtbot)["pid"]
    QCoreApplication.instance().aboutToQuit.emit()  # type: ignore[union-attr]
    assert not is_alive(pid)

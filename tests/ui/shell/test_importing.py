"""Dropping a file onto the window: what would be imported is shown, and imported where that is wanted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.record.importing.record_reader import imported_sources
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import find_paths
from aios_gui.ui.shell.importing import ImportDialog, dropped_file
from aios_gui.ui.shell.window import Window
from tests.record.importing.test_job import line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "stats.jsonl"
    file.write_text("".join(line(each) + "\n" for each in range(500)) + "x\n")
    return file


def dragged(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def drop(window: Window, data: QMimeData) -> list[ImportDialog]:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(
            window, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
        )
    return window.findChildren(ImportDialog)


def test_a_dropped_file_is_shown_and_then_imported(
    make_window: Callable[..., Window], file: Path, qtbot: QtBot
) -> None:
    window = make_window()
    window.show()
    (dialog,) = drop(window, dragged(QUrl.fromLocalFile(str(file))))
    assert not dialog.take.isEnabled()
    qtbot.waitUntil(dialog.take.isEnabled)
    assert dialog.message.text().startswith("500 beats of stats.jsonl would be imported")
    assert dialog.details.toPlainText() == "1 line left out: no JSON object (line 501)"
    with RecordReader(find_paths().store) as reader:
        assert imported_sources(reader) == []
        dialog.take.click()
        qtbot.waitUntil(lambda: dialog.message.text().startswith("500 beats of stats.jsonl were imported"))
        assert [each.beats for each in imported_sources(reader)] == [500]
    assert dialog.take.isHidden()
    dialog.leave.click()
    qtbot.waitUntil(lambda: not isValid(dialog))


def test_a_file_that_has_no_beats_is_told(
    make_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window()
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")
    (dialog,) = drop(window, dragged(QUrl.fromLocalFile(str(tmp_path / "letter.txt"))))
    qtbot.waitUntil(lambda: "no beats in a form that is known" in dialog.message.text())
    assert dialog.take.isHidden()
    assert dialog.message.property("look") == "critical"
    dialog.reject()


def test_cancelling_imports_nothing(make_window: Callable[..., Window], file: Path, qtbot: QtBot) -> None:
    window = make_window()
    (dialog,) = drop(window, dragged(QUrl.fromLocalFile(str(file))))
    dialog.run.cancel.click()
    assert dialog.message.text() == "Cancelled. Nothing was imported."
    assert not dialog.child.running


@pytest.mark.parametrize(
    "urls",
    [
        (),
        (QUrl("https://example.org/x.csv"),),
        (QUrl.fromLocalFile("/tmp/a"), QUrl.fromLocalFile("/tmp/b")),
        (QUrl.fromLocalFile(str(Path.cwd())),),
    ],
    ids=["none", "elsewhere", "two", "folder"],
)
def test_what_is_no_file_is_not_taken(make_window: Callable[..., Window], urls: tuple[QUrl, ...]) -> None:
    assert dropped_file(dragged(*urls)) is None
    assert drop(make_window(), dragged(*urls)) == []

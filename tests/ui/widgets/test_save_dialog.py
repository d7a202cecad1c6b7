"""Where to save a file: a name without an ending gets the usual one, and no file is replaced unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.widgets.save_dialog import ask_where_to_save

Asked = Callable[..., Path | None]
KINDS = "Comma-separated values (*.csv);;Markdown (*.md)"


@pytest.fixture
def ask(qtbot: QtBot, tmp_path: Path) -> Iterator[Asked]:
    """Asks, and has a person do this with the dialog each time that it comes."""
    native = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    QCoreApplication.setAttribute(native)
    parent = QWidget()
    qtbot.addWidget(parent)

    def run(*answers: Callable[[QFileDialog], object]) -> Path | None:
        waiting = list(answers)

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            if len(waiting) > 1:
                QTimer.singleShot(0, answer)
            waiting.pop(0)(dialog)

        QTimer.singleShot(0, answer)
        return ask_where_to_save(parent, "Save", tmp_path / "offered.csv", KINDS)

    yield run
    QCoreApplication.setAttribute(native, False)


def name(text: str, kind: int = 0) -> Callable[[QFileDialog], object]:
    def take(dialog: QFileDialog) -> None:
        dialog.selectNameFilter(dialog.nameFilters()[kind])
        dialog.selectFile(text)
        dialog.accept()

    return take


def test_what_is_offered_or_named_is_taken_with_its_ending(ask: Asked, tmp_path: Path) -> None:
    assert ask(QFileDialog.accept) == tmp_path / "offered.csv"
    assert ask(name("beats")) == tmp_path / "beats.csv"
    assert ask(name("beats", kind=1)) == tmp_path / "beats.md"
    assert ask(name("beats.txt", kind=1)) == tmp_path / "beats.txt"
    assert ask(QFileDialog.reject) is None


def test_a_file_is_not_replaced_unasked_where_its_ending_was_left_out(ask: Asked, tmp_path: Path) -> None:
    (tmp_path / "beats.csv").write_text("of a person")
    offered: list[str] = []

    def look(dialog: QFileDialog) -> None:
        offered.extend(Path(each).name for each in dialog.selectedFiles())
        dialog.reject()

    assert ask(name("beats"), look) is None
    assert offered == ["beats.csv"]


def test_the_whole_name_is_asked_about(ask: Asked, tmp_path: Path) -> None:
    (tmp_path / "beats.csv").write_text("of a person")
    asked: list[str] = []

    def refuse() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        asked.append(question.text())
        question.button(QMessageBox.StandardButton.No).click()

    def accept(dialog: QFileDialog) -> None:
        QTimer.singleShot(0, refuse)
        dialog.accept()
        dialog.reject()

    assert ask(name("beats"), accept) is None
    assert len(asked) == 1
    assert "beats.csv" in asked[0]

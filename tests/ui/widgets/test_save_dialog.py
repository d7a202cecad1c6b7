"""Where to save a file: an ending that is left out is added before it is looked whether there is such a file."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.widgets.save_dialog import save_dialog


def test_a_file_is_not_replaced_unasked_where_its_ending_was_left_out(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (tmp_path / "beats.csv").write_text("of a person")
    dialog = save_dialog(parent, "Save beats", tmp_path / "offered.csv", "Comma-separated values (*.csv)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    assert [Path(each).name for each in dialog.selectedFiles()] == ["offered.csv"]
    dialog.selectFile(str(tmp_path / "beats"))
    asked: list[str] = []

    def refuse() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        asked.append(question.text())
        question.button(QMessageBox.StandardButton.No).click()

    dialog.show()
    QTimer.singleShot(0, dialog, refuse)
    dialog.accept()
    assert len(asked) == 1
    assert "beats.csv" in asked[0]
    assert dialog.isVisible()
    dialog.close()

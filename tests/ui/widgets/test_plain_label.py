"""A label in too little room."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from aios_gui.ui.widgets.plain_label import CutLabel, PlainLabel


def picture(label: PlainLabel, width: int) -> QImage:
    label.setFixedSize(width, 24)
    return label.grab().toImage()


def test_what_has_no_room_ends_in_dots(qtbot: QtBot) -> None:
    text = "The record begins at 20:20"
    cut, plain, told = CutLabel(text), PlainLabel(text), PlainLabel()
    for each in (cut, plain, told):
        qtbot.addWidget(each)
    wide = cut.sizeHint().width()
    assert picture(cut, wide) == picture(plain, wide)
    told.setText(cut.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, wide // 2))
    assert told.text().endswith("…")
    assert picture(cut, wide // 2) == picture(told, wide // 2)

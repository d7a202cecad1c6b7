"""Goes through a panel by Tab as a person does, and tells what is never reached."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

_MOST_STEPS = 400


def never_reached(panel: QWidget, qtbot: QtBot) -> list[QWidget]:
    """What can be used, is in sight, and is passed over by Tab; of a group of buttons one is enough.

    The panel is a window of its own, and shown.
    """
    with qtbot.waitActive(panel):
        panel.activateWindow()
    reached: list[QWidget] = []
    for _step in range(_MOST_STEPS):
        QTest.keyClick(panel, Qt.Key.Key_Tab)
        found = QApplication.focusWidget()
        if found is None or found in reached:
            break
        reached.append(found)
    groups = [
        each.group() for each in reached if isinstance(each, QAbstractButton) and each.group() is not None
    ]
    return [
        each
        for each in panel.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        and each.isVisibleTo(panel)
        and each.isEnabled()
        and each.focusProxy() is None
        and each not in reached
        and not (isinstance(each, QAbstractButton) and each.group() in groups)
    ]

"""The About box: what it says of newer releases, and the one button that opens their page."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from aios_gui.ui.settings import program_rows
from aios_gui.ui.shell.controller import Controller

PAGE = "https://releases.example/all"


class Browser(QObject):
    """Stands for the one of the desktop."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    @Slot(QUrl)
    def show(self, page: QUrl) -> None:
        self.pages.append(page.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    found = Browser()
    QDesktopServices.setUrlHandler("https", found, "show")  # type: ignore[arg-type]  # it takes no bytes, whatever its types say
    yield found
    QDesktopServices.unsetUrlHandler("https")


def shown(controller: Controller, qtbot: QtBot) -> QMessageBox:
    box = program_rows.show_about(controller, None)
    qtbot.waitUntil(box.isVisible)
    return box


def close(box: QMessageBox) -> None:
    box.close()
    QCoreApplication.sendPostedEvents(box, QEvent.Type.DeferredDelete.value)


def test_the_page_is_opened_by_a_click_and_by_nothing_else(
    controller: Controller, browser: Browser, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_rows, "releases_page", lambda: PAGE)
    box = shown(controller, qtbot)
    assert f"Updates: {PAGE}" in box.informativeText()
    assert browser.pages == []
    next(each for each in box.buttons() if each.text() == "Open the releases page").click()
    assert browser.pages == [PAGE]
    close(box)


def test_without_a_page_there_is_only_close(controller: Controller, qtbot: QtBot) -> None:
    box = shown(controller, qtbot)
    assert "published where you downloaded this" in box.informativeText()
    assert [box.standardButton(each) for each in box.buttons()] == [QMessageBox.StandardButton.Close]
    close(box)

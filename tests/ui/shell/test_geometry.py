"""The window comes back where it was, and never where it cannot be reached."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.shell import geometry
from aios_gui.ui.shell.geometry import placed, remember, remembered_panel, restore

MAIN = QRect(0, 0, 1920, 1040)
SECOND = QRect(1920, 0, 1280, 1024)


@pytest.mark.parametrize(
    "wanted",
    [
        QRect(100, 100, 1280, 800),
        QRect(2000, 50, 1000, 700),
        QRect(-600, 20, 1280, 800),
        QRect(1500, 900, 1280, 800),
    ],
)
def test_a_window_within_reach_stays(wanted: QRect) -> None:
    assert placed(wanted, [MAIN, SECOND]) == wanted


def test_a_window_out_of_reach_comes_to_the_main_screen() -> None:
    cases: list[QRect] = [
        QRect(2000, 50, 1000, 700),  # the second monitor has been unplugged
        QRect(100, -790, 1280, 800),  # only its bottom edge would show
        QRect(-1270, 20, 1280, 800),
        QRect(100, 1035, 1280, 800),
        QRect(-1_000_000, -1_000_000, 1280, 800),
    ]
    for wanted in cases:
        found = placed(wanted, [MAIN])
        assert MAIN.contains(found)
        assert found.size() == wanted.size()


def test_a_window_larger_than_the_screen_fits_afterwards() -> None:
    assert MAIN.contains(placed(QRect(0, 0, 4000, 3000), [MAIN]))
    centred = placed(QRect(-5000, 0, 4000, 3000), [MAIN])
    framed = centred.marginsAdded(QMargins(4, 32, 4, 4))
    assert framed == MAIN, "the frame that the window manager adds is on the screen too"


def test_without_any_screen_nothing_is_moved() -> None:
    wanted = QRect(1, 2, 800, 600)
    assert placed(wanted, []) == wanted


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_place_size_and_panel_are_remembered(
    widget: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geometry, "screens", lambda: [MAIN])
    file = tmp_path / "with spaces and ü" / "window.ini"
    widget.setGeometry(120, 80, 900, 650)
    remember(widget, "live", file)
    widget.setGeometry(0, 0, 780, 570)
    assert not restore(widget, file)
    assert widget.geometry() == QRect(120, 80, 900, 650)
    assert remembered_panel(file) == "live"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[window]\nnormal=rubbish\nmaximized=maybe\n",
        "\x00\xff garbage",
        "[window]\nnormal=@Rect(0 0 -5 -5)\n",
    ],
)
def test_a_damaged_memory_gives_the_usual_place(
    widget: QWidget, tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geometry, "screens", lambda: [MAIN])
    file = tmp_path / "window.ini"
    file.write_text(content, encoding="latin-1")
    assert not restore(widget, file)
    assert widget.size() == geometry.DEFAULT_SIZE
    assert MAIN.contains(widget.geometry())


def test_a_folder_that_cannot_be_written_is_no_error(widget: QWidget, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    remember(widget, "live", tmp_path / "file" / "window.ini")


@pytest.mark.parametrize(("screen", "scale"), [(QSize(1920, 1080), 2.0), (QSize(1366, 768), 1.5)])
def test_the_least_size_is_whole_on_a_scaled_screen(screen: QSize, scale: float) -> None:
    bars = 48 + 32  # the task bar and the title bar, in points
    assert geometry.MINIMUM_SIZE.height() <= screen.height() / scale - bars
    assert geometry.MINIMUM_SIZE.width() <= screen.width() / scale

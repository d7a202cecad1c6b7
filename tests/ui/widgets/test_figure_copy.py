"""What a card shows is copied as picture and in words, with where it comes from, and that is confirmed."""

from __future__ import annotations

import socket

import pytest
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget

from aios_gui import __version__
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable
from aios_gui.ui.widgets.toast import Toast
from tests.ui.fakes import Show


@pytest.fixture
def card(theme: Theme, show: Show) -> Card:
    """A card with a sentence, a picture that is described, a table, a button, and something hidden."""
    made = Card()
    made.set_title("The first beats")
    picture = QWidget()
    picture.setFixedHeight(30)
    picture.setAccessibleName("Plot")
    picture.setAccessibleDescription("it falls from 140 µs to 24 µs")
    table = FactTable(theme)
    table.show_facts((Column("step"), Column("time")), [(Fact("open"), Fact("3 ms"))])
    hidden = QLabel("never shown")
    parts = (QLabel("Warm since 9\u00a0s."), picture, table, QPushButton("Measure"), hidden)
    for part in parts:
        made.body.addWidget(part)
    hidden.hide()
    return show(made)


def copies(card: Card) -> list[str]:
    """Choose both ways of the menu; what is confirmed after each."""
    said = []
    for place in (0, 1):
        middle = card.rect().center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, card.mapToGlobal(middle))
        QApplication.sendEvent(card, event)
        menu = card.findChildren(QMenu)[-1]
        menu.actions()[place].trigger()
        menu.close()
        toast = card.findChild(Toast)
        assert toast is not None
        said.append(toast.text())
        toast._timer.stop()
    return said


def test_a_card_is_copied_both_ways_by_keyboard_and_that_is_confirmed(card: Card) -> None:
    assert copies(card) == ["Picture copied", "Copied"]
    came_from, *lines = QGuiApplication.clipboard().text().splitlines()
    assert came_from.startswith(f"# AIOS Heartbeat {__version__} · {socket.gethostname()} · ")
    assert "UTC" in came_from
    assert lines == [
        "The first beats",
        "Warm since 9 s.",
        "Plot: it falls from 140 µs to 24 µs",
        "step\ttime",
        "open\t3 ms",
    ]


def test_the_picture_has_a_line_below_that_says_where_it_comes_from(card: Card) -> None:
    copies(card)
    from aios_gui.ui.widgets.figure_copy import copy_picture

    copy_picture(card)
    image = QGuiApplication.clipboard().image()
    assert image.height() > card.height() * image.devicePixelRatio()
    toast = card.findChild(Toast)
    assert toast is not None
    toast._timer.stop()

"""What is explained on the first run: shown until it was read, for good, and where an example can be seen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.ui.live.panel import LivePanel
from tests.ui.fakes import Show
from tests.ui.machine import Machine

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def first(machine: Machine, show: Show, qtbot: QtBot) -> LivePanel:
    """The Live panel as it is seen first."""
    machine.controller.set_value("window.introduction", True)
    made = show(LivePanel(machine.context(), machine.now_ns))
    with qtbot.waitSignal(made.source.loaded):
        made.activate()
    made._timer.stop()
    return made


def test_three_sentences_say_what_is_seen(first: LivePanel) -> None:
    said = [label.text().replace("\u00a0", " ") for label in first.introduction.sentences]
    assert "every 1 s" in said[0]
    assert "hiccup is a stall that you would notice as a stutter" in said[1]
    assert "last 60 beats" in said[2]
    assert first.introduction.isVisible()


def test_it_is_dismissed_for_good_and_comes_back_by_the_settings(first: LivePanel, machine: Machine) -> None:
    first.introduction.done.click()
    assert machine.controller.settings["window.introduction"] is False
    assert first.introduction.isHidden()
    machine.controller.set_value("window.introduction", True)
    assert first.introduction.isVisible()


def test_the_plots_are_whole_beneath_it(first: LivePanel) -> None:
    first.setMinimumSize(700, 344)
    first.resize(700, 344)
    bottom = max(card.geometry().bottom() for card in first.cards)
    assert first.plots.mapTo(first, first.plots.rect().bottomLeft()).y() <= first.height()
    assert bottom <= first.plots.height()


def test_in_a_low_window_one_sentence_follows_the_other_and_the_plots_have_their_room(
    first: LivePanel, machine: Machine, qtbot: QtBot
) -> None:
    card = first.introduction
    first.setMinimumSize(652, 344)
    first.resize(652, 344)
    qtbot.waitUntil(lambda: min(each.height() for each in first.cards) >= 90)
    assert [each.isVisible() for each in card.sentences] == [True, False, False]
    card.done.click()
    card.done.click()
    assert [each.isVisible() for each in card.sentences] == [False, False, True]
    assert (card.done.text(), card.example.isVisible()) == ("Got it", True)
    first.resize(1196, 720)
    assert all(each.isVisible() for each in card.sentences)
    first.resize(652, 344)
    for _each in card.sentences:
        assert machine.controller.settings["window.introduction"] is True
        card.done.click()
    assert machine.controller.settings["window.introduction"] is False

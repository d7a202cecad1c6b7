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

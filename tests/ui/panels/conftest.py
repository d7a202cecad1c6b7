"""What tests of panels get: a machine that has run for a while, and the Live panel over it."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.ui.panels.live import LivePanel
from tests.ui.plots.fakes import NOW, Machine, day_of_beats, gap_at


@pytest.fixture
def machine() -> Machine:
    """A machine with two hours of beats, a stall and a sleep."""
    made = Machine(NOW)
    made.remember(day_of_beats(NOW, 7200, stalls=(0.95,), gap=(0.96, 0.97)))
    made.record.gaps.append(gap_at(NOW - 7200 + 0.96 * 7200, NOW - 7200 + 0.97 * 7200))
    return made


@pytest.fixture
def panel(machine: Machine, qtbot: QtBot) -> Iterator[LivePanel]:
    """The Live panel of that machine, shown and filled."""
    made = LivePanel(machine.context(), machine.now_ns)
    qtbot.addWidget(made)
    made.resize(1196, 724)
    made.show()
    with qtbot.waitSignal(made.source.loaded):
        made.activate()
    # The tests decide when it looks at the feed.
    made._timer.stop()
    yield made
    made.close()

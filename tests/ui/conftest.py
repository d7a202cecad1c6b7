"""What tests of the window get, and proof that each left nothing behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.instance.settings import settings_file
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths, find_paths
from aios_gui.ui.incidents.panel import IncidentsPanel
from aios_gui.ui.live.panel import LivePanel
from aios_gui.ui.panel import PanelEntry
from aios_gui.ui.shell.controller import Controller, Kit
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.sources import LocalSource, Source
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import Theme
from aios_gui.ui.warmup.panel import WarmupPanel
from tests.defaults import DEFAULTS
from tests.ui.children import PATIENCE_MS
from tests.ui.fakes import FakeResident, PaintCounter, Show, Shown, context_of, entries, local_source
from tests.ui.incidents.incidents_made import a_week
from tests.ui.machine import NOW, FakeRecord, Machine, day_of_beats, gap_at
from tests.ui.warmup.warmth import NOW_NS, a_warm_snapshot


def _python_threads() -> set[threading.Thread]:
    """Threads of Python. A thread of Qt that has logged leaves a dummy here, and is counted as Qt's."""
    return {each for each in threading.enumerate() if not isinstance(each, threading._DummyThread)}


def _at_work() -> set[QTimer | QThread]:
    """Timers that are active and threads of Qt that run, of those made since objects were last frozen."""
    found = [
        thing for thing in gc.get_objects() if issubclass(type(thing), (QTimer, QThread)) and isValid(thing)
    ]
    return {
        thing for thing in found if (thing.isRunning() if isinstance(thing, QThread) else thing.isActive())
    }


@pytest.fixture(autouse=True)
def no_leaks(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a top-level widget.

    What was there before is frozen, so that neither the collector nor the search for timers walks all of it again.
    """
    gc.collect()
    gc.freeze()
    widgets = set(QApplication.topLevelWidgets())
    threads = _python_threads()
    yield
    # Deleting a widget may ask for the deletion of others.
    for _round in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    left = {widget for widget in QApplication.topLevelWidgets() if widget not in widgets}
    assert not left, f"top-level widgets left: {left}"
    busy = _at_work()
    assert not busy, f"timers or threads of Qt left running: {[(each, each.parent()) for each in busy]}"
    for thread in _python_threads() - threads:
        thread.join(PATIENCE_MS / 1000)  # one that was about to end, beside hogs
    assert not _python_threads() - threads, "threads left"


@pytest.fixture
def paths(aios_home: object) -> Paths:
    """Where the files of this test lie."""
    return find_paths()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, in force; taken off again afterwards."""
    made = Theme()
    made.choose("light")
    made.apply(qapp)
    made.dress()
    yield made
    # What still waits for its deletion would be dressed once more.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")
    made.deleteLater()


@pytest.fixture
def resident() -> FakeResident:
    """The services of this process."""
    return FakeResident()


@pytest.fixture
def make_controller(paths: Paths, theme: Theme) -> Iterator[Callable[..., Controller]]:
    """Builds controllers, and shuts them down after the test."""
    made: list[Controller] = []

    def build(
        source: Source, make_local: Callable[[], LocalSource] | None = None, settings: Settings | None = None
    ) -> Controller:
        kit = Kit(
            paths,
            settings_file(paths),
            theme,
            Language(),
            make_local or (lambda: local_source(FakeResident())),
        )
        made.append(Controller(kit, settings or DEFAULTS, source))
        return made[-1]

    yield build
    for controller in made:
        controller.shutdown()
        controller.deleteLater()


@pytest.fixture
def controller(make_controller: Callable[..., Controller], resident: FakeResident) -> Controller:
    """A controller over the fake services, with the engine's thread running."""
    source = local_source(resident)
    source.start()
    return make_controller(source)


@pytest.fixture
def make_window(controller: Controller) -> Iterator[Callable[..., Window]]:
    """Builds windows, and closes them after the test."""
    made: list[Window] = []

    def build(shown: tuple[PanelEntry, ...] | None = None) -> Window:
        made.append(Window(controller, shown or entries("one", "two")))
        return made[-1]

    yield build
    for window in made:
        if isValid(window):
            window.leave()
            window.deleteLater()


@pytest.fixture
def show() -> Iterator[Show]:
    """Shows panels in the size that a window of 1280 × 800 gives them, and closes them after the test."""
    made: list[QWidget] = []

    def shown(widget: Shown) -> Shown:
        made.append(widget)
        widget.resize(1196, 724)
        widget.show()
        return widget

    yield shown
    for widget in made:
        if isValid(widget):
            widget.close()
            widget.deleteLater()


@pytest.fixture
def count_paints() -> Iterator[Callable[..., PaintCounter]]:
    """Counts paintings of widgets."""
    made: list[PaintCounter] = []

    def build(*watched: QWidget) -> PaintCounter:
        made.append(PaintCounter(*watched))
        return made[-1]

    yield build
    for counter in made:
        counter.deleteLater()


@pytest.fixture
def machine() -> Machine:
    """A machine with two hours of beats, a stall and a sleep."""
    made = Machine(NOW)
    made.remember(day_of_beats(NOW, 7200, stalls=(0.95,), gap=(0.96, 0.97)))
    made.record.gaps.append(gap_at(NOW - 7200 + 0.96 * 7200, NOW - 7200 + 0.97 * 7200))
    return made


@pytest.fixture
def panel(machine: Machine, show: Show, qtbot: QtBot) -> LivePanel:
    """The Live panel of that machine, shown and filled."""
    made = show(LivePanel(machine.context(), machine.now_ns))
    with qtbot.waitSignal(made.source.loaded):
        made.activate()
    # The tests decide when it looks at the feed.
    made._timer.stop()
    return made


@pytest.fixture
def warm_resident() -> FakeResident:
    """Services whose heartbeat is warm and rehearsed."""
    return FakeResident(a_warm_snapshot(NOW_NS))


@pytest.fixture
def record() -> FakeRecord:
    """What has been recorded: nothing so far."""
    return FakeRecord()


@pytest.fixture
def make_warmup(record: FakeRecord, show: Show, qtbot: QtBot) -> Callable[[Controller], WarmupPanel]:
    """Builds Warm-up panels, shown and filled; the tests decide when they look at the feed."""

    def build(controller: Controller) -> WarmupPanel:
        panel = show(WarmupPanel(context_of(controller, record.open)))
        panel.activate()
        panel._timer.stop()
        return panel

    return build


@pytest.fixture
def warmup(
    make_controller: Callable[..., Controller],
    warm_resident: FakeResident,
    make_warmup: Callable[[Controller], WarmupPanel],
) -> WarmupPanel:
    """The Warm-up panel of a heartbeat of this process."""
    return make_warmup(make_controller(local_source(warm_resident)))


@pytest.fixture
def make_incidents(
    machine: Machine, make_controller: Callable[..., Controller], show: Show, qtbot: QtBot
) -> Callable[..., IncidentsPanel]:
    """Builds Incidents panels over the record of the machine, shown and filled; the tests decide when they look.

    They are of a heartbeat of this process where no other source is given.
    """

    def build(source: Source | None = None, settings: Settings | None = None) -> IncidentsPanel:
        controller = make_controller(source or local_source(FakeResident()), settings=settings)
        panel = show(IncidentsPanel(context_of(controller, machine.record.open), machine.now_ns))
        panel.activate()
        panel._timer.stop()
        qtbot.waitUntil(lambda: not panel.source.reading)
        return panel

    return build


@pytest.fixture
def incidents(machine: Machine, make_incidents: Callable[..., IncidentsPanel]) -> IncidentsPanel:
    """The Incidents panel of a heartbeat of this process, with a week of incidents."""
    machine.record.incidents = a_week(machine.now_ns(), machine.record.hiccups[0].wall_ns)
    return make_incidents()

"""What is offered once ever, what is told at each start, and what is left alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aios_gui.autostart.service import AutostartService
from aios_gui.system.paths import TRIAL_VARIABLE, Paths
from aios_gui.text.catalogue import use_language
from aios_gui.ui.panel import PanelEntry
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.desktop import Desktop
from aios_gui.ui.shell.tray import Tray
from aios_gui.ui.shell.window import Window
from aios_gui.ui.startup import CHANGED, PLACE
from aios_gui.ui.startup.notices import AutostartNotices, was_offered
from aios_gui.ui.startup.offer import StartupOffer
from aios_gui.ui.startup.panel import StartupPanel
from tests.autostart.fake_mechanisms import GONE, OTHER, PROGRAM, FakeMechanism, FakeSmokeTest
from tests.ui.fakes import entries

WISHED = (*PROGRAM.window, "--at-login", "--minimized", "--after", "10")


@dataclass
class Rig:
    """A desktop with a Startup panel, and its notices about it."""

    controller: Controller
    make_service: Callable[[], AutostartService]

    def __post_init__(self) -> None:
        self.windows: list[Window] = []
        self.tray = Tray(self.controller, lambda: True)
        self.desktop = Desktop(self.controller, self.tray, self._make)
        self.autostart_notices = AutostartNotices(self.controller, self.desktop, self.make_service)
        self.autostart_notices._timer.setInterval(0)

    def _make(self) -> Window:
        panel = PanelEntry(
            "startup", "startup", lambda: "Startup", lambda context: StartupPanel(context, self.make_service)
        )
        self.windows.append(Window(self.controller, (*entries("live", "incidents"), panel)))
        return self.windows[-1]

    @property
    def window(self) -> Window:
        assert self.desktop.window is not None
        return self.desktop.window

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(key for key in self.window.notices.keys if key.startswith("startup"))

    def start(self, qtbot: QtBot, panel: str = "live") -> None:
        """Open the window and wait for what there is to be mended."""
        self.desktop.start(minimized=False, panel=panel)
        self.autostart_notices.start()
        qtbot.waitUntil(lambda: self.autostart_notices._worker is not None)
        assert self.autostart_notices._worker is not None
        worker = self.autostart_notices._worker
        qtbot.waitUntil(lambda: not worker._looking)

    def close(self) -> None:
        self.autostart_notices.close()
        self.desktop.shutdown()
        for window in self.windows:
            window.deleteLater()
        for thing in (self.tray, self.autostart_notices, self.desktop):
            thing.deleteLater()


@pytest.fixture
def make_rig(
    controller: Controller, make_service: Callable[[], AutostartService]
) -> Iterator[Callable[[], Rig]]:
    made: list[Rig] = []

    def build() -> Rig:
        made.append(Rig(controller, make_service))
        return made[-1]

    yield build
    for rig in made:
        rig.close()


@pytest.fixture
def rig(make_rig: Callable[[], Rig]) -> Rig:
    return make_rig()


def test_it_is_offered_once_and_never_again(
    rig: Rig, make_rig: Callable[[], Rig], paths: Paths, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    assert not was_offered(paths.window_state)
    rig.start(qtbot)
    assert rig.notices == ()
    offer = rig.autostart_notices.offer
    assert offer is not None
    assert (offer.accept.text(), offer.decline.text()) == ("Set up", "Not now")
    use_language("zh_CN")
    offer.retranslate()
    use_language("en")
    offer.retranslate()
    offer.decline.click()
    assert rig.autostart_notices.offer is None
    assert was_offered(paths.window_state)
    again = make_rig()
    again.start(qtbot)
    assert again.autostart_notices.offer is None
    assert mechanism.command == ()


def test_the_offer_moves_nothing_and_stays_in_its_corner(rig: Rig, qtbot: QtBot) -> None:
    rig.desktop.start(minimized=False, panel="live")
    qtbot.waitUntil(lambda: "live" in rig.window.panels)
    panel = rig.window.panels["live"]
    before = panel.geometry()
    rig.start(qtbot)
    offer = rig.autostart_notices.offer
    assert offer is not None
    assert offer.isVisible()
    assert panel.geometry() == before
    for size in ((1000, 700), (760, 560)):
        rig.window.resize(*size)
        QApplication.processEvents()
        assert rig.window.rect().contains(offer.geometry())
        assert offer.geometry().right() > rig.window.width() - 30


def test_the_offer_goes_up_where_a_card_is_opened_below_the_plots(
    controller: Controller, qtbot: QtBot
) -> None:
    window = Window(controller, entries("live"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    plots, card = QWidget(window), QWidget(window)
    plots.setGeometry(0, 40, 1280, 700)
    plots.show()
    offer = StartupOffer(window, plots)
    assert plots.geometry().contains(offer.geometry())
    card.setGeometry(0, 540, 1280, 200)
    plots.setGeometry(0, 40, 1280, 490)
    QApplication.processEvents()
    assert not offer.geometry().intersects(card.geometry())


def test_the_offer_covers_no_button_of_another_panel(rig: Rig, qtbot: QtBot) -> None:
    rig.start(qtbot, "incidents")
    offer = rig.autostart_notices.offer
    assert offer is not None
    assert not offer.isVisible()
    rig.window.open_panel("live")
    qtbot.waitUntil(offer.isVisible)
    rig.window.open_panel("incidents")
    qtbot.waitUntil(lambda: not offer.isVisible())


def test_the_offer_is_gone_once_the_panel_is_open(rig: Rig, qtbot: QtBot) -> None:
    rig.start(qtbot)
    assert rig.autostart_notices.offer is not None
    rig.window.open_panel("startup")
    qtbot.waitUntil(lambda: rig.autostart_notices.offer is None)
    rig.window.open_panel("live")
    assert rig.autostart_notices.offer is None


def test_accepting_sets_it_up_in_the_panel(rig: Rig, mechanism: FakeMechanism, qtbot: QtBot) -> None:
    rig.start(qtbot)
    assert rig.autostart_notices.offer is not None
    rig.autostart_notices.offer.accept.click()
    assert rig.window.panel == "startup"
    panel = rig.window.panels["startup"]
    assert isinstance(panel, StartupPanel)
    qtbot.waitUntil(lambda: not panel.worker.busy)
    assert mechanism.command == WISHED
    assert rig.notices == ()


def test_panel_itself_is_offer_enough(rig: Rig, paths: Paths, qtbot: QtBot) -> None:
    rig.start(qtbot, "startup")
    assert rig.autostart_notices.offer is None
    assert was_offered(paths.window_state)


def test_panel_itself_says_what_is_to_be_mended(rig: Rig, mechanism: FakeMechanism, qtbot: QtBot) -> None:
    mechanism.command = GONE
    rig.start(qtbot, "startup")
    assert rig.notices == ()


def test_what_the_user_switched_off_is_left_alone(
    rig: Rig, mechanism: FakeMechanism, paths: Paths, qtbot: QtBot
) -> None:
    mechanism.command, mechanism.is_off = WISHED, True
    rig.start(qtbot)
    assert rig.notices == ()
    assert not was_offered(paths.window_state)


@pytest.mark.parametrize("registered", [OTHER, GONE])
def test_program_that_was_moved_is_told_with_a_way_to_the_panel(
    rig: Rig, mechanism: FakeMechanism, qtbot: QtBot, registered: tuple[str, ...]
) -> None:
    mechanism.command = registered
    rig.start(qtbot)
    assert rig.notices == (CHANGED,)
    row = rig.window.notices.row(CHANGED)
    assert registered[0] in row.label.text()
    assert row.button is not None
    row.button.click()
    panel = rig.window.panels["startup"]
    assert isinstance(panel, StartupPanel)
    qtbot.waitUntil(lambda: panel._snapshot is not None)
    assert panel.head.button.text() == "Repair"
    assert rig.notices == ()  # the panel says it itself
    panel.head.button.click()
    qtbot.waitUntil(lambda: not panel.worker._looking and not panel.worker.busy)


def test_temporary_folder_is_told_on_both_places(
    controller: Controller, mechanism: FakeMechanism, paths: Paths, qtbot: QtBot
) -> None:
    mechanism.command = WISHED
    environ = {"TMPDIR": str(Path(PROGRAM.window[0]).parent)}
    rig = Rig(
        controller, lambda: AutostartService(paths, PROGRAM, [mechanism], FakeSmokeTest().make, environ)
    )
    try:
        rig.start(qtbot)
        assert rig.notices == (PLACE,)
        rig.desktop.open("startup")
        panel = rig.window.panels["startup"]
        assert isinstance(panel, StartupPanel)
        qtbot.waitUntil(lambda: panel._snapshot is not None)
        assert "the system empties" in panel.head.warning.text()
        assert panel.head.button.text() == "Set up autostart"
    finally:
        rig.close()


def test_start_into_the_tray_looks_only_when_the_window_is_opened(
    rig: Rig, mechanism: FakeMechanism, qtbot: QtBot
) -> None:
    mechanism.command = GONE
    rig.desktop.start(minimized=True)
    rig.autostart_notices.start()
    assert not rig.autostart_notices._timer.isActive()
    assert mechanism.asked_on == []
    rig.desktop.open("live")
    qtbot.waitUntil(lambda: rig.notices == (CHANGED,))


def test_start_that_is_a_test_tells_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv(TRIAL_VARIABLE, "/somewhere")
    rig.desktop.start(minimized=False)
    rig.autostart_notices.start()
    rig.desktop.open()
    assert not rig.autostart_notices._timer.isActive()

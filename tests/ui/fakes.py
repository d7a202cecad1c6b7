"""Stand-ins for the services around the window, with the behaviour that it relies on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from PySide6.QtCore import QDeadlineTimer, QEvent, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from aios_gui.alerts.model.incident import Mute
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import Warmth
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.instance.commands import (
    AboutIncident,
    Command,
    CoolDown,
    Done,
    Pause,
    RaiseWindow,
    Resume,
    SetRehearsal,
    WarmUp,
)
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.settings import settings_file
from aios_gui.settings.model import Settings
from aios_gui.ui.panel import Panel, PanelContext, PanelEntry, Place
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.sources import LocalSource, RemoteSource
from aios_gui.ui.shell.window import Window

MEGABYTE = 1 << 20
Shown = TypeVar("Shown", bound=QWidget)


def a_beat(wall_ns: int, duration_ns: int = 24_000) -> RecordedBeat:
    return RecordedBeat(1, 1, wall_ns, duration_ns, 140_000, 0, 0, True, Cause.NONE, (), False, 17.0, 42.0)


def a_snapshot(now_ns: int | None = None) -> Snapshot:
    """A machine that is well, and stuttered twelve minutes ago."""
    now_ns = time.time_ns() if now_ns is None else now_ns
    strip = [Severity.OK] * 60
    strip[21], strip[22], strip[44] = Severity.CRITICAL, Severity.WARNING, Severity.WARNING
    strip[31:34] = [Severity.INACTIVE] * 3
    facts: dict[str, int | float | str] = {
        "lateness_ns": 380_000_000,
        "missed": 0,
        "cause": int(Cause.RUN_QUEUE),
    }
    return Snapshot(
        state=EngineState.RUNNING,
        pid=4021,
        session=1,
        sampler="procfs",
        beat=a_beat(now_ns),
        strip=tuple(strip),
        made=3600,
        due=3600,
        duration=Percentiles(3600, 23_000, 31_000, 40_000, 86_000),
        lateness=Percentiles(3600, 140_000, 310_000, 900_000, 380_000_000),
        context=ContextSample(now_ns, 0.1, 96 * MEGABYTE, 7, 24 << 30),
        last_hiccup=Event(EventKind.HICCUP, now_ns - 720_000_000_000, 2880, facts),
        hiccups=1,
        calm_since_ns=now_ns - 720_000_000_000,
    )


class FakeFeed:
    """A feed that a test fills by hand; it keeps the last ``keeps`` items."""

    def __init__(self, snapshot: Snapshot | None = None, keeps: float = 1000) -> None:
        self.snapshot = snapshot or a_snapshot()
        self._items: list[LiveItem] = []
        self._keeps = keeps

    def put(self, *items: LiveItem) -> None:
        """Let these happen: the snapshot shows the newest beat and context sample."""
        for item in items:
            self._items.append(item)
            if isinstance(item, RecordedBeat):
                self.snapshot = replace(self.snapshot, beat=item)
            elif isinstance(item, ContextSample):
                self.snapshot = replace(self.snapshot, context=item)

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        end = len(self._items)
        if cursor < end - self._keeps:
            return end, None
        return end, self._items[cursor:]


class FakeEngine:
    """Blocks in ``run`` until stopped, as an engine does."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self.runs_on: int | None = None
        self.stuck = False
        self.error: Exception | None = None

    def run(self) -> None:
        self.runs_on = threading.get_ident()
        if self.error is not None:
            raise self.error
        self._stopping.wait(30)

    def stop(self) -> None:
        if not self.stuck:
            self._stopping.set()

    def unstick(self) -> None:
        self._stopping.set()


def warmed(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, warm_up=WarmupStatus(Warmth.WARM))


def obeyed(snapshot: Snapshot, command: Command[Any]) -> Snapshot:
    """What a program shows that was asked for this."""
    match command:
        case Pause() | Resume():
            state = EngineState.PAUSED if isinstance(command, Pause) else EngineState.RUNNING
            return replace(snapshot, state=state)
        case WarmUp():
            return warmed(snapshot)
        case CoolDown():
            return replace(snapshot, warm_up=WarmupStatus(Warmth.COLD, 60))
        case SetRehearsal(mode):
            return replace(snapshot, rehearsal=replace(snapshot.rehearsal, mode=mode))
    if isinstance(command, AboutIncident) and isinstance(item := command.item(), Mute):
        return muted(snapshot, item)
    return snapshot


def muted(snapshot: Snapshot, mute: Mute) -> Snapshot:
    others = [each for each in snapshot.mutes if each.rule != mute.rule]
    return replace(snapshot, mutes=(*others, mute) if mute.until_ns else tuple(others))


class FakeResident:
    """The services around a fake engine."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.feed = FakeFeed(snapshot)
        self.engine = FakeEngine()
        self.commands: list[Command[Any]] = []
        self.refusal = ""
        self.tray_notifies = False
        self.on_raise: Callable[[RaiseWindow], None] | None = None
        self.on_quit: Callable[[], None] | None = None
        self.on_reload: Callable[[], None] | None = None
        self.applied: list[Settings] = []
        self.shutdowns = 0

    def execute(self, command: Command[Any]) -> Done:
        if self.refusal:
            raise ValueError(self.refusal)
        self.commands.append(command)
        self.feed.snapshot = obeyed(self.feed.snapshot, command)
        return Done()

    def apply(self, settings: Settings) -> None:
        self.applied.append(settings)

    def collect_garbage_if_quiet(self) -> bool:
        return False

    def shutdown(self) -> None:
        self.shutdowns += 1


class FakeRemote(FakeFeed):
    """A service elsewhere that does what it is asked to, hands over, refuses, or dies."""

    def __init__(self) -> None:
        super().__init__(replace(a_snapshot(), mode=Mode.SERVICE))
        self.hands_over = True
        self.started = self.left = self.stopped = False
        self.refusal = ""
        self.commands: list[Command[Any]] = []
        self.tray_notifies = False
        self.on_refused: Callable[[str], None] | None = None

    def send(self, command: Command[Any]) -> None:
        """Obey, or refuse, on a thread of its own as the real one does."""
        thread = threading.Thread(target=self._obey, args=(command,))
        thread.start()
        thread.join()

    def _obey(self, command: Command[Any]) -> None:
        if self.refusal:
            assert self.on_refused is not None
            self.on_refused(self.refusal)
            return
        self.commands.append(command)
        self.snapshot = obeyed(self.snapshot, command)

    def start(self) -> None:
        self.started = True

    def leave(self) -> None:
        self.left = True

    def stop(self) -> None:
        self.stopped = True

    def take_over(self) -> bool:
        return self.hands_over

    def die(self) -> None:
        self.snapshot = replace(self.snapshot, state=EngineState.LOST)


class Show(Protocol):
    """Shows a panel or page."""

    def __call__(self, widget: Shown) -> Shown: ...


def context_of(controller: Controller, open_history: Callable[[], Any] | None = None) -> PanelContext:
    """What a window gives its panels."""
    return PanelContext(
        controller.feed,
        open_history or controller.open_history,
        controller.theme,
        lambda: controller.settings,
        controller,
    )


class FakePanel(Panel):
    """A panel with a timer, as real ones have, and a record of what it was told."""

    def __init__(self, context: PanelContext, key: str) -> None:
        super().__init__()
        self.key = key
        self.context = context
        self.told: list[str] = []
        self.places: list[Place] = []
        self._timer = QTimer(self)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(key, self))
        layout.addWidget(QPushButton(key, self))

    @property
    def ticking(self) -> bool:
        return self._timer.isActive()

    def title(self) -> str:
        return self.key

    def go_to(self, place: Place) -> None:
        self.places.append(place)

    def retranslate(self) -> None:
        self.told.append("retranslate")

    def activate(self) -> None:
        self.told.append("activate")
        self._timer.start(50)

    def deactivate(self) -> None:
        self.told.append("deactivate")
        self._timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.told.append("close")
        super().closeEvent(event)


def entries(*keys: str) -> tuple[PanelEntry, ...]:
    def entry(key: str) -> PanelEntry:
        return PanelEntry(key, "live", lambda: key, lambda context: FakePanel(context, key))

    return tuple(map(entry, keys))


def fake_panel(window: Window, key: str) -> FakePanel:
    """One of those panels, once it was made."""
    panel = window.panels[key]
    assert isinstance(panel, FakePanel)
    return panel


def local_source(resident: FakeResident) -> LocalSource:
    """The source that speaks to this stand-in, which has all of a `Resident` that the window asks for."""
    return LocalSource(cast("Any", resident))


def remote_source(remote: FakeRemote) -> RemoteSource:
    """The source that speaks to this stand-in for a service."""
    return RemoteSource(cast("Any", remote))


def in_file(controller: Controller) -> Settings:
    """The settings as they stand in the file, once what was changed is saved."""
    patience = QDeadlineTimer(20_000)
    while controller.store.is_saving:
        assert not patience.hasExpired()
        QTest.qWait(1)
    return settings_file(controller.paths).load().settings


def look_at_file(controller: Controller) -> None:
    """Have what another program wrote into the settings file taken over."""
    patience = QDeadlineTimer(20_000)

    def until_it_has_looked() -> None:
        while controller.store.is_looking:
            assert not patience.hasExpired()
            QTest.qWait(1)

    until_it_has_looked()  # a look that began before the file was written tells nothing
    controller.store.look()
    until_it_has_looked()


class PaintCounter(QWidget):
    """Counts how often the widgets that it watches are painted."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.count = 0
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False

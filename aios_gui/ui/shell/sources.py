"""What the window follows: the engine of this process, or the record of another that beats already."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

from aios_gui.autostart.login_start import LoginStart
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.items import LiveItem
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.instance.alert_requests import Said, request_of
from aios_gui.instance.feed import Feed
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.system.termination import do_every, leave_behind
from aios_gui.ui.shell.engine_thread import Engine, EngineThread

log = logging.getLogger(__name__)
_FAR_NS = 3_600_000_000_000


class SteeredEngine(Engine, Protocol):
    """An engine that this process may steer; every method is safe from any thread."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def warm_up(self) -> None: ...

    def cool_down(self) -> None: ...

    def set_rehearsal(self, mode: RehearsalMode) -> None: ...


class Watch(Protocol):
    """What watches by the rules; safe from any thread."""

    def request(self, item: Said) -> None: ...


class Resident(Protocol):
    """The services around an engine of this process, started already."""

    on_raise: Callable[[str], None] | None
    on_quit: Callable[[], None] | None
    on_reload: Callable[[], None] | None
    shown: str
    tray_tells: bool

    @property
    def feed(self) -> Feed: ...

    @property
    def engine(self) -> SteeredEngine: ...

    @property
    def rules(self) -> Watch: ...

    def apply(self, settings: Settings) -> None: ...

    def collect_garbage_if_quiet(self) -> bool: ...

    def shutdown(self) -> bool: ...


class RemoteResident(Feed, Protocol):
    """A feed out of another process, which can be asked to do something; it calls back from a thread of its own."""

    on_refused: Callable[[str], None] | None
    tray_tells: bool

    def steer(self, request: dict[str, Any]) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def take_over(self) -> bool: ...


class Source(Protocol):
    """Where beats come from."""

    @property
    def feed(self) -> Feed:
        """The beats."""
        ...

    @property
    def engine(self) -> SteeredEngine | None:
        """The engine, where it is this process that beats."""
        ...

    def apply(self, settings: Settings) -> None:
        """Beat by changed settings, which are saved already; does not wait."""
        ...

    def warm_up(self) -> None:
        """Warm the path of the beat up, wherever it beats; does not wait."""
        ...

    def cool_down(self) -> None:
        """Drop what keeps the path of the beat warm, wherever it beats; does not wait."""
        ...

    def rehearse(self, mode: RehearsalMode) -> None:
        """Rehearse beats always, never, or where the interval allows it, wherever it beats; does not wait."""
        ...

    def say(self, item: Said) -> None:
        """Let it be known and recorded what a person says of an incident or a rule; does not wait."""
        ...

    def tell_by_tray(self, tells: bool) -> None:
        """Whether the tray of this window tells of what fires, so that nothing else need."""
        ...

    def collect_garbage(self) -> None:
        """Collect Python's garbage if no beat is near; on the GUI's thread, where Qt objects must die."""
        ...

    def stop(self) -> None:
        """End it for good; a second call does nothing."""
        ...


class LocalSource:
    """The engine on a thread of its own, and the services around it."""

    def __init__(self, resident: Resident) -> None:
        self.resident = resident
        self.thread = EngineThread(resident.engine)
        self._stopped = False

    @property
    def feed(self) -> Feed:
        return self.resident.feed

    @property
    def engine(self) -> SteeredEngine:
        return self.resident.engine

    def start(self) -> None:
        """Begin to beat."""
        self.thread.start()

    def apply(self, settings: Settings) -> None:
        self.resident.apply(settings)

    def warm_up(self) -> None:
        self.resident.engine.warm_up()

    def cool_down(self) -> None:
        self.resident.engine.cool_down()

    def rehearse(self, mode: RehearsalMode) -> None:
        self.resident.engine.set_rehearsal(mode)

    def say(self, item: Said) -> None:
        self.resident.rules.request(item)

    def tell_by_tray(self, tells: bool) -> None:
        self.resident.tray_tells = tells

    def collect_garbage(self) -> None:
        self.resident.collect_garbage_if_quiet()

    def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self.resident.on_raise = self.resident.on_quit = self.resident.on_reload = None
        if not do_every(self.thread.finish):
            leave_behind(self.thread.isRunning)  # destroyed while it runs, it would take the process down
        if not do_every(self.resident.shutdown):
            leave_behind(lambda: True)


class RemoteSource:
    """The record of the background service, followed live."""

    engine = None

    def __init__(self, remote: RemoteResident) -> None:
        self.remote = remote
        self._stopped = False
        # No engine warms up here, so it falls to this source to keep collections on the GUI's thread.
        self._garbage = GarbagePolicy()

    @property
    def feed(self) -> Feed:
        return self.remote

    def start(self) -> None:
        """Begin to follow."""
        self._garbage.settle()
        self.remote.start()

    def apply(self, settings: Settings) -> None:
        self.remote.steer({"op": "reload"})

    def warm_up(self) -> None:
        self.remote.steer({"op": "warm_up"})

    def cool_down(self) -> None:
        self.remote.steer({"op": "cool_down"})

    def rehearse(self, mode: RehearsalMode) -> None:
        self.remote.steer({"op": "rehearse", "mode": str(mode)})

    def say(self, item: Said) -> None:
        self.remote.steer(request_of(item))

    def tell_by_tray(self, tells: bool) -> None:
        self.remote.tray_tells = tells

    def collect_garbage(self) -> None:
        self._garbage.collect_if_quiet(time.perf_counter_ns() + _FAR_NS)

    def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self.remote.on_refused = None
        self.remote.stop()
        self._garbage.release()


class SwitchFeed:
    """One feed for the readers, whatever it is that feeds it.

    After a switch every reader is told once, by None, to read the record again.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._base = 0
        self._highest = 0

    @property
    def snapshot(self) -> Snapshot:
        return self._feed.snapshot

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        base = self._base
        stale = cursor < base
        inner, items = self._feed.since(0 if stale else cursor - base)
        self._highest = max(self._highest, base + inner)
        return base + inner, None if stale else items

    def switch(self, feed: Feed) -> None:
        """Take the beats from another feed."""
        self._feed = feed
        # Above every cursor given out so far, so that those are known as old.
        self._base = self._highest + 1
        self._highest = self._base


def start_local(paths: Paths, settings: Settings, login_start: LoginStart | None = None) -> LocalSource:
    """Become the one instance that beats, with everything but the engine's thread started.

    AlreadyRunning where another beats, OSError where the folder of the data cannot be had.
    """
    from aios_gui.instance.resident import Resident as TheResident

    resident = TheResident(paths, settings)
    resident.login_start = login_start
    resident.start()
    return LocalSource(resident)

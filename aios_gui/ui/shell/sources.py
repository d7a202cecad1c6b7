"""What the window follows: the engine of this process, or the record of another that beats already."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aios_gui.autostart.login_start import LoginStart
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.items import LiveItem
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.instance.feed import Feed
from aios_gui.instance.lock import WindowPaths
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.presence import Presence
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.system.termination import do_every, leave_behind
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.engine_thread import EngineThread

if TYPE_CHECKING:
    from aios_gui.instance.commands import Command, Done, RaiseWindow
    from aios_gui.instance.remote import RemoteFeed
    from aios_gui.instance.resident import Resident

log = logging.getLogger(__name__)
_FAR_NS = 3_600_000_000_000


class WindowPlace:
    """The one place of a window, whichever beats. Beside a service, others find and ask the window through it."""

    def __init__(self, paths: Paths) -> None:
        self.on_raise: Callable[[RaiseWindow], None] | None = None
        """Called on a thread of its own when another start asks for the window, as of ``Resident``."""
        self.on_quit: Callable[[], None] | None = None
        """Called on a thread of its own when the window is to end."""
        self._presence = Presence(WindowPaths(*paths), Mode.WINDOW, self._answer)
        self.take, self.answer_calls = self._presence.take, self._presence.answer_calls
        self.keep, self.release = self._presence.keep, self._presence.release

    def _answer(self, request: bytes) -> bytes:
        from aios_gui.instance.commands import answer

        return answer(request, self._execute)

    def _execute(self, command: Command[Any]) -> Done:
        from aios_gui.instance.commands import Done, Quit, RaiseWindow

        if isinstance(command, RaiseWindow) and self.on_raise is not None:
            self.on_raise(command)
        elif isinstance(command, Quit) and self.on_quit is not None:
            self.on_quit()
        else:
            return Done(False, str(Mode.WINDOW))
        return Done(True, str(Mode.WINDOW))


class LocalSource:
    """The engine on a thread of its own, and the services around it."""

    def __init__(self, resident: Resident, place: WindowPlace | None = None) -> None:
        self.resident = resident
        self._place = place
        self.thread = EngineThread(resident.engine)
        self.on_refused: Callable[[str], None] | None = None
        """Called with the reason where a command is refused."""
        self._stopped = False

    @property
    def feed(self) -> Feed:
        """The beats."""
        return self.resident.feed

    def start(self) -> None:
        """Begin to beat."""
        self.thread.start()

    def send(self, command: Command[Any]) -> None:
        """Have it done; does not wait."""
        from aios_gui.instance.channel import CommandRefused
        from aios_gui.instance.client import LocalClient

        try:
            LocalClient(self.resident).execute(command)
        except CommandRefused as error:
            if self.on_refused is not None:
                self.on_refused(str(error))

    def apply(self, settings: Settings) -> None:
        """Beat by changed settings, which are saved already; does not wait."""
        self.resident.apply(settings)

    def set_tray_notifies(self, notifies: bool) -> None:
        """Whether the tray of this window notifies of what fires, so that nothing else need."""
        self.resident.tray_notifies = notifies

    def collect_garbage(self) -> None:
        """Collect Python's garbage if no beat is near; on the GUI's thread, where Qt objects must die."""
        self.resident.collect_garbage_if_quiet()

    def stop(self) -> None:
        """End it for good; a second call does nothing."""
        if self._stopped:
            return
        self._stopped = True
        self.on_refused = None
        self.resident.on_raise = self.resident.on_quit = self.resident.on_reload = None
        if not do_every(self.thread.finish):
            leave_behind(self.thread.isRunning)  # destroyed while it runs, it would take the process down
        if not do_every(self.resident.shutdown):
            leave_behind(lambda: True)
        if self._place is not None:
            self._place.release()


class RemoteSource:
    """The record of the background service, followed live."""

    def __init__(self, remote: RemoteFeed, place: WindowPlace | None = None) -> None:
        self.remote = remote
        self.place = place
        self._left = False
        # No engine warms up here, so it falls to this source to keep collections on the GUI's thread.
        self._garbage = GarbagePolicy()

    @property
    def feed(self) -> Feed:
        """The beats."""
        return self.remote

    def start(self) -> None:
        """Begin to follow."""
        self._garbage.settle()
        self.remote.start()

    def send(self, command: Command[Any]) -> None:
        """Have it done there; does not wait."""
        self.remote.send(command)

    def apply(self, settings: Settings) -> None:
        """Have it beat by changed settings, which are saved already; does not wait."""
        from aios_gui.instance.commands import ReloadSettings

        self.remote.send(ReloadSettings())

    @property
    def on_refused(self) -> Callable[[str], None] | None:
        """Called with the reason, on the feed's thread, where a command is not carried out."""
        return self.remote.on_refused

    @on_refused.setter
    def on_refused(self, listener: Callable[[str], None] | None) -> None:
        self.remote.on_refused = listener

    def set_tray_notifies(self, notifies: bool) -> None:
        """Whether the tray of this window notifies of what fires, so that nothing else need."""
        self.remote.tray_notifies = notifies

    def collect_garbage(self) -> None:
        """Collect Python's garbage; on the GUI's thread, where Qt objects must die."""
        self._garbage.collect_if_quiet(time.perf_counter_ns() + _FAR_NS)

    def leave(self) -> None:
        """Stop following, without waiting for the feed's thread; a second call does nothing."""
        if self._left:
            return
        self._left = True
        self.on_refused = None
        self.remote.leave()
        self._garbage.release()

    def stop(self) -> None:
        """End it for good; a second call does nothing."""
        self.leave()
        self.remote.stop()
        if self.place is not None:
            self.place.release()


class StillFeed:
    """A feed of which nothing ever comes."""

    snapshot = Snapshot(state=EngineState.STOPPED)

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """Nothing."""
        return cursor, []


class SliceSource:
    """A source that neither beats nor follows, and in which nothing can be changed."""

    def __init__(self) -> None:
        self.feed = StillFeed()
        self.on_refused: Callable[[str], None] | None = None
        """Called with the reason where something was to be changed."""

    def send(self, _command: Command[Any]) -> None:
        """Refuse it."""
        if self.on_refused is not None:
            self.on_refused(_("a slice is only looked at"))

    def apply(self, _settings: Settings) -> None:
        """Settings change nothing here."""

    def set_tray_notifies(self, _notifies: bool) -> None:
        """There is no tray."""

    def collect_garbage(self) -> None:
        """Python does it by itself, since no beat is disturbed."""

    def start(self) -> None:
        """There is nothing to start."""

    def stop(self) -> None:
        """There is nothing to stop."""


Source = LocalSource | RemoteSource | SliceSource
"""Where beats come from."""


class SwitchFeed:
    """One feed for the readers, whichever source it has.

    After a switch every reader is told once, by None, to read the record again.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._base = 0
        self._highest = 0

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture."""
        return self._feed.snapshot

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """As of every feed."""
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


def start_local(
    paths: Paths,
    settings: Settings,
    login_start: LoginStart | None = None,
    place: WindowPlace | None = None,
) -> LocalSource:
    """Become the one instance that beats, with everything but the engine's thread started.

    AlreadyRunning where another beats, OSError where the folder of the data cannot be had.
    """
    from aios_gui.instance.resident import Resident

    resident = Resident(paths, settings)
    resident.login_start = login_start
    resident.start()
    return LocalSource(resident, place)

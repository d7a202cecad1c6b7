"""Carries out what the user asks for: settings at once and saved, pause, taking over, shutting down."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.rules import Rule
from aios_gui.alerts.settings import rules_of, with_rules
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.settings.file import SettingsFile, SettingsProblem
from aios_gui.settings.model import Settings, SettingValue
from aios_gui.system.paths import Paths
from aios_gui.system.termination import do_every
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.shell.confirming import ConfirmingStore
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.settings_store import PATIENCE_S, SettingsStore
from aios_gui.ui.shell.sources import LocalSource, RemoteSource, Source, SwitchFeed
from aios_gui.ui.shell.throttle import WindowThrottle
from aios_gui.ui.theme import Theme

if TYPE_CHECKING:
    from aios_gui.history.queries import History
    from aios_gui.instance.commands import Command, RaiseWindow
    from aios_gui.instance.lock import AlreadyRunning
    from aios_gui.record.store.reader import RecordReader

log = logging.getLogger(__name__)
EVERY_WHILE_MS = 2_000
ACTIVATION_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - the name of a variable
_OF_THE_WINDOW = ("window", "keyboard", "autostart")
"""Sections that are nothing to the heartbeat."""
_NOT_HERE = N_("Recording could not be started here: {reason}")
_NOT_HANDED = N_("The background service did not hand over; it goes on recording.")
_NO_SERVICE = N_("The background service could not be started. This window goes on recording.")
_NOT_DONE = N_("The background service did not do what it was asked to: {reason}")
_STOPPED = N_("The heartbeat has stopped because of an error: {reason}")


class Task(QThread):
    """Runs one blocking call apart from the window; ``ended`` tells whether it succeeded."""

    ended = Signal(bool)

    def __init__(self, call: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._call = call

    def run(self) -> None:
        succeeded = False
        try:
            succeeded = self._call()
        except Exception:
            log.exception("a task failed")
        self.ended.emit(succeeded)


@dataclass(frozen=True, slots=True)
class Kit:
    """What a controller is built from. ``make_local`` starts the services here; it may raise.

    ``record`` is what is looked at in place of this machine's record.
    """

    paths: Paths
    settings_file: SettingsFile
    theme: Theme
    language: Language
    make_local: Callable[[], LocalSource]
    record: Path | None = None


class Controller(QObject):
    """Lives on the GUI's thread. Signals are rare; what beats do is pulled from ``feed``."""

    settings_changed = Signal(str)
    language_changed = Signal()
    source_changed = Signal()
    notice_raised = Signal(object)
    notice_over = Signal(str)
    raise_asked = Signal(str)
    """Brings the panel that is asked for, "" for any."""
    quit_asked = Signal()
    span_asked = Signal(object)
    """Brings the ``RaiseWindow`` that asks for more than a panel."""
    _raise_from_elsewhere = Signal(object)
    _quit_from_elsewhere = Signal()
    place_asked = Signal(object)
    """Brings the ``Place`` of the window that a person is to be led to."""
    _refused = Signal(str)
    _reload_asked = Signal()

    def __init__(
        self,
        kit: Kit,
        settings: Settings,
        source: Source,
        problems: tuple[SettingsProblem, ...] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._kit = kit
        self.store = SettingsStore(kit.settings_file, settings, problems, self)
        self.store.changed.connect(self._on_settings)
        self.store.saved.connect(self._on_saved)
        self.store.notice_raised.connect(self.notice_raised)
        self.store.over.connect(self.notice_over)
        self._reload_asked.connect(self.store.look_again)
        self.confirming = ConfirmingStore(
            Confirmations(kit.paths.confirmations), lambda: rules_of(self.settings), self
        )
        """What rules may do only once the person has confirmed it."""
        self.confirming.changed.connect(self._on_confirmed)
        self.confirming.notice_raised.connect(self.notice_raised)
        self.confirming.over.connect(self.notice_over)
        self.unsaved: tuple[str, ...] = ()
        """After the shutdown: the names of what could not be saved."""
        self._unapplied = False
        self.forgetting = False
        """Whether all that the program keeps is to be removed once it has ended."""
        self._source = source
        self._task: Task | None = None
        self._service: subprocess.Popen[bytes] | None = None
        """The service that is to go on without a window."""
        self._service_command: list[str] = []
        """What starts it, where that is not this very program."""
        self._down = False
        self._left: list[RemoteSource] = []
        """Followed no more; what is left of their threads is waited for at the end."""
        self.feed = SwitchFeed(source.feed)
        self.throttle = WindowThrottle(lambda: self.store.settings)
        """How often to refresh; where that changes, ``settings_changed`` tells of ``window.refresh_hz``."""
        self._while_timer = QTimer(self)
        self._while_timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._while_timer.timeout.connect(self._every_while)
        self._while_timer.start(EVERY_WHILE_MS)
        self._refused.connect(self._on_refused)
        # By way of the event loop: asked for while the window is still being built, no one would hear of it yet.
        queued = Qt.ConnectionType.QueuedConnection
        self._raise_from_elsewhere.connect(self._on_raise_from_elsewhere, queued)
        self._quit_from_elsewhere.connect(self.quit_asked, queued)
        self._listen()

    # What is

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.store.settings

    @property
    def paths(self) -> Paths:
        """Where the files lie."""
        return self._kit.paths

    @property
    def theme(self) -> Theme:
        """The colours in force."""
        return self._kit.theme

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture."""
        return self.feed.snapshot

    @property
    def is_remote(self) -> bool:
        """Whether another process beats."""
        return isinstance(self._source, RemoteSource)

    @property
    def is_served(self) -> bool:
        """Whether another process beats, and answers."""
        return self.is_remote and self.snapshot.state is not EngineState.LOST

    @property
    def yielded_to(self) -> AlreadyRunning | None:
        """The other instance for which the one of this process ends by itself."""
        return self._source.resident.yielded_to if isinstance(self._source, LocalSource) else None

    @property
    def is_busy(self) -> bool:
        """Whether a take-over is under way."""
        return self._task is not None

    @property
    def slice_file(self) -> Path | None:
        """What is looked at in place of this machine's record."""
        return self._kit.record

    @property
    def record_words(self) -> list[str]:
        """The words by which a command reads the record that is looked at; none for this machine's own."""
        return [] if self.slice_file is None else ["--slice", str(self.slice_file)]

    def open_record(self) -> RecordReader:
        """The record, read-only; its opener closes it."""
        from aios_gui.record.store.reader import RecordReader

        return RecordReader(self.slice_file or self._kit.paths.store)

    def open_history(self) -> History:
        """What the record says of any span; its opener closes it."""
        from aios_gui.history.queries import History

        return History(self.open_record())

    # What the user asks for

    def set_value(self, name: str, value: SettingValue) -> None:
        """Change a setting at once, and let it be saved; ValueError where the value is not allowed."""
        self.store.change(self.settings.with_value(name, value))

    def set_rules(self, rules: tuple[Rule, ...]) -> None:
        """Watch by other rules at once, and let them be saved; they are valid and have names of their own."""
        self.store.change(with_rules(self.settings, rules))

    def send(self, command: Command[Any]) -> None:
        """Have it done by the program that beats, here or in the background; a refusal becomes a notice."""
        self.notice_over.emit("steering")
        self._source.send(command)

    def forget_everything(self) -> None:
        """End the program, and then remove all that it keeps."""
        self.forgetting = True
        self.quit_asked.emit()

    def toggle_pause(self) -> None:
        """Pause the heartbeat, or let it go on; nothing where another process beats."""
        from aios_gui.instance.commands import Pause, Resume

        if not self.is_remote:
            self.send(Resume() if self.snapshot.state is EngineState.PAUSED else Pause())

    def resume(self) -> None:
        """Let a paused heartbeat go on, here or in the background service."""
        from aios_gui.instance.commands import Resume

        self.send(Resume())

    def set_tray_notifies(self, notifies: bool) -> None:
        """Let the program that beats know whether the tray of this window notifies of what fires."""
        self._source.set_tray_notifies(notifies)

    def set_rehearsal(self, mode: RehearsalMode) -> None:
        """Rehearse beats so from now on, here or in the background service, and keep that as the setting."""
        if self.settings["beat.rehearsal"] == mode:
            self._send_rehearsal()  # the background service may have begun with another setting
        else:
            self.set_value("beat.rehearsal", str(mode))

    def take_over(self) -> None:
        """Ask the background service to end, then beat here."""
        if self._task is not None or not isinstance(self._source, RemoteSource):
            return
        self._task = Task(self._source.remote.take_over, self)
        self._task.ended.connect(self._on_taken_over)
        self._task.start()
        self.source_changed.emit()

    def hand_over(self) -> None:
        """Have a service go on without a window. Once it is ready to beat, it asks this program to end."""
        from aios_gui.system.own_program import own_folder, own_service_command

        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
        nowhere = subprocess.DEVNULL
        command = self._service_command or own_service_command("--take-over")
        try:
            self._service = subprocess.Popen(
                command, stdin=nowhere, stdout=nowhere, stderr=nowhere, cwd=own_folder(), **apart
            )
        except OSError:
            log.exception("the background service cannot be started")
            self._on_no_service()

    def _look_after_service(self) -> None:
        if self._service is not None and self._service.poll() is not None:
            log.error("the background service ended with status %s", self._service.returncode)
            self._on_no_service()

    def _on_no_service(self) -> None:
        self._service = None
        self._raise_notice("take-over", _NO_SERVICE)
        self.raise_asked.emit("")

    def record_here(self) -> None:
        """Beat in this process from now on, as after the background service has died."""
        try:
            local = self._kit.make_local()
        except Exception as error:
            log.exception("cannot start to record here")
            self._raise_notice("take-over", _NOT_HERE, plain(error))
            self.source_changed.emit()
            return
        if isinstance(self._source, RemoteSource):
            self._source.leave()
            self._left.append(self._source)
        self._source = local
        local.start()
        self.feed.switch(local.feed)
        self._listen()
        self.notice_over.emit("take-over")
        self.source_changed.emit()

    def shutdown(self) -> None:
        """Stop the timers, the engine and everything around it; a second call does nothing."""
        if self._down:
            return
        self._down = True
        left = [source.stop for source in self._left]
        steps = (
            self._while_timer.stop,
            self._wait_for_task,
            *left,
            self._source.stop,
            self._close_store,
            self._kit.language.remove,
        )
        do_every(*steps)

    # Within

    def _close_store(self) -> None:
        self.confirming.close(PATIENCE_S)
        self.unsaved = self.store.close()

    def _wait_for_task(self) -> None:
        if self._task is not None:
            self._task.wait()

    def _listen(self) -> None:
        self._source.on_refused = self._refused.emit
        if isinstance(self._source, LocalSource):
            self._source.resident.on_raise = self._raise_from_elsewhere.emit
            self._source.resident.on_quit = self._quit_from_elsewhere.emit
            self._source.resident.on_reload = self._reload_asked.emit
            self._source.thread.failed.connect(self._on_engine_failed)
        elif isinstance(self._source, RemoteSource) and self._source.place is not None:
            self._source.place.on_raise = self._raise_from_elsewhere.emit
            self._source.place.on_quit = self._quit_from_elsewhere.emit

    def _on_raise_from_elsewhere(self, command: RaiseWindow) -> None:
        if command.token:
            # Qt hands it to a Wayland compositor, which else raises nothing.
            os.environ[ACTIVATION_TOKEN] = command.token
        self.raise_asked.emit(command.panel)
        if command.end_ns:
            self.span_asked.emit(command)

    def _every_while(self) -> None:
        self._look_after_service()
        self._source.collect_garbage()
        self.store.look()
        self.confirming.look()
        if self.throttle.look(self.snapshot):
            self.settings_changed.emit("window.refresh_hz")

    def _on_engine_failed(self, error: Exception) -> None:
        self._raise_notice("engine", _STOPPED, plain(f"{type(error).__name__}: {error}"))

    def _on_refused(self, reason: str) -> None:
        self._raise_notice("steering", _NOT_DONE, plain(reason))

    def _on_taken_over(self, succeeded: bool) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.wait()
            task.deleteLater()
        if self._down:
            return
        if succeeded:
            self.record_here()
            return
        self._raise_notice("take-over", _NOT_HANDED)
        self.source_changed.emit()

    def _on_settings(self, names: tuple[str, ...]) -> None:
        """Put changed settings in force, which are being saved."""
        for name in names:
            if name == "window.theme":
                self._kit.theme.choose(str(self.settings[name]))
            elif name == "window.language":
                self._kit.language.choose(str(self.settings[name]))
                self.language_changed.emit()
            elif name == "beat.rehearsal":
                self._send_rehearsal()
        of_the_beat = (name for name in names if name.partition(".")[0] not in _OF_THE_WINDOW)
        if any(name != "beat.rehearsal" for name in of_the_beat):
            if self.is_remote:
                self._unapplied = True  # the background service reads the file
            else:
                self._source.apply(self.settings)
        if "rules" in names:
            self.confirming.announce()
        for name in names:
            self.settings_changed.emit(name)

    def _on_confirmed(self) -> None:
        self._source.apply(self.settings)
        self.settings_changed.emit("rules")

    def _on_saved(self) -> None:
        if self._unapplied:
            self._unapplied = False
            self._source.apply(self.settings)

    def _send_rehearsal(self) -> None:
        from aios_gui.instance.commands import SetRehearsal

        self.send(SetRehearsal(RehearsalMode(self.settings["beat.rehearsal"])))

    def _raise_notice(self, key: str, message: str, reason: str = "") -> None:
        log.error("%s", message.format(reason=reason))
        self.notice_over.emit(key)
        self.notice_raised.emit(Notice(key, Severity.CRITICAL, lambda: _(message).format(reason=reason)))

"""Turns what snapshots tell into notices: what happened, a record not written, a service that records."""

from __future__ import annotations

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.instance.words import event_sentence, parts_sentence, store_sentence
from aios_gui.record.model.health import StoreHealth
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice, NoticeBar

_SERVICE, _LOST, _STORE, _PARTS = "service", "lost", "store", "parts"
_LEVELS = {
    EventKind.STORE_RECOVERED: Severity.OK,
    EventKind.STORE_CARRIED_OVER: Severity.OK,
    EventKind.STUCK: Severity.CRITICAL,
}


class NoticeWatch:
    """Keeps a notice bar in step with the snapshots of a controller."""

    def __init__(self, controller: Controller, bar: NoticeBar) -> None:
        self._controller = controller
        self._bar = bar
        self._seen: tuple[Event, ...] = ()
        self._health = StoreHealth()
        self._broken: tuple[BrokenPart, ...] = ()
        self._source_seen: tuple[bool, bool, bool] | None = None

    def look(self) -> None:
        """Bring the notices up to date; costs next to nothing where nothing has changed."""
        snapshot = self._controller.snapshot
        self._look_at_events(snapshot)
        self._look_at_store(snapshot)
        self._look_at_parts(snapshot)
        self._look_at_source(snapshot)

    def _look_at_events(self, snapshot: Snapshot) -> None:
        if snapshot.notices == self._seen:
            return
        for event in snapshot.notices:
            if event in self._seen:
                continue
            level = _LEVELS.get(event.kind, Severity.WARNING)
            key = f"{event.kind}-{event.wall_ns}"
            self._bar.show_notice(Notice(key, level, lambda event=event: event_sentence(event)))  # type: ignore[misc]
        self._seen = snapshot.notices

    def _look_at_store(self, snapshot: Snapshot) -> None:
        health = snapshot.store
        if health == self._health:
            return
        self._health = health
        if health.recording:
            self._bar.drop(_STORE)
            return
        self._bar.show_notice(Notice(_STORE, Severity.CRITICAL, lambda: store_sentence(self._health)))
        self._bar.refresh(_STORE)

    def _look_at_parts(self, snapshot: Snapshot) -> None:
        if snapshot.broken_parts == self._broken:
            return
        self._broken = snapshot.broken_parts
        self._bar.drop(_PARTS)
        if self._broken:
            self._bar.show_notice(Notice(_PARTS, Severity.CRITICAL, lambda: parts_sentence(self._broken)))

    def _look_at_source(self, snapshot: Snapshot) -> None:
        controller = self._controller
        lost = controller.is_remote and not controller.is_busy and snapshot.state is EngineState.LOST
        now = (controller.is_remote, lost, controller.is_busy)
        if now == self._source_seen:
            return
        self._source_seen = now
        self._bar.drop(_SERVICE)
        self._bar.drop(_LOST)
        if lost:
            self._bar.show_notice(self._lost_notice())
        elif controller.is_remote:
            self._bar.show_notice(self._service_notice())

    def _service_notice(self) -> Notice:
        if self._controller.is_busy:
            return Notice(
                _SERVICE,
                Severity.INACTIVE,
                lambda: _("Waiting for the background service to hand over…"),
                closable=False,
            )
        return Notice(
            _SERVICE,
            Severity.OK,
            lambda: _("This window shows what the background service records."),
            lambda: _("Take over"),
            self._controller.take_over,
        )

    def _lost_notice(self) -> Notice:
        return Notice(
            _LOST,
            Severity.CRITICAL,
            lambda: _("The background service does not answer: it has ended or hangs."),
            lambda: _("Start recording here"),
            self._controller.record_here,
            closable=False,
        )

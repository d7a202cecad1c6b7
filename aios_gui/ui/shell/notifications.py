"""Notifies of incidents by messages of the system, where the user wants that and does not look at the window."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from aios_gui.alerts.model.action import ActionKind
from aios_gui.alerts.model.alarm import is_quiet
from aios_gui.alerts.model.announcing import PER_RULE_NS, Announcer
from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.settings import rules_of
from aios_gui.alerts.watch.rule_watch import local_minute
from aios_gui.alerts.words.incidents import hiccup_sentence, message_text, message_title, more_phrase
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.settings import keeps_quiet, stall_notified_ns
from aios_gui.instance.words import blame_phrase
from aios_gui.system.full_screen import full_screen_runs
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.panel import Place
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.tray import Tray

_log = logging.getLogger(__name__)
_DIGEST_EVERY_NS, _NOTED_AGAIN_NS = 60_000_000_000, 3_600_000_000_000


class Notifications(QObject):
    """Looks whenever the tray does. ``asked`` brings the number of the incident whose message was clicked."""

    asked = Signal(object)

    def __init__(
        self,
        controller: Controller,
        tray: Tray,
        is_watched: Callable[[], bool],
        now_ns: Callable[[], int] = time.perf_counter_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._tray = tray
        self._is_watched = is_watched
        self._now_ns = now_ns
        self._announcer = Announcer()
        self._cursor = controller.feed.since(0)[0]
        self._stall_told_ns: int | None = None
        self._stalls_kept_back = 0
        self._digest_at_ns = 0
        tray.looked.connect(self.look)

    def look(self) -> None:
        """Look once; costs next to nothing while nothing is open."""
        self._controller.set_tray_notifies(self._tray.available)
        self._look_for_stall()
        self._look_for_digest()
        found = [each for each in self._controller.snapshot.open_incidents if self._is_to_be_notified(each)]
        now_ns = self._now_ns()
        if self._is_watched() or not self._controller.settings["window.notifications"]:
            self._announcer.pass_over(found, now_ns)
            return
        due = self._announcer.look(found, now_ns)
        if due:
            self._notify(due)

    def _look_for_stall(self) -> None:
        """A stall is over when it is known, so it is never among what is open."""
        self._cursor, items = self._controller.feed.since(self._cursor)
        hiccups = [each for each in items or () if isinstance(each, Event) and each.kind is EventKind.HICCUP]
        found = [each for each in hiccups if self._is_worth_a_message(each)]
        if not found:
            return
        now_ns = self._now_ns()
        if self._stall_told_ns is not None and now_ns - self._stall_told_ns < PER_RULE_NS:
            self._stalls_kept_back += len(found)
            return
        hiccup = max(found, key=hiccup_length_ns)
        kept_back = self._stalls_kept_back + len(found) - 1
        self._stall_told_ns, self._stalls_kept_back = now_ns, 0
        notice = Notice(
            f"hiccup-{hiccup.wall_ns}",
            Severity.WARNING,
            lambda: stall_text(hiccup, kept_back, time.time_ns()),
        )
        self._tray.notify(notice, hiccup_sentence(hiccup_length_ns(hiccup)))

    def _look_for_digest(self) -> None:
        """The week in three sentences, which the program that beats leaves to a tray."""
        now_ns = self._now_ns()
        if not self._controller.settings["reports.digest"] or now_ns < self._digest_at_ns:
            return
        self._digest_at_ns = now_ns + _DIGEST_EVERY_NS
        from aios_gui.reports.digest import Told, keep_digest, read_digest

        digest = read_digest(self._controller.paths)
        if digest.told is not Told.FOR_THE_TRAY or not self._tray.available or self._is_quiet(Level.WARNING):
            return
        try:
            keep_digest(self._controller.paths, replace(digest, told=Told.PASSED_ON, at_ns=time.time_ns()))
        except OSError:
            _log.exception("the week is not told, since that could not be noted")
            self._digest_at_ns = now_ns + _NOTED_AGAIN_NS
            return
        place = Place("reports", digest.start_ns, digest.end_ns, template="week")
        notice = Notice("digest", Severity.OK, lambda: digest.text)
        self._tray.notify(notice, digest.title, lambda: self._lead_to(place))

    def _lead_to(self, place: Place) -> None:
        self._controller.raise_asked.emit(place.panel)
        self._controller.place_asked.emit(place)

    def _is_worth_a_message(self, hiccup: Event) -> bool:
        settings, length_ns = self._controller.settings, hiccup_length_ns(hiccup)
        if self._is_watched() or not settings["window.notifications"]:
            return False
        if length_ns < stall_notified_ns(settings) or full_screen_runs():
            return False
        muted = {mute.rule for mute in self._controller.snapshot.mutes}
        minute = local_minute(time.time_ns())
        return any(
            rule.is_of_stalls
            and rule.enabled
            and rule.limit <= length_ns / 1e6
            and rule.name not in muted
            and ActionKind.NOTIFY in rule.actions
            and not is_quiet(rule, minute)
            and not self._is_quiet(rule.level)
            for rule in rules_of(settings)
        )

    def _is_quiet(self, level: Level) -> bool:
        minute = local_minute(time.time_ns())
        return keeps_quiet(self._controller.settings, minute, level is Level.CRITICAL)

    def _is_to_be_notified(self, incident: IncidentBrief) -> bool:
        if incident.silence or incident.acknowledged:
            return False
        if self._is_quiet(incident.level):
            return False  # as if it had not begun: what still goes on afterwards brings a message then
        rule = next(
            (each for each in rules_of(self._controller.settings) if each.name == incident.rule), None
        )
        return rule is None or ActionKind.NOTIFY in rule.actions

    def _notify(self, incidents: tuple[IncidentBrief, ...]) -> None:
        worst = incidents[0]
        level = Severity.CRITICAL if worst.level is Level.CRITICAL else Severity.WARNING
        notice = Notice(f"incident-{worst.id}", level, lambda: message_text(incidents))
        self._tray.notify(notice, message_title(incidents), lambda: self.asked.emit(worst.id))


def stall_text(hiccup: Event, kept_back: int, now_ns: int) -> str:
    """When a stall began, whose fault it was, and how many of its kind were kept back before it."""
    began = figures.clock_time(hiccup.wall_ns - hiccup_length_ns(hiccup), now_ns, seconds=True)
    what = _("{time}: {sentence}").format(time=began, sentence=blame_phrase(hiccup))
    return "\n".join(filter(None, (what, more_phrase(kept_back))))

"""The resident heartbeat: lock, engine, recorder and channel, put together once for window and service."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.rules import Rule
from aios_gui.alerts.model.trust import permitted, waiting
from aios_gui.alerts.settings import keeps_command_lines, rules_of, thresholds_of
from aios_gui.alerts.watch.rule_watch import RuleWatch, local_minute
from aios_gui.autostart.login_start import LoginStart, keep_login_start
from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.beat_facts import beat_facts
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.states import LaunchMode, Mode
from aios_gui.heartbeat.model.verdict import Verdict
from aios_gui.heartbeat.settings import engine_options, interval_ns_of
from aios_gui.instance.change_looks import ChangeLooks
from aios_gui.instance.feed import Feed
from aios_gui.instance.lock import AlreadyRunning
from aios_gui.instance.model.now import condition_of
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.presence import Presence
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import CONTEXT_NS, Recorder
from aios_gui.instance.report_schedule import ReportSchedule
from aios_gui.instance.settings import keeps_quiet, settings_file, stall_notified_ns, throttle_limits
from aios_gui.instance.slow_path import SlowPath
from aios_gui.record.relocation.journal import settle
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts
from aios_gui.record.settings import limits_of
from aios_gui.reports.settings import plan_of
from aios_gui.settings.model import Settings, SettingValue
from aios_gui.settings.watch import SettingsWatch
from aios_gui.system.atomic_file import remove_leftovers
from aios_gui.system.paths import Paths
from aios_gui.system.supervised_thread import Failure, Supervisor
from aios_gui.system.termination import do_every

if TYPE_CHECKING:
    from aios_gui.instance.commands import A, Command, Done, LatestAnswer, RaiseWindow, SnapshotAnswer
    from aios_gui.record.relocation.job import RecordMove

log = logging.getLogger(__name__)
LOOK_AT_SETTINGS_NS = 3_000_000_000
MOST_BATCHES, MOST_LOOKS = 4, 16
"""Of imported beats and of changes, that wait for the next round of the recorder: half a megabyte each, and 10 kB."""
REFUSALS = 4
"""Refused the lock in as many rounds, it is another instance that has it."""
Fixed = tuple[tuple[str, SettingValue], ...]


class Resident:
    """The one instance of this user that beats.

    ``start`` takes the lock (AlreadyRunning, OSError) and starts recorder and channel; the caller then runs
    ``engine.run`` on the thread it chooses, and at the end stops the engine before ``shutdown``. ``on_raise`` and
    ``on_quit`` are called on the channel's thread when another start asks for the window, or for the lock. What is
    ``fixed`` holds whatever the settings say.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        mode: Mode = Mode.WINDOW,
        clock: Clock | None = None,
        fixed: Fixed = (),
    ) -> None:
        settings = _with(settings, fixed)
        self.paths = paths
        self.mode = mode
        self.clock = clock or system_clock()
        self.garbage = GarbagePolicy(collect_first=mode is Mode.SERVICE)
        self.engine = HeartbeatEngine(
            self.clock, engine_options(settings, thresholds_of(settings)), garbage=self.garbage
        )
        facts = machine_facts() | {"interval_ns": self.engine.options.interval_ns}
        session = SessionFacts(self.clock.wall_ns(), str(mode), facts)
        own_folder = paths.record_folder == paths.data
        self.supervisor = Supervisor()
        """Knows which parts fail."""
        self.supervisor.on_failure = self._on_failure
        self._store = ResilientStore(paths.store, RECORD_SCHEMA, session, *limits_of(settings), own_folder)
        # In a window the GUI thread collects, since Qt's objects must die there, and looks at the settings.
        idle = self._on_idle if mode is Mode.SERVICE else None
        self._confirmations = Confirmations(paths.confirmations)
        self.rules = RuleWatch(self._permitted(settings), context_ns=CONTEXT_NS[mode])
        """Watches by the rules; its diagnosis can be exchanged before ``start``."""
        self._change_looks = ChangeLooks(self._keep_look)
        self._report_schedule = ReportSchedule(
            paths, plan_of(settings), bool(settings["reports.digest"]), self._notify_of_week
        )
        self._recorder = Recorder(
            self.engine,
            self._store,
            self.clock,
            mode,
            idle,
            watch=self.rules,
            supervisor=self.supervisor,
            keep_place=self._keep_place,
            beside=(
                ("changes", self._change_looks.look_if_due),
                ("schedule", self._report_schedule.write_if_due),
            ),
        )
        self._recorder.throttle.limits = throttle_limits(settings)
        self._settings, self._fixed = settings, fixed
        self.slow_path = SlowPath(
            self._recorder.record_event,
            self._recorder.wake,
            lambda: bool(self._settings["window.notifications"]),
            lambda: keeps_command_lines(self._settings),
            lambda: stall_notified_ns(self._settings),
            self.supervisor,
            self._recorder.keep,
            lambda critical: keeps_quiet(self._settings, local_minute(self.clock.wall_ns()), critical),
        )
        self.rules.diagnosis = self.slow_path.diagnosis
        self._watch = SettingsWatch(settings_file(paths))
        self._look_at_ns = 0
        self._move: RecordMove | None = None
        self._move_lock = threading.Lock()
        self._presence = Presence(paths, mode, self._answer, self.supervisor)
        self.on_raise: Callable[[RaiseWindow], None] | None = None
        """Is told which panel is asked for, "" for any, and with what token of the desktop, "" for none."""
        self.on_quit: Callable[[], None] | None = None
        self.on_reload: Callable[[], None] | None = self._look_at_settings if mode is Mode.SERVICE else None
        """The settings file was changed; called on the channel's thread."""

        self._refusals = 0
        self.yielded_to: AlreadyRunning | None = None
        """The instance that took the place of this one, whose folder was removed or replaced; this one then ends."""
        self.on_record_news: Callable[[Event], object] = lambda _event: None
        """Is told what happens to the record itself, on the recorder's thread."""
        self._store.on_news = lambda event: self.on_record_news(event)
        self._shown = ""
        self._was_opened = False
        self.login_start: LoginStart | None = None
        """Set before ``start`` where it is the system that starts it."""

    @property
    def feed(self) -> Feed:
        """What happens, for readers that follow it live."""
        return self._recorder.recent

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture."""
        return self._recorder.recent.snapshot

    @property
    def shown(self) -> str:
        """What there is to see of it: "window", "minimized" or "tray"; "" for nothing."""
        return self._shown

    @shown.setter
    def shown(self, shown: str) -> None:
        self._shown = shown
        self._was_opened |= shown in ("window", "minimized")

    @property
    def tray_notifies(self) -> bool:
        """Whether the tray of this process's window notifies of what fires."""
        return self.slow_path.tray_notifies

    @tray_notifies.setter
    def tray_notifies(self, notifies: bool) -> None:
        self.slow_path.tray_notifies = notifies

    @property
    def launch_mode(self) -> LaunchMode:
        """How it shows itself; in the tray as long as no window was opened."""
        if self.mode is Mode.SERVICE:
            return LaunchMode.HEADLESS
        return LaunchMode.WINDOW if self._was_opened else LaunchMode.TRAY

    def start(self) -> None:
        """Become the resident; AlreadyRunning where there is one."""
        self._presence.take()
        settle(self.paths)
        for folder in (self.paths.data, self.paths.config, self.paths.reports):
            remove_leftovers(folder)
        if sys.platform == "win32":
            from aios_gui.system.windows.time import keep_full_speed

            keep_full_speed()
        self._presence.answer_calls()
        if self.login_start is not None:
            keep_login_start(self.paths, self.login_start)
            self._recorder.on_first_beat = self._keep_first_beat
        self._recorder.start()

    @property
    def unreachable(self) -> str:
        """Why other processes cannot ask this instance for anything; "" where they can."""
        return self._presence.unreachable

    def _keep_place(self) -> None:
        """On the recorder's thread, before it writes: where another instance has the lock, write nothing beside it.

        Where that is still so a few rounds later, this one ends.
        """
        other = self._presence.keep()
        self._store.is_ours = other is None
        if other is None:
            self._refusals = 0
        else:
            self._yield_to(other)

    def _yield_to(self, other: AlreadyRunning) -> None:
        self._refusals += 1
        # A command holds the lock for a moment, too.
        if self._refusals == REFUSALS:
            log.critical("another instance has the lock (process %d): this one ends", other.pid)
            self.yielded_to = other
            _called(self.on_quit)

    def execute(self, command: Command[A]) -> A:
        """Do what is asked for and answer it: the one door, from any thread. ValueError, in words, for a refusal."""
        return cast("A", self._execute(command))

    def _execute(self, command: Command[Any]) -> Any:  # noqa: C901 - one arm a command
        from aios_gui.instance import commands as asked

        match command:
            case asked.Pause():
                self.engine.pause()
            case asked.Resume():
                self.engine.resume()
            case asked.WarmUp():
                self.engine.warm_up()
            case asked.CoolDown():
                self.engine.cool_down()
            case asked.SetRehearsal(mode):
                self.engine.set_rehearsal(mode)
            case asked.ReloadSettings():
                return self._done(_called(self.on_reload))
            case asked.RaiseWindow():
                return self._done(_called(self.on_raise, command))
            case asked.Quit():
                return self._done(_called(self.on_quit))
            case asked.KeepMeasurement() | asked.ForgetImported():
                return self._done(self._recorder.keep(command.item()))
            case asked.KeepNote() | asked.EditNote() | asked.RemoveNote():
                kept = self._recorder.keep(command.item())
                self._recorder.wake()
                return self._done(kept)
            case asked.KeepChanges():
                return self._done(self._keep_look(command.item()))
            case asked.KeepImported():
                return self._done(self._keep_if_recording(command.item(), MOST_BATCHES))
            case (
                asked.AcknowledgeIncident()
                | asked.NoteAllSeen()
                | asked.AddNote()
                | asked.MuteRule()
                | asked.UnmuteRule()
                | asked.UndoAction()
            ):
                self.rules.request(command.item())
                self._recorder.wake()
            case asked.Demonstrate():
                from aios_gui.alerts.model.demonstration import demonstration

                limit_ns = thresholds_of(self._settings).hiccup_ns
                self.rules.request(demonstration(self.clock.wall_ns(), limit_ns))
                self._recorder.wake()
            case asked.GetLatest():
                return self._latest()
            case asked.GetSnapshot(tray_notifies):
                return self._snapshot_answer(tray_notifies)
            case asked.MoveRecord(folder):
                return asked.MoveAnswer(self._move_record(Path(folder)))
            case asked.CancelMove():
                if self._move is not None:
                    self._move.cancel()
                return asked.MoveAnswer(self._moving)
            case asked.GetMove():
                return asked.MoveAnswer(self._moving)
            case _:
                raise ValueError(f"there is no command {type(command).__name__}")
        return self._done()

    def apply(self, settings: Settings) -> None:
        """Beat and keep by changed settings, from the next beat on."""
        self._settings = settings = _with(settings, self._fixed)
        self.engine.set_interval_ns(interval_ns_of(settings))
        self.engine.set_thresholds(thresholds_of(settings))
        self.rules.change_rules(self._permitted(settings))
        self._recorder.throttle.limits = throttle_limits(settings)
        options = engine_options(settings, thresholds_of(settings))
        self.engine.set_rehearsal(options.rehearsal)
        self.engine.set_warm_up(options.warm_up)
        self.engine.set_watch(options.watch)
        self._store.raw_days, self._store.limit_bytes = limits_of(settings)
        self._report_schedule.change(plan_of(settings), bool(settings["reports.digest"]))

    def _notify_of_week(self, title: str, text: str) -> str:
        from aios_gui.alerts.actions.request import Notification
        from aios_gui.alerts.model.rules import Level

        return self.slow_path.notify(Notification(title, text, Level.WARNING, 0, "reports.digest"))

    def _permitted(self, settings: Settings) -> tuple[Rule, ...]:
        """The rules as set, with what a person has confirmed and nothing that waits for it."""
        rules = rules_of(settings)
        confirmed = self._confirmations.read()
        for each in waiting(rules, confirmed):
            log.warning("the rule %r waits to be confirmed: %r", each.rule, each.text)
        return permitted(rules, confirmed)

    def record_event(self, event: Event) -> None:
        """Record an event that happened elsewhere, as damaged settings."""
        self._recorder.record_event(event)

    def _keep_look(self, look: object) -> bool:
        return self._keep_if_recording(look, MOST_LOOKS)

    def _keep_if_recording(self, item: object, most: int) -> bool:
        """Take in what may be much and can be brought again; False while it cannot be written, or ``most`` wait."""
        return self.snapshot.store.recording and self._recorder.keep(item, most)

    def _move_record(self, target: Path) -> MoveStatus:
        """Begin to move the record, unless a move is under way."""
        from aios_gui.record.relocation.job import RecordMove

        with self._move_lock:  # asked for on two threads, one of them finds it under way
            if self._moving.under_way:
                return replace(self._moving, phase=MovePhase.FAILED, problem=MoveProblem.UNDER_WAY)
            if self._recorder.is_silent:
                return MoveStatus(MovePhase.FAILED, str(target), problem=MoveProblem.NOT_RECORDING)
            self._move = RecordMove(self.paths, target)
            self._recorder.move(self._move)
            return self._move.status

    @property
    def _moving(self) -> MoveStatus:
        """How the last move of the record stands."""
        return self._move.status if self._move is not None else MoveStatus()

    def collect_garbage_if_quiet(self) -> bool:
        """In a window, called from a timer of the GUI thread."""
        return self.garbage.collect_if_quiet(self.engine.next_alarm_ns)

    def shutdown(self) -> bool:
        """Stop what runs, commit what is left and give the lock back; again is harmless.

        Every step is done whatever another raises. False where one failed or did not end in time: then the process is
        to leave at once, since another may take the lock. The engine's thread must have ended or be about to.
        """
        return do_every(
            self.engine.stop,
            self._presence.stop_answering,
            # Before the recorder, which notes what was taken back.
            self.slow_path.stop,
            self._change_looks.stop,
            self._report_schedule.stop,
            self._recorder.stop,
            self.garbage.release,
            self._presence.release,
        )

    def _on_failure(self, failure: Failure) -> None:
        """Tell the user, and the record, of a part that failed."""
        facts: dict[str, int | float | str] = {
            "part": failure.part,
            "error": failure.error,
            "broken": int(failure.is_broken),
        }
        self._recorder.record_event(Event(EventKind.PART_FAILED, self.clock.wall_ns(), None, facts))

    def _keep_first_beat(self, beat: Beat) -> None:
        start = self.login_start
        assert start is not None
        keep_login_start(self.paths, replace(start, first_beat_ns=max(0, beat.wall_ns - start.ready_ns)))

    def _answer(self, request: bytes) -> bytes:
        """Answer a caller of the channel."""
        # Loaded by the first caller: it costs a service that none asks 2 MB.
        from aios_gui.instance.commands import answer

        return answer(request, self.execute)

    def _latest(self) -> LatestAnswer:
        from aios_gui.instance.commands import LatestAnswer

        beat = self._recorder.last_beat
        overdue, age_ns = self._recorder.is_overdue, self._recorder.age_ns
        seen = self.snapshot
        score = seen.score
        degraded = score.value if score is not None and score.is_degraded else None
        verdict = Verdict(seen.alerting, seen.auto_fixed, degraded)
        facts = beat_facts(beat, "resident", verdict) if beat is not None else None
        if facts is not None:
            facts["condition"] = str(condition_of(seen, self.clock.wall_ns()))
        return LatestAnswer(facts, str(self.engine.state), os.getpid(), self.shown, overdue, age_ns / 1e6)

    def _snapshot_answer(self, tray_notifies: bool) -> SnapshotAnswer:
        from aios_gui.instance.commands import SnapshotAnswer

        if tray_notifies:
            self.slow_path.window_asked()
        return SnapshotAnswer(self.snapshot, self.launch_mode)

    def _done(self, done: bool = True) -> Done:
        from aios_gui.instance.commands import Done

        store = self.snapshot.store
        problem = "the recorder does not answer" if store.silent_since_ns else store.error
        return Done(done, str(self.mode), problem)

    def _on_idle(self, next_alarm_ns: int) -> None:
        """Called every few seconds, far from the next beat."""
        self.garbage.collect_if_quiet(next_alarm_ns)
        now_ns = self.clock.now_ns()
        if now_ns < self._look_at_ns:
            return
        self._look_at_ns = now_ns + LOOK_AT_SETTINGS_NS
        if self._watch.has_changed():
            taken = self._watch.take_over(self._settings)
            for problem in taken.problems:
                log.warning("settings: %s", problem)
            self.apply(taken.settings)
        elif self._confirmations.has_changed():
            self.apply(self._settings)

    def _look_at_settings(self) -> None:
        self._watch.forget()
        self._look_at_ns = 0
        self._recorder.wake()


def _called(callback: Callable[..., None] | None, *arguments: object) -> bool:
    """Whether there is anyone to call."""
    if callback is not None:
        callback(*arguments)
    return callback is not None


def _with(settings: Settings, fixed: Fixed) -> Settings:
    for name, value in fixed:
        settings = settings.with_value(name, value)
    return settings

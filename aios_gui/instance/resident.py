"""The resident heartbeat: lock, engine, recorder and channel, put together once for window and service."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aios_gui.alerts.watch.rule_watch import RuleWatch
from aios_gui.autostart.login_start import LoginStart, keep_login_start
from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.beat_facts import beat_facts
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.verdict import Verdict
from aios_gui.instance.channel_server import ChannelServer
from aios_gui.instance.feed import Feed
from aios_gui.instance.lock import InstanceInfo, InstanceLock
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.options import engine_options, interval_ns_of, regulation_limits, thresholds_of
from aios_gui.instance.recorder import CONTEXT_NS, Recorder
from aios_gui.instance.slow_path import SlowPath
from aios_gui.record.relocation.journal import settle
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts
from aios_gui.settings.file import SettingsFile
from aios_gui.settings.model import Settings, SettingValue
from aios_gui.settings.watch import SettingsWatch
from aios_gui.system.paths import Paths
from aios_gui.system.supervised_thread import Failure, Supervisor
from aios_gui.system.termination import do_every

if TYPE_CHECKING:
    from aios_gui.record.relocation.job import RecordMove

log = logging.getLogger(__name__)
_MEGABYTE = 1024 * 1024
"""As sizes are shown everywhere else."""
ALERT_OPERATIONS = ("acknowledge", "note", "mute", "unmute", "undo")
OVERDUE_NS = 2_000_000_000
"""The latest beat is overdue when it is older than three intervals and this."""
LOOK_AT_SETTINGS_NS = 3_000_000_000
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
        self.engine = HeartbeatEngine(self.clock, engine_options(settings), garbage=self.garbage)
        session = SessionFacts(self.clock.wall_ns(), str(mode), machine_facts())
        own_folder = paths.record_folder == paths.data
        self.supervisor = Supervisor()
        """Knows which parts fail."""
        self.supervisor.on_failure = self._on_failure
        self._keeper = ResilientStore(paths.store, session, *_retention(settings), own_folder)
        # In a window the GUI thread collects, since Qt's objects must die there, and looks at the settings.
        idle = self._on_idle if mode is Mode.SERVICE else None
        self.rules = RuleWatch(settings.rules, context_ns=CONTEXT_NS[mode])
        """Watches by the rules; whoever diagnoses can be exchanged before ``start``."""
        self._recorder = Recorder(
            self.engine, self._keeper, self.clock, mode, idle, watch=self.rules, supervisor=self.supervisor
        )
        self._recorder.regulator.limits = regulation_limits(settings)
        self._settings, self._fixed = settings, fixed
        self.slow_path = SlowPath(
            self._recorder.tell,
            self._recorder.wake,
            lambda: bool(self._settings["window.notifications"]),
            self.supervisor,
        )
        self.rules.diagnosis = self.slow_path.diagnosis
        self._watch = SettingsWatch(SettingsFile(paths.settings))
        self._look_at_ns = 0
        self._move: RecordMove | None = None
        self._lock = InstanceLock(paths)
        self._channel = ChannelServer(paths, self._handle, self.supervisor)
        self.on_raise: Callable[[str], None] | None = None
        """Is told which panel is asked for, "" for whichever."""
        self.on_quit: Callable[[], None] | None = None
        self.on_reload: Callable[[], None] | None = self._look_at_settings if mode is Mode.SERVICE else None
        """The settings file was changed; called on the channel's thread."""

        self._shown = ""
        self._was_opened = False
        self.login_start: LoginStart | None = None
        """Set before ``start`` where it is the system that starts it."""

    @property
    def feed(self) -> Feed:
        """What happens, for whoever follows it live."""
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
    def tray_tells(self) -> bool:
        """Whether the tray of this process's window tells of what fires."""
        return self.slow_path.tray_tells

    @tray_tells.setter
    def tray_tells(self, tells: bool) -> None:
        self.slow_path.tray_tells = tells

    @property
    def face(self) -> str:
        """The word of `LaunchMode` for how it shows itself; "tray" as long as no window was opened."""
        if self.mode is Mode.SERVICE:
            return "headless"
        return "window" if self._was_opened else "tray"

    def start(self) -> None:
        """Become the resident; AlreadyRunning where there is one."""
        self._lock.take()
        settle(self.paths)
        if sys.platform == "win32":
            from aios_gui.system.windows.time import keep_full_speed

            keep_full_speed()
        try:
            self._channel.start()
            self._lock.announce(InstanceInfo(os.getpid(), self.mode, self._channel.address))
        except OSError:
            # The heartbeat matters more than being asked for it, as on a full disk.
            log.exception("the channel could not be opened: other starts cannot reach this instance")
        if self.login_start is not None:
            keep_login_start(self.paths, self.login_start)
            self._recorder.on_first_beat = self._keep_first_beat
        self._recorder.start()

    def apply(self, settings: Settings) -> None:
        """Beat and keep by changed settings, from the next beat on."""
        self._settings = settings = _with(settings, self._fixed)
        self.engine.set_interval_ns(interval_ns_of(settings))
        self.engine.set_thresholds(thresholds_of(settings))
        self.rules.change_rules(settings.rules)
        self._recorder.regulator.limits = regulation_limits(settings)
        options = engine_options(settings)
        self.engine.set_rehearsal(options.rehearsal)
        self.engine.set_warm_up(options.warm_up)
        self._keeper.raw_days, self._keeper.limit_bytes = _retention(settings)

    def tell(self, event: Event) -> None:
        """Record an event that happened elsewhere, as damaged settings."""
        self._recorder.tell(event)

    def move_record(self, target: Path) -> MoveStatus:
        """Begin to move the record to the folder ``target``, unless a move is under way; ``moving`` tells of it."""
        from aios_gui.record.relocation.job import RecordMove

        if self.moving.under_way:
            return replace(self.moving, phase=MovePhase.FAILED, problem=MoveProblem.UNDER_WAY)
        if self._recorder.is_silent:
            return MoveStatus(MovePhase.FAILED, str(target), problem=MoveProblem.NOT_RECORDING)
        self._move = RecordMove(self.paths, target)
        self._recorder.move(self._move)
        return self._move.picture

    @property
    def moving(self) -> MoveStatus:
        """How the last move of the record stands."""
        return self._move.picture if self._move is not None else MoveStatus()

    def cancel_move(self) -> None:
        """Let the record stay, as far as that is still possible."""
        if self._move is not None:
            self._move.cancel()

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
            self._channel.stop,
            # Before the recorder, which notes what was taken back.
            self.slow_path.stop,
            self._recorder.stop,
            self.garbage.release,
            self._lock.release,
        )

    def _on_failure(self, failure: Failure) -> None:
        """Tell the user, and the record, of a part that failed."""
        facts: dict[str, int | float | str] = {
            "part": failure.part,
            "error": failure.error,
            "broken": int(failure.is_broken),
        }
        self._recorder.tell(Event(EventKind.PART_FAILED, self.clock.wall_ns(), None, facts))

    def _keep_first_beat(self, beat: Beat) -> None:
        start = self.login_start
        assert start is not None
        keep_login_start(self.paths, replace(start, first_beat_ns=max(0, beat.wall_ns - start.ready_ns)))

    def _handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer a caller of the channel."""
        operation = request.get("op")
        tell = self.on_raise
        actions = {
            "raise": None if tell is None else partial(tell, str(request.get("panel") or "")),
            "quit": self.on_quit,
            "reload": self.on_reload,
            "pause": self.engine.pause,
            "resume": self.engine.resume,
            "warm_up": self.engine.warm_up,
            "cool_down": self.engine.cool_down,
        }
        answers = {
            "latest": self._latest,
            "snapshot": self._snapshot,
            "rehearse": self._rehearse,
            "keep": self._keep,
            "move_record": self._about_move,
            "moving": self._about_move,
            "cancel_move": self._about_move,
            **dict.fromkeys(ALERT_OPERATIONS, self._note),
        }
        if operation in actions:
            return self._call(actions[operation])
        if operation in answers:
            return answers[operation](request)
        return {"error": f"unknown request {operation!r}"}

    def _latest(self, _request: dict[str, Any]) -> dict[str, Any]:
        beat = self._recorder.last_beat
        now_ns = self.clock.now_ns()
        # Since when one is due: after a pause or another interval, the latest beat says nothing of how late it is.
        since_ns = max(beat.finished_ns if beat is not None else 0, self.engine.grid_since_ns)
        overdue = now_ns - since_ns > 3 * self.engine.options.interval_ns + OVERDUE_NS
        seen = self.snapshot
        score = seen.score
        degraded = score.value if score is not None and score.is_degraded else None
        verdict = Verdict(seen.alerting, seen.auto_fixed, degraded)
        facts = beat_facts(beat, "resident", verdict) if beat is not None else None
        state = str(self.engine.state)
        age_ms = (now_ns - since_ns) / 1e6
        seen_of = {"pid": os.getpid(), "shown": self.shown, "overdue": overdue, "age_ms": age_ms}
        return {"beat": facts, "state": state, **seen_of}

    def _snapshot(self, request: dict[str, Any]) -> dict[str, Any]:
        from aios_gui.instance.channel_codec import snapshot_to

        if request.get("tells") is True:
            self.slow_path.window_asked()
        return {"snapshot": snapshot_to(self.snapshot), "face": self.face}

    def _rehearse(self, request: dict[str, Any]) -> dict[str, Any]:
        mode = RehearsalMode(str(request.get("mode")))
        return self._call(lambda: self.engine.set_rehearsal(mode))

    def _keep(self, request: dict[str, Any]) -> dict[str, Any]:
        from aios_gui.instance.measurements import accept

        return accept(request, self._recorder.keep, self.snapshot.store.error)

    def _note(self, request: dict[str, Any]) -> dict[str, Any]:
        from aios_gui.instance.alert_requests import accept

        answer = accept(request, self.rules.request, self.snapshot.store.error)
        self._recorder.wake()
        return answer

    def _about_move(self, request: dict[str, Any]) -> dict[str, Any]:
        from aios_gui.instance.channel_codec import move_to

        if request["op"] == "cancel_move":
            self.cancel_move()
        if request["op"] == "move_record":
            return {"move": move_to(self.move_record(Path(str(request.get("folder")))))}
        return {"move": move_to(self.moving)}

    def _on_idle(self, next_alarm_ns: int) -> None:
        """Called once a round, far from the next beat."""
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

    def _look_at_settings(self) -> None:
        self._watch.forget()
        self._look_at_ns = 0
        self._recorder.wake()

    def _call(self, action: Callable[[], None] | None) -> dict[str, Any]:
        if action is None:
            return {"done": False, "mode": str(self.mode)}
        action()
        return {"done": True, "mode": str(self.mode)}


def _with(settings: Settings, fixed: Fixed) -> Settings:
    for name, value in fixed:
        settings = settings.with_value(name, value)
    return settings


def _retention(settings: Settings) -> tuple[int, int]:
    return settings["record.raw_days"], settings["record.size_limit_mb"] * _MEGABYTE

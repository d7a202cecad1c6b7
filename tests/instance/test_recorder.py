"""The recorder cannot die in silence: whatever fails at whichever step, no beat is lost, and it is told."""

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from aios_gui.alerts.watch.rule_watch import RuleWatch
from aios_gui.heartbeat.model import items as items_module
from aios_gui.heartbeat.model.beat import Beat, Sample, Wakeup
from aios_gui.heartbeat.model.items import EventKind, RecordedBeat
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepBoard
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.heartbeat.watchdog import Watchdog
from aios_gui.instance import recorder as recorder_module
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, GetMove, LatestAnswer, MoveRecord
from aios_gui.instance.feed import RecentItems
from aios_gui.instance.lock import is_locked
from aios_gui.instance.model.session_stats import SessionStats
from aios_gui.instance.model.snapshot import BrokenPart
from aios_gui.instance.model.throttle import Throttle
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import SILENT_NS, Recorder
from aios_gui.instance.resident import Resident
from aios_gui.record.relocation import journal
from aios_gui.record.relocation.job import RecordMove
from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.record_reader import measurements
from aios_gui.system import supervised_thread
from aios_gui.system.paths import find_paths
from aios_gui.system.supervised_thread import BROKEN_AFTER, Failure, Supervisor
from tests.alerts.watch.fakes import ScriptedDiagnosis
from tests.defaults import DEFAULTS
from tests.fakes import HOUR, MS, Rig, S, recorded_beat
from tests.processes import beats_of, wait_until
from tests.systems import limits_paths

ERRORS = [RuntimeError("injected"), SystemExit(3), KeyError("injected")]


class Fault:
    """Takes the place of a method, and raises in its place for the next ``times`` calls; from then on it is that."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: BaseException
    ) -> None:
        self.left = 0
        self.hits = 0
        self._error = error
        real: Callable[..., Any] = getattr(owner, name)

        def method(*arguments: Any, **named: Any) -> Any:
            if self.left:
                self.left -= 1
                self.hits += 1
                raise self._error
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, method)


class Stalled:
    """The kernel's account of stalled time, as told."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}

    def read(self) -> dict[str, int]:
        return dict(self.totals)


class ByHand:
    """A recorder whose rounds are made by hand, a second and a beat each."""

    def __init__(self, path: Path, mode: Mode = Mode.WINDOW) -> None:
        self.path = path
        self.rig = Rig()
        clock = self.rig.clock
        self.store = ResilientStore(
            path, RECORD_SCHEMA, SessionFacts(clock.wall_ns(), "window", {}), 8, 500_000_000
        )
        self.failures: list[Failure] = []
        self.supervisor = Supervisor()
        self.supervisor.on_failure = self.failures.append
        self.idle_calls = 0
        self.stalled = Stalled()
        self.first_beats: list[int] = []
        self.recorder = Recorder(
            self.rig.engine,
            self.store,
            clock,
            mode,
            self.be_idle,
            ContextSampler(now_ns=clock.now_ns),
            supervisor=self.supervisor,
            stalled=self.stalled,  # type: ignore[arg-type]
        )
        self.recorder.on_first_beat = lambda beat: self.first_beats.append(beat.seq)
        self.seq = 0

    def be_idle(self, _next_alarm_ns: int) -> None:
        self.idle_calls += 1

    def rounds(
        self, count: int = 1, cpu_percent: float = 20.0, breached: tuple[str, ...] = (), error: str = ""
    ) -> None:
        for _round in range(count):
            self.rig.clock.freeze(S)
            now_ns = self.rig.clock.now_ns()
            wakeup = Wakeup(now_ns, now_ns, now_ns)
            sample = Sample(None, None, error) if error else Sample(cpu_percent, 40.0)
            wall_ns = self.rig.clock.wall_ns()
            self.rig.engine.output.append(
                Beat(self.seq, wakeup, now_ns, now_ns + MS, wall_ns, None, breached, sample)
            )
            self.seq += 1
            self.recorder.tick()

    def close(self) -> None:
        self.store.close(self.rig.clock.now_ns(), self.rig.clock.wall_ns())

    def seqs(self) -> list[int]:
        with RecordReader(self.path) as reader:
            assert reader.gaps(0, 2**62) == []
            return [beat.seq for beat in reader.beats(0, 2**62)]


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[ByHand]:
    made = ByHand(tmp_path / "data" / "heartbeat.sqlite3")
    yield made
    made.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ByHand]:
    made = ByHand(tmp_path / "service" / "heartbeat.sqlite3", Mode.SERVICE)
    made.recorder.on_first_beat = None
    yield made
    made.close()


def test_where_no_window_looks_calm_beats_are_kept_at_once_and_the_rest_is_done_every_few_seconds(
    service: ByHand,
) -> None:
    service.rounds(30)  # until there are percentiles for the rules
    calls, contexts = service.idle_calls, service.recorder._contexts
    for _round in range(50):
        service.rounds(1, cpu_percent=5.0)
        assert service.seqs()[-1] == service.seq - 1
    assert 10 <= service.idle_calls - calls <= 10 + 2 * (service.recorder._contexts - contexts + 1)
    service.rounds(2, cpu_percent=5.0)
    snapshot = service.recorder.recent.snapshot
    assert snapshot.duration.count == service.seq, "who looks sees all"
    assert snapshot.beat is not None
    assert snapshot.beat.seq == service.seq - 1


def test_what_is_done_later_comes_to_the_same(service: ByHand, by_hand: ByHand) -> None:
    load = [5.0] * 40 + [60.0] * 8 + [5.0] * 20 + [95.0] * 45 + [20.0] * 120 + [5.0] * 30
    totals = {"cpu": 0, "io": 0, "memory": 0}
    seen = []
    for each in (service, by_hand):
        totals = dict.fromkeys(totals, 0)
        for number, cpu_percent in enumerate(load):
            totals["io"] += 300 * MS if number in (57, 62, 63, 200) else number % 3 * MS
            totals["cpu"] += number % 7 * 5 * MS
            each.stalled.totals = dict(totals)
            breached = ("cpu",) if cpu_percent > 80 else ()
            each.rounds(1, cpu_percent, breached)
        snapshot = each.recorder.recent.snapshot
        incident = snapshot.last_incident
        with RecordReader(each.path) as reader:
            events = [
                (
                    event.kind,
                    event.facts.get("resource"),
                    (event.wall_ns - each.recorder._started_ns) // (50 * MS),
                )
                for event in reader.events(0, 2**62)
            ]
        seen.append(
            (
                snapshot.duration,
                snapshot.hour,
                snapshot.strip,
                snapshot.open_incidents,
                incident and (incident.rule, (incident.started_ns - each.recorder._started_ns) // (50 * MS)),
                events,
                each.seqs(),
            )
        )
    assert seen[0] == seen[1]
    assert seen[0][4] is not None
    assert len(seen[0][5]) >= 3


def test_a_table_that_is_due_ends_the_calm(service: ByHand) -> None:
    service.recorder._rules.diagnosis = diagnosis = ScriptedDiagnosis()
    service.rounds(40, cpu_percent=5.0)
    ticks = len(diagnosis.ticks)
    diagnosis.due = True
    service.rounds(3, cpu_percent=5.0)
    assert len(diagnosis.ticks) == ticks + 3


def test_what_is_asked_for_ends_the_calm(service: ByHand) -> None:
    service.rounds(40, cpu_percent=5.0)
    while service.recorder._full_at_ns - service.rig.clock.now_ns() < 3 * S:
        service.rounds(1, cpu_percent=5.0)
    calls = service.idle_calls
    service.recorder.keep(Measurement(MeasurementKind.BENCHMARK, 1, {}))
    service.rounds(1, cpu_percent=5.0)
    assert service.idle_calls == calls + 1
    with RecordReader(service.path) as reader:
        assert len(measurements(reader, MeasurementKind.BENCHMARK)) == 1


STEPS: dict[str, tuple[object, str]] = {
    "drain": (recorder_module, "recorded"),
    "watchdog": (Watchdog, "look"),
    "context": (ContextSampler, "take"),
    "rules": (RuleWatch, "round"),
    "measurements": (ResilientStore, "take"),
    "keep": (ResilientStore, "keep"),
    "reopen": (StepBoard, "of"),
    "past": (ResilientStore, "past_hour"),
    "figures": (SessionStats, "add"),
    "throttle": (Throttle, "take"),
    "publish": (RecentItems, "publish"),
    "first_beat": (ByHand, "be_idle"),
    "idle": (ByHand, "be_idle"),
    "seal": (ResilientStore, "seal"),
}


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("step", STEPS)
def test_an_error_at_a_step_of_the_round_loses_nothing_and_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    step: str,
    error: BaseException,
) -> None:
    fault = Fault(monkeypatch, *STEPS[step], error)
    by_hand = ByHand(tmp_path / "heartbeat.sqlite3")
    if step == "first_beat":
        by_hand.recorder.on_first_beat = lambda _beat: by_hand.be_idle(0)
    if step != "past" and step != "first_beat":
        by_hand.rounds(3)
    if step == "measurements":
        by_hand.recorder.keep(Measurement(MeasurementKind.BENCHMARK, 1, {}))
    fault.left = 1
    by_hand.rounds(5)
    by_hand.close()
    assert fault.hits == 1
    assert by_hand.seqs() == list(range(by_hand.seq)), "each beat once, none lost"
    (failure,) = by_hand.failures
    assert failure.part in (step, "drain"), "the step is named; what is taken is taken in the drain"
    assert type(error).__name__ in failure.error
    assert "Traceback" in caplog.text
    snapshot = by_hand.recorder.recent.snapshot
    assert snapshot.store.recording
    assert snapshot.duration.count == by_hand.seq - (step == "figures"), "the figures go on"
    _cursor, items = by_hand.recorder.recent.since(0)
    assert items is not None
    assert [item.seq for item in items if isinstance(item, RecordedBeat)] == list(range(by_hand.seq)), (
        "and so the feed"
    )


def test_why_beats_could_not_measure_the_machine_is_logged_once_for_each_reason(
    by_hand: ByHand, caplog: pytest.LogCaptureFixture
) -> None:
    for _time in range(3):
        by_hand.rounds(2, error="OSError: out of descriptors")
        by_hand.rounds()
        by_hand.rounds(error="ValueError: no such line")
    for number in range(100):
        by_hand.rounds(error=f"OSError: request {number}")
    told = [each.getMessage() for each in caplog.records]
    assert [text.rpartition(": ")[2] for text in told[:2]] == ["out of descriptors", "no such line"]
    assert len(told) < 20, "a reason that is another one each time does not fill the log"


def test_hours_are_sealed_in_the_rounds_but_never_right_before_a_beat(by_hand: ByHand) -> None:
    began_ns = by_hand.rig.clock.wall_ns() - 9 * HOUR
    by_hand.store.take([recorded_beat(seq, began_ns + seq * 30 * S) for seq in range(240)])
    for until_ns, sealed in ((10 * MS, 0), (900 * MS, 240)):
        for _round in range(60):
            by_hand.rig.engine.next_alarm_ns = by_hand.rig.clock.time_ns + S + until_ns
            by_hand.rounds()
        assert sealed_beats(by_hand) == sealed
    by_hand.close()
    with RecordReader(by_hand.path) as reader:
        assert reader.count(0, 2**62) == 240 + 120


def sealed_beats(by_hand: ByHand) -> int:
    connection = by_hand.store.moving_connection()
    assert connection is not None
    return int(connection.execute("SELECT coalesce(sum(beats), 0) FROM page").fetchone()[0])


def test_an_item_that_can_never_be_taken_is_left_out_and_stands_as_a_gap(
    by_hand: ByHand, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = items_module.recorded
    poison = 4

    def recorded(beat: Beat, session: int) -> Any:
        if beat.seq == poison:
            raise ValueError("no such beat")
        return real(beat, session)

    monkeypatch.setattr(recorder_module, "recorded", recorded)
    by_hand.rounds(12)
    by_hand.close()
    with RecordReader(by_hand.path) as reader:
        assert [beat.seq for beat in reader.beats(0, 2**62)] == [seq for seq in range(12) if seq != poison]
        assert [gap.unrecorded_beats for gap in reader.gaps(0, 2**62)] == [1]
    assert "is left out" in caplog.text


def test_what_no_record_takes_is_left_out_and_the_rest_is_written(by_hand: ByHand) -> None:
    by_hand.rounds(2)
    by_hand.recorder.keep(Measurement(MeasurementKind.BENCHMARK, 2**80, {}))
    by_hand.recorder.keep(Measurement(MeasurementKind.BENCHMARK, 1, {"no": object()}))
    by_hand.recorder.keep(
        Measurement(MeasurementKind.BENCHMARK, 2_000, {"name": "\udcff", "value": float("nan")})
    )
    by_hand.recorder.keep(Measurement(MeasurementKind.BENCHMARK, 3_000, {"name": "sound"}))
    by_hand.rounds(3)
    assert by_hand.recorder.recent.snapshot.store.recording
    by_hand.close()
    assert by_hand.seqs() == list(range(5))
    with RecordReader(by_hand.path) as reader:
        assert [each.facts for each in measurements(reader, MeasurementKind.BENCHMARK)] == [
            {"name": "\\udcff", "value": None},
            {"name": "sound"},
        ]


# On its own thread


@pytest.fixture
def resident(aios_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Resident]:
    """A resident that records; its engine's thread is started by `beat`, or not at all."""
    monkeypatch.setattr(supervised_thread, "FIRST_PAUSE_S", 0.001)
    resident = Resident(find_paths(), DEFAULTS.with_value("beat.interval_s", 0.02), Mode.SERVICE)
    resident.start()
    thread = threading.Thread(target=resident.engine.run, name="engine")
    thread.start()
    wait_until(lambda: resident.engine.made >= 3, "the first beats")
    yield resident
    resident.engine.stop()
    thread.join(20)
    resident.shutdown()


def test_the_record_tells_the_interval_of_a_run(resident: Resident) -> None:
    wait_until(lambda: beats_of(resident.paths), "a beat on record")
    with RecordReader(resident.paths.store) as reader:
        assert reader.intervals().at(resident.clock.wall_ns()) == 20 * MS


def open_accounts() -> set[str]:
    """The descriptors of the kernel's account of stalled time."""
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            if "/pressure/" in str(each.readlink()):
                found.add(each.name)
    return found


@pytest.mark.skipif(
    sys.platform != "linux" or not Path("/proc/pressure/cpu").exists(), reason="this kernel keeps no account"
)
def test_an_instance_that_has_ended_holds_nothing_open(resident: Resident) -> None:
    wait_until(lambda: beats_of(resident.paths), "a beat on record")
    held = open_accounts()
    end(resident)
    assert open_accounts() < held


def end_beating(resident: Resident) -> None:
    resident.engine.stop()
    wait_until(
        lambda: resident.engine.in_beat_since_ns == 0 and resident.engine.state == "stopped", "the end"
    )


def end(resident: Resident) -> list[int]:
    """Let it end; the beats on record."""
    end_beating(resident)
    assert resident.shutdown()
    with RecordReader(resident.paths.store) as reader:
        return [beat.seq for beat in reader.beats(0, 2**62)]


def latest(resident: Resident) -> LatestAnswer:
    return ChannelClient(resident.paths, 20).execute(GetLatest())


def move(resident: Resident, target: Path) -> RecordMove:
    """Have the record moved as the command does, which lets no path come so far that is none."""
    made = RecordMove(resident.paths, target)
    resident._recorder.move(made)
    wait_until(lambda: not made.status.under_way, "the end of the move")
    return made


def more_beats(resident: Resident) -> None:
    made = resident.engine.made
    wait_until(lambda: resident.engine.made > made + 2, "more beats")


@pytest.mark.parametrize("error", [RuntimeError("injected"), SystemExit(3), KeyboardInterrupt()], ids=repr)
def test_what_ends_the_thread_begins_it_again(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    fault = Fault(monkeypatch, Recorder, "_pause_ns", error)
    fault.left = 2
    wait_until(lambda: not fault.left, "the error")
    more_beats(resident)
    assert resident.snapshot.store.recording
    assert end(resident) == list(range(resident.engine.made))
    with RecordReader(resident.paths.store) as reader:
        (told,) = reader.events(0, 2**62, EventKind.PART_FAILED)
    assert (told.facts["part"], told.facts["broken"]) == ("recorder", 0)


def test_a_recorder_that_always_fails_is_declared_broken_and_never_said_to_record(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until(lambda: resident.snapshot.beat is not None, "a recorded beat")
    monkeypatch.setattr(recorder_module, "SILENT_NS", 100 * MS)
    fault = Fault(monkeypatch, Recorder, "tick", RuntimeError("injected"))
    fault.left = 10**9
    resident._recorder.wake()
    wait_until(lambda: fault.hits > BROKEN_AFTER, "it is tried again and again")
    wait_until(lambda: not resident.snapshot.store.recording, "the snapshot says that nothing is recorded")
    seen = resident.snapshot
    assert seen.store.silent_since_ns > 0
    assert seen.broken_parts == (BrokenPart("recorder", "RuntimeError: injected"),)
    refused = resident.execute(MoveRecord(str(find_paths().data / "elsewhere"))).move
    assert (refused.phase, refused.problem) == (MovePhase.FAILED, MoveProblem.NOT_RECORDING)
    fault.left = 0
    wait_until(lambda: resident.snapshot.store.recording, "it records again")
    assert end(resident) == list(range(resident.engine.made)), "what was beaten meanwhile is on disk"


def test_a_record_that_hangs_is_told_and_an_answer_that_is_too_old_marked(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not latest(resident).overdue
    entered, released = threading.Event(), threading.Event()
    real = SqliteWriter.write

    def hang(*arguments: Any) -> None:
        entered.set()
        assert released.wait(60)
        real(*arguments)

    monkeypatch.setattr(recorder_module, "SILENT_NS", 100 * MS)
    monkeypatch.setattr("aios_gui.instance.recorder.OVERDUE_NS", 100 * MS)
    monkeypatch.setattr(SqliteWriter, "write", hang)
    try:
        assert entered.wait(20)
        wait_until(
            lambda: not resident.snapshot.store.recording, "the snapshot says that nothing is recorded"
        )
        wait_until(lambda: latest(resident).overdue, "the answer is marked")
        assert latest(resident).age_ms > 100
        # As in the order of the end: what beats after the recorder was asked to end is recorded by none.
        end_beating(resident)
        assert not resident._recorder.stop(0.05), "its end is not waited for, and nothing is raised"
    finally:
        released.set()
    assert end(resident) == list(range(resident.engine.made))


def test_the_bound_of_silence_is_three_rounds_and_two_seconds() -> None:
    assert SILENT_NS == 5 * S


def test_after_a_pause_the_latest_beat_is_not_overdue(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.instance.recorder.OVERDUE_NS", 500 * MS)
    wait_until(lambda: resident.snapshot.beat is not None, "a recorded beat")
    resident.engine.pause()
    wait_until(lambda: resident.engine.state == "paused", "the pause")
    last = resident._recorder.last_beat
    assert last is not None
    wait_until(lambda: resident.clock.now_ns() - last.finished_ns > 700 * MS, "a pause that is long enough")
    resident.engine.set_interval_ns(S)
    resident.engine.resume()
    wait_until(lambda: resident.engine.state == "running", "it beats again")
    answer = latest(resident)
    assert (answer.state, answer.overdue) == ("running", False)


# A move of the record


@pytest.mark.parametrize(
    "name", ["x\0y", "x\ud800", "x" * 300, pytest.param("a/" * 3000, marks=limits_paths)]
)
def test_a_target_that_no_system_takes_is_refused_and_the_recorder_goes_on(
    resident: Resident, tmp_path: Path, name: str
) -> None:
    refused = move(resident, tmp_path / name).status
    assert refused.problem is MoveProblem.NOT_WRITABLE
    assert refused.reason
    assert move(resident, tmp_path / "sound").status.phase is MovePhase.DONE
    more_beats(resident)
    assert end(resident) == list(range(resident.engine.made))
    assert resident.paths.record_folder == tmp_path / "sound"


def test_a_move_that_was_asked_for_while_one_ended_is_run_as_well(resident: Resident, tmp_path: Path) -> None:
    first, second = (RecordMove(resident.paths, tmp_path / name) for name in ("one", "two"))
    resident._recorder.move(first)
    resident._recorder.move(second)
    wait_until(lambda: not first.status.under_way and not second.status.under_way, "both moves")
    assert (first.status.phase, second.status.phase) == (MovePhase.DONE, MovePhase.DONE)
    more_beats(resident)
    assert end(resident) == list(range(resident.engine.made))
    assert resident.paths.record_folder == tmp_path / "two"
    for left in (resident.paths.data, tmp_path / "one"):
        assert list(left.glob("heartbeat*")) == []


def test_of_two_that_ask_for_a_move_at_once_one_is_told_that_it_is_under_way(
    resident: Resident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, at_once = threading.Event(), threading.Barrier(2)
    real = RecordMove.__init__

    def slowly(*arguments: Any) -> None:
        held.wait(0.1)  # time for the other to come this far, where nothing keeps it
        real(*arguments)

    monkeypatch.setattr(RecordMove, "__init__", slowly)
    told: list[MoveStatus] = []

    def ask(name: str) -> None:
        at_once.wait(20)
        told.append(resident.execute(MoveRecord(str(tmp_path / name))).move)

    asking = [threading.Thread(target=ask, args=(name,)) for name in ("one", "two")]
    for each in asking:
        each.start()
    for each in asking:
        each.join(20)
    assert [each.problem for each in told if not each.under_way] == [MoveProblem.UNDER_WAY]
    wait_until(lambda: not resident.execute(GetMove()).move.under_way, "the move")
    assert end(resident) == list(range(resident.engine.made))


def test_a_move_whose_undoing_failed_too_is_undone_in_a_later_round(
    resident: Resident, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "UNDO_NS", 0)
    point = journal.point_to

    def refuse(*_arguments: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as failing:
        failing.setattr(
            journal, "point_to", lambda *args: (point if args[1] == tmp_path / "new" else refuse)(*args)
        )
        failing.setattr(journal, "name_copy", refuse)
        half = move(resident, tmp_path / "new")
        assert half.status.problem is MoveProblem.NOT_SWITCHED
        more_beats(resident)
        assert move(resident, tmp_path / "newer").status.problem is MoveProblem.NOT_SWITCHED
        assert resident.paths.record_folder == tmp_path / "new"
    wait_until(lambda: not half.is_half_undone, "the undoing")
    assert resident.paths.record_folder == resident.paths.data
    more_beats(resident)
    assert end(resident) == list(range(resident.engine.made))


def test_a_move_that_comes_to_nothing_at_the_end_is_called_off(aios_home: Path, tmp_path: Path) -> None:
    resident = Resident(find_paths(), DEFAULTS, Mode.SERVICE)
    resident.start()
    resident._recorder._stopping = True
    resident.execute(MoveRecord(str(tmp_path / "late")))
    assert resident.shutdown()
    assert resident.execute(GetMove()).move.phase is MovePhase.CANCELLED


# The end

END = {
    "engine": ("aios_gui.heartbeat.engine.HeartbeatEngine.stop", True),
    "channel": ("aios_gui.instance.channel_server.ChannelServer.stop", True),
    "slow path": ("aios_gui.instance.slow_path.SlowPath.stop", True),
    "recorder": ("aios_gui.instance.recorder.Recorder.stop", False),
    "garbage": ("aios_gui.heartbeat.garbage.GarbagePolicy.release", True),
    "lock": ("aios_gui.instance.lock.InstanceLock.release", True),
    "close": ("aios_gui.record.resilient_store.ResilientStore.close", False),
    "last round": ("aios_gui.instance.recorder.Recorder.tick", False),
}


@pytest.mark.parametrize("step", END)
def test_every_step_of_the_end_is_done_whatever_another_raises(
    aios_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    path, closes = END[step]
    owner, _, name = path.rpartition(".")
    connect = sqlite3.connect
    # So that this test can close what the recorder's thread leaves open.
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **named: connect(*given, **named | {"check_same_thread": False})
    )
    resident = Resident(find_paths(), DEFAULTS.with_value("beat.interval_s", 0.02), Mode.SERVICE)
    resident.start()
    thread = threading.Thread(target=resident.engine.run, name="engine")
    thread.start()
    wait_until(lambda: resident.snapshot.beat is not None, "a recorded beat")
    resident.engine.stop()
    thread.join(20)
    with monkeypatch.context() as patch:
        module, _, of = owner.rpartition(".")
        fault = Fault(patch, getattr(__import__(module, fromlist=[of]), of), name, RuntimeError("injected"))
        fault.left = 2 if step in ("close", "last round") else 1
        assert not resident.shutdown() or step == "last round"
    assert "injected" in caplog.text
    assert step == "lock" or not is_locked(resident.paths), "the lock is free"
    if closes:
        assert not Path(f"{resident.paths.store}-wal").exists(), "the record was closed"
    resident.shutdown()
    assert not is_locked(resident.paths)
    resident._recorder._store.leave()


def test_a_beat_that_the_engine_has_not_counted_yet_is_counted(by_hand: ByHand) -> None:
    by_hand.rounds(3)
    assert by_hand.rig.engine.made == 0
    seen = by_hand.recorder.recent.snapshot
    assert seen.beat is not None
    assert seen.beat.seq + 1 == seen.made == seen.due == 3
    by_hand.close()


def test_a_stall_that_only_the_kernel_tells_of_is_recorded(by_hand: ByHand) -> None:
    for io_ms in (*([100] * 8), 500, 1400, 1450, 1450):
        by_hand.stalled.totals = {"io": io_ms * MS}
        by_hand.rounds()
    by_hand.close()
    with RecordReader(by_hand.path) as reader:
        (stall,) = reader.events(0, 2**62, EventKind.RESOURCE_STALL)
        assert reader.events(0, 2**62, EventKind.HICCUP) == []
    assert (stall.facts["resource"], stall.facts["seen_by"]) == ("io", "kernel")
    assert stall.facts["stalled_ns"] == 1300 * MS
    assert by_hand.recorder.recent.snapshot.last_hiccup is None

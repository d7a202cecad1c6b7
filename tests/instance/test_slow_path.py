"""The slow path beside the real heartbeat: whatever hangs in it, beats are made and recorded, and it ends."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aios_gui.alerts import record_reader as alert_record
from aios_gui.alerts.actions import ACTION_HANDLERS
from aios_gui.alerts.actions.request import (
    ActionHandler,
    ActionOutcome,
    ActionPorts,
    ActionRequest,
    Notification,
)
from aios_gui.alerts.actions.worker import ActionWorker
from aios_gui.alerts.diagnosis.late import LateDiagnosis
from aios_gui.alerts.diagnosis.port import Answer
from aios_gui.alerts.diagnosis.worker import DiagnosisWorker
from aios_gui.alerts.model.action import ActionKind, ActionState, Why
from aios_gui.alerts.model.rules import Level, Measure, Rule
from aios_gui.alerts.settings import with_rules
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.resident import Resident
from aios_gui.instance.slow_path import SlowPath
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import find_paths
from tests.alerts.actions.fakes import FakeJobs
from tests.alerts.diagnosis.fakes import ScriptedProcesses, incident_of, question_of
from tests.defaults import DEFAULTS
from tests.processes import beats_of, wait_until

ALWAYS = Rule("always", Measure.MISSED, 0.0, level=Level.CRITICAL, for_s=0.0, actions=("notify", "capture"))


@pytest.fixture
def released() -> Iterator[threading.Event]:
    released = threading.Event()
    yield released
    released.set()


class Beating:
    """A resident that beats on a thread, with a diagnosis and actions of the test's own."""

    def __init__(self, diagnosis: DiagnosisWorker) -> None:
        settings = with_rules(DEFAULTS.with_value("beat.interval_s", 0.05), (ALWAYS,))
        self.resident = Resident(find_paths(), settings, Mode.SERVICE)
        late = LateDiagnosis(lambda: diagnosis)
        self.resident.slow_path.diagnosis = self.resident.rules.diagnosis = late
        self.resident.start()
        self._thread = threading.Thread(target=self.resident.engine.run)
        self._thread.start()

    def beats(self) -> int:
        return len(beats_of(self.resident.paths))

    def end(self) -> None:
        self.resident.engine.stop()
        self._thread.join()
        self.resident.shutdown()
        self.resident.shutdown()


def test_a_hung_process_table_delays_neither_beat_nor_record_nor_the_end(released: threading.Event) -> None:
    processes = ScriptedProcesses(released)
    beating = Beating(DiagnosisWorker(processes, limit_s=30.0))
    wait_until(lambda: processes.reads, "the diagnosis hangs")
    before = beating.beats()
    wait_until(lambda: beating.beats() > before + 20, "beats are recorded")
    assert beating.resident.snapshot.alerting == ("always",)
    beating.end()
    recorded = beats_of(beating.resident.paths)
    assert [beat.seq for beat in recorded] == list(range(len(recorded)))
    assert processes.reads == 1, "asked once, and it still hangs"


def test_a_hung_action_delays_neither_beat_nor_record_nor_the_end(released: threading.Event) -> None:
    hanging = threading.Event()

    def hang(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
        hanging.set()
        released.wait(30)
        return ActionOutcome(ActionState.DONE)

    def make() -> ActionWorker:
        ports = ActionPorts(lambda notification: "", lambda event: None, FakeJobs())
        return ActionWorker(
            ports, worker.put_answer, {**ACTION_HANDLERS, ActionKind.NOTIFY: ActionHandler(hang, 30.0)}
        )

    worker = DiagnosisWorker(make_actions=make)
    beating = Beating(worker)
    wait_until(hanging.is_set, "the action hangs")
    before = beating.beats()
    wait_until(lambda: beating.beats() > before + 20, "beats are recorded")
    wait_until(lambda: _recorded_finding(beating), "the finding is recorded")
    beating.end()


def _recorded_finding(beating: Beating) -> bool:
    with RecordReader(beating.resident.paths.store) as reader:
        (incident,) = alert_record.incidents(reader, 0, 2**62)
    return incident.finding is not None and bool(incident.finding.evidence)


# Put together


def test_a_notification_goes_by_the_desktop_unless_a_tray_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Notification] = []

    def desktop(notification: Notification) -> str:
        told.append(notification)
        return Why.NO_NOTIFIER

    monkeypatch.setattr("aios_gui.alerts.actions.notify.desktop_notifier", lambda: desktop)
    woken = threading.Event()
    path = SlowPath(lambda event: None, woken.set, lambda: True, lambda: False, lambda: 0)
    rule = replace(ALWAYS, level=Level.WARNING, actions=("notify",))

    def state_of(number: int) -> tuple[ActionState, str]:
        path.diagnosis.ask(question_of(rule, number))
        found: list[Answer] = []

        def answered() -> bool:
            found.extend(each for each in path.diagnosis.answers() if isinstance(each, Answer))
            return bool(found)

        wait_until(answered, "the action is done")
        return found[-1].actions[0].state, found[-1].actions[0].detail

    assert state_of(1) == (ActionState.REFUSED, Why.NO_NOTIFIER)
    path.tray_notifies = True
    assert state_of(2) == (ActionState.PASSED_ON, Why.TRAY)
    path.tray_notifies = False
    path.window_asked()
    assert state_of(3) == (ActionState.PASSED_ON, Why.TRAY)
    assert [each.incident for each in told] == [1]
    assert woken.is_set()
    path.stop()
    path.stop()


def test_what_the_actions_need_is_not_loaded_before_they_are_needed() -> None:
    path = SlowPath(lambda event: None, lambda: None, lambda: True, lambda: False, lambda: 0)
    path.diagnosis.take_back(incident_of())
    assert path.diagnosis.worker._actions is None
    path.window_asked()
    path.stop()

"""The worker: who was at fault is found out in time, whatever the system does, and nobody waits for it."""

import gc
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from aios_gui.alerts.diagnosis import look
from aios_gui.alerts.diagnosis.port import Answer
from aios_gui.alerts.diagnosis.psutil_processes import Processes, PsutilProcesses, Refused
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.worker import CALM_EVERY_NS, FIRST_CALM_NS, DiagnosisWorker, wants_finding
from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import Finding, FindingKind
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.words.findings import finding_sentence
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind
from tests.alerts.diagnosis.fakes import (
    MB,
    RULE,
    FakeActions,
    FakePsutil,
    ScriptedProcesses,
    incident_of,
    question_of,
    row,
    table,
)
from tests.fakes import WALL
from tests.processes import wait_until

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "x" * 4096,
    "a\x1b[31m\x00\r\n\tb",
    "\udcff\udcfe",
]


class BusyMachine(SystemEvidence):
    """All cores are busy."""

    def __init__(self) -> None:
        super().__init__(None, self, time.monotonic_ns)
        self._busy_s = 0.0

    def cpu_times(self) -> object:
        self._busy_s += 1.0
        return type("Times", (tuple,), {"idle": 0.0})((self._busy_s,))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "INTERVAL_S", 0.0)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What hangs, hangs until the test is over."""
    released = threading.Event()
    yield released
    released.set()


class Desk:
    """A worker with its answers, on a machine as told."""

    def __init__(
        self, processes: Processes, limit_s: float = 10.0, arguments: object = None, keep_lines: bool = False
    ) -> None:
        self.doer = FakeActions()
        self.now_ns = time.monotonic_ns()
        self.wakings = 0
        self.got: list[Answer] = []
        self.worker = DiagnosisWorker(
            processes,
            BusyMachine(),
            arguments or (lambda pid: (f"/usr/bin/program{pid}", "--password=hunter2")),  # type: ignore[arg-type]
            lambda: self.now_ns,
            lambda: WALL,
            limit_s,
            lambda: self.doer,
            own_pid=99,
            keep_lines=lambda: keep_lines,
        )
        self.worker.on_answer = self._woken

    def _woken(self) -> None:
        self.wakings += 1

    def answer(self, *questions: object) -> Finding:
        for each in questions or (question_of(),):
            self.worker.ask(each)  # type: ignore[arg-type]
        return self.finding()

    def finding(self) -> Finding:
        self.idle()
        self.got += self.worker.answers()
        finding = self.got[-1].finding
        assert finding is not None
        return finding

    def idle(self) -> None:
        wait_until(lambda: self.worker.is_idle, "the worker is idle")


SPINNERS = (
    table(0, row(1, "init"), row(7, "cargo"), row(8, "cargo"), row(9, "vi")),
    table(1, row(1, "init"), row(7, "cargo", 0.9, parent=1), row(8, "cargo", 0.9), row(9, "vi", 0.05)),
)


def test_who_used_the_cpu_is_named_with_command_and_parent() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    finding = worker.answer()
    assert finding.kind is FindingKind.ONE_PROCESS
    first = finding.culprits[0]
    assert (first.name, first.processes, first.cpu_percent) == ("cargo", 2, 180.0)
    assert (first.command, first.parent) == (f"program{first.pid}", "init")
    assert not finding.partial
    assert worker.wakings
    assert [number for number, _ in worker.doer.done] == [1]
    assert finding_sentence(finding) == "cargo used 180 % of a core in 2 processes"


def test_questions_that_came_together_are_answered_by_one_look(released: threading.Event) -> None:
    processes = ScriptedProcesses(*SPINNERS)
    worker = Desk(processes)

    def make_in_time() -> FakeActions:
        released.wait(30)
        return worker.doer

    worker.worker._make_actions = make_in_time
    worker.worker.ask(question_of(number=1))
    wait_until(lambda: processes.reads == 2, "the first is looked into")
    for number in range(2, 6):
        worker.worker.ask(question_of(number=number))
    released.set()
    worker.idle()
    worker.got += worker.worker.answers()
    assert [each.incident for each in worker.got] == [1, 2, 3, 4, 5]
    assert processes.reads == 4


@pytest.mark.parametrize(
    "error",
    [
        psutil.AccessDenied(1),
        psutil.NoSuchProcess(1),
        RuntimeError("no query"),
        OSError("device"),
        KeyError("x"),
    ],
)
def test_a_table_that_cannot_be_read_leaves_the_rest(error: Exception) -> None:
    worker = Desk(ScriptedProcesses(error))
    finding = worker.answer()
    assert finding.kind is FindingKind.UNKNOWN
    assert finding.partial
    assert type(error).__name__ in str(finding.evidence["refused"])
    assert finding.evidence["busy_percent"] == 100.0


def test_a_table_that_hangs_is_given_up_and_the_finding_is_what_was_seen(released: threading.Event) -> None:
    worker = Desk(ScriptedProcesses(SPINNERS[0], released), limit_s=0.05)
    finding = worker.answer()
    assert finding.partial
    assert finding.evidence["processes"] == 4
    # While it hangs, the next one is told at once that nothing is to be had; nothing piles up.
    threads = threading.active_count()
    for number in range(2, 6):
        assert worker.answer(question_of(number=number)).partial
    assert threading.active_count() <= threads
    assert [number for number, _ in worker.doer.done] == [1, 2, 3, 4, 5]


def test_a_process_that_hangs_in_psutil_costs_no_more_than_the_limit(released: threading.Event) -> None:
    source = FakePsutil({7: {}, 8: {"cpu_times": released}})
    finding = Desk(PsutilProcesses(source), limit_s=0.05).answer()
    assert finding.kind is FindingKind.UNKNOWN
    assert finding.partial


def test_a_hung_table_holds_neither_asking_nor_answers_nor_stopping(released: threading.Event) -> None:
    processes = ScriptedProcesses(released)
    worker = Desk(processes, limit_s=30)
    worker.worker.ask(question_of())
    wait_until(lambda: processes.reads, "the table hangs")
    for number in range(1, 101):
        worker.worker.ask(question_of(number=number))
    assert worker.worker.answers() == []
    worker.worker.stop(0.01)
    worker.worker.stop(0.01)
    assert not worker.worker.is_idle
    released.set()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_made_harmless_before_it_is_kept(name: str) -> None:
    before = table(0, row(7, name, 0.0), row(8, name, parent=7))
    after = table(1, row(7, name, 0.0), row(8, name, 1.5, parent=7))
    finding = Desk(
        ScriptedProcesses(before, after), arguments=lambda pid: (name, name), keep_lines=True
    ).answer()
    first = finding.culprits[0]
    for text in (
        first.name,
        first.command,
        first.command_line or "",
        first.parent,
        str(finding.facts["name"]),
        finding_sentence(finding),
    ):
        assert not text or text.isprintable()
        assert len(text) <= 200
        text.encode()


def test_a_whole_command_line_is_kept_only_where_that_is_wanted_and_without_secrets() -> None:
    kept = [
        Desk(ScriptedProcesses(*SPINNERS), keep_lines=each).answer().culprits[0] for each in (False, True)
    ]
    number = kept[0].pid
    assert [each.command for each in kept] == [f"program{number}"] * 2
    assert [each.command_line for each in kept] == ["", f"/usr/bin/program{number} --password=***"]


def test_what_cannot_be_read_of_a_culprit_is_named() -> None:
    def refuse(pid: int) -> tuple[str, ...]:
        raise Refused("denied")

    finding = Desk(ScriptedProcesses(*SPINNERS), arguments=refuse).answer()
    assert finding.culprits[0].unread == ("command:denied",)


def test_this_program_and_what_it_has_started_go_by_its_own_name() -> None:
    before = table(0, row(99, "python3"), row(100, "python3", parent=99), row(7, "python3"))
    after = table(1, row(99, "python3", 0.9), row(100, "python3", 0.9, parent=99), row(7, "python3", 0.1))
    finding = Desk(ScriptedProcesses(before, after)).answer()
    assert finding.kind is FindingKind.THIS_PROGRAM
    assert [(each.name, each.processes) for each in finding.culprits] == [
        ("AIOS Heartbeat", 2),
        ("python3", 1),
    ]


def test_a_late_beat_is_explained_by_its_own_facts() -> None:
    facts = {"lateness_ns": 100, "cause": int(Cause.RUN_QUEUE), "run_queue_ns": 97}
    rule = replace(RULE, measure=Measure.LATENESS, limit=50.0)
    question = question_of(rule, hiccup=Event(EventKind.HICCUP, WALL, 1, facts))  # type: ignore[arg-type]
    finding = Desk(ScriptedProcesses(*SPINNERS)).answer(question)
    assert finding.kind is FindingKind.NO_FREE_CORE
    assert finding_sentence(finding) == (
        "97 % of the delay was waiting for a free core; cargo used 180 % of a core in 2 processes"
    )


# While all is calm


def test_while_calm_it_looks_now_and_then_and_compares_with_that_later() -> None:
    calm = table(-40, row(1, "init"), row(9, "vi", memory=10 * MB))
    grown = table(1, row(1, "init"), row(9, "vi", memory=500 * MB))
    worker = Desk(ScriptedProcesses(calm, table(0, *grown.rows.values()), grown))
    assert worker.worker.answers() == []
    assert worker.worker.is_idle
    worker.now_ns += FIRST_CALM_NS
    worker.worker.answers()
    worker.idle()
    finding = worker.answer(question_of(replace(RULE, measure=Measure.MEMORY)))
    assert finding.kind is FindingKind.MEMORY_GROWN
    assert finding.movers[0].name == "vi"
    assert finding_sentence(finding) == "vi grew by 490 MB within 41 s, to 500 MB"


def test_while_something_fires_it_does_not_look_as_if_all_were_calm() -> None:
    processes = ScriptedProcesses(*SPINNERS)
    worker = Desk(processes)
    worker.answer()
    reads = processes.reads
    worker.now_ns += 10 * CALM_EVERY_NS
    worker.worker.answers()
    worker.idle()
    assert processes.reads == reads
    worker.worker.take_back(incident_of())
    worker.worker.answers()
    worker.idle()
    assert processes.reads == reads + 1


def test_a_calm_look_that_fails_or_hangs_is_no_harm(released: threading.Event) -> None:
    for step in (OSError("device"), released):
        worker = Desk(ScriptedProcesses(step))
        worker.now_ns += FIRST_CALM_NS
        worker.worker.answers()
        released.set()
        worker.idle()


def test_nothing_runs_until_something_is_asked() -> None:
    threads = threading.active_count()
    worker = Desk(ScriptedProcesses(*SPINNERS))
    for _ in range(100):
        worker.worker.answers()
    assert threading.active_count() == threads


# What else


def test_what_was_done_is_only_taken_back_where_something_was() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    worker.worker.take_back(incident_of())
    assert worker.doer.taken_back == []
    done = ActionResult("renice:cargo", ActionState.DONE, "", 1, "[]")
    worker.worker.take_back(replace(incident_of(), actions=(done,)), "renice:cargo")
    assert worker.doer.taken_back == [(1, "renice:cargo")]
    worker.worker.stop()
    assert worker.doer.stopped


@pytest.mark.parametrize(
    ("level", "actions", "allow", "wanted"),
    [
        (Level.CRITICAL, (), (), True),
        (Level.WARNING, ("notify",), (), False),
        (Level.WARNING, ("notify", "capture"), (), True),
        (Level.WARNING, ("renice:cargo",), (), True),
        (Level.WARNING, (), ("cargo",), True),
    ],
)
def test_a_warning_is_only_looked_into_where_its_rule_needs_it(
    level: Level, actions: tuple[str, ...], allow: tuple[str, ...], wanted: bool
) -> None:
    rule = replace(RULE, level=level, actions=actions, allow=allow)
    assert wants_finding(rule) is wanted
    worker = Desk(ScriptedProcesses(*SPINNERS))
    worker.worker.ask(question_of(rule))
    worker.idle()
    assert bool(worker.worker.answers()) is wanted
    assert len(worker.doer.done) == 1


def test_the_real_machine_answers() -> None:
    gc.collect()
    worker = DiagnosisWorker()
    worker.ask(question_of())
    wait_until(lambda: worker.is_idle, "the worker is idle")
    (answer,) = worker.answers()
    assert answer.finding is not None
    assert answer.finding.evidence["processes"]
    assert os.getpid() not in {each.pid for each in answer.finding.culprits if each.name != "AIOS Heartbeat"}
    worker.stop()

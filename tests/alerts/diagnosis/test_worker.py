"""The worker: who was at fault is found out in time, whatever the system does, and nothing waits for it."""

import gc
import os
import threading
import time
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import count

import psutil
import pytest

from aios_gui.alerts.diagnosis import look
from aios_gui.alerts.diagnosis.port import Answer, HiccupQuestion
from aios_gui.alerts.diagnosis.processes import Processes, Refused
from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.worker import FIRST_TABLE_NS, TABLE_EVERY_NS, DiagnosisWorker, wants_finding
from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import Finding, FindingKind, HiccupFinding
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable
from aios_gui.alerts.model.rules import Level, Measure, Rule
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
from tests.fakes import WALL, S
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
        self.now_ns = S  # a second after WALL
        self.wakings = 0
        self.got: list[Answer | HiccupFinding] = []
        self.worker = DiagnosisWorker(
            processes,
            BusyMachine(),
            arguments or (lambda pid: (f"/usr/bin/program{pid}", "--password=hunter2")),  # type: ignore[arg-type]
            lambda: self.now_ns,
            lambda: WALL + self.now_ns,
            limit_s,
            lambda: self.doer,
            own_pid=99,
            keep_lines=lambda: keep_lines,
        )
        # Each table costs 2 ms, on whatever machine.
        costs = count(0, 2_000_000)
        self.worker._tables._cost_ns = lambda: next(costs)
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
        answer = self.got[-1]
        finding = answer.finding
        assert finding is not None
        return finding

    def idle(self) -> None:
        wait_until(lambda: self.worker.is_idle, "the worker is idle")


SHELL = (row(1, "init"), row(5, "sh"))
SPINNERS = (
    table(0, *SHELL, row(7, "cargo", parent=5), row(8, "cargo", parent=5), row(9, "vi")),
    table(1, *SHELL, row(7, "cargo", 0.9, parent=5), row(8, "cargo", 0.9, parent=5), row(9, "vi", 0.05)),
)


def test_who_used_the_cpu_is_named_with_command_and_parent() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    finding = worker.answer()
    assert finding.kind is FindingKind.ONE_PROCESS
    first = finding.culprits[0]
    assert (first.name, first.processes, first.cpu_percent) == ("cargo", 2, 180.0)
    assert (first.command, first.parent) == (f"program{first.pid}", "sh")
    assert not finding.partial
    assert worker.wakings
    assert [number for number, _ in worker.doer.done] == [1]
    assert finding_sentence(finding) == "cargo (2 processes) kept 1.8 cores busy for 1 s"


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
    assert [each.incident for each in worker.got if isinstance(each, Answer)] == [1, 2, 3, 4, 5]
    assert processes.reads == 3


def test_a_table_that_cannot_be_read_leaves_the_rest() -> None:
    cases: list[Exception] = [
        psutil.AccessDenied(1),
        psutil.NoSuchProcess(1),
        RuntimeError("no query"),
        OSError("device"),
        KeyError("x"),
    ]
    for error in cases:
        worker = Desk(ScriptedProcesses(error))
        finding = worker.answer()
        assert finding.kind is FindingKind.UNKNOWN
        assert finding.partial
        assert type(error).__name__ in str(finding.evidence["refused"])


def test_a_table_that_hangs_is_given_up_and_the_finding_is_what_was_seen(released: threading.Event) -> None:
    worker = Desk(ScriptedProcesses(SPINNERS[0], released), limit_s=0.05)
    finding = worker.answer()
    assert finding.partial
    assert finding.evidence["processes"] == 5
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
    assert [(each.name, each.processes) for each in finding.culprits] == [("AIOS Heartbeat", 2)]


def hiccup_at(at_s: float, length_s: float, **more: int) -> Event:
    length_ns = round(length_s * S)
    facts: dict[str, int | float | str] = {
        "lateness_ns": length_ns,
        "cause": int(Cause.RUN_QUEUE),
        "run_queue_ns": length_ns,
        **more,
    }
    return Event(EventKind.HICCUP, WALL + round(at_s * S), 1, facts)


def test_a_late_beat_is_explained_by_its_own_facts() -> None:
    rule = replace(RULE, measure=Measure.LATENESS, limit=50.0)
    question = question_of(rule, hiccup=hiccup_at(1, 0.9))
    finding = Desk(ScriptedProcesses(*SPINNERS)).answer(question)
    assert finding.kind is FindingKind.NO_FREE_CORE
    assert finding_sentence(finding) == (
        "100 % of the delay was waiting for a free core; cargo (2 processes) kept 2 cores busy"
    )


# Tables, whether or not anything happens

CALM = (row(1, "init"), row(2, "sh"), row(7, "steady"), row(8, "hog", parent=2))


def burst(at_s: float, *more: ProcessRow) -> ProcessTable:
    return table(at_s, row(1, "init"), row(2, "sh"), row(7, "steady", 4.0), *more)


def test_a_table_is_taken_at_the_start_and_every_ten_seconds_and_its_cost_is_known() -> None:
    processes = ScriptedProcesses(table(1, *CALM))
    worker = Desk(processes)
    worker.worker.tick(3.0)
    assert worker.worker.is_idle
    for _each in range(3):
        worker.now_ns += FIRST_TABLE_NS
        worker.worker.tick(3.0)
        worker.idle()
    assert processes.reads == 1
    assert not worker.worker.is_due(3.0)
    worker.now_ns += TABLE_EVERY_NS
    assert worker.worker.is_due(3.0)
    worker.worker.tick(None)
    worker.idle()
    assert processes.reads == 2
    assert 0 < worker.worker.cost_share < 1
    assert worker.worker.answers() == []


def take_calm(worker: Desk) -> None:
    """Three tables in thirty seconds."""
    for _each in range(3):
        worker.now_ns += TABLE_EVERY_NS
        worker.worker.tick(3.0)
        worker.idle()


STEADY = [
    table(at_s, row(1, "init"), row(2, "sh"), row(7, "steady", at_s * 0.4), row(8, "hog", hog_s, parent=2))
    for at_s, hog_s in ((10, 0.0), (20, 0.0), (30, 0.01))
]


@pytest.mark.parametrize(
    ("after", "named", "gone"),
    [
        (
            table(35, row(1, "init"), row(2, "sh"), row(7, "steady", 14.0), row(8, "hog", 0.31, parent=2)),
            "hog",
            False,
        ),
        (
            table(35, row(1, "init"), replace(row(2, "sh"), ended_children_s=0.31), row(7, "steady", 14.0)),
            "hog",
            True,
        ),
        (
            table(35, row(1, "init"), row(2, "sh"), row(7, "steady", 14.0), row(8, "hog", 0.01, parent=2)),
            "",
            False,
        ),
    ],
)
def test_a_short_stall_names_who_was_beyond_the_usual_and_never_a_bystander(
    after: ProcessTable, named: str, gone: bool
) -> None:
    processes = ScriptedProcesses(*STEADY, after)
    worker = Desk(processes)
    take_calm(worker)
    worker.now_ns = 35 * S
    hiccup = hiccup_at(34.9, 0.15)
    worker.worker.look_into(HiccupQuestion(hiccup))
    worker.idle()
    (answer,) = worker.worker.answers()
    assert isinstance(answer, HiccupFinding)
    assert (answer.wall_ns, answer.seq) == (hiccup.wall_ns, hiccup.seq)
    assert [(each.name, each.gone, each.parent) for each in answer.finding.culprits] == (
        [(named, gone, "sh")] if named else []
    )
    assert answer.finding.facts["resource"] == "cpu"
    assert processes.reads == (4 if named else 5), "where none did it, another look is taken"
    sentence = finding_sentence(answer.finding)
    assert sentence.startswith("100 % of the delay was waiting for a free core; ")
    assert sentence.endswith(
        "it has ended since"
        if gone
        else "hog kept 2 cores busy"
        if named
        else "no program used more of it than it usually does"
    )


def test_who_ends_as_the_table_is_read_is_found_a_moment_later_with_who_waited_for_it() -> None:
    calm = table(35, row(1, "init"), row(2, "sh"), row(7, "steady", 14.0))
    waited = table(35.1, row(1, "init"), replace(row(2, "sh"), ended_children_s=0.3), row(7, "steady", 14.0))
    worker = Desk(ScriptedProcesses(*STEADY, calm, waited))
    take_calm(worker)
    worker.now_ns = 35 * S
    worker.worker.look_into(HiccupQuestion(hiccup_at(34.9, 0.15)))
    worker.now_ns += S // 10
    worker.idle()
    (answer,) = worker.worker.answers()
    assert isinstance(answer, HiccupFinding)
    assert [(each.name, each.ended_children) for each in answer.finding.culprits] == [("sh", True)]


def test_stalls_that_follow_each_other_closely_wait_for_one_look() -> None:
    processes = ScriptedProcesses(*STEADY, table(35, row(1, "init")), table(36, row(1, "init")))
    worker = Desk(processes)
    take_calm(worker)
    worker.now_ns = 35 * S
    worker.worker.look_into(HiccupQuestion(hiccup_at(34.9, 0.1)))
    worker.idle()
    for at_s in (35.01, 35.02):
        worker.worker.look_into(HiccupQuestion(hiccup_at(at_s, 0.06)))
    worker.idle()
    first = processes.reads
    assert len(worker.worker.answers()) == 1
    worker.now_ns += 3600 * S
    worker.worker.tick(None)
    worker.idle()
    assert (processes.reads - first, len(worker.worker.answers())) == (2, 2), "one look, and one more"


def test_a_stall_before_there_is_any_table_names_no_one() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    worker.now_ns = 0
    worker.worker.look_into(HiccupQuestion(hiccup_at(-0.1, 0.15)))
    worker.idle()
    (answer,) = worker.worker.answers()
    assert isinstance(answer, HiccupFinding)
    assert answer.finding.culprits == ()


def test_while_it_goes_on_another_leader_is_told_and_at_the_end_who_did_most() -> None:
    first = [table(at_s, row(1, "init"), row(7, "one", at_s), row(8, "two")) for at_s in (0, 10)]
    later = [table(at_s, row(1, "init"), row(8, "two", at_s - 15.0)) for at_s in (20, 30, 40)]
    worker = Desk(ScriptedProcesses(*first, *later))
    worker.now_ns = 0
    worker.worker.tick(None)
    worker.now_ns = FIRST_TABLE_NS
    worker.worker.tick(99.0)
    worker.idle()
    worker.now_ns = 10 * S
    assert [each.name for each in worker.answer().culprits] == ["one"]
    told = []
    for at_s in (20, 30, 40):
        worker.now_ns = at_s * S + S
        worker.worker.tick(99.0)
        worker.idle()
        told.append([each.finding for each in worker.worker.answers() if isinstance(each, Answer)])
    assert [len(each) for each in told] == [1, 1, 0]
    gone, two = told[0][0], told[1][0]
    assert gone is not None
    assert two is not None
    assert [(each.name, each.gone) for each in gone.culprits] == [("one", True), ("two", False)]
    assert [each.name for each in two.culprits] == ["two", "one"]
    worker.worker.conclude(replace(question_of(), incident=replace(incident_of(), cleared_ns=WALL + 40 * S)))
    worker.idle()
    (answer,) = worker.worker.answers()
    assert isinstance(answer, Answer)
    assert answer.finding is not None
    assert [(each.name, each.gone) for each in answer.finding.culprits] == [("two", False), ("one", True)]
    assert [number for number, _ in worker.doer.done] == [1]
    # Once it is over it is not looked into any more.
    worker.now_ns += TABLE_EVERY_NS + S
    worker.worker.tick(99.0)
    worker.idle()
    assert worker.worker.answers() == []


def test_what_fires_again_is_looked_into_and_nothing_is_done_about_it_again() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    worker.answer()
    worker.answer(replace(question_of(), again=True))
    assert len(worker.got) == 2
    assert len(worker.doer.done) == 1


def test_a_stall_once_more_is_looked_into_once_and_its_own_finding_goes_to_the_actions() -> None:
    after = table(35, row(1, "init"), row(2, "sh"), row(7, "steady", 14.0), row(8, "hog", 0.3, parent=2))
    worker = Desk(ScriptedProcesses(*STEADY, after))
    take_calm(worker)
    worker.now_ns = 35 * S
    hiccup = hiccup_at(34.9, 0.15)
    worker.worker.look_into(HiccupQuestion(hiccup))
    worker.idle()
    (found,) = worker.worker.answers()
    assert isinstance(found, HiccupFinding)
    rule = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0)
    worker.worker.ask(replace(question_of(rule), hiccup=hiccup, again=True))
    worker.idle()
    assert worker.worker.answers() == []
    assert [finding for _number, finding in worker.doer.done] == [found.finding]


def test_of_two_stalls_at_once_the_actions_get_what_was_found_of_each() -> None:
    after = table(35, row(1, "init"), row(2, "sh"), row(7, "steady", 14.0), row(8, "hog", 0.3, parent=2))
    worker = Desk(ScriptedProcesses(*STEADY, after))
    take_calm(worker)
    worker.now_ns = 35 * S
    stalls = [hiccup_at(34.7, 0.15), hiccup_at(34.9, 0.15)]
    worker.worker._hiccups.append(HiccupQuestion(stalls[0]))
    worker.worker.look_into(HiccupQuestion(stalls[1]))
    worker.idle()
    worker.worker.answers()
    rule = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0)
    for each in stalls:
        worker.worker.ask(replace(question_of(rule), hiccup=each, again=True))
        worker.idle()
    assert None not in [finding for _number, finding in worker.doer.done]


def test_nothing_is_kept_of_stalls_that_are_over() -> None:
    worker = Desk(ScriptedProcesses(*SPINNERS))
    rule = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0)
    for number in range(1, 4):
        worker.answer(question_of(rule, number, hiccup_at(1, 0.1)))
    assert not worker.worker._leaders


def test_memory_is_compared_with_what_was_before() -> None:
    calm = table(1, row(1, "init"), row(9, "vi", memory=10 * MB))
    grown = table(41, row(1, "init"), row(9, "vi", memory=500 * MB))
    worker = Desk(ScriptedProcesses(calm, grown))
    worker.now_ns += FIRST_TABLE_NS
    worker.worker.tick(None)
    worker.idle()
    worker.now_ns = 41 * S
    finding = worker.answer(question_of(replace(RULE, measure=Measure.MEMORY)))
    assert finding.kind is FindingKind.MEMORY_GROWN
    assert finding.movers[0].name == "vi"
    assert finding_sentence(finding) == "vi grew by 490 MB within 40 s, to 500 MB"


class Refreshable(ScriptedProcesses):
    """Can also read but what is busy."""

    def __init__(self, *script: ProcessTable | Exception | threading.Event) -> None:
        super().__init__(*script)
        self.refreshes: list[AbstractSet[int]] = []

    def refreshed(self, table: ProcessTable, pids: AbstractSet[int]) -> ProcessTable:
        self.refreshes.append(pids)
        return replace(table, at_ns=table.at_ns + S)


def test_what_is_busy_is_read_every_other_second_while_the_machine_is_busy() -> None:
    processes = Refreshable(*SPINNERS)
    worker = Desk(processes)
    worker.worker.tick(99.0)
    worker.now_ns = FIRST_TABLE_NS + S
    worker.worker.tick(99.0)  # the first table
    worker.idle()
    assert processes.refreshes == []
    worker.answer()
    worker.now_ns += 2 * S
    worker.worker.tick(2.0)
    assert processes.refreshes == []
    assert [worker.worker.is_due(cpu_percent) for cpu_percent in (None, 2.0, 60.0)] == [False, False, True]
    worker.worker.tick(60.0)
    assert not worker.worker.is_due(60.0)
    worker.worker.tick(60.0)
    (pids,) = processes.refreshes
    assert {7, 8} <= pids
    assert processes.reads == 2


def test_what_is_done_while_a_resource_is_stalled_does_not_become_usual() -> None:
    class Burning(Refreshable):
        def refreshed(self, table: ProcessTable, pids: AbstractSet[int]) -> ProcessTable:
            burnt = replace(table.rows[8], cpu_s=(table.rows[8].cpu_s or 0.0) + 2.0)
            return replace(super().refreshed(table, pids), rows=table.rows | {8: burnt})

    processes = Burning(*STEADY, STEADY[-1])
    worker = Desk(processes)
    take_calm(worker)
    for _each in range(5):
        worker.now_ns += 2 * S
        worker.worker.tick(99.0, stalled=True)
        worker.idle()
    ledger = worker.worker._tables.ledger
    assert len(processes.refreshes) == 2
    latest_ns = ledger.covering(0, 2**62)[-1].end_ns
    hog = {each.name: each for each in ledger.span(latest_ns - S, latest_ns).programs}["hog"]
    assert hog.cpu_over_percent == hog.cpu_percent


def test_while_a_stall_waits_for_its_look_nothing_else_is_read() -> None:
    processes = Refreshable(*STEADY, table(35, row(1, "init")))
    worker = Desk(processes)
    take_calm(worker)
    worker.now_ns = 35 * S
    worker.worker.look_into(HiccupQuestion(hiccup_at(34.9, 0.1)))
    worker.idle()
    worker.now_ns += S // 1_000_000
    worker.worker.look_into(HiccupQuestion(hiccup_at(35, 0.06)))
    worker.worker.tick(99.0)
    assert processes.refreshes == []


def test_a_table_that_fails_or_hangs_is_no_harm(released: threading.Event) -> None:
    for step in (OSError("device"), released):
        worker = Desk(ScriptedProcesses(step))
        worker.now_ns += FIRST_TABLE_NS
        worker.worker.tick(None)
        released.set()
        worker.idle()


def test_nothing_runs_until_something_is_due() -> None:
    threads = threading.active_count()
    worker = Desk(ScriptedProcesses(*SPINNERS))
    for _ in range(100):
        worker.worker.answers()
        worker.worker.tick(1.0)
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


def test_a_warning_is_only_looked_into_where_its_rule_needs_it() -> None:
    cases: list[tuple[Level, tuple[str, ...], tuple[str, ...], bool]] = [
        (Level.CRITICAL, (), (), True),
        (Level.WARNING, ("notify",), (), False),
        (Level.WARNING, ("notify", "capture"), (), True),
        (Level.WARNING, ("renice:cargo",), (), True),
        (Level.WARNING, (), ("cargo",), True),
    ]
    for level, actions, allow, wanted in cases:
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
    assert isinstance(answer, Answer)
    assert answer.finding is not None
    assert answer.finding.evidence["processes"]
    assert os.getpid() not in {each.pid for each in answer.finding.culprits if each.name != "AIOS Heartbeat"}
    worker.stop()

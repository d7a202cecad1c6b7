"""Lowering priorities and keeping off a core: only what the rule lists and the machine can do without, and back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.actions import confine, renice
from aios_gui.alerts.actions.request import ActionPorts
from aios_gui.alerts.actions.steering import OwnChildren, ProcessSteering, TargetProcess
from aios_gui.alerts.actions.targets import (
    MOST,
    PROTECTED,
    ProcessChange,
    is_protected,
    listed,
    read,
    written,
)
from aios_gui.alerts.model.action import ActionState, Why, parse_action
from tests.alerts.actions.fakes import OWN, Acting, FakeJobs, found, gone, request_of
from tests.processes import wait_until

CARGO, OTHER, VI = (
    TargetProcess(7, "cargo", 1.0),
    TargetProcess(8, "Cargo.exe", 1.0),
    TargetProcess(9, "vi", 1.0),
)
NAPPER = "aios-napper"
RENICE, CONFINE = parse_action(f"renice:cargo,{NAPPER}"), parse_action(f"confine:cargo,{NAPPER}")


def test_only_culprits_that_are_listed_are_touched() -> None:
    acting = Acting(CARGO, OTHER, VI)
    outcome = renice.do(request_of("renice:cargo, make", found("cargo", "vi")), acting.ports)
    assert outcome.state is ActionState.DONE
    assert outcome.detail == "cargo (7), Cargo.exe (8)"
    assert acting.steering.priorities[7] == acting.steering.priorities[81] == 10
    assert acting.steering.priorities[9] == 0
    assert renice.undo(RENICE, outcome.undo, acting.ports).state is ActionState.UNDONE
    assert set(acting.steering.priorities.values()) == {0}


def test_listed_but_no_culprit_is_left_alone() -> None:
    acting = Acting(CARGO, VI)
    for finding in (None, found("vi")):
        outcome = renice.do(request_of("renice:cargo", finding), acting.ports)
        assert (outcome.state, outcome.detail) == (ActionState.REFUSED, Why.NO_LISTED_CULPRIT)


def test_this_program_and_what_it_has_started_are_never_touched() -> None:
    acting = Acting(
        CARGO,
        TargetProcess(OWN, "cargo", 1.0),
        TargetProcess(12, "cargo", 1.0, parent=OWN),
        TargetProcess(1, "cargo", 1.0),
    )
    targets = listed(
        request_of("renice:cargo,AIOS Heartbeat", found("cargo", "AIOS Heartbeat")), acting.ports
    ).targets
    assert targets == (CARGO,)
    alone = listed(request_of("renice:AIOS Heartbeat", found("AIOS Heartbeat")), acting.ports)
    assert (alone.targets, alone.why) == ((), Why.NO_LISTED_CULPRIT)


@pytest.mark.parametrize("name", [*PROTECTED, "SVCHOST.EXE", "Systemd"])
def test_what_the_machine_lives_by_is_never_touched(name: str) -> None:
    acting = Acting(TargetProcess(7, name, 1.0))
    assert is_protected(name)
    outcome = renice.do(request_of(f"renice:{name}", found(name)), acting.ports)
    assert (outcome.state, outcome.detail) == (ActionState.REFUSED, Why.PROTECTED)


def test_a_name_that_too_many_have_is_left_alone() -> None:
    acting = Acting(*[TargetProcess(100 + number, "cargo", 1.0) for number in range(MOST + 1)])
    assert renice.do(request_of("renice:cargo", found("cargo")), acting.ports).detail == Why.TOO_MANY


def test_what_could_not_be_given_back_is_not_lowered() -> None:
    acting = Acting(CARGO, restorable=False)
    outcome = renice.do(request_of("renice:cargo", found("cargo")), acting.ports)
    assert (outcome.state, outcome.detail) == (ActionState.REFUSED, Why.NOT_TO_BE_UNDONE)
    assert acting.steering.priorities[7] == 0


def test_what_the_system_refuses_is_told() -> None:
    acting = Acting(CARGO)
    acting.steering.refusing = psutil.AccessDenied(7)
    for module in (renice, confine):
        outcome = module.do(request_of("renice:cargo", found("cargo")), acting.ports)
        assert outcome.state is ActionState.FAILED
        assert "AccessDenied" in outcome.detail


def test_taking_back_goes_by_the_process_and_by_what_still_stands() -> None:
    acting = Acting(CARGO, OTHER)
    undo = renice.do(request_of("renice:cargo", found("cargo")), acting.ports).undo
    acting.steering.targets = [TargetProcess(7, "another", 5_000.0), OTHER]
    acting.steering.priorities[81] = 5
    outcome = renice.undo(RENICE, undo, acting.ports)
    assert outcome.state is ActionState.UNDONE
    # The one is another process by now; of the other somebody has set one thread since.
    assert acting.steering.priorities == {7: 10, 71: 10, 8: 0, 81: 5, OWN: 0, OWN * 10 + 1: 0}


def test_one_that_ends_meanwhile_needs_nothing() -> None:
    acting = Acting(CARGO)
    undo = renice.do(request_of("renice:cargo", found("cargo")), acting.ports).undo
    acting.steering.refusing = gone()
    assert renice.undo(RENICE, undo, acting.ports).state is ActionState.UNDONE
    acting.steering.refusing = psutil.AccessDenied(7)
    assert renice.undo(RENICE, undo, acting.ports).state is ActionState.FAILED


def test_a_core_is_kept_free_and_given_back() -> None:
    acting = Acting(CARGO)
    outcome = confine.do(request_of("confine:cargo", found("cargo")), acting.ports)
    assert outcome.state is ActionState.DONE
    assert acting.steering.core_lists[7] == acting.steering.core_lists[71] == [0]
    assert confine.undo(CONFINE, outcome.undo, acting.ports).state is ActionState.UNDONE
    assert acting.steering.core_lists[71] == [0, 1]


def test_with_one_core_or_none_to_tell_of_nothing_is_confined() -> None:
    request = request_of("confine:cargo", found("cargo"))
    assert confine.do(request, Acting(CARGO, cores=[0]).ports).detail == Why.ONE_CORE
    acting = Acting(CARGO)
    acting.steering.core_lists = dict.fromkeys(acting.steering.core_lists)
    assert confine.do(request, acting.ports).detail == Why.NOT_ON_THIS_SYSTEM


CHANGES = st.lists(
    st.builds(
        ProcessChange,
        st.integers(1, 2**22),
        st.floats(0, 1e10),
        st.lists(st.integers(-20, 64)),
        st.lists(st.integers(0, 64)),
    )
)


@given(CHANGES)
def test_what_was_changed_is_read_as_it_was_written(changes: list[ProcessChange]) -> None:
    assert read(written(tuple(changes))) == changes


# Real processes


@pytest.fixture
def napper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a name that no other has."""
    if sys.platform == "win32":
        pytest.skip("needs a program that sleeps")
    link = tmp_path / NAPPER
    link.symlink_to(Path("/bin/sleep").resolve())
    with subprocess.Popen([str(link), "60"]) as process:
        wait_until(lambda: psutil.Process(process.pid).name() == NAPPER, "it has its name")
        yield process
        process.kill()


def ports_for_real() -> ActionPorts:
    # Nobody is this program, so that its child may be touched.
    return ActionPorts(lambda notification: "", lambda event: None, FakeJobs(), ProcessSteering(), own_pid=-1)


def test_a_real_process_is_lowered_and_raised_again(napper: subprocess.Popen[bytes]) -> None:
    steering, ports = ProcessSteering(), ports_for_real()
    before = steering.priority(napper.pid)
    outcome = renice.do(request_of(f"renice:{NAPPER}", found(NAPPER)), ports)
    as_low_as_it_gets = steering.lowered(before) == before  # where whoever runs the tests was lowered
    if as_low_as_it_gets or outcome.detail == Why.NOT_TO_BE_UNDONE:
        assert not outcome.undo
        assert steering.priority(napper.pid) == before
        return
    assert outcome.detail == f"{NAPPER} ({napper.pid})"
    assert steering.priority(napper.pid) > before
    assert renice.undo(RENICE, outcome.undo, ports).state is ActionState.UNDONE
    assert steering.priority(napper.pid) == before


@pytest.mark.skipif(sys.platform != "linux", reason="cores are chosen by process on Linux alone here")
def test_a_real_process_is_kept_off_a_core_and_let_back(napper: subprocess.Popen[bytes]) -> None:
    steering = ProcessSteering()
    before = steering.cores(napper.pid)
    assert before
    ports = ports_for_real()
    outcome = confine.do(request_of(f"confine:{NAPPER}", found(NAPPER)), ports)
    if len(before) < 2:
        assert outcome.detail == Why.ONE_CORE
        return
    assert steering.cores(napper.pid) == before[:-1]
    assert confine.undo(CONFINE, outcome.undo, ports).state is ActionState.UNDONE
    assert steering.cores(napper.pid) == before


def test_own_jobs_are_held_and_let_go(napper: subprocess.Popen[bytes]) -> None:
    jobs, seen = OwnChildren(jobs={napper.pid}), psutil.Process(napper.pid)
    held = jobs.pause()
    assert napper.pid in held
    wait_until(lambda: seen.status() == psutil.STATUS_STOPPED, "it is held")
    assert napper.pid not in jobs.pause()
    jobs.resume(held)
    wait_until(lambda: seen.status() != psutil.STATUS_STOPPED, "it goes on")
    jobs.resume([1])


def test_a_child_that_is_no_job_is_not_held(napper: subprocess.Popen[bytes]) -> None:
    assert OwnChildren().pause() == []
    assert psutil.Process(napper.pid).status() != psutil.STATUS_STOPPED


def test_a_process_that_is_not_there_has_no_jobs() -> None:
    jobs = OwnChildren(own_pid=2**22 - 1)
    assert jobs.pause() == []


def test_finding_a_process_that_has_ended_finds_none() -> None:
    assert ProcessSteering().find(2**22 - 1) is None


def test_what_the_rule_does_not_do_is_not_undone_whatever_the_record_says() -> None:
    cases: list[tuple[int, list[int], list[int]]] = [
        (9, [0], [10]),
        (7, [5], [0]),
        (7, [0], [3]),
        (7, [], []),
        (OWN, [0], [10]),
        (1, [0], [10]),
    ]
    for pid, old, new in cases:
        acting = Acting(CARGO, VI, TargetProcess(1, "cargo", 1.0))
        before = dict.fromkeys(acting.steering.priorities, 10)
        acting.steering.priorities = dict(before)
        renice.undo(RENICE, written((ProcessChange(pid, 1.0, old, new),)), acting.ports)
        confine.undo(CONFINE, written((ProcessChange(pid, 1.0, [0, 1], [1]),)), acting.ports)
        assert acting.steering.priorities == before
        assert all(cores == [0, 1] for cores in acting.steering.core_lists.values())

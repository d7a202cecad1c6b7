"""The worker of actions: done in time and logged, taken back when it is over, none holds another."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from aios_gui.alerts.actions import ACTION_HANDLERS
from aios_gui.alerts.actions.request import ActionHandler, ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.actions.steering import TargetProcess
from aios_gui.alerts.actions.worker import ActionWorker, is_silent
from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why, parse_action
from aios_gui.alerts.model.incident import Incident, Silence
from aios_gui.heartbeat.model.items import EventKind
from tests.alerts.actions.fakes import Acting, asked, found
from tests.alerts.diagnosis.fakes import incident_of
from tests.fakes import WALL, S
from tests.processes import wait_until

CARGO = TargetProcess(7, "cargo", 1.0)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    released = threading.Event()
    yield released
    released.set()


def test_every_kind_of_action_has_somebody_who_does_it() -> None:
    assert set(ACTION_HANDLERS) == set(ActionKind)
    assert {kind for kind, handler in ACTION_HANDLERS.items() if handler.undo is not None} < {
        kind for kind in ActionKind if kind.mends
    }


def test_actions_are_done_in_order_and_each_is_logged() -> None:
    acting = Acting()
    results = acting.act(asked("notify", "capture", "event"), found("cargo", "cargo"))
    assert [each.actions[0].action for each in acting.answers] == ["notify", "capture", "event"]
    assert {each.state for each in results.values()} == {ActionState.DONE}
    assert results["capture"].detail == "cargo", "a name that several have is told once"
    assert results["notify"].at_ns == WALL
    (event,) = acting.events
    assert event.kind is EventKind.RULE_FIRED
    assert event.facts["culprit"] == "cargo"


@pytest.mark.parametrize("silence", [Silence.MUTED, Silence.QUIET_HOURS])
def test_while_silent_only_the_evidence_is_kept(silence: Silence) -> None:
    question = asked("notify", "capture", "event", "run:false", "renice:cargo", "pause_own")
    question = replace(question, incident=replace(question.incident, silence=silence))
    acting = Acting(CARGO)
    acting.jobs.running = [5]
    assert list(acting.act(question, found("cargo"))) == ["capture"]
    assert acting.notifications == []
    assert acting.steering.priorities[7] == 0
    assert acting.jobs.held == []


def test_of_what_fires_again_a_person_is_notified_and_nothing_is_done() -> None:
    acting = Acting(CARGO)
    question = replace(asked("notify", "event", "run:false", "renice:cargo"), again=True)
    assert list(acting.act(question, found("cargo"))) == ["notify"]
    assert acting.events == []
    assert acting.steering.priorities[7] == 0


def test_a_culprit_that_the_rule_allows_alerts_nobody() -> None:
    question = asked("notify", allow=("Cargo",))
    assert is_silent(question, found("cargo.exe", "vi"))
    assert not is_silent(question, found("vi", "cargo"))
    assert not is_silent(question, None)


def test_an_incident_without_a_finding_is_still_told() -> None:
    acting = Acting()
    results = acting.act(asked("notify", "capture"), None)
    assert results["capture"].detail == Why.NO_ANSWER
    assert "CPU over 80 %" in acting.notifications[0].title


def test_no_notifier_is_said_so() -> None:
    acting = Acting()
    acting.problem = Why.NO_NOTIFIER
    assert acting.act(asked("notify"), None)["notify"].state is ActionState.REFUSED
    acting.problem = "broken"
    assert acting.act(asked("notify"), None)["notify"].state is ActionState.FAILED


def test_an_error_in_an_action_is_its_own(caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
        raise KeyError("odd")

    acting = Acting()
    handlers = {**ACTION_HANDLERS, ActionKind.CAPTURE: ActionHandler(fail, 1.0)}
    acting.worker = ActionWorker(acting.ports, acting.answers.append, handlers)
    results = acting.act(asked("capture", "notify"), None)
    assert results["capture"].state is ActionState.FAILED
    assert results["notify"].state is ActionState.DONE
    assert "unexpected error" in caplog.text


def test_an_action_that_hangs_is_left_to_itself_and_the_others_are_done(released: threading.Event) -> None:
    acting = Acting(CARGO)
    acting.hanging = released
    handlers = {
        **ACTION_HANDLERS,
        ActionKind.NOTIFY: replace(ACTION_HANDLERS[ActionKind.NOTIFY], limit_s=0.02),
    }
    acting.worker = ActionWorker(acting.ports, acting.answers.append, handlers)
    for _ in range(2):
        acting.act(asked("notify", "renice:cargo"), found("cargo"))
    results = acting.act(asked("notify", "renice:cargo"), found("cargo"))
    assert (results["notify"].state, results["notify"].detail) == (ActionState.TIMED_OUT, Why.NO_ANSWER)
    assert acting.steering.priorities == {7: 10, 71: 10, 99: 0, 991: 0}


def test_a_hung_action_holds_no_shutdown(released: threading.Event) -> None:
    acting = Acting()
    acting.hanging = released
    handlers = {
        **ACTION_HANDLERS,
        ActionKind.NOTIFY: replace(ACTION_HANDLERS[ActionKind.NOTIFY], limit_s=30.0),
    }
    acting.worker = ActionWorker(acting.ports, acting.answers.append, handlers)
    acting.worker.do(asked("notify"), None)
    wait_until(lambda: not acting.worker.is_idle, "it hangs")
    acting.worker.stop(0.01)
    acting.worker.stop(0.01)
    assert not acting.worker.is_idle


# Taking back


def mended(acting: Acting) -> Incident:
    """An incident for which priorities were lowered and jobs were paused."""
    acting.jobs.running = [5]
    results = acting.act(asked("renice:cargo", "pause_own"), found("cargo"))
    assert acting.steering.priorities[7] == 10
    assert acting.jobs.held == [5]
    return replace(incident_of(), actions=tuple(results.values()))


def test_what_was_done_is_taken_back_when_it_is_over_and_counts_as_fixed() -> None:
    acting = Acting(CARGO)
    incident = mended(acting)
    assert incident.fixed == 2
    acting.worker.take_back(incident)
    results = acting.results()
    assert {each.state for each in results.values()} == {ActionState.UNDONE}
    assert acting.steering.priorities[7] == 0
    assert acting.jobs.held == []
    over = replace(incident, cleared_ns=WALL - S, actions=tuple(results.values()))
    assert over.fixed == 2
    # Taken back by a person while it went on, it has ended nothing.
    assert replace(over, cleared_ns=WALL + S).fixed == 0


def test_one_can_be_taken_back_alone() -> None:
    acting = Acting(CARGO)
    incident = mended(acting)
    acting.worker.take_back(incident, "pause_own")
    assert acting.results()["pause_own"].state is ActionState.UNDONE
    assert acting.steering.priorities[7] == 10


def test_what_was_done_by_an_earlier_run_is_taken_back_by_what_the_record_says() -> None:
    incident = mended(acting := Acting(CARGO))
    later = Acting(CARGO)
    later.steering = later.ports.steering = acting.steering
    later.worker.take_back(incident)
    assert later.results()["renice:cargo"].state is ActionState.UNDONE
    assert acting.steering.priorities[7] == 0


def test_the_end_of_the_program_takes_back_what_still_stands() -> None:
    acting = Acting(CARGO)
    mended(acting)
    acting.worker.stop(10.0)
    assert acting.steering.priorities[7] == 0
    assert acting.jobs.held == []
    count = len(acting.answers)
    acting.worker.stop(10.0)
    assert len(acting.answers) == count


def test_whatever_the_record_says_taking_back_harms_nobody() -> None:
    cases: list[str] = ["", "odd", "{}", "[1]", '[{"pid":1}]', "[]"]
    for undo in cases:
        acting = Acting(CARGO)
        result = ActionResult("renice:cargo", ActionState.DONE, "", 1, undo)
        acting.worker.take_back(replace(incident_of(), actions=(result,)))
        acting.results()
        assert acting.steering.priorities[7] == 0


def test_a_kind_is_written_with_what_it_takes() -> None:
    assert parse_action("renice: cargo, vi").argument == "cargo, vi"
    for text in ("renice", "confine:", "pause_own:x", "event:x"):
        with pytest.raises(ValueError, match="argument"):
            parse_action(text)


def test_what_few_actions_need_is_not_loaded_with_all_of_them() -> None:
    code = (
        "import sys, aios_gui.alerts.actions.worker; print({'psutil', 'html.entities'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

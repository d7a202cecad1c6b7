"""A worker never ends in silence: what escapes is logged and reported, and it is run again, or declared broken."""

import threading

import pytest

from aios_gui.system import supervised_thread
from aios_gui.system.supervised_thread import BROKEN_AFTER, STEADY_S, Failure, SupervisedThread, Supervisor

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised_thread, "FIRST_PAUSE_S", 0.001)


class Foreign(BaseException):
    """What no library of good manners raises."""


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(3), KeyboardInterrupt(), Foreign("own")])
def test_what_escapes_is_logged_reported_and_the_work_run_again(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor, runs = Supervisor(), []
    reported: list[Failure] = []
    supervisor.on_failure = reported.append

    def work() -> None:
        runs.append(threading.current_thread())
        if len(runs) == 1:
            raise error

    thread = SupervisedThread(supervisor, "worker", work)
    thread.start()
    assert thread.finish(PATIENCE_S)
    assert len(runs) == 2
    assert runs[0] is runs[1], "what belongs to a thread, as a connection of SQLite, stays usable"
    assert [(each.part, each.times) for each in reported] == [("worker", 1)]
    assert type(error).__name__ in reported[0].error
    assert "the part worker failed" in caplog.text
    assert "Traceback" in caplog.text
    assert supervisor.broken == ()


def test_a_part_that_fails_again_and_again_is_declared_broken_and_still_tried() -> None:
    supervisor = Supervisor()
    reported: list[Failure] = []
    supervisor.on_failure = reported.append
    enough = threading.Event()
    runs = []

    def work() -> None:
        runs.append(1)
        if len(runs) == BROKEN_AFTER + 3:
            enough.set()
        raise OSError(5, "Input/output error")

    thread = SupervisedThread(supervisor, "worker", work)
    thread.start()
    assert enough.wait(PATIENCE_S)
    assert [each.times for each in reported] == [1, BROKEN_AFTER]
    (broken,) = supervisor.broken
    assert (broken.part, broken.error) == ("worker", "OSError: [Errno 5] Input/output error")
    assert thread.finish(PATIENCE_S)


def test_a_part_that_works_for_a_while_is_well_again() -> None:
    now_s = [0.0]
    supervisor = Supervisor(lambda: now_s[0])
    reported: list[Failure] = []
    supervisor.on_failure = reported.append
    for _ in range(BROKEN_AFTER):
        supervisor.report("worker", ValueError("odd"))
        now_s[0] += 1
        supervisor.well("worker")
    assert [each.part for each in supervisor.broken] == ["worker"], "it worked in between, but never for long"
    now_s[0] += STEADY_S
    supervisor.well("worker")
    assert supervisor.broken == ()
    assert supervisor.report("worker", ValueError("odd")).times == 1


def test_told_to_end_it_is_tried_once_more_so_that_it_can_close_what_is_open() -> None:
    supervisor = Supervisor()
    failed, runs = threading.Event(), []

    def work() -> None:
        runs.append(1)
        failed.set()
        raise ValueError("odd")

    thread = SupervisedThread(supervisor, "worker", work)
    supervised_thread.FIRST_PAUSE_S = 30.0  # given back by the fixture
    thread.start()
    assert failed.wait(PATIENCE_S)
    assert thread.finish(PATIENCE_S)
    assert len(runs) == 2
    assert not thread.is_alive


def test_the_pause_grows_and_has_an_end() -> None:
    pauses = [Failure("worker", "", times).pause_s for times in range(1, 200)]
    assert pauses == sorted(pauses)
    assert pauses[-1] <= supervised_thread.LONGEST_PAUSE_S


def test_a_reporter_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor()

    def refuse(_failure: Failure) -> None:
        raise RuntimeError("no window")

    supervisor.on_failure = refuse
    assert not supervisor.guard("worker", lambda: 1 / 0)
    assert "could not be reported" in caplog.text
    assert supervisor.guard("worker", lambda: None)


def test_the_log_is_not_filled_by_what_fails_every_second(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor(lambda: 0.0)
    for _ in range(1_000):
        supervisor.report("worker", ValueError("odd"))
    assert len(caplog.records) == 10

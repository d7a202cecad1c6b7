"""The queue of the desk: its thread is there only while something waits, and putting never waits."""

import threading

import pytest

from aios_gui.system.bounded_queue import BoundedQueueThread
from tests.alerts.diagnosis.fakes import PATIENCE_S
from tests.processes import wait_until


def test_all_that_waits_is_handed_over_in_order_and_the_thread_goes() -> None:
    batches: list[list[int]] = []
    holding, begun = threading.Event(), threading.Event()

    def work(batch: list[int]) -> None:
        batches.append(batch)
        begun.set()
        holding.wait(PATIENCE_S)

    queue = BoundedQueueThread("test", work, 3)
    assert queue.is_idle
    queue.put(1)
    assert begun.wait(PATIENCE_S)
    for number in range(2, 7):
        queue.put(number)
    holding.set()
    wait_until(lambda: queue.is_idle, "the queue is idle")
    # Of what waited too long, the newest were kept.
    assert batches == [[1], [4, 5, 6]]


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(3)])
def test_an_error_ends_nothing(caplog: pytest.LogCaptureFixture, error: BaseException) -> None:
    done: list[int] = []

    def work(batch: list[int]) -> None:
        done.extend(batch)
        raise error

    queue = BoundedQueueThread("test", work, 3)
    queue.put(1)
    wait_until(lambda: queue.is_idle, "the queue is idle")
    queue.put(2)
    wait_until(lambda: queue.is_idle, "the queue is idle")
    assert done == [1, 2]
    assert "the part test failed" in caplog.text


def test_once_stopped_it_does_nothing_more_and_waits_for_nobody() -> None:
    released = threading.Event()
    done: list[int] = []

    def work(batch: list[int]) -> None:
        done.extend(batch)
        released.wait(30)

    queue = BoundedQueueThread("test", work, 3)
    queue.put(1)
    wait_until(lambda: done, "it is being done")
    queue.put(2)
    queue.stop(0.01)
    queue.stop(0.01)
    queue.put(3)
    released.set()
    wait_until(lambda: queue.is_idle, "the queue is idle")
    assert done == [1]


def test_finishing_lets_what_waits_be_done() -> None:
    released = threading.Event()
    done: list[int] = []

    def work(batch: list[int]) -> None:
        released.wait(30)
        done.extend(batch)

    queue = BoundedQueueThread("test", work, 3)
    queue.put(1)
    queue.put(2)
    released.set()
    queue.finish(PATIENCE_S)
    assert done == [1, 2]


def test_a_thread_that_is_kept_is_idle_does_what_comes_and_goes_when_it_is_stopped() -> None:
    threads: list[threading.Thread] = []
    queue: BoundedQueueThread[int] = BoundedQueueThread(
        "test", lambda batch: threads.extend(threading.current_thread() for _each in batch), 3, kept_s=60.0
    )
    for number in range(3):
        assert queue.put(number)
        wait_until(lambda: queue.is_idle, "the queue is idle")
    assert len(threads) == 3
    assert len(set(threads)) == 1
    assert threads[0].is_alive()
    queue.finish(PATIENCE_S)
    assert not threads[0].is_alive()
    assert not queue.put(3)


def test_a_thread_that_is_kept_goes_after_a_while() -> None:
    queue: BoundedQueueThread[int] = BoundedQueueThread("test", lambda _batch: None, 3, kept_s=0.01)
    queue.put(1)
    wait_until(lambda: queue._thread is None, "the thread goes")
    assert queue.put(2)
    queue.finish(PATIENCE_S)

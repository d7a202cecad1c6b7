"""Reading in the background: answers, refusals, what is superseded, and that no thread stays."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.record.model.timerange import TimeRange
from aios_gui.system import termination
from aios_gui.ui.plots.history_loader import (
    Failed,
    HistoryLoader,
    PageLoaded,
    SeriesLoaded,
)
from tests.ui.machine import NS, FakeHistory, FakeRecord, beat_at

START = 1_741_785_300.0


def ns(offset_s: float) -> int:
    return int((START + offset_s) * NS)


@pytest.fixture
def record() -> FakeRecord:
    return FakeRecord([beat_at(START + n, n) for n in range(100)])


@pytest.fixture
def answers() -> list[object]:
    return []


@pytest.fixture
def loader(qtbot: QtBot, record: FakeRecord, answers: list[object]) -> Iterator[HistoryLoader]:
    made = HistoryLoader(record.open)
    made.done.connect(answers.append)
    yield made
    made.close()


def test_series_comes_from_another_thread_and_the_record_is_closed(
    qtbot: QtBot, loader: HistoryLoader, record: FakeRecord, answers: list[object]
) -> None:
    ticket = loader.series(ns(0), ns(50), 1000)
    qtbot.waitUntil(lambda: bool(answers))
    (answer,) = answers
    assert isinstance(answer, SeriesLoaded)
    assert answer.ticket == ticket
    assert len(answer.series.time_s) == 50
    assert record.opened == record.closed == 1
    assert threading.get_ident() not in record.threads


def test_only_the_last_of_many_questions_is_answered(
    qtbot: QtBot, record: FakeRecord, answers: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    plain = FakeHistory.series

    def slow(self: FakeHistory, span: TimeRange, buckets: int) -> object:
        begun.set()
        go_on.wait(10)
        return plain(self, span, buckets)

    monkeypatch.setattr(FakeHistory, "series", slow)
    loader = HistoryLoader(record.open)
    loader.done.connect(answers.append)
    loader.series(ns(0), ns(10), 1000)
    assert begun.wait(10)
    tickets = [loader.series(ns(0), ns(10 + n), 1000) for n in range(5)]
    go_on.set()
    qtbot.waitUntil(lambda: any(getattr(each, "ticket", 0) == tickets[-1] for each in answers))
    assert len(record.asked) == 2
    loader.close()


def test_a_page_reaches_back_over_emptiness(
    qtbot: QtBot, loader: HistoryLoader, answers: list[object]
) -> None:
    loader.page(ns(0), ns(5000), 10 * NS)
    qtbot.waitUntil(lambda: bool(answers))
    (answer,) = answers
    assert isinstance(answer, PageLoaded)
    assert answer.beats
    assert answer.beats[-1].seq == 99
    assert answer.start_ns <= answer.beats[0].wall_ns


@pytest.mark.parametrize(("end_s", "page_s"), [(40_000, 10), (5_000, 6_000)], ids=["gap", "interval"])
def test_a_page_holds_few_beats_also_beyond_a_long_gap_or_where_they_were_closer_together(
    qtbot: QtBot, loader: HistoryLoader, record: FakeRecord, answers: list[object], end_s: int, page_s: int
) -> None:
    record.beats = [beat_at(START + n, n) for n in range(5_000)]
    loader.page(ns(0), ns(end_s), page_s * NS)
    qtbot.waitUntil(lambda: bool(answers))
    (answer,) = answers
    assert isinstance(answer, PageLoaded)
    assert 0 < len(answer.beats) <= 2_000
    assert answer.beats[-1].seq == 4_999
    assert answer.start_ns <= answer.beats[0].wall_ns < answer.start_ns + NS


def test_a_broken_record_is_told_with_its_reason(
    qtbot: QtBot, loader: HistoryLoader, record: FakeRecord, answers: list[object]
) -> None:
    record.broken = "the record cannot be read: disk I/O error"
    loader.series(ns(0), ns(50), 1000)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [Failed("series", "the record cannot be read: disk I/O error")]
    assert record.opened == record.closed


def test_closing_leaves_no_thread_and_answers_nothing(
    qtbot: QtBot, record: FakeRecord, answers: list[object]
) -> None:
    loader = HistoryLoader(record.open)
    loader.done.connect(answers.append)
    for _each in range(20):
        loader.series(ns(0), ns(50), 1000)
    loader.close()
    loader.series(ns(0), ns(50), 1000)
    qtbot.wait(1)
    assert loader._pool.activeThreadCount() == 0
    assert record.opened == record.closed


@pytest.mark.parametrize("error", [ValueError("not JSON"), SystemExit(3), MemoryError()], ids=repr)
@pytest.mark.parametrize("where", ["open", "read", "close"])
def test_whatever_happens_the_panel_gets_an_answer(
    qtbot: QtBot,
    record: FakeRecord,
    answers: list[object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: str,
    error: BaseException,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    owner, name = {
        "open": (FakeRecord, "open"),
        "read": (FakeHistory, "read"),
        "close": (FakeHistory, "close"),
    }[where]
    monkeypatch.setattr(owner, name, fail)
    loader = HistoryLoader(record.open)
    loader.done.connect(answers.append)
    loader.incidents(ns(0), ns(50), 10)
    qtbot.waitUntil(lambda: bool(answers))
    (answer,) = answers
    assert isinstance(answer, Failed)
    assert answer.doing == "incidents"
    assert type(error).__name__ in answer.reason
    assert "Traceback" in caplog.text
    loader.close()


def test_a_read_that_hangs_is_left_behind_at_the_end(
    qtbot: QtBot, record: FakeRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[Callable[[], bool]] = []
    monkeypatch.setattr(termination, "_left_behind", left)
    monkeypatch.setattr("aios_gui.ui.pool.FINISH_MS", 20)
    begun, released = threading.Event(), threading.Event()

    def hang(*_arguments: object) -> None:
        begun.set()
        released.wait(30)

    monkeypatch.setattr(FakeHistory, "series", hang)
    loader = HistoryLoader(record.open)
    loader.series(ns(0), ns(50), 1000)
    assert begun.wait(20)
    loader.close()
    assert termination.any_left_behind()
    released.set()
    qtbot.waitUntil(lambda: not termination.any_left_behind())


def test_what_fails_again_and_again_is_logged_once(
    qtbot: QtBot, record: FakeRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("permission denied")

    loader = HistoryLoader(record.open)
    answers: list[object] = []
    loader.done.connect(answers.append)
    for fails in (True, True, False, True):
        with monkeypatch.context() as patched:
            if fails:
                patched.setattr(FakeHistory, "series", fail)
            loader.series(ns(0), ns(50), 10)
            qtbot.waitUntil(lambda: bool(answers))
        answers.clear()
    assert caplog.text.count("permission denied") == 2, "once more after it was read"
    loader.close()

"""The child that answers questions about spans: one at a time, each answer kept as long as it is true."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.history.analysis.analyse import analyse
from aios_gui.history.analysis.model.analysis import Analysis
from aios_gui.history.comparison.model import Verdict
from aios_gui.history.comparison.side_by_side import SideBySide
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.ui.history.worker import Question, Worker
from aios_gui.ui.theme import Theme
from tests.history.made import BEGIN as MADE_BEGIN
from tests.history.made import Made, make
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, install, is_alive
from tests.ui.fakes import a_beat
from tests.ui.history.compared import HOUR, A, B, context, held, prints, worse


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


COMPARE = Question("compare", (A, B), SideBySide)


def asked(file: Path) -> list[list[str]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_it_answers_and_keeps_the_answer(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    worker = Worker(context(theme))
    progress: list[tuple[float, float]] = []
    worker.progressed.connect(lambda share, left_s: progress.append((share, left_s)))
    with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS) as told:
        worker.ask(COMPARE)
    assert progress == [(0.5, 3.0)]
    assert told.args == [worse()]
    with qtbot.waitSignal(worker.answered) as again:
        worker.ask(COMPARE)
    assert again.args == [worse()]
    ((command, one, other, *rest),) = asked(file)
    assert (command, rest[0], rest[2]) == ("compare", "--slice", "--progress")
    assert "2025-03-12" in one
    assert "2025-03-13" in other


def test_an_answer_about_a_span_that_goes_on_is_true_until_the_next_beat(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    made = context(theme)
    made.feed.snapshot = replace(made.feed.snapshot, beat=a_beat(B.end_ns - 2_000_000_000))
    worker = Worker(made)
    past = Question("compare", (A, TimeRange(A.end_ns, A.end_ns + 1_000_000_000)), SideBySide)
    for question in (COMPARE, past):
        with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS):
            worker.ask(question)
    made.feed.put(a_beat(B.end_ns - 1_000_000_000))
    for question in (COMPARE, past):
        with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS):
            worker.ask(question)
    assert len(asked(file)) == 3


def test_answers_that_are_no_longer_true_are_not_held(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    made = context(theme)
    worker = Worker(made)
    before = held(SideBySide)
    for second in range(4):
        made.feed.put(a_beat(A.start_ns + second * 1_000_000_000))
        with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS):
            worker.ask(COMPARE)
    assert held(SideBySide) <= before + 1


def test_another_question_ends_the_one_before(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    worker = Worker(context(theme))
    with qtbot.waitSignal(worker.child.progressed, timeout=PATIENCE_MS) as told:
        worker.ask(COMPARE)
    install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS):
        worker.ask(COMPARE)
    assert not is_alive(told.args[0]["pid"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit('the record is damaged')", "the record is damaged"),
        ("tell(verdict='better')", "another version"),
    ],
)
def test_a_failure_is_told_and_not_kept(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, said: str
) -> None:
    install(monkeypatch, tmp_path, code)
    worker = Worker(context(theme))
    with qtbot.waitSignal(worker.failed, timeout=PATIENCE_MS) as told:
        worker.ask(COMPARE)
    assert said in told.args[0]
    install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    with qtbot.waitSignal(worker.answered, timeout=PATIENCE_MS):
        worker.ask(COMPARE)


def test_the_program_itself_answers(theme: Theme, qtbot: QtBot, made: Made) -> None:
    record = context(theme)
    record.open_history = lambda: History(RecordReader(made.sealed))
    worker = Worker(record)
    a, b = TimeRange(MADE_BEGIN, MADE_BEGIN + HOUR), TimeRange(MADE_BEGIN + HOUR, MADE_BEGIN + 3 * HOUR)
    with qtbot.waitSignal(worker.answered, timeout=60_000) as told:
        worker.ask(Question("analyze", (b,), Analysis))
    with made.histories() as (_rows, sealed):
        assert told.args == [analyse(sealed, b)]
    with qtbot.waitSignal(worker.answered, timeout=60_000) as told:
        worker.ask(Question("compare", (a, b), SideBySide))
    assert told.args is not None
    answer = told.args[0]
    assert isinstance(answer, SideBySide)
    assert answer.comparison.verdict is Verdict.NOT_ENOUGH
    assert (answer.a.span, answer.b.span) == (a, b)
    assert answer.b.medians.bucket_s * len(answer.b.medians.lateness_ns) >= 7200

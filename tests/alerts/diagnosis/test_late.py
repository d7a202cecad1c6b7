"""The diagnosis is loaded after the first beats, or with the first question: no question is lost by that."""

from dataclasses import dataclass, field

from aios_gui.alerts.diagnosis.late import TICKS, LateDiagnosis
from aios_gui.alerts.diagnosis.port import Answer, HiccupQuestion, Question
from aios_gui.alerts.model.incident import Incident, TopProcess
from tests.alerts.diagnosis.fakes import RULE, incident_of, question_of
from tests.alerts.diagnosis.test_worker import hiccup_at


@dataclass
class Worker:
    """Keeps what it was asked."""

    asked: list[object] = field(default_factory=list)
    cost_share: float = 0.5
    stopped: bool = False

    def ask(self, question: Question) -> None:
        self.asked.append(question)

    look_into = conclude = ask

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        self.asked.append(cpu_percent)

    def is_due(self, cpu_percent: float | None) -> bool:
        return cpu_percent == 99.0

    def answers(self) -> list[Answer]:
        return [Answer(1)]

    def top(self, of_memory: bool) -> TopProcess | None:
        return TopProcess("hog", 1.0)

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        self.asked.append(incident)

    def stop(self) -> None:
        self.stopped = True


class Making:
    """Counts how often a worker is made."""

    def __init__(self) -> None:
        self.made: list[Worker] = []
        self.late = LateDiagnosis(self._make)  # type: ignore[arg-type]

    def _make(self) -> Worker:
        self.made.append(Worker())
        return self.made[-1]


def test_until_a_few_beats_were_made_nothing_is_loaded() -> None:
    making = Making()
    late = making.late
    for _beat in range(TICKS):
        assert late.is_due(5.0)
        late.tick(5.0)
    late.take_back(incident_of(RULE))
    assert (late.answers(), late.top(of_memory=False), late.cost_share, making.made) == ([], None, 0.0, [])
    late.tick(7.0)
    assert [each.asked for each in making.made] == [[7.0]]
    assert [late.is_due(cpu_percent) for cpu_percent in (5.0, 99.0)] == [False, True]
    assert (len(late.answers()), late.top(of_memory=True), late.cost_share) == (
        1,
        TopProcess("hog", 1.0),
        0.5,
    )
    late.stop()
    assert making.made[0].stopped


def test_a_question_loads_it_at_once() -> None:
    making = Making()
    question, hiccup = question_of(RULE), HiccupQuestion(hiccup_at(1, 0.2))
    making.late.look_into(hiccup)
    making.late.ask(question)
    making.late.conclude(question)
    making.late.tick(1.0)
    assert [each.asked for each in making.made] == [[hiccup, question, question, 1.0]]


def test_stopped_before_it_was_loaded_it_leaves_no_thread() -> None:
    making = Making()
    making.late.stop()
    making.late.ask(question_of(RULE))
    assert [each.stopped for each in making.made] == [True]

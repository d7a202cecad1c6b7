"""A watch that is fed beat by beat, and a diagnosis that answers as told."""

from __future__ import annotations

from collections.abc import Iterable

from aios_gui.alerts.diagnosis.port import Answer, HiccupQuestion, Question
from aios_gui.alerts.kept import KeptAlerts
from aios_gui.alerts.model.incident import HiccupFinding, Incident, TopProcess
from aios_gui.alerts.model.rules import Measure, Rule
from aios_gui.alerts.watch.custom import CustomMeasures
from aios_gui.alerts.watch.rule_watch import AlertItem, RuleWatch
from aios_gui.heartbeat.model.items import ContextSample, LiveItem
from tests.fakes import WALL, S, recorded_beat

BUSY = Rule("busy", Measure.CPU, 80.0, for_s=2.0, clear=70.0, cooldown_s=30.0)
FULL = Rule("full", Measure.SWAP, 90.0, for_s=0.0, clear=90.0)
NOTHING_BEFORE = KeptAlerts()


class ScriptedDiagnosis:
    """Keeps the questions; what is put into ``waiting`` is answered with the next round."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.waiting: list[Answer | HiccupFinding] = []
        self.hiccups: list[HiccupQuestion] = []
        self.last: list[Question] = []
        self.ticks: list[float | None] = []
        self.taken_back: list[tuple[int, str | None]] = []
        self.given_back: list[Incident] = []

    def ask(self, question: Question) -> None:
        self.questions.append(question)

    def look_into(self, question: HiccupQuestion) -> None:
        self.hiccups.append(question)

    def conclude(self, question: Question) -> None:
        self.last.append(question)

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        self.ticks.append(cpu_percent)

    def top(self, of_memory: bool) -> TopProcess | None:
        return self.foremost

    foremost: TopProcess | None = None
    cost_share = 0.0
    due = False

    def is_due(self, cpu_percent: float | None) -> bool:
        return self.due

    def answers(self) -> list[Answer | HiccupFinding]:
        answers, self.waiting = self.waiting, []
        return answers

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        self.taken_back.append((incident.id, action))
        self.given_back.append(incident)


class Watching:
    """A watch with a clock of its own: a second passes with every beat. ``written`` is all that it gave so far."""

    def __init__(self, *rules: Rule, kept: KeptAlerts | None = NOTHING_BEFORE, start_s: int = 0) -> None:
        self.diagnosis = ScriptedDiagnosis()
        self.minute = 12 * 60
        custom = CustomMeasures(lambda names: ({}, []))
        self.watch = RuleWatch(rules, self.diagnosis, custom=custom, minute_of=lambda wall_ns: self.minute)
        self.kept = kept
        self.second = start_s
        self.written: list[AlertItem] = []

    @property
    def wall_ns(self) -> int:
        return WALL + self.second * S

    def round(self, items: Iterable[LiveItem] = ()) -> list[AlertItem]:
        written = self.watch.round(items, self.wall_ns, S, self.kept)
        self.written += written
        return written

    def beat(self, *cpu: float) -> list[AlertItem]:
        """A beat and a round a second with these CPU figures; what was written."""
        written = []
        for percent in cpu:
            written += self.round([recorded_beat(self.second, self.wall_ns, cpu_percent=percent)])
            self.second += 1
        return written

    def watch_one(self) -> Incident:
        """The open incident that three busy beats bring about."""
        self.beat(90, 90, 90)
        return self.last

    def swap(self, percent: float) -> list[AlertItem]:
        return self.round([ContextSample(self.wall_ns, swap_percent=percent)])

    @property
    def open(self) -> list[str]:
        return [each.rule for each in self.watch.open_incidents]

    @property
    def incidents(self) -> dict[int, Incident]:
        """Incidents as they were last written."""
        return {each.id: each for each in self.written if isinstance(each, Incident)}

    @property
    def last(self) -> Incident:
        return list(self.incidents.values())[-1]

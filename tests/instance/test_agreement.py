"""Over made-up histories header, list, detail, command line, notification and status agree at every moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.cli.incidents import _line as told_by_command
from aios_gui.alerts.diagnosis.port import Answer
from aios_gui.alerts.kept import KeptAlerts
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident, TopProcess, Unseen
from aios_gui.alerts.model.rules import Level, Measure, Rule
from aios_gui.alerts.watch.rule_watch import PEAK_EVERY_NS
from aios_gui.alerts.words import incidents as words
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import LiveItem
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance import now_words
from aios_gui.instance.cli.status import now_facts
from aios_gui.instance.model.now import Condition, Now, now_of
from aios_gui.instance.model.session_stats import SessionStats
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text import figures
from tests.alerts.watch.fakes import Watching
from tests.fakes import WALL, S, recorded_beat

RULE = Rule("cpu", Measure.CPU, 80.0, level=Level.CRITICAL, for_s=5.0, clear=70.0, cooldown_s=30.0)
HOG = Culprit("hog", 7, 188.0)
HICCUP_NS = 50_000_000


@dataclass
class Machine:
    """A machine, the program on it, and the record that outlives each of its runs."""

    record: dict[int, Incident] = field(default_factory=dict)
    bad_at_ns: list[int] = field(default_factory=list)
    off_until_ns: int = 0
    second: int = 0
    """Of the wall clock, which may be set."""
    paused: bool = False
    clock_was_set: bool = False
    was_killed: bool = False

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        last = {each.rule: each.id for each in self.record.values()}
        kept = tuple(
            each for each in self.record.values() if each.cleared_ns is None or last[each.rule] == each.id
        )
        unseen = tuple(Unseen(each.id, each.level) for each in self.record.values() if each.is_unseen)
        highest = max(self.record, default=0)
        self.watching = Watching(RULE, kept=KeptAlerts(kept, highest, (), unseen), start_s=self.second)
        self.watching.diagnosis.foremost = TopProcess("hog", 188.0)
        self.stats = SessionStats(self.wall_ns)
        self.take()

    @property
    def wall_ns(self) -> int:
        return WALL + self.second * S

    def take(self, *items: LiveItem) -> None:
        """A round of the recorder."""
        watching = self.watching
        watching.second = self.second
        written = watching.round(items)
        for question in watching.diagnosis.questions:
            finding = Finding(FindingKind.ONE_PROCESS, culprits=(HOG,))
            watching.diagnosis.waiting.append(Answer(question.incident.id, finding))
        watching.diagnosis.questions.clear()
        self.record |= {each.id: each for each in written if isinstance(each, Incident)}
        for item in items:
            self.stats.add(item, HICCUP_NS)
        if any(not each.settling for each in watching.watch.open_incidents):
            self.stats.calm_since_ns = self.wall_ns

    def beat(self, cpu_percent: float) -> None:
        breached = ("cpu",) if cpu_percent > RULE.limit else ()
        if cpu_percent >= RULE.limit:
            self.bad_at_ns.append(self.wall_ns)
        self.take(recorded_beat(self.second, self.wall_ns, cpu_percent=cpu_percent, breached=breached))

    def gap(self, kind: GapKind, seconds: int) -> None:
        begin_ns = self.wall_ns
        self.second += seconds
        if kind is GapKind.NOT_RECORDED:
            self.record |= {each.id: each for each in self.watching.watch.unwritten()}
            self.start()
        else:
            self.take(Gap(kind, begin_ns, self.wall_ns))
        if kind is GapKind.CLOCK_JUMP:
            self.clock_was_set = True
            self.off_until_ns += seconds * S
        else:
            self.off_until_ns = self.wall_ns

    def kill(self, seconds: int) -> None:
        """What was not written yet is lost."""
        self.was_killed = True
        self.second += seconds
        self.start()
        self.off_until_ns = self.wall_ns

    def snapshot(self) -> Snapshot:
        alerts, stats = self.watching.watch.picture, self.stats
        return Snapshot(
            state=EngineState.PAUSED if self.paused else EngineState.RUNNING,
            beat=stats.beat,
            strip=stats.strip,
            calm_since_ns=stats.calm_since_ns,
            open_incidents=alerts.open_incidents,
            last_incident=alerts.last_incident,
            unseen=alerts.unseen,
            top_process=alerts.top.name if alerts.top is not None else "",
            top_process_percent=alerts.top.cpu_percent if alerts.top is not None else None,
        )


def agree(machine: Machine) -> None:
    """Whatever tells of this moment tells the same."""
    now_ns, snapshot = machine.wall_ns, machine.snapshot()
    now = now_of(snapshot, now_ns)
    assert machine.clock_was_set or now.since_ns <= now_ns
    headline = now_words.headline(now, snapshot, now_ns)
    assert now_facts(now, snapshot, now_ns)["sentence"] == headline
    assert now_words.tooltip(now, snapshot, now_ns).startswith(headline)
    assert now.unseen == sum(each.is_unseen for each in machine.record.values())
    for brief in snapshot.open_incidents:
        kept = machine.record[brief.id]
        assert 0 <= brief.lasted_ns - kept.lasted_ns <= PEAK_EVERY_NS, "the record is hardly behind"
        listed = brief.laid_over(kept)
        length = figures.span(brief.lasted_ns)
        bad = [
            each for each in machine.bad_at_ns if machine.clock_was_set or brief.started_ns <= each <= now_ns
        ]
        assert 0 < brief.lasted_ns <= len(bad) * S, "no time counts but that in which it was over the limit"
        assert machine.clock_was_set or machine.was_killed or brief.last_over_ns == bad[-1]
        for told in (
            words.lasted(listed),
            words.figures_line(listed, now_ns),
            told_by_command(listed, now_ns),
        ):
            assert length in told
            assert ("settling" in told) == brief.settling
        assert length in words.message_title((brief,))
        assert ("was over" in words.message_title((brief,))) == brief.settling
        assert figures.clock_time(brief.started_ns, now_ns, seconds=True) in told_by_command(listed, now_ns)
        if brief.culprit:
            assert listed.finding is not None
            assert listed.finding.culprits[0].name == brief.culprit
            assert words.message_text((brief,)).startswith(brief.culprit)
    header(machine, now, snapshot, headline)


def header(machine: Machine, now: Now, snapshot: Snapshot, headline: str) -> None:
    open_now = snapshot.open_incidents
    is_over = bool(machine.bad_at_ns) and machine.bad_at_ns[-1] == machine.wall_ns
    if now.condition in (Condition.ALARM, Condition.SETTLING):
        (brief,) = open_now
        assert now.incident == brief
        assert now.since_ns == brief.started_ns
        assert figures.span(brief.lasted_ns) in headline
        assert (now.condition is Condition.SETTLING) == brief.settling == ("was over" in headline)
        assert now.culprit in ("hog", "")
        assert all(now.culprit in form for form in now_words.headlines(now, snapshot, machine.wall_ns))
    if now.condition is Condition.ALARM:
        assert is_over, "over is over"
        assert now.severity is Severity.CRITICAL
    if now.condition in (Condition.ALARM, Condition.STRAINED):
        assert now.culprit == "hog", "from the first second on it is told who"
    if now.condition is Condition.CALM:
        assert not open_now
        assert now.since_ns >= machine.off_until_ns, "no time off counts"
        assert machine.clock_was_set or now.since_ns >= max(
            (each.last_over_ns or 0 for each in machine.record.values()), default=0
        )
        last = snapshot.last_incident
        if last is not None:
            told = now_words.second_line(now, snapshot, machine.wall_ns)
            assert words.length(last) in told
            assert words.length(last) == words.lasted(machine.record[last.id])


loads = st.tuples(st.sampled_from([20.0, 75.0, 80.0, 95.0]), st.integers(1, 12))
KILLED = "killed"
gaps = st.tuples(
    st.sampled_from([GapKind.PAUSED, GapKind.SUSPENDED, GapKind.NOT_RECORDED, KILLED]),
    st.sampled_from([2, 10, 29, 45, 600]),
)
jumps = st.tuples(
    st.just(GapKind.CLOCK_JUMP), st.sampled_from([-864_000, -3_600, -10, -1, 1, 10, 600, 864_000])
)
histories = st.lists(st.one_of(loads, loads, gaps, jumps), max_size=12)


@given(histories)
def test_whatever_tells_how_it_is_tells_the_same(history: list[tuple[Any, int]]) -> None:
    machine = Machine()
    for what, seconds in history:
        if what is KILLED:
            machine.kill(seconds)
            continue
        if isinstance(what, GapKind):
            machine.gap(what, seconds)
            continue
        for _second in range(seconds):
            machine.second += 1
            machine.beat(what)
            agree(machine)

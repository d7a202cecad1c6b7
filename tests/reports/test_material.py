"""What a report is made of."""

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Facts
from aios_gui.reports.sections.events import hiccups
from aios_gui.selfcheck.benchmark.model import Machine
from aios_gui.selfcheck.targets.model import TargetFacts
from tests.fakes import WALL
from tests.history.made import Made


def test_how_many_times_as_quick_is_of_one_and_the_same_time(made: Made) -> None:
    facts = TargetFacts(
        duration=Percentiles(100, 1_000, 1_000, 1_000, 1_000),
        unrehearsed=Percentiles(100, 3_000, 3_000, 3_000, 3_000),
        first_beat_ns=1_500,
    )
    with RecordReader(made.sealed) as reader:
        span = TimeRange(0, END_OF_TIME_NS)
        material = Material(History(reader), span, Machine("", "", None, "", ""), WALL, facts)
        found = {each.target.name: each.actual for each in material.targets}
        p50_ns = material.analysis.distributions.duration.raw.at(0.5)
    assert (found["first_beat"], found["rehearsal_gain"]) == (1.5, 3.0)
    assert found["beat_p50"] == p50_ns / 1e6 != 0.001


def test_of_some_hours_it_is_not_told_how_often_it_stutters_in_a_hundred(made: Made) -> None:
    with RecordReader(made.sealed) as reader:
        span = TimeRange(made.beats[0].wall_ns, made.beats[-1].wall_ns)
        material = Material(History(reader), span, Machine("", "", None, "", ""), WALL, TargetFacts())
        stalls, section = material.analysis.stalls, hiccups(material)
    assert section is not None
    facts = section.blocks[0]
    assert isinstance(facts, Facts)
    assert stalls.per_100h is not None
    assert [each.name for each in facts.facts] == ["hiccups", "worst"]

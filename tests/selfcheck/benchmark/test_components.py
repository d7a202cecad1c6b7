"""What the former heartbeats were built of: the score as it was defined, and no file that outlives them."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.selfcheck.benchmark.components import (
    ALERTS,
    CPU_SPIKE,
    HEARTBEAT,
    MEMORY_HIGH,
    SNAPSHOT,
    Components,
    EventBus,
    Happening,
    score_of,
)

happenings = st.builds(
    Happening,
    st.sampled_from([HEARTBEAT, SNAPSHOT, CPU_SPIKE, MEMORY_HIGH]),
    st.floats(0, 10_000),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("events", "score"),
    [
        ([], 1.0),
        ([Happening(HEARTBEAT, 50)], 1.0),
        ([Happening(HEARTBEAT, 550)], 0.9),
        ([Happening(HEARTBEAT, 1000), Happening(HEARTBEAT, 1000)], 0.8),
        ([Happening(HEARTBEAT, 9999)], 0.8),
        ([Happening(HEARTBEAT, 10), Happening(HEARTBEAT, 10, success=False)], 0.8),
        # One alert in twenty halves stability and the margin.
        ([Happening(HEARTBEAT, 10)] * 19 + [Happening(CPU_SPIKE, 90)], 0.8),
        ([Happening(HEARTBEAT, 10)] * 9 + [Happening(MEMORY_HIGH, 90)], 0.7),
    ],
)
def test_the_score_is_as_it_was_defined(events: list[Happening], score: float) -> None:
    assert score_of(events) == pytest.approx(score)


@given(st.lists(happenings, max_size=120))
def test_the_score_is_a_share(events: list[Happening]) -> None:
    assert 0 <= score_of(events) <= 1


def test_an_alert_is_noted_and_its_playbook_waits_by_priority() -> None:
    components = Components()
    components.bus.emit([Happening(MEMORY_HIGH, 90), Happening(SNAPSHOT, 1), Happening(CPU_SPIKE, 95)])
    assert [alert.kind for alert in components.notifications.alerts] == [MEMORY_HIGH, CPU_SPIKE]
    assert components.scheduler.jobs.get_nowait()[1] == "find the busiest process"
    assert components.scheduler.jobs.get_nowait()[1] == "find the largest process"
    assert components.score.score() < 1
    components.close()


def test_alerts_without_end_fill_no_memory() -> None:
    components = Components()
    for kind in sorted(ALERTS):
        components.bus.emit([Happening(kind, 99)] * 500)
    assert components.scheduler.jobs.qsize() == 100
    assert (len(components.bus.recent), len(components.notifications.alerts)) == (100, 50)
    components.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file has a name until it is closed")
def test_the_file_of_the_bus_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bus = EventBus()
    bus.emit([Happening(HEARTBEAT, 1.5)])
    assert list(tmp_path.iterdir()) == []
    bus.close()

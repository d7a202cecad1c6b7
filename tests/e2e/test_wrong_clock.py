"""The real program on a machine whose clock is wrong."""

from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.record.store.reader import History
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import S
from tests.processes import beats_of, service_ahead

DAY = 86_400 * S
EVER = 2**62


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def run(paths: Paths, ahead_ns: int, count: int) -> None:
    """Run it for ``count`` beats on a machine whose clock is ahead."""
    before = len(beats_of(paths))
    with service_ahead(paths, ahead_ns, "--interval", "0.02") as running:
        running.wait_for_beats(before + count)
        running.ask_to_end()
        status, _, err = running.end()
    assert (status, err) == (0, "")


def test_one_start_ten_days_ahead_removes_nothing_and_hides_no_time_off(paths: Paths) -> None:
    run(paths, 0, 20)
    before = beats_of(paths)
    with History(paths.store) as history:
        events = history.events(0, EVER)
    run(paths, 10 * DAY, 5)
    assert beats_of(paths)[: len(before)] == before
    for _ in range(2):
        run(paths, 0, 5)
    beats = beats_of(paths)
    assert [beat for beat in beats if beat.session == 1] == before
    with History(paths.store) as history:
        assert set(map(repr, events)) <= set(map(repr, history.events(0, EVER)))
        gaps = history.gaps(0, EVER)
    last = [beat for beat in beats if beat.session == 4]
    assert [gap.kind for gap in gaps].count(GapKind.CLOCK_JUMP) == 1
    assert any(
        gap.kind is GapKind.NOT_RECORDED and last[0].wall_ns - S < gap.end_ns < last[0].wall_ns
        for gap in gaps
    )

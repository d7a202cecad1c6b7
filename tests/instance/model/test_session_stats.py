"""The running figures of a session."""

from aios_gui.instance.model.session_stats import PERCENTILE_BEATS, SessionStats
from tests.fakes import WALL, S, recorded_beat


def test_percentiles_are_of_an_hour_however_seldom_it_beats() -> None:
    """Of a beat a minute they were of sixty hours: slow ones of two days ago made the last hour a degraded one."""
    for interval_ns, beats, known in ((60 * S, 300, 61), (S // 10, PERCENTILE_BEATS + 300, PERCENTILE_BEATS)):
        stats = SessionStats(WALL)
        for seq in range(beats):
            slow_ns = 9 * S if seq < 200 else S
            stats.add(recorded_beat(seq, WALL + seq * interval_ns, duration_ns=slow_ns), S)
        assert stats.duration.summary().count == stats.lateness.summary().count == known
        assert stats.duration.at(99) == S

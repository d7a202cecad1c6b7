"""The running figures of a session."""

from aios_gui.instance.model.session_stats import PERCENTILE_BEATS, SessionStats
from tests.fakes import HOUR, WALL, S, recorded_beat


def test_percentiles_are_of_an_hour_however_seldom_it_beats() -> None:
    """Of a beat a minute they were of sixty hours: slow ones of two days ago made the last hour a degraded one."""
    for interval_ns, count in ((S, PERCENTILE_BEATS), (60 * S, 61), (10 * S // 100, PERCENTILE_BEATS)):
        stats = SessionStats(WALL)
        for seq in range(max(PERCENTILE_BEATS + 9, HOUR // interval_ns) if interval_ns < 60 * S else 300):
            stats.add(recorded_beat(seq, WALL + seq * interval_ns, duration_ns=9 * S if seq < 200 else S), S)
        assert stats.duration.summary().count == stats.lateness.summary().count == count
        assert stats.duration.at(99) == S

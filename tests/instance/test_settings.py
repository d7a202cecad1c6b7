"""What the settings of the program come to: quiet hours, which may go over midnight."""

import pytest

from aios_gui.instance.settings import DECLARED, keeps_quiet
from aios_gui.settings.model import Settings


def hours(begin: str, end: str, critical_passes: bool = True) -> Settings:
    settings = Settings(DECLARED).with_value("window.quiet_from", begin).with_value("window.quiet_to", end)
    return settings.with_value("window.quiet_critical", critical_passes)


def test_from_one_hour_to_the_other_no_one_is_notified() -> None:
    cases: list[tuple[str, str, list[int]]] = [
        ("22:00", "07:00", [22 * 60, 23 * 60 + 59, 0, 7 * 60 - 1]),
        ("12:00", "14:00", [12 * 60, 14 * 60 - 1]),
        ("00:00", "07:00", [0, 6 * 60]),
        ("09:00", "09:00", [0, 8 * 60 + 59, 9 * 60, 23 * 60]),
        ("off", "07:00", []),
    ]
    for begin, end, quiet in cases:
        settings = hours(begin, end)
        found = [minute for minute in range(24 * 60) if keeps_quiet(settings, minute, critical=False)]
        assert set(quiet) <= set(found)
        if begin not in ("off", end):
            length = (int(end[:2]) - int(begin[:2])) % 24 * 60
            assert len(found) == length
        else:
            assert len(found) == (24 * 60 if quiet else 0)
        assert not any(keeps_quiet(settings, minute, critical=True) for minute in range(24 * 60))
        strict = hours(begin, end, critical_passes=False)
        assert found == [minute for minute in range(24 * 60) if keeps_quiet(strict, minute, critical=True)]


def test_only_whole_hours_are_taken() -> None:
    with pytest.raises(ValueError, match="22:30"):
        hours("22:30", "07:00")

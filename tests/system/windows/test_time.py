"""Power throttling is left as far as the version of Windows lets a program leave it."""

import pytest

from aios_gui.system.windows.time import keep_full_speed

SPEED, TIMERS = 0x1, 0x4


@pytest.mark.parametrize(("known", "accepted"), [(SPEED | TIMERS, True), (SPEED, True), (0, False)])
def test_what_the_system_does_not_know_keeps_nothing_else_from_it(known: int, accepted: bool) -> None:
    assert keep_full_speed(lambda mask: not mask & ~known) is accepted

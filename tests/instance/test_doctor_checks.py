"""What the doctor says of an instance that beats: recording or not, and which of its parts do not work."""

import time
from dataclasses import replace

import pytest

from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance import doctor_checks
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.record.model.health import StoreHealth
from aios_gui.text.check import CheckState
from tests.fakes import recorded_beat

RUNNING = Snapshot(EngineState.RUNNING, pid=7)


@pytest.mark.parametrize(
    ("snapshot", "state", "words"),
    [
        (RUNNING, CheckState.OK, "Every beat is recorded"),
        (replace(RUNNING, store=StoreHealth(False, 3, "disk full")), CheckState.ERROR, "disk full"),
        (
            replace(RUNNING, store=StoreHealth(False, silent_since_ns=1)),
            CheckState.ERROR,
            "the recorder does not answer",
        ),
        (replace(RUNNING, broken_parts=(BrokenPart("channel", "OSError"),)), CheckState.ERROR, "“channel”"),
        (replace(RUNNING, no_beat_since_ns=1), CheckState.ERROR, "No beat for"),
    ],
)
def test_it_tells_what_is_wrong(snapshot: Snapshot, state: CheckState, words: str) -> None:
    check = doctor_checks._judged(snapshot)
    assert check.state is state
    assert words in check.detail
    assert bool(check.remedy) == (state is CheckState.ERROR)


def test_beats_that_can_read_nothing_are_a_warning() -> None:
    beat = recorded_beat(0, time.time_ns(), failed=True, cpu_percent=None, memory_percent=None)
    check = doctor_checks._judged(replace(RUNNING, beat=beat))
    assert check.state is CheckState.WARNING
    assert "The CPU and memory figures cannot be read; Every beat is recorded" in check.detail
    assert check.remedy

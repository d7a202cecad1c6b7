"""Bursts one after the other on a made-up machine that goes on by itself: who is named for each."""

from __future__ import annotations

from collections import Counter

import pytest

from aios_gui.alerts.diagnosis import look, units
from tests.alerts.diagnosis.made_machine import results
from tests.bench.culprits.scoring import Named


@pytest.mark.parametrize("seed", [1, *(pytest.param(each, marks=pytest.mark.long) for each in (2, 3))])
def test_who_burst_is_named_whoever_burst_before_and_whether_or_not_it_is_still_there(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "_ROOTS", ())  # those of the machine that the test runs on
    monkeypatch.setattr(look, "AGAIN_S", 0.0)
    found = results(seed, 100)
    named = Counter(each.named for each in found)
    assert [each for each in found if each.named is Named.BYSTANDER] == []
    assert [each for each in found if each.named is Named.NONE] == []
    assert named[Named.RIGHT] >= 97, "few are too short to be seen"

"""Reads a profile back from the facts that a process of its own has printed."""

from __future__ import annotations

from typing import Any

from aios_gui.selfcheck.profile.model import Cost, Group, Profile, StageCost


def profile_of(facts: Any) -> Profile:
    """The profile of such facts; ValueError where they are of another shape."""
    try:
        stages = tuple(_stage(each) for each in facts["stages"])
        whole = (_whole(facts, name) for name in ("plain", "instrumented", "unattributed", "duration"))
        return Profile(facts["runs"], str(facts["sampler"]), stages, *whole)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"the profile is of another version: {error!r}") from error


def _stage(facts: Any) -> StageCost:
    known = facts["count"] > 0
    cost = Cost(facts["count"], _ns(facts["p50_us"]), _ns(facts["p99_us"])) if known else Cost()
    return StageCost(str(facts["name"]), Group(facts["group"]), bool(facts["in_total"]), cost)


def _whole(facts: Any, name: str) -> Cost:
    return Cost(facts["runs"], _ns(facts[f"{name}_p50_us"]), _ns(facts[f"{name}_p99_us"]))


def _ns(microseconds: float) -> int:
    return round(microseconds * 1000)

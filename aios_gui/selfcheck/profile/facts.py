"""A profile in the shape that scripts rely on, and back: durations in µs, unknown as None."""

from __future__ import annotations

from typing import Any

import msgspec

from aios_gui.selfcheck.facts import Count, Finite, read_facts
from aios_gui.selfcheck.profile.model import Cost, Group, Profile, StageCost


class StageFacts(msgspec.Struct, frozen=True):
    """One stage; None where it did not happen."""

    name: str
    group: Group
    count: Count
    p50_us: Finite | None
    p99_us: Finite | None
    in_total: bool


class ProfileFacts(msgspec.Struct, frozen=True):
    """What `profile --json` prints."""

    stages: list[StageFacts]
    plain_p50_us: Finite
    plain_p99_us: Finite
    instrumented_p50_us: Finite
    instrumented_p99_us: Finite
    difference_p50_us: Finite
    difference_p99_us: Finite
    unattributed_p50_us: Finite
    unattributed_p99_us: Finite
    duration_p50_us: Finite
    duration_p99_us: Finite
    runs: Count
    sampler: str


def facts_of(profile: Profile) -> dict[str, Any]:
    """JSON-ready facts."""
    found = profile
    facts = ProfileFacts(
        list(map(_stage_facts, found.stages)),
        *_us(found.plain),
        *_us(found.instrumented),
        found.difference_p50_ns / 1000,
        found.difference_p99_ns / 1000,
        *_us(found.unattributed),
        *_us(found.duration),
        found.runs,
        found.sampler,
    )
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    return plain


def profile_of(plain: Any) -> Profile:
    """The profile of such facts; ValueError where they are of another shape."""
    facts = read_facts(plain, ProfileFacts)
    stages = tuple(
        StageCost(each.name, each.group, each.in_total, _cost(each.count, each.p50_us, each.p99_us))
        for each in facts.stages
    )
    return Profile(
        facts.runs,
        facts.sampler,
        stages,
        _cost(facts.runs, facts.plain_p50_us, facts.plain_p99_us),
        _cost(facts.runs, facts.instrumented_p50_us, facts.instrumented_p99_us),
        _cost(facts.runs, facts.unattributed_p50_us, facts.unattributed_p99_us),
        _cost(facts.runs, facts.duration_p50_us, facts.duration_p99_us),
    )


def _stage_facts(stage: StageCost) -> StageFacts:
    p50_us, p99_us = _us(stage.cost) if stage.cost.count else (None, None)
    return StageFacts(stage.name, stage.group, stage.cost.count, p50_us, p99_us, stage.in_total)


def _us(cost: Cost) -> tuple[float, float]:
    return cost.p50_ns / 1000, cost.p99_ns / 1000


def _cost(count: int, p50_us: float | None, p99_us: float | None) -> Cost:
    if not count or p50_us is None or p99_us is None:
        return Cost()
    return Cost(count, round(p50_us * 1000), round(p99_us * 1000))

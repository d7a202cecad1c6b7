"""A profile in the shape that scripts rely on: durations in µs, unknown as None."""

from __future__ import annotations

from typing import Any

from aios_gui.selfcheck.profile.model import Cost, Profile, ProfileProgress, StageCost


def facts_of(profile: Profile) -> dict[str, Any]:
    """JSON-ready facts."""
    return {
        "stages": [_stage_facts(stage) for stage in profile.stages],
        **_cost_facts("plain", profile.plain),
        **_cost_facts("instrumented", profile.instrumented),
        "difference_p50_us": profile.difference_p50_ns / 1000,
        "difference_p99_us": profile.difference_p99_ns / 1000,
        **_cost_facts("unattributed", profile.unattributed),
        **_cost_facts("duration", profile.duration),
        "runs": profile.runs,
        "sampler": profile.sampler,
    }


def progress_facts(progress: ProfileProgress) -> dict[str, float | str]:
    """How far a run is, for the process that started it."""
    return {
        "progress": round(progress.share, 4),
        "remaining_s": round(progress.remaining_s, 1),
        "now": str(progress.now),
    }


def _stage_facts(stage: StageCost) -> dict[str, Any]:
    known = stage.cost.count > 0
    return {
        "name": stage.name,
        "group": str(stage.group),
        "count": stage.cost.count,
        "p50_us": stage.cost.p50_ns / 1000 if known else None,
        "p99_us": stage.cost.p99_ns / 1000 if known else None,
        "in_total": stage.in_total,
    }


def _cost_facts(name: str, cost: Cost) -> dict[str, float]:
    return {f"{name}_p50_us": cost.p50_ns / 1000, f"{name}_p99_us": cost.p99_ns / 1000}

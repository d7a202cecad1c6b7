"""Samplers of the beat, the fastest that works here first."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from aios_gui.heartbeat.model.sampling import Sampler


def _procfs() -> Sampler:
    from aios_gui.heartbeat.sampling.procfs_sampler import ProcfsSampler

    return ProcfsSampler()


def _windows() -> Sampler:
    from aios_gui.heartbeat.sampling.windows_sampler import WindowsSampler

    return WindowsSampler()


def _psutil() -> Sampler:
    from aios_gui.heartbeat.sampling.psutil_sampler import PsutilSampler

    return PsutilSampler()


CANDIDATES: dict[str, tuple[Callable[[], Sampler], ...]] = {
    "linux": (_procfs, _psutil),
    "win32": (_windows, _psutil),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The sampler that works here, and why faster ones were passed over ("" where none was)."""

    sampler: Sampler
    passed_over: str = ""


def choose_sampler(candidates: tuple[Callable[[], Sampler], ...] | None = None) -> Choice:
    """The first candidate that opens and gives a whole reading; the last one is taken as it is."""
    candidates = candidates or CANDIDATES.get(sys.platform, (_psutil,))
    reasons: list[str] = []
    for make in candidates[:-1]:
        try:
            sampler = make()
        except (OSError, ValueError, RuntimeError, AttributeError) as error:
            reasons.append(str(error))
            continue
        try:
            sampler.read_cpu()
            sampler.read_memory()
        except (OSError, ValueError, RuntimeError) as error:
            sampler.close()
            reasons.append(f"{sampler.name}: {error}")
            continue
        return Choice(sampler, "; ".join(reasons))
    return Choice(candidates[-1](), "; ".join(reasons))

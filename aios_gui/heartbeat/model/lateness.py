"""Divides a late wake-up by cause: taken by the host, no free core, own doing, or frozen from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aios_gui.heartbeat.model.beat import Cause, LatenessSplit

SPLIT_FROM_NS = 1_000_000
"""Wake-ups later than this are divided; below, the scheduler's ordinary jitter rules."""


@dataclass(frozen=True, slots=True)
class WakeEvidence:
    """What grew between the last mark and a wake-up, ns; None where the system does not tell.

    ``run_queue_ns``: time that the beat's thread stood runnable without a core.
    ``own_cpu_ns``: CPU time of this process without the beat's thread, and what its window's thread waited for a core.
    ``stolen_ns``: time in which the host gave this machine no processor, of the core that lost most.
    """

    run_queue_ns: int | None
    own_cpu_ns: int | None
    stolen_ns: int | None = None


def split_lateness(lateness_ns: int, evidence: WakeEvidence, culprit: str = "") -> LatenessSplit:
    """Divide ``lateness_ns`` into parts that add up to it.

    What the host took comes first, but only where it is at least half of all: on a shared host it takes a little all
    the time, and a thread that waits for a core meanwhile waits for the host. Then comes the run-queue wait, as the
    kernel measured it. Of the rest, the share during which this process had the CPU is self-inflicted, but only where
    it is at least half: a program that paints between two beats uses some CPU in every span. What then remains is time
    in which the process did not run and did not wait for a core: frozen from outside. Without any evidence the cause
    is unknown.
    """
    if evidence.run_queue_ns is None and evidence.own_cpu_ns is None:
        return LatenessSplit(0, 0, lateness_ns, Cause.UNKNOWN, culprit)
    stolen_ns = min(evidence.stolen_ns or 0, lateness_ns)
    if stolen_ns * 2 < lateness_ns:
        stolen_ns = 0
    run_queue_ns = min(evidence.run_queue_ns or 0, lateness_ns - stolen_ns)
    rest_ns = lateness_ns - stolen_ns - run_queue_ns
    own_ns = min(evidence.own_cpu_ns or 0, rest_ns)
    if own_ns * 2 < rest_ns:
        own_ns = 0
    return _divided(stolen_ns, run_queue_ns, own_ns, rest_ns - own_ns, culprit)


def cut_to(split: LatenessSplit, length_ns: int) -> LatenessSplit:
    """The split of a stall that is only part of a late wake-up: its parts never add up to more than ``length_ns``.

    An alarm that passed while the beat before it was held up is late by that as well. What is surest comes first, in
    the order of ``split_lateness``.
    """
    stolen_ns = min(split.stolen_ns, length_ns)
    run_queue_ns = min(split.run_queue_ns, length_ns - stolen_ns)
    own_ns = min(split.self_inflicted_ns, length_ns - stolen_ns - run_queue_ns)
    frozen_ns = min(split.frozen_ns, length_ns - stolen_ns - run_queue_ns - own_ns)
    if split.cause is Cause.UNKNOWN:
        return replace(split, frozen_ns=frozen_ns)
    return _divided(stolen_ns, run_queue_ns, own_ns, frozen_ns, split.culprit)


def _divided(stolen_ns: int, run_queue_ns: int, own_ns: int, frozen_ns: int, culprit: str) -> LatenessSplit:
    parts = {
        Cause.RUN_QUEUE: run_queue_ns,
        Cause.STOLEN: stolen_ns,
        Cause.SELF_INFLICTED: own_ns,
        Cause.FROZEN: frozen_ns,
    }
    cause = max(parts, key=lambda each: parts[each])
    return LatenessSplit(run_queue_ns, own_ns, frozen_ns, cause, culprit if own_ns else "", stolen_ns)

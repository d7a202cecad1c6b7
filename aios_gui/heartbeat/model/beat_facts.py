"""The facts of one beat in the shape that scripts rely on."""

from __future__ import annotations

from datetime import UTC, datetime

from aios_gui.heartbeat.model.beat import Beat, Outcome
from aios_gui.heartbeat.model.verdict import NOTHING_KNOWN, Verdict


def beat_facts(beat: Beat, source: str, verdict: Verdict = NOTHING_KNOWN) -> dict[str, object]:
    """JSON-ready facts of ``beat``; ``source`` is ``resident`` or ``here``. Durations in ms, unknown is None."""
    return {
        "result": str(verdict.outcome(beat)),
        "text": verdict.text(beat),
        "at": datetime.fromtimestamp(beat.wall_ns / 1e9, UTC).astimezone().isoformat(timespec="microseconds"),
        "duration_ms": beat.duration_ns / 1e6,
        "lateness_ms": beat.lateness_ns / 1e6,
        "missed": beat.missed,
        "path": str(beat.path),
        "source": source,
        "cpu_percent": beat.sample.cpu_percent,
        "memory_percent": beat.sample.memory_percent,
        "rehearsed": beat.rehearsed,
        "seq": beat.seq,
        "age_ms": 0.0,
    }


def overdue_facts(facts: dict[str, object] | None, age_ms: float) -> dict[str, object]:
    """The facts of a heartbeat whose latest beat, if any, is too old to say anything of the machine as it is now."""
    nothing = dict.fromkeys(
        ("at", "duration_ms", "lateness_ms", "missed", "path", "cpu_percent", "memory_percent")
    )
    text = f"{Outcome.ERROR}:no beat for {age_ms / 1e3:.1f} s"
    return {
        "source": "resident",
        **(facts or nothing),
        "result": str(Outcome.ERROR),
        "text": text,
        "age_ms": age_ms,
    }

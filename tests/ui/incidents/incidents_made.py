"""Incidents with what a diagnosis found, for pictures and for tests of the Incidents panel."""

from __future__ import annotations

from dataclasses import replace

from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident, Silence
from aios_gui.alerts.model.rules import Level, Measure

S = 1_000_000_000
MB, GB = 1 << 20, 1 << 30

CARGO = Culprit(
    "cargo",
    21_408,
    187.0,
    round(1.9 * GB),
    None,
    "cargo",
    "zsh",
    (),
    4,
    False,
    "cargo build --release --jobs 4",
)
ANALYZER = Culprit("rust-analyzer", 18_220, 22.0, 880 * MB, None, "rust-analyzer", "code", command_line="")
FIREFOX = Culprit("firefox", 3_114, 9.0, round(2.1 * GB), None, "firefox", command_line="")
DAEMON = Culprit("backupd", 877, 4.2, None, 41_000_000.0, "", "systemd", ("memory:denied", "command:denied"))


def hiccup(number: int, started_ns: int, lateness_ms: float = 380.0, **others: object) -> Incident:
    """A stutter that was over with the beat after it."""
    made = Incident(
        number,
        "hiccup",
        Measure.LATENESS,
        Level.WARNING,
        started_ns,
        lateness_ms,
        50.0,
        started_ns + 2 * S,
        finding=Finding(
            FindingKind.NO_FREE_CORE,
            {"share_percent": 97.0, "name": "cargo", "cpu_percent": 187.0, "processes": 4},
            (CARGO, ANALYZER, FIREFOX, DAEMON),
            (),
            {
                "busy_percent": 99.0,
                "cpu_pressure_percent": 61.0,
                "switches_per_s": 48_113,
                "unread_processes": 3,
            },
            41_000_000,
        ),
        actions=(
            ActionResult("notify", ActionState.DONE, "", started_ns + S),
            ActionResult("capture", ActionState.DONE, "", started_ns + S),
        ),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def busy(number: int, started_ns: int, length_s: float | None = 271.0, **others: object) -> Incident:
    """CPU over its limit for a while, or still."""
    cleared_ns = None if length_s is None else started_ns + round(length_s * S)
    made = Incident(
        number,
        "cpu",
        Measure.CPU,
        Level.CRITICAL,
        started_ns,
        97.0,
        80.0,
        cleared_ns,
        finding=Finding(
            FindingKind.SEVERAL_PROCESSES,
            {"cpu_percent": 164.0, "programs": 2},
            (replace(CARGO, cpu_percent=142.0), ANALYZER, FIREFOX),
            (replace(CARGO, cpu_percent=138.0, memory_bytes=700 * MB),),
            {
                "busy_percent": 96.0,
                "cpu_pressure_percent": 52.0,
                "cpu_pressure_10s_percent": 44.0,
                "since_calm_s": 48.0,
            },
            55_000_000,
            partial=True,
        ),
        actions=(
            ActionResult("notify", ActionState.DONE, "", started_ns + 31 * S),
            ActionResult(
                "renice:cargo",
                ActionState.DONE,
                "cargo (21408)",
                started_ns + 32 * S,
                '[{"pid":21408,"started":0.0,"old":[0],"new":[10]}]',
            ),
        ),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def full(number: int, started_ns: int, length_s: float | None = 52.0, **others: object) -> Incident:
    """Memory over its limit."""
    cleared_ns = None if length_s is None else started_ns + round(length_s * S)
    made = Incident(
        number,
        "memory",
        Measure.MEMORY,
        Level.CRITICAL,
        started_ns,
        93.0,
        85.0,
        cleared_ns,
        finding=Finding(
            FindingKind.MEMORY_GROWN,
            {
                "name": "firefox",
                "grown_bytes": round(6.5 * GB),
                "span_s": 95.0,
                "memory_bytes": round(9.8 * GB),
                "processes": 11,
            },
            (replace(FIREFOX, memory_bytes=round(9.8 * GB)), CARGO, ANALYZER),
            (replace(FIREFOX, memory_bytes=round(6.5 * GB)),),
            {"memory_pressure_percent": 23.0, "swapped_out_per_s": 1_904, "since_calm_s": 95.0},
            48_000_000,
        ),
        actions=(ActionResult("notify", ActionState.DONE, "", started_ns + 31 * S),),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def disk(number: int, started_ns: int) -> Incident:
    """Hardly any room left on the disk of the record."""
    return Incident(
        number,
        "disk-warning",
        Measure.DISK_FREE,
        Level.WARNING,
        started_ns,
        4.1,
        5.0,
        started_ns + 7_680 * S,
        acknowledged_ns=started_ns + 600 * S,
        note="The old backups are gone now.",
        finding=Finding(FindingKind.DISK_FULL, {"free_percent": 4.1}),
    )


def a_week(now_ns: int, stutter_ns: int) -> list[Incident]:
    """One still going on, the stutter of the plots, and some of the days before, oldest first."""
    day = 86_400 * S
    return [
        hiccup(10, now_ns - 5 * day - 4_000 * S, 71.0, count=4, cleared_ns=now_ns - 5 * day - 3_500 * S),
        disk(20, now_ns - 3 * day - 9_000 * S),
        full(30, now_ns - day - 4_400 * S),
        busy(40, now_ns - day, 190.0, silence=Silence.QUIET_HOURS),
        hiccup(50, now_ns - 21_000 * S, 1_900.0),
        replace(full(60, now_ns - 9_100 * S), silence=Silence.ALLOWED),
        busy(70, now_ns - 4_200 * S),
        hiccup(80, stutter_ns),
    ]

"""The beat with the window: in the tray, drawing as shipped, repainting without pause; each beside a headless one."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.arithmetic import Figures, Goal, ratio
from tests.bench.display import Display
from tests.bench.environment import MODULE
from tests.bench.group import Measured, run_group
from tests.bench.headless import HEADLESS, cadence, pair
from tests.bench.members import Product
from tests.bench.plan import Plan
from tests.bench.record import Beats
from tests.bench.rows import MEGABYTES, MICROSECONDS, PERCENT, TIMES, Row

TRAY, VISIBLE, FLAT_OUT = "in the tray", "window open", "repainting flat out"
# Tests of a window need the same look everywhere; a question about closing it would never be answered.
SETTINGS = {"window.theme": "light", "window.language": "en", "window.close_button": "quit"}
_TRAY_SETTLE_S = 12.0
"""Without a tray it takes ten seconds until the program gives up waiting for one."""
_WEIGH_S = 3.0
_P99_GOAL = Goal.of("beat_p99_window")
_RATIO_GOAL = Goal(1.5)
_LATENESS_GOAL = Goal.of("lateness_p99")


@dataclass(frozen=True, slots=True)
class Mode:
    """A way the window is used, with what it is called in keys of rows and in words."""

    key: str
    name: str


class FlatOut(Product):
    """The window that repaints without pause, and the seed's heartbeat on a thread of the same process."""

    def __init__(self, interval_ns: int, environ: dict[str, str]) -> None:
        super().__init__(FLAT_OUT, interval_ns, settings=SETTINGS, environ=environ)
        self.output: Path = self.home.folder / "painted.json"
        self._command = [
            sys.executable,
            "-m",
            "tests.bench.window_driver",
            "--flat-out",
            "--output",
            str(self.output),
        ]
        self.seed = Beats(Figures.of([]), Figures.of([]))
        self.frames = 0

    def beats(self, start_ns: int, end_ns: int) -> Beats:
        """What its store holds of the span; the seed's beats of it and all frames are kept beside."""
        facts = json.loads(self.output.read_text())
        found = [beat for beat in facts["seed_beats"] if start_ns <= beat[0] < end_ns]
        self.seed = Beats(Figures.of([beat[1] for beat in found]), Figures.of([beat[2] for beat in found]))
        self.frames = facts["frames"]
        if not self.frames:
            raise RuntimeError("the window did not repaint")
        return super().beats(start_ns, end_ns)


def measure(plan: Plan) -> list[Row]:
    """Rows of the window in its modes."""
    with Display() as display:
        calm = run_group(
            "window",
            [
                Product(HEADLESS, plan.interval_ns),
                Product(TRAY, plan.interval_ns, [*MODULE, "--minimized"], SETTINGS, display.environ),
                Product(VISIBLE, plan.interval_ns, list(MODULE), SETTINGS, display.environ),
            ],
            plan.interval_ns,
            max(plan.settle_s, _TRAY_SETTLE_S),
            plan.seconds,
        )
        tray = Product(TRAY, plan.interval_ns, [*MODULE, "--minimized"], SETTINGS, display.environ)
        alone = run_group("memory in the tray", [tray], plan.interval_ns, _TRAY_SETTLE_S, _WEIGH_S)
        calm[TRAY] = replace(alone[TRAY], beats=calm[TRAY].beats, cpu_percent=calm[TRAY].cpu_percent)
        driven = FlatOut(plan.interval_ns, display.environ)
        members = [Product(HEADLESS, plan.interval_ns), driven]
        busy = run_group("flat out", members, plan.interval_ns, plan.settle_s, plan.seconds)
        tray_note = "" if display.has_tray or not display.name else "(no tray here: minimized)"
    return [
        *_tray_rows(plan, calm, tray_note),
        *_visible_rows(plan, calm),
        *_flat_out_rows(plan, busy, driven),
    ]


def _beat_rows(
    plan: Plan, mode: Mode, ours: Measured, headless: Measured, theirs: str, p99: Goal | None
) -> list[Row]:
    duration = ours.beats.duration
    label = f"beat at {cadence(plan)}, {mode.name}"
    beside = pair(headless.beats.duration, "headless")
    late = f"headless P99 {MICROSECONDS.text(headless.beats.lateness.p99)}"
    late_goal = _LATENESS_GOAL if mode.name == VISIBLE else None
    shares = f"({ours.beats.rehearsed} of {duration.count} rehearsed)"
    against = ratio(duration.p99, headless.beats.duration.p99)
    return [
        Row(
            f"{mode.key}.p50", f"{label}: P50", MICROSECONDS, duration.p50, None, "", theirs or beside, shares
        ),
        Row(f"{mode.key}.p99", f"{label}: P99", MICROSECONDS, duration.p99, p99, "", theirs or beside),
        Row(f"{mode.key}.p99_ratio", f"P99 {mode.name} ÷ headless", TIMES, against, _RATIO_GOAL, "", beside),
        Row(
            f"{mode.key}.lateness_p99",
            f"{label}: lateness P99",
            MICROSECONDS,
            ours.beats.lateness.p99,
            late_goal,
            "",
            late,
        ),
    ]


def _cost_rows(
    plan: Plan, mode: Mode, ours: Measured, cpu: Goal, uss: Goal, said: str = "", note: str = ""
) -> list[Row]:
    shared = f", shared with {ours.sharers} other Qt programs: USS too small" if ours.sharers else ""
    rss = f"(RSS {MEGABYTES.text(ours.rss_bytes)}{shared}) {note}".strip()
    cpu_goal = cpu if plan.is_at_one_hertz else None
    # A figure that is known to be too small reaches no goal.
    uss_goal = None if ours.sharers else uss
    label = f"CPU at {cadence(plan)}, {mode.name}, of one core"
    return [
        Row(f"{mode.key}.cpu", label, PERCENT, ours.cpu_percent, cpu_goal, "", "", note),
        Row(
            f"{mode.key}.uss", f"memory, {mode.name}, USS", MEGABYTES, ours.uss_bytes, uss_goal, said, "", rss
        ),
    ]


def _tray_rows(plan: Plan, results: dict[str, Measured], note: str) -> list[Row]:
    mode, ours = Mode("tray", TRAY), results[TRAY]
    return [
        *_beat_rows(plan, mode, ours, results[HEADLESS], "", _P99_GOAL),
        *_cost_rows(plan, mode, ours, Goal.of("cpu_tray"), Goal.of("memory_tray"), "target < 50 MB", note),
    ]


def _visible_rows(plan: Plan, results: dict[str, Measured]) -> list[Row]:
    mode, ours = Mode("window", VISIBLE), results[VISIBLE]
    return [
        *_beat_rows(plan, mode, ours, results[HEADLESS], "", _P99_GOAL),
        *_cost_rows(plan, mode, ours, Goal.of("cpu_window"), Goal.of("memory_window")),
    ]


def _flat_out_rows(plan: Plan, results: dict[str, Measured], driven: FlatOut) -> list[Row]:
    mode, ours = Mode("flat_out", FLAT_OUT), results[FLAT_OUT]
    theirs = pair(driven.seed.duration, "seed's on a thread of the same process")
    speed_up = ratio(driven.seed.duration.p99, ours.beats.duration.p99)
    frames = f"({driven.frames:,} frames)"
    return [
        *_beat_rows(plan, mode, ours, results[HEADLESS], theirs, _P99_GOAL),
        Row("flat_out.speed_up", f"{FLAT_OUT}: seed's P99 ÷ ours", TIMES, speed_up, None, "", theirs),
        Row("flat_out.cpu", f"CPU, {FLAT_OUT}, of one core", PERCENT, ours.cpu_percent, None, "", "", frames),
    ]

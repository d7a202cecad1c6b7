"""How soon after a start the window is painted, and how soon it beats."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.arithmetic import Goal, middle
from tests.bench.display import Display
from tests.bench.environment import ROOT, Home
from tests.bench.plan import Plan
from tests.bench.process import Child
from tests.bench.progress import say
from tests.bench.record import LOOK_S, wait_for_beats
from tests.bench.rows import SECONDS, Row
from tests.bench.window import SETTINGS

_TIMEOUT_S = 30.0
_IMPORTS = "import PySide6.QtWidgets, numpy, pyqtgraph"


def measure(plan: Plan) -> list[Row]:
    """Rows of starting the window, beside what the imports alone take."""
    say(f"{plan.starts} starts of the window")
    with Display() as display:
        _start_once(display.environ)  # compiles what is not compiled yet
        runs, imports = [], []
        for _ in range(plan.starts):
            runs.append(_start_once(display.environ))
            imports.append(_imports_alone(display.environ))
    painted, plots, beat = (middle([run[name] for run in runs]) for name in ("window", "plots", "beat"))
    compared = f"imports alone {SECONDS.text(middle(imports))}"
    slowest = (
        f"(slowest {SECONDS.text(max(run['plots'] for run in runs))}; empty window {SECONDS.text(painted)})"
    )
    return [
        Row(
            "start.window",
            "start → window painted, with its plots",
            SECONDS,
            plots,
            Goal(0.9e9),
            "",
            compared,
            slowest,
        ),
        Row(
            "start.window_beat", "start → first warmed beat, window", SECONDS, beat, Goal(0.3e9), "", compared
        ),
    ]


def _start_once(environ: dict[str, str]) -> dict[str, int]:
    """Times from start to window painted, plots painted and first beat, ns."""
    home = Home(SETTINGS)
    output = home.folder / "painted.json"
    try:
        command = [sys.executable, "-m", "tests.bench.window_driver", "--output", str(output)]
        child = Child(command, home.environ(environ))
        try:
            facts = _wait_for(output, child)
            beats = wait_for_beats(home.paths.store, 1, _TIMEOUT_S, child.check_running)
        finally:
            child.end()
        began_ns = child.started_wall_ns
        return {
            "window": facts["window_ns"] - began_ns,
            "plots": facts["plots_ns"] - began_ns,
            "beat": beats[0].wall_ns - began_ns,
        }
    finally:
        home.remove()


def _wait_for(output: Path, child: Child) -> dict[str, int]:
    until = time.monotonic() + _TIMEOUT_S
    while not output.exists():
        child.check_running()
        if time.monotonic() > until:
            raise RuntimeError("the window was not painted")
        time.sleep(LOOK_S)
    facts: dict[str, int] = json.loads(output.read_text())
    return facts


def _imports_alone(environ: dict[str, str]) -> int:
    home = Home()
    try:
        started_ns = time.perf_counter_ns()
        subprocess.run([sys.executable, "-c", _IMPORTS], cwd=ROOT, env=home.environ(environ), check=True)
        return time.perf_counter_ns() - started_ns
    finally:
        home.remove()

"""`python -m tests.bench`: measures every section, or those named, and prints the table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable

from tests.bench import growth, headless, many_rules, starts, window, window_starts
from tests.bench.arithmetic import Verdict
from tests.bench.plan import Plan, plan_of
from tests.bench.progress import say
from tests.bench.rows import Row, render

SECTIONS: dict[str, Callable[[Plan], list[Row]]] = {
    "headless": headless.measure,
    "rules": many_rules.measure,
    "window": window.measure,
    "start": starts.measure,
    "window-start": window_starts.measure,
    "store": growth.measure,
}


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one object instead of the table")
    parser.add_argument(
        "--quick", action="store_true", help="15 s a group and fewer starts: a first impression"
    )
    parser.add_argument(
        "--only", nargs="+", choices=tuple(SECTIONS), metavar="NAME", help=", ".join(SECTIONS)
    )
    parser.add_argument("--seconds", type=float, help="how long each group beats (120; 15 with --quick)")
    parser.add_argument("--interval", type=float, default=1.0, help="seconds from beat to beat (1)")
    return parser.parse_args(argv)


def machine() -> dict[str, object]:
    """What it was measured on."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else None
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": load[0] if load else None,
    }


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 0 when every goal was reached, 1 when one was missed or a section failed."""
    arguments = _arguments(argv)
    plan = plan_of(arguments)
    before = machine()
    rows: list[Row] = []
    failed: dict[str, str] = {}
    for name in arguments.only or SECTIONS:
        try:
            rows += SECTIONS[name](plan)
        except (RuntimeError, OSError) as error:
            failed[name] = str(error)
            say(f"{name} could not be measured: {error}")
    if arguments.json:
        result = {"machine": before, "rows": [row.facts() for row in rows], "not_measured": failed}
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        loads = [found for found in (before["load"], machine()["load"]) if isinstance(found, float)]
        load = " → ".join(f"{found:.2f}" for found in loads)
        print(
            f"{before['system']}, Python {before['python']}, {before['cores']} cores, load {load or 'unknown'}\n"
        )
        print(render(rows))
    return 1 if failed or any(row.verdict is Verdict.FAIL for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes a year at one beat a second through the real store and measures what is asked of it.

``python -m tests.bench.year`` leaves the record in ``--home``, where ``--made`` finds it again. Exit status 1 where a
goal was missed.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import time
from pathlib import Path

from tests.bench.arithmetic import Verdict
from tests.bench.progress import say
from tests.bench.rows import render
from tests.bench.year import asking
from tests.bench.year.making import ZONE, Machine, Truth, live

RECORD, TRUTH = "heartbeat.sqlite3", "truth.json"


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="year", description=__doc__)
    parser.add_argument("--days", type=int, default=365, help="how many days are made (365)")
    parser.add_argument("--home", type=Path, default=Path("/tmp/year"), help="where the record is left")
    parser.add_argument("--made", action="store_true", help="measure the record that is there")
    parser.add_argument("--only-make", action="store_true", help="make the record and measure nothing")
    parser.add_argument(
        "--rows",
        type=float,
        default=0.1,
        help="the share of whole calm hours whose beats go through rows (0.1)",
    )
    return parser.parse_args(argv)


def make(home: Path, days: int, rows_share: float) -> Truth:
    """Make the record, and what is true of it beside it."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "data").mkdir(parents=True)
    began = time.monotonic()
    truth = Truth(days)
    for day in live(Machine(home / "data" / RECORD, truth, rows_share), truth, seed=1):
        if (day + 1) % 30 == 0 or day + 1 == days:
            say(f"day {day + 1} of {days}")
    truth.seconds = time.monotonic() - began
    truth.save(home / TRUTH)
    return truth


def main(argv: list[str] | None = None) -> int:
    """Make, check, measure and print."""
    arguments = _arguments(argv)
    os.environ["TZ"] = ZONE
    time.tzset()
    if hasattr(os, "nice"):
        os.nice(5)
    logging.basicConfig(level=logging.ERROR)
    home: Path = arguments.home
    truth = Truth.load(home / TRUTH) if arguments.made else make(home, arguments.days, arguments.rows)
    say(f"{sum(truth.made.values()):,} beats in {truth.days} days, made in {truth.seconds:.0f} s")
    if arguments.only_make:
        return 0
    rows = asking.measure(home / "data" / RECORD, truth)
    print(render(rows))
    return 1 if any(row.verdict is Verdict.FAIL for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

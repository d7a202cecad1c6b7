"""``python -m tests.bench.changepoints``: our change points beside those of ruptures and Apache Otava.

Made-up years of a daily figure with steps at known days: how many of them each finds within three days (recall), and
how many of those it finds are there (precision). Both oracles are installed into environments of their own, in a folder
that is removed at the end; that takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from aios_gui.history.analysis.changepoints import steps_of

DAYS = 365
NEAR_DAYS = 3
Series = list[float]
Found = list[int]

# Each reads series from its standard input and prints the places of the change points of each.
ORACLES = {
    "ruptures": (
        "ruptures==1.1.10",
        """
import json, sys
import numpy as np, ruptures
found = []
for series in json.load(sys.stdin):
    values = np.array(series)
    # The penalty of Yao for a normal mean; the noise by the differences of neighbours, which steps hardly touch.
    noise = np.median(np.abs(np.diff(values))) / 0.6745 / 2**0.5
    cost = ruptures.Pelt(model="l2", min_size=4, jump=1).fit(values)
    found.append(cost.predict(pen=float(2 * noise**2 * np.log(len(values))))[:-1])
print(json.dumps(found))
""",
    ),
    "apache-otava": (
        "apache-otava==0.8.0",
        """
import json, sys
from otava.analysis import compute_change_points
found = []
for series in json.load(sys.stdin):
    points, _weak = compute_change_points(series, window_len=50, max_pvalue=0.001, min_magnitude=0.0)
    found.append([int(point.index) for point in points])
print(json.dumps(found))
""",
    ),
}


def made(seed: int, alike: float, weekly: float, drift_a_month: float) -> tuple[Series, Found]:
    """A year of logarithms of a daily figure with three steps, and their days.

    ``alike`` is how much a day resembles the one before, ``weekly`` how much more weekends have.
    """
    random = np.random.default_rng(seed)
    places = [int(part * DAYS // 4 + random.integers(-25, 26)) for part in (1, 2, 3)]
    rest = np.empty(DAYS)
    value = random.normal(0, 0.08)
    for day in range(DAYS):
        value = alike * value + random.normal(0, 0.08 * (1 - alike**2) ** 0.5)
        rest[day] = value
    found = 11.5 + rest + drift_a_month * np.arange(DAYS) / 30 + weekly * (np.arange(DAYS) % 7 >= 5)
    for place in places:
        found[place:] += random.choice([-1, 1]) * random.uniform(0.15, 0.4)
    return found.tolist(), places


def ours(series: list[Series]) -> list[Found]:
    """What this program finds."""
    days = np.arange(DAYS)
    return [[step.place for step in steps_of(np.array(each), days)] for each in series]


def oracle(folder: Path, name: str) -> Callable[[list[Series]], list[Found]]:
    """Another program in an environment of its own."""
    package, code = ORACLES[name]
    venv.create(folder / name, with_pip=True)
    python = folder / name / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", package], check=True)

    def find(series: list[Series]) -> list[Found]:
        run = subprocess.run(
            [python, "-c", code], input=json.dumps(series), capture_output=True, text=True, check=True
        )
        found: list[Found] = json.loads(run.stdout)
        return found

    return find


def scored(found: list[Found], places: list[Found]) -> tuple[float, float, int]:
    """Precision, recall, and how many are found that are not there."""
    right = sum(
        any(abs(place - each) <= NEAR_DAYS for each in mine)
        for mine, known in zip(found, places, strict=True)
        for place in known
    )
    wrong = sum(
        all(abs(place - each) > NEAR_DAYS for place in known)
        for mine, known in zip(found, places, strict=True)
        for each in mine
    )
    return right / max(1, right + wrong), right / max(1, sum(map(len, places))), wrong


WORLDS = {
    "independent days": (0.0, 0.0, 0.0),
    "days alike": (0.4, 0.0, 0.0),
    "weekends differ": (0.2, 0.15, 0.0),
    "slow drift too": (0.2, 0.0, 0.03),
    "all of it": (0.4, 0.15, 0.03),
}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=100, help="of each kind (100)")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        finders = {"ours": ours, **{name: oracle(Path(folder), name) for name in ORACLES}}
        print(
            f"{options.years} years of each kind, three steps of 16 to 49 % in each, right within {NEAR_DAYS} days"
        )
        print(f"{'':20}" + "".join(f"{name:>32}" for name in finders))
        for world, figures in WORLDS.items():
            series, places = zip(*(made(seed, *figures) for seed in range(options.years)), strict=True)
            cells = []
            for find in finders.values():
                began = time.perf_counter()
                precision, recall, wrong = scored(find(list(series)), list(places))
                took_ms = (time.perf_counter() - began) / options.years * 1000
                cells.append(f"{precision:8.1%} {recall:7.1%} {wrong:4} wrong {took_ms:4.0f} ms")
            print(f"{world:20}" + "".join(f"{cell:>32}" for cell in cells))
        print("precision, recall, wrong ones, time for a year (of the others with the start of Python)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""``python -m tests.bench.culprits``: bursts of random kind and length; who was named for each.

Other programs use 20 to 60 % of a core beside them. Every program has a random name. Real-time bursts need root.
A hundred bursts take 23 minutes. With ``--out FILE`` each result is kept, and the same command goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Container, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.culprits import hog
from tests.bench.culprits.scoring import Burst, Named, Said, judged, table
from tests.bench.environment import ROOT

Bursts = dict[int, Burst]
"""Those that were made, by their number in the plan."""
Results = dict[int, dict[str, Any]]
"""What came of each, by the same number."""
KINDS = ("cpu", "read", "fsync", "memory", "storm")
FILE_BYTES = 256 << 20
FIRST_S, APART_S, LEAD_S, STAY_S, LAST_S = 25.0, (3.5, 7.0), 0.6, 12.0, 6.0
LONGEST_SHORT_S = 0.95


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="culprits", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many bursts (100)")
    parser.add_argument(
        "--short-share", type=float, default=0.5, help="how many of them last under a second (0.5)"
    )
    parser.add_argument("--longest", type=float, default=60.0, help="seconds of the longest (60)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--interval", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1, help="of kinds, lengths and moments (1)")
    parser.add_argument("--out", type=Path, help="keep each result in this file, and go on from what it has")
    parser.add_argument("--also", metavar="ROOT", help="another checkout, whose service runs beside it")
    parser.add_argument("--folder", help="where files are read and written (the temporary folder)")
    parser.add_argument("--verbose", action="store_true", help="print what was said of each burst")
    return parser.parse_args()


class Namer:
    """Programs of random names: links to this interpreter."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance

    def link(self) -> Path:
        """A link that was not there before; its name has 8 letters, as the kernel shows them."""
        made = self._folder / "".join(self._chance.choices(string.ascii_lowercase, k=8))
        made.symlink_to(Path(sys.executable).resolve())
        return made


LAUNCHER = """
import signal, subprocess, sys
running = []
def reap(*_):
    for each in running:
        each.poll()
signal.signal(signal.SIGCHLD, reap)
for line in sys.stdin:
    running = [each for each in running if each.returncode is None]
    running.append(subprocess.Popen(line.rstrip("\\n").split("\\t")))
"""


class Launcher:
    """What starts every hog, as a shell would: a program of its own, which waits for them."""

    def __init__(self, link: Path) -> None:
        self.name = link.name
        self._process = subprocess.Popen(
            [str(link), "-S", "-E", "-u", "-c", LAUNCHER], stdin=subprocess.PIPE, text=True
        )

    def start(self, *command: str) -> None:
        """Start a program."""
        assert self._process.stdin is not None
        self._process.stdin.write("\t".join(command) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def plan_bursts(arguments: argparse.Namespace, chance: random.Random) -> list[tuple[str, float, bool]]:
    """Kind, length and whether the program stays afterwards, in random order."""
    found = []
    for number in range(arguments.count):
        if number < arguments.count * arguments.short_share:
            length = chance.uniform(0.1, LONGEST_SHORT_S)
        else:
            length = min(arguments.longest, 1.0 * (arguments.longest / 1.0) ** chance.random())
        found.append((arguments.kinds[number % len(arguments.kinds)], length, chance.random() < 0.5))
    chance.shuffle(found)
    return found


def inject(
    arguments: argparse.Namespace,
    folder: Path,
    made: Bursts,
    before: Container[int],
    keep: Callable[[], object],
) -> None:
    """Make those that were not made ``before``, and put them down in ``made``; ``keep`` is called after each."""
    plan = plan_bursts(arguments, random.Random(arguments.seed))
    chance = random.Random()
    namer = Namer(folder, chance)
    launcher = Launcher(namer.link())
    data = Path(arguments.folder or folder) / "data"
    with data.open("wb") as file:
        for _each in range(FILE_BYTES >> 20):
            file.write(os.urandom(1 << 20))
        os.fsync(file.fileno())
    beside = subprocess.Popen(
        [str(namer.link()), "-S", "-E", hog.__file__, "beside", "0.2", f"{time.time() + 1e6}", "0.6", "-"]
    )
    try:
        time.sleep(FIRST_S)
        for number, (kind, length, stays) in enumerate(plan):
            if number in before:
                continue
            link = namer.link()
            start = time.time() + LEAD_S
            burst = Burst(kind, link.name, launcher.name, start, start + length, stays)
            after = STAY_S if stays else 0.0
            launcher.start(
                str(link), "-S", "-E", hog.__file__, kind, str(start), str(burst.end), str(after), str(data)
            )
            made[number] = burst
            print(
                f"{number + 1}/{len(plan)}: {kind} for {length:.2f} s by {link.name}",
                file=sys.stderr,
                flush=True,
            )
            time.sleep(LEAD_S + length + chance.uniform(*APART_S))
            keep()
        time.sleep(LAST_S)
    finally:
        beside.kill()
        beside.wait()
        launcher.end()
        data.unlink()


_STALLS = "SELECT at_us, facts FROM event WHERE kind IN ('hiccup', 'resource_stall')"


def said_in(record: Path) -> list[Said]:
    """What the record says, also one of a version that kept no findings of hiccups."""
    found: list[Said] = []
    with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True)) as connection:
        findings: dict[int, str] = {}
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hiccup_finding'").fetchone():
            findings = dict(connection.execute("SELECT at_us, facts FROM hiccup_finding"))
        for at_us, facts in connection.execute(_STALLS):
            length_s = json.loads(facts).get("lateness_ns", 0) / 1e9
            if at_us in findings:
                found.append(Said(at_us / 1e6 - length_s, at_us / 1e6, *_first(json.loads(findings[at_us]))))
            elif not findings:
                found += _said_of_incidents(connection, at_us, length_s)
        for started_us, cleared_us, facts in connection.execute(
            "SELECT started_us, cleared_us, facts FROM incident WHERE measure != 'lateness_ms'"
        ):
            finding = json.loads(facts).get("finding")
            if finding is not None:
                end = (cleared_us or time.time_ns() // 1000) / 1e6
                found.append(Said(started_us / 1e6, end, *_first(finding), of_incident=True))
    return found


def _said_of_incidents(connection: sqlite3.Connection, at_us: int, length_s: float) -> list[Said]:
    """What the incident says that a hiccup belongs to."""
    query = "SELECT facts FROM incident WHERE measure = 'lateness_ms' AND started_us <= ? ORDER BY id DESC LIMIT 1"
    finding = next(
        (json.loads(facts).get("finding") for (facts,) in connection.execute(query, (at_us,))), None
    )
    return [Said(at_us / 1e6 - length_s, at_us / 1e6, *_first(finding))] if finding is not None else []


def _first(finding: dict[str, list[dict[str, Any]]]) -> tuple[str, str, bool]:
    """Name of the first culprit and of what started it, and whether it is its children that did it."""
    first = next(iter(finding["culprits"]), {})
    return first.get("name", ""), first.get("parent", ""), bool(first.get("ended_children"))


def told(burst: Burst, said: Sequence[Said]) -> dict[str, Any]:
    """The result of one burst as it is kept: itself, who was named for it, and all that was said at that time."""
    near = [each for each in said if each.start < burst.end + 3 and each.end > burst.start - 1]
    return {
        "burst": asdict(burst),
        "named": judged(burst, said),
        "said": [_shown(each, burst) for each in near],
    }


def _shown(said: Said, burst: Burst) -> str:
    span = f"{said.start - burst.start:+.2f}..{said.end - burst.start:+.2f}"
    who = said.culprit or "-"
    return f"{span} {who}{chr(39) * said.of_children}{' (incident)' * said.of_incident}"


def earlier(file: Path | None) -> Results:
    """The results that a file has, by the number of the burst."""
    if file is None or not file.exists():
        return {}
    return {each["number"]: each for each in map(json.loads, file.read_text("utf-8").splitlines())}


def start_service(root: Path, home: Path, interval_s: float) -> subprocess.Popen[bytes]:
    """The service out of one checkout, with a home of its own."""
    environ = {**os.environ, "AIOS_HOME": str(home), "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "aios_gui", "service", "--interval", str(interval_s)]
    return subprocess.Popen(command, cwd=root, env=environ)


def run(arguments: argparse.Namespace, roots: list[Path], results: list[Results]) -> None:
    """Run the services and the bursts that are missing, and add what came of them to the ``results`` of each root."""
    made: Bursts = {}
    with tempfile.TemporaryDirectory(prefix="culprits-") as place:
        folder = Path(place)
        homes = [folder / f"home{number}" for number in range(len(roots))]
        services = [
            start_service(root, home, arguments.interval) for root, home in zip(roots, homes, strict=True)
        ]
        before = tuple(results[0])

        def keep() -> None:
            for found, home in zip(results, homes, strict=True):
                said = said_in(next(home.rglob("*.sqlite3")))
                found |= {number: {"number": number, **told(burst, said)} for number, burst in made.items()}
            if arguments.out:
                lines = (json.dumps(results[0][number]) + "\n" for number in sorted(results[0]))
                arguments.out.write_text("".join(lines), "utf-8")

        try:
            inject(arguments, folder, made, before, keep)
        except KeyboardInterrupt:
            made.popitem()  # which has not come to its end
        finally:
            for service in services:
                service.send_signal(signal.SIGTERM)
                service.wait(30)
        keep()


def main() -> int:
    """Run what is missing, and print the table; of two checkouts a table each."""
    arguments = _arguments()
    print(f"seed {arguments.seed}, {arguments.count} bursts", file=sys.stderr)
    roots = [ROOT, *([Path(arguments.also)] if arguments.also else [])]
    results: list[Results] = [earlier(arguments.out), *({} for _root in roots[1:])]
    if not results[0].keys() >= set(range(arguments.count)):
        run(arguments, roots, results)
    for root, found in zip(roots, results, strict=True):
        print(f"\n{root}")
        bursts = [(Burst(**each["burst"]), Named(each["named"]), each["said"]) for each in found.values()]
        for burst, named, said in bursts if arguments.verbose else ():
            way = "stays" if burst.stays else "ends"
            print(f"{burst.kind:<7}{burst.seconds:6.2f} s {burst.name} {way:<5} {named}: {', '.join(said)}")
        print("\n".join(table([(burst, named) for burst, named, _said in bursts])))
    return 0


if __name__ == "__main__":
    sys.exit(main())

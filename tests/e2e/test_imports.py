"""`import` and `changes` as whole processes: beside a service, killed at any moment, and what they leave."""

import json
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aios_gui.record.importing.model import ImportProblem
from aios_gui.record.importing.record_reader import imported_beats
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths, find_paths
from tests.processes import COMMAND, child, run_command, service
from tests.record.importing.test_job import line

BEATS, TRIES = 20_000, 10
"""A service that gets no time to write says so after a while; what was written stays, and the next one goes on."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "performance_stats.jsonl"
    # Over a week, so that they are written in parts: an hour is a page, and some pages are written at once.
    file.write_text("".join(line(30 * each) + "\n" for each in range(BEATS)))
    return file


def imported() -> int:
    with RecordReader(find_paths().store) as reader:
        return sum(1 for _beat in imported_beats(reader, 0, END_OF_TIME_NS))


def kill_and_complete(file: Path, pauses_s: Sequence[float]) -> int:
    """An import that is killed loses nothing that it had written, and is completed by one that is not.

    What is whole already is removed, so that the next one has something to write; how many were killed with a part.
    """
    before = in_parts = 0
    for pause_s in pauses_s:
        with child(*COMMAND, "import", "--json", str(file)) as process:
            time.sleep(pause_s)  # a kill falls at a moment of its own, not when something has happened
            process.kill()
        store = find_paths().store
        if store.exists():
            with closing(sqlite3.connect(store)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            now = imported()
            assert now >= before
            in_parts += before < now < BEATS
            before = now
            if now == BEATS:
                run_command("import", "--remove", "1")
                before = 0
    facts: dict[str, Any] = {"problem": ImportProblem.NOT_KEPT}
    for _try in range(TRIES):
        if facts["problem"] == ImportProblem.NOT_KEPT:
            facts = json.loads(run_command("import", "--json", str(file)).stdout)
    assert facts["imported"] + facts["skipped"].get("known", 0) == BEATS
    assert imported() == BEATS
    return in_parts


def test_beside_a_service_that_beats(file: Path, paths: Paths) -> None:
    with service(paths, "--interval", "0.1"):
        facts = json.loads(run_command("import", "--json", str(file)).stdout)
        assert (facts["state"], facts["imported"]) == ("done", BEATS)
        answer = run_command("changes", "--look", "--json", "--range", "all")
        assert answer.returncode == 0
        assert "boot" in {each["kind"] for each in json.loads(answer.stdout)}
    assert imported() == BEATS
    with RecordReader(find_paths().store) as reader:
        assert reader.count(0, END_OF_TIME_NS) < BEATS


def test_killed_twice(file: Path) -> None:
    kill_and_complete(file, (0.4, 0.6))


@pytest.mark.long
def test_killed_two_hundred_times_alone_and_beside_a_service(file: Path, paths: Paths) -> None:
    chance = random.Random(time.time_ns())

    def pauses_s() -> list[float]:
        """A hundred, up to a little longer than all of it takes here and now."""
        began_s = time.monotonic()
        run_command("import", "--json", str(file))
        took_s = time.monotonic() - began_s
        run_command("import", "--remove", "1")
        return [chance.uniform(0.1, 1.2) * took_s for _kill in range(100)]

    in_parts = kill_and_complete(file, pauses_s())
    run_command("import", "--remove", "1")
    with service(paths, "--interval", "0.05") as beating:
        beating.wait_for_beats(1)
        in_parts += kill_and_complete(file, pauses_s())
    print(f"\n{in_parts} of 200 were killed with a part on record")
    assert in_parts > 0, "it is about those"

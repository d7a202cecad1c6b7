"""Mutated records, some in the suite; `python -m tests.e2e.fuzz_records` tries a thousand."""

import random
import shutil
from pathlib import Path

import pytest

from aios_gui.system.paths import Paths
from tests.e2e.fuzz_records import (
    HEAVY,
    MOST_BYTES,
    VALUES,
    fuzz,
    largest_bytes,
    live_here,
    live_through,
    make_record,
    mutate,
    odd_values,
    record_on,
)
from tests.record.hostile import ROWS, SQL, do
from tests.systems import has_signals

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_few_mutated_records_get_words(aios_home: Path, tmp_path: Path) -> None:
    fuzz(4, 2, tmp_path)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound record, to be copied."""
    record = tmp_path_factory.mktemp("sound") / "heartbeat.sqlite3"
    make_record(record)
    return record


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=[pytest.mark.long] if what in HEAVY else []) for what in ROWS]
)
def test_odd_rows_get_words(paths: Paths, sound: Path, what: str) -> None:
    shutil.copy(sound, paths.store)
    do(paths.store, ROWS[what])
    live_here(paths)


@pytest.mark.parametrize(
    "values", [("x", b"\xff", -(2**63), 9e999), pytest.param(VALUES, marks=pytest.mark.long)]
)
def test_no_value_in_any_column_stops_the_recording(
    paths: Paths, sound: Path, values: tuple[object, ...]
) -> None:
    tried = 0
    for put in odd_values(sound, paths.store, values):
        store = record_on(paths)
        assert store.health.recording, f"{put}: {store.health.error}"
        tried += 1
    assert tried > 40 * len(values)


@pytest.mark.parametrize("number", [5, pytest.param(9, marks=pytest.mark.long)])
def test_the_program_lives_through_a_mutated_record(paths: Paths, number: int) -> None:
    make_record(paths.store)
    mutate(paths.store, random.Random(number))
    live_through(paths)


@has_signals
def test_a_trigger_without_an_end_does_not_stop_the_program(paths: Paths) -> None:
    make_record(paths.store)
    do(paths.store, SQL["endless trigger"])
    assert "it was set aside and a new one begun: trigger 't'" in live_through(paths)


@pytest.mark.long
def test_a_thousand_mutated_records_get_words(aios_home: Path, tmp_path: Path) -> None:
    before = largest_bytes()
    fuzz(1_000, 3, tmp_path, real_every=25)
    assert largest_bytes() < before + MOST_BYTES


@pytest.mark.long
@pytest.mark.parametrize("what", [*SQL, *ROWS])
def test_the_program_lives_through_each_hostile_record(paths: Paths, tmp_path: Path, what: str) -> None:
    make_record(tmp_path / "sound.sqlite3")
    shutil.copy(tmp_path / "sound.sqlite3", paths.store)
    do(paths.store, {**SQL, **ROWS}[what])
    if "version" not in what:
        live_through(paths)

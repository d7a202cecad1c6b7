"""A finished measurement reaches the record, whichever process writes it."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.commands import KeepMeasurement
from aios_gui.instance.lock import InstanceLock, is_locked
from aios_gui.instance.resident import Resident
from aios_gui.instance.submit import PATIENCE_S, NotKept, bring_into_record
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.record_reader import measurements
from aios_gui.system.paths import Paths, find_paths
from tests.defaults import DEFAULTS
from tests.fakes import WALL
from tests.processes import wait_until

MEASURED = Measurement(MeasurementKind.BENCHMARK, WALL, {"heartbeats": [], "words": "心跳"})


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def resident(paths: Paths) -> Iterator[Resident]:
    resident = Resident(paths, DEFAULTS, Mode.SERVICE)
    resident.start()
    thread = threading.Thread(target=resident.engine.run, name="engine")
    thread.start()
    yield resident
    resident.engine.stop()
    thread.join(10)
    resident.shutdown()


def keep(paths: Paths, measurement: Measurement, patience_s: float = PATIENCE_S) -> str:
    return bring_into_record(paths, KeepMeasurement(measurement), patience_s)


def kept(paths: Paths) -> list[Measurement]:
    with RecordReader(paths.store) as reader:
        return measurements(reader, MeasurementKind.BENCHMARK)


def test_the_resident_writes_it(resident: Resident, paths: Paths) -> None:
    assert keep(paths, MEASURED) == ""
    wait_until(lambda: kept(paths), "the measurement in the record")
    assert kept(paths) == [MEASURED]


def test_what_is_handed_over_at_the_very_end_is_written(resident: Resident, paths: Paths) -> None:
    keep(paths, MEASURED)
    resident.engine.stop()
    resident.shutdown()
    assert kept(paths) == [MEASURED]


# Without a resident


def test_without_a_resident_it_is_written_here(paths: Paths) -> None:
    assert keep(paths, MEASURED) == ""
    assert not Path(f"{paths.store}-wal").exists(), "closed properly"
    assert not is_locked(paths)
    assert kept(paths) == [MEASURED]


def test_an_instance_that_is_just_ending_is_waited_for(paths: Paths) -> None:
    lock = InstanceLock(paths)
    lock.take()
    ending = threading.Timer(0.2, lock.release)
    ending.start()
    keep(paths, MEASURED)
    ending.join()
    assert kept(paths) == [MEASURED]


def test_an_instance_that_cannot_be_reached_is_told(paths: Paths) -> None:
    lock = InstanceLock(paths)
    lock.take()
    with pytest.raises(NotKept, match="another instance"):
        keep(paths, MEASURED, patience_s=0)
    lock.release()


def test_a_record_that_cannot_be_written_is_told(paths: Paths) -> None:
    paths.store.mkdir(parents=True)
    with pytest.raises(NotKept):
        keep(paths, MEASURED)
    assert not is_locked(paths)


@pytest.mark.skipif(os.name != "posix", reason="files of POSIX")
def test_a_home_that_is_none_is_told(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    with pytest.raises(NotKept):
        keep(find_paths({"AIOS_HOME": str(home)}), MEASURED)


def test_a_damaged_record_is_set_aside_and_the_new_one_says_so(paths: Paths) -> None:
    paths.store.parent.mkdir(parents=True)
    paths.store.write_bytes(b"garbage" * 2000)
    moved_to = keep(paths, MEASURED)
    assert Path(moved_to).exists()
    assert kept(paths) == [MEASURED]
    with RecordReader(paths.store) as reader:
        (event,) = reader.events(0, 2**62, EventKind.STORE_SET_ASIDE)
    assert event.facts["moved_to"] == moved_to

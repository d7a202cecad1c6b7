"""An export while it records has every beat that was on record; one that is cancelled leaves nothing."""

from __future__ import annotations

import csv
import signal
import time
from io import StringIO
from pathlib import Path

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import complete, heartbeat, linux, nothing_escaped
from tests.fakes import S, recorded_beat
from tests.processes import COMMAND, beats_of, child, run_command, wait_until

MANY = 60_000


def test_an_export_beside_the_recording_is_whole_and_holds_up_nothing(paths: Paths) -> None:
    with heartbeat(paths, "service", "--interval", "0.02") as running:
        running.wait_until_it_beats()
        running.wait_for_beats(20)
        known = [beat.wall_ns for beat in beats_of(paths)]
        done = run_command("export", "--range", "all")
        assert done.returncode == 0, done.stderr
        rows = list(csv.DictReader(StringIO(done.stdout)))
        numbers = [int(row["seq"]) for row in rows]
        assert numbers == list(range(len(rows)))
        assert len(rows) >= len(known)
        complete(paths, running.quit())
    nothing_escaped(paths)


@linux
def test_an_export_that_is_cancelled_leaves_nothing(paths: Paths, tmp_path: Path) -> None:
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    began_ns = time.time_ns() - MANY * S // 10
    writer.write([recorded_beat(n, began_ns + n * S // 10) for n in range(MANY)], 1)
    writer.close()
    folder = tmp_path / "out"
    folder.mkdir()
    with child(*COMMAND, "export", "--range", "all", "--output", str(folder / "beats.csv")) as process:
        wait_until(lambda: list(folder.iterdir()), "that it writes")
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate()
    assert process.returncode != 0
    assert "Traceback" not in err
    assert list(folder.iterdir()) == []
    assert len(beats_of(paths)) == MANY

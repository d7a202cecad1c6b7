"""A program with the worst of names takes the machine, for real: it is named, and does no harm wherever it is told."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aios_gui.alerts import record_reader as alert_record
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths, find_paths
from tests.e2e.faults.rig import complete, heartbeat, nothing_escaped
from tests.processes import answered, beats_of, incidents_here, service, wait_until

NAME = b"=cmd|' C calc'!A0<script>alert(1)\x1b[2J\x07\n| [x](y) `z` \xe2\x80\xaegnp.\xff\xfe" + b"L" * 150
"""A formula, markup, what moves a terminal's cursor, a table's end, text turned around, and no UTF-8."""
SHOWN = "=cmd|' C calc'!A0<script>alert(1) [2J |"
"""The kernel keeps fifteen bytes of a name; the word that these end in is made whole."""
BUSY = (
    '[[rules]]\nname = "busy"\nmeasure = "cpu_percent"\nlimit = 1\nclear = 0\nfor_s = 0\nlevel = "critical"\n'
)
SPIN = "while True: pass"
ARGUMENTS = ["x" * 4096, "\x1b]0;gone\x07", "=1+1", b"\xff\xfe".decode(errors="surrogateescape")]
SETTINGS = """
unknown = 1
[beat]
interval_s = nan
[record]
raw_days = 99999999999999999999999999
size_limit_mb = -1
[window]
language = ["en"]
theme = "<b>dark</b>"
[[rules]]
name = "=cmd|' /C calc'!A0"
measure = "cpu_percent"
limit = inf
[[rules]]
name = 7
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file may have such a name")


@pytest.fixture
def spinner(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that takes the machine; killed at the latest after the test."""
    link = tmp_path / os.fsdecode(NAME)
    link.symlink_to(Path(sys.executable).resolve())
    # In a session of its own, since Linux shares the cores out among sessions: whatever else runs, it stands out.
    with subprocess.Popen([link, "-S", "-c", SPIN, *ARGUMENTS], start_new_session=True) as process:
        yield process
        process.kill()


def run(*arguments: str) -> str:
    return answered(*arguments).stdout


def is_harmless(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


def test_it_is_named_and_does_no_harm(
    aios_home: Path, spinner: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    def incident() -> dict[str, Any] | None:
        listed = incidents_here(capsys)
        return listed[0] if listed and listed[0]["finding"] else None

    (aios_home / "settings.toml").write_text(BUSY)
    paths = find_paths()
    with service(paths, "--interval", "0.1"):
        wait_until(lambda: incident() is not None, "somebody looked who did it", pause_s=0.1)
        beat = answered("beat").stdout
        spinner.kill()
    found = incident()
    assert found is not None
    culprit = next(each for each in found["culprits"] if each["name"].startswith("=cmd"))
    assert culprit["name"].startswith(SHOWN)
    assert len(culprit["name"]) <= 60
    with RecordReader(paths.store) as reader:
        (recorded,) = alert_record.incidents(reader, 0, 2**62)
    assert recorded.finding is not None
    assert culprit["name"] in {each.name for each in recorded.finding.culprits}
    number = str(found["id"])
    page = run("incidents", "--show", number, "--markdown")
    for text in (beat, page, run("incidents"), run("incidents", "--show", number)):
        assert is_harmless(text)
    assert r"\<script\>alert(1)" in page
    assert "<" not in page.replace(r"\<", "")
    for line in page.splitlines():
        assert line.replace(r"\|", "").count("|") in (0, 7)
    file = aios_home / "beats.csv"
    run("export", "--range", "1h", "-o", str(file))
    for row in csv.reader(file.read_text().splitlines()):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_settings_that_make_no_sense_are_each_told_and_it_beats(paths: Paths) -> None:
    paths.settings.write_text(SETTINGS)
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        running.beats_on()
        running.send(signal.SIGTERM)
        status, _out, err = running.end()
    assert status == 0
    assert "Traceback" not in err
    for word in ("unknown", "interval_s", "raw_days", "size_limit_mb", "language", "theme", "limit"):
        assert word in err, word
    assert is_harmless(err)
    complete(paths, len(beats_of(paths)))
    nothing_escaped(paths)

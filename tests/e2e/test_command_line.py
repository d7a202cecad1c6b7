"""The real command line in processes of its own: what people and scripts see of it."""

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import Pause
from aios_gui.system.paths import find_paths
from tests.processes import COMMAND, PATIENCE_S, ROOT, answered, command_in_progress, run_here, wait_until
from tests.processes import run_command as run

SUMMARY = re.compile(r"beats=(\d+) due=(\d+) missed=(\d+) availability=(\d+\.\d\d)%")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def one_line(text: str) -> bool:
    return text.startswith("aios-heartbeat: ") and text.count("\n") == 1 and text.endswith("\n")


@contextmanager
def service(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A resident that has said that it beats; killed at the end if it still runs."""
    with command_in_progress("service", *arguments) as (process, line):
        assert line.startswith("Beating every ")
        yield process


def wait_for_resident_beat() -> dict[str, object]:
    facts: dict[str, object] = {}

    def is_asked() -> bool:
        facts.update(json.loads(answered("beat", "--json").stdout))
        return facts["source"] == "resident"

    wait_until(is_asked, "a beat of the resident")
    return facts


def exported(*arguments: str) -> list[dict[str, str]]:
    answer = answered("export", *arguments)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


def ask_to_end(process: subprocess.Popen[str]) -> None:
    """By the signal for that or, on Windows, which has none, by the command."""
    if sys.platform == "win32":
        assert run("quit").returncode == 0
    else:
        process.send_signal(signal.SIGTERM)


def ended(process: subprocess.Popen[str]) -> str:
    out, error = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, error) == (0, "")
    return out.splitlines()[-1]


def test_beat_is_one_line_that_agents_parse() -> None:
    answer = run("beat")
    assert re.fullmatch(r"(HEARTBEAT_OK|AIOS_ALERT:[a-z0-9,-]+) \(\d+\.\d\dms\)\n", answer.stdout)
    assert answer.stderr == ""
    assert answer.returncode == (0 if answer.stdout.startswith("HEARTBEAT_OK") else 1)


def test_beat_as_json_keeps_its_keys(aios_home: Path) -> None:
    facts = json.loads(answered("beat", "--json").stdout)
    wanted = {"result", "text", "at", "duration_ms", "lateness_ms", "missed", "path", "source"}
    assert wanted | {"cpu_percent", "memory_percent"} <= set(facts)
    assert facts["source"] == "here"
    assert datetime.fromisoformat(facts["at"]).tzinfo is not None
    assert facts["text"].startswith(facts["result"])
    assert list(aios_home.iterdir()) == [], "a beat alone writes nothing"


def test_alert_has_an_exit_status_of_its_own(aios_home: Path) -> None:
    (aios_home / "settings.toml").write_text("[thresholds]\nmemory_percent = 0.0\n")
    answer = answered("beat")
    assert answer.returncode == 1
    assert answer.stdout.startswith("AIOS_ALERT:")


def test_service_records_every_beat_once_and_in_order(tmp_path: Path) -> None:
    answer = run("service", "--interval", "0.05", "--duration", "0.025")
    assert (answer.returncode, answer.stderr) == (0, "")
    match = SUMMARY.fullmatch(answer.stdout.splitlines()[-1])
    assert match is not None
    made, due, missed = (int(match[group]) for group in (1, 2, 3))
    assert made + missed == due
    assert made > 10
    rows = exported("--range", "all")
    assert [int(row["seq"]) for row in rows] == list(range(made))
    assert len({row["time"] for row in rows}) == made
    assert sum(int(row["missed"]) for row in rows) == missed
    target = tmp_path / "beats.csv"
    written = answered("export", "--range", "15m", "-o", str(target))
    assert (written.returncode, written.stdout) == (0, "")
    assert f"{made} beats written" in written.stderr
    assert list(csv.DictReader(io.StringIO(target.read_text()))) == rows


def test_output_that_nobody_reads_is_no_error() -> None:
    with subprocess.Popen(
        [*COMMAND, "settings"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_beat_asks_the_resident_and_a_second_one_is_refused() -> None:
    with service("--interval", "0.05") as process:
        first = wait_for_resident_beat()
        assert str(first["text"]).startswith(str(first["result"]))
        second = run("service")
        assert second.returncode == 2
        assert one_line(second.stderr)
        assert str(process.pid) in second.stderr
        watched = run("monitor", "--duration", "0.03")
        assert watched.returncode == 0
        assert str(process.pid) in watched.stderr
        report = json.loads(answered("doctor", "--json").stdout)
        assert {check["name"]: check["state"] for check in report["checks"]}["instance"] == "ok"
        # One that is paused does not pass off an old beat as new.
        ChannelClient(find_paths()).execute(Pause())
        wait_until(
            lambda: json.loads(answered("beat", "--json").stdout)["source"] == "here", "a beat made here"
        )
        ask_to_end(process)
        ended(process)


@posix_only
def test_frozen_resident_does_not_hang_the_beat() -> None:
    with service("--interval", "0.05") as process:
        wait_for_resident_beat()
        process.send_signal(signal.SIGSTOP)
        try:
            answer = answered("beat", "--json")
        finally:
            process.send_signal(signal.SIGCONT)
        assert json.loads(answer.stdout)["source"] == "here"
        assert one_line(answer.stderr)
        process.send_signal(signal.SIGTERM)
        ended(process)


def test_monitor_without_a_terminal_prints_a_line_a_beat() -> None:
    answer = run("monitor", "--interval", "0.05", "--duration", "0.02")
    assert answer.returncode == 0
    assert "\x1b" not in answer.stdout
    *beats, last = answer.stdout.splitlines()
    assert SUMMARY.fullmatch(last)
    assert beats
    assert all("lateness=" in line for line in beats)


@posix_only
def test_monitor_on_a_terminal_gives_the_screen_back() -> None:
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "monitor", "--interval", "0.05"],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    try:
        while "availability" not in seen.decode(errors="replace"):
            seen += os.read(leader, 4096)
        process.send_signal(signal.SIGTERM)
        while b"\x1b[?1049l" not in seen:
            seen += os.read(leader, 4096)
        assert process.wait(PATIENCE_S) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(leader)
    assert seen.startswith(b"\x1b[?1049h")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["beat", "--nonsense"],
        ["service", "--interval", "abc"],
        ["service", "--interval", "nan"],
        ["service", "--interval", "0.001"],
        ["service", "--duration", "0"],
        ["export", "--format", "pdf"],
        ["export", "--range", "5x"],
        ["export", "--range", "2025-02-30.."],
        ["export", "--range", "all"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, error = run_here(capsys, *arguments)
    assert (status, out) == (2, "")
    assert one_line(error), error


def test_help_and_version() -> None:
    assert re.fullmatch(r"aios-heartbeat \d+\.\d+\S*\n", run("--version").stdout)
    listed = answered("--help")
    assert listed.returncode == 0
    for command in ("beat", "service", "monitor", "export", "doctor"):
        assert command in listed.stdout
        described = answered(command, "--help")
        assert described.returncode == 0
        assert f"aios-heartbeat {command}" in described.stdout


def test_damaged_settings_are_told_and_the_service_goes_on(aios_home: Path) -> None:
    (aios_home / "settings.toml").write_text("[beat\n")
    answer = run("service", "--interval", "0.05", "--duration", "0.005")
    assert answer.returncode == 0
    assert one_line(answer.stderr)
    assert "line 1" in answer.stderr
    assert list(aios_home.glob("settings.damaged-*.toml"))


def test_bad_setting_is_told_in_a_line_and_logged(aios_home: Path) -> None:
    (aios_home / "settings.toml").write_text("[beat]\ninterval_s = nan\n")
    answer = answered("beat")
    assert answer.returncode in (0, 1)
    assert one_line(answer.stderr), answer.stderr
    assert "line 2" in answer.stderr
    assert "beat.interval_s" in (aios_home / "logs" / "aios-heartbeat.log").read_text()


def test_damaged_record_is_told_by_export_and_doctor(aios_home: Path) -> None:
    (aios_home / "data").mkdir()
    (aios_home / "data" / "heartbeat.sqlite3").write_bytes(b"garbage" * 2000)
    answer = answered("export", "--range", "all")
    assert (answer.returncode, one_line(answer.stderr)) == (2, True)
    report = answered("doctor", "--json")
    found = json.loads(report.stdout)
    assert (report.returncode, found["ok"]) == (1, False)
    (record,) = [check for check in found["checks"] if check["name"] == "record"]
    assert record["state"] == "error"
    assert record["remedy"]


def test_home_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    answer = run("service", "--duration", "0.01", AIOS_HOME=str(home))
    assert answer.returncode == 2
    assert one_line(answer.stderr)
    assert "Traceback" not in answer.stderr


@posix_only
def test_reader_that_leaves_early_is_no_error(aios_home: Path) -> None:
    assert run("service", "--interval", "0.02", "--duration", "0.005").returncode == 0
    connection = sqlite3.connect(aios_home / "data" / "heartbeat.sqlite3")
    with connection:
        columns = "session, seq, duration_ns, lateness_ns, start_offset_ns, missed, flags, breached"
        connection.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            f"INSERT INTO beat (at_us, {columns}) SELECT i, {columns} FROM n, (SELECT * FROM beat LIMIT 1)"
        )
    connection.close()
    process = subprocess.Popen(
        [*COMMAND, "export", "--range", "all"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(PATIENCE_S) == 0


def test_chinese_on_a_terminal_that_lacks_it_is_no_error() -> None:
    answer = run("doctor", LC_ALL="zh_CN.UTF-8", PYTHONIOENCODING="ascii")
    assert answer.returncode in (0, 1)
    assert answer.stdout.splitlines()[0].endswith(answered("doctor").stdout.splitlines()[0][-20:])
    assert "Traceback" not in answer.stderr


def test_json_is_whole_however_a_pipe_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOS_HOME", str(tmp_path / "心跳"))
    answers = [run("doctor", "--json", PYTHONIOENCODING="cp1252"), answered("doctor", "--json")]
    assert answers[0].stdout.isascii()
    assert "心跳" in str(json.loads(answers[0].stdout))
    assert not answers[1].stdout.isascii()

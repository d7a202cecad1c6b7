"""`report`: every template in every format, of a small record and of an empty one."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aios_gui.cli import main
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.states import Mode
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.notes.model import Note
from aios_gui.history.queries import History
from aios_gui.instance.channel_server import ChannelServer
from aios_gui.instance.lock import InstanceInfo, InstanceLock
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.hiccups import MOST_EVENTS
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.reports.own_variables import SECTIONS
from aios_gui.reports.templates import TEMPLATES
from aios_gui.selfcheck.benchmark.facts import measurement_of
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.figures import iso_time
from tests.fakes import WALL, S, recorded_beat, write_run
from tests.processes import ROOT
from tests.reports.reports_made import HOSTILE
from tests.ui.incidents.incidents_made import a_week, busy
from tests.ui.warmup.bench_facts import a_result

BEATS = 300
JUNIT = '<testsuite><testcase classname="a" name="b" time="1"/></testsuite>'


@pytest.fixture
def record(paths: Paths) -> Paths:
    """Beats with a gap, a hiccup, incidents with a hostile culprit, changes, a note, warm-ups and a benchmark."""
    end_ns = WALL + BEATS * S
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    session = writer.begin_session(WALL, "service", {"interval_ns": S})
    beats = [
        replace(
            recorded_beat(seq, WALL + seq * S, session=session),
            lateness_ns=60_000 + 900_000_000 * (seq == 200),
        )
        for seq in range(BEATS)
        if not 100 <= seq < 150
    ]
    facts: dict[str, int | float | str] = {
        "lateness_ns": 900_000_000,
        "missed": 1,
        "seen_by": "beat",
        "cause": 1,
    }
    runs: dict[str, int | float | str] = {
        "beats": 3,
        "cold_ns": 600_000,
        "after_ns": 30_000,
        "took_ns": 10**7,
        "durations_ns": "600000 40000 30000",
    }
    result = replace(a_result(warmed_ns=22_600), started_ns=WALL, finished_ns=WALL + S)
    writer.write(
        [
            *beats,
            Gap(GapKind.SUSPENDED, WALL + 100 * S, WALL + 150 * S),
            Event(EventKind.HICCUP, WALL + 200 * S, 200, facts),
            Event(EventKind.WARMED_UP, WALL, 0, runs),
            *(hostile(each) for each in a_week(end_ns, WALL + 200 * S)),
            Look(
                "dpkg",
                end_ns,
                (Change(WALL + 9 * S, ChangeKind.PACKAGE, "dpkg", HOSTILE, "1", "2"),),
                {"a": 1},
            ),
            Note(WALL + 20 * S, WALL + 20 * S, HOSTILE, end_ns),
            measurement_of(result),
        ],
        session,
    )
    writer.end_session(session, end_ns)
    writer.close()
    return paths


def hostile(incident: Any) -> Any:
    """The incident with culprits whose names would be markup."""
    finding = incident.finding
    if finding is None or not finding.culprits:
        return incident
    culprits = tuple(replace(each, name=HOSTILE, command=HOSTILE) for each in finding.culprits)
    return replace(incident, finding=replace(finding, culprits=culprits))


def options(name: str, folder: Path) -> list[str]:
    file = folder / "junit.xml"
    file.write_text(JUNIT, encoding="utf-8")
    given = ["--template", name, "--range", "all"]
    if name == "comparison":
        given += ["--against", "all"]
    return given + (["--tests", str(file)] if name == "tests" else [])


def written(folder: Path, *given: str) -> str:
    """What the command writes, as Markdown."""
    file = folder / "report.md"
    assert main(["report", *given, "-o", str(file)]) == 0
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_has_its_verdict_first_and_no_word_of_the_other_language(
    record: Paths, tmp_path: Path, name: str
) -> None:
    lines: list[str] = []
    for language in ("en", "zh_CN"):
        lines = written(tmp_path, *options(name, tmp_path), "--language", language).splitlines()
        assert lines[0].startswith("# ")
        assert any(line.startswith("> **") for line in lines[:8])
        assert "alert(1)</script>" not in "\n".join(lines)
    assert "2262" not in "\n".join(lines), "the end of time is shown"
    assert sum("\u4e00" <= letter <= "\u9fff" for line in lines for letter in line) > 60


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_empty_record_has_reports_too(paths: Paths, tmp_path: Path, name: str) -> None:
    file = tmp_path / "report.html"
    assert main(["report", *options(name, tmp_path), "-o", str(file)]) == 0
    page = file.read_text(encoding="utf-8")
    assert "2262" not in page, "the end of time is shown"
    assert name == "tests" or '<section class="verdict fine">' not in page


def test_of_a_warm_up_whatever_the_record_says_only_figures_are_drawn(record: Paths, tmp_path: Path) -> None:
    runs: dict[str, int | float | str] = {"durations_ns": "600000 \u00b2 " + "9" * 5000 + " 30000"}
    write_run(record.store, [Event(EventKind.WARMED_UP, WALL + S, 0, runs)])
    told = written(tmp_path, "--template", "warmup", "--range", "all")
    assert "The first run took 600 µs, the last one 30 µs." in told


def test_an_incident_that_goes_on_is_told_up_to_the_last_beat(paths: Paths, tmp_path: Path) -> None:
    beats = [recorded_beat(seq, WALL + seq * 60 * S) for seq in range(180)]
    write_run(paths.store, [*beats, busy(7, WALL + 60 * S, None)], interval_ns=60 * S)
    assert "(2 h 59 min)" in written(tmp_path, "--template", "incident", "--incident", "7")


def test_a_single_beat_is_told_as_one(paths: Paths, tmp_path: Path) -> None:
    write_run(paths.store, [recorded_beat(0)])
    assert "\nOf 1 beat\n" in written(tmp_path, "--range", "all")


def test_of_many_hiccups_the_longest_are_told_also_where_they_follow_each_other(
    paths: Paths, tmp_path: Path
) -> None:
    lengths = {600: 9 * S, 601: 8 * S, 602: 7 * S}
    stalls = [
        Event(EventKind.HICCUP, WALL + seq * S, seq, {"lateness_ns": lengths.get(seq, 10**8)})
        for seq in range(MOST_EVENTS + 500)
    ]
    write_run(paths.store, [recorded_beat(0), *stalls], interval_ns=S)
    report = written(tmp_path, "--template", "month", "--range", "all")
    told = re.findall(r"\| ([0-9.]+ m?s) \| not looked into", report)
    assert told[:4] == ["9.0 s", "8.0 s", "7.0 s", "100 ms"]


def test_notes_that_are_left_out_are_told(record: Paths, tmp_path: Path) -> None:
    notes = [Note(WALL + number * S, WALL + number * S, f"note {number}", WALL) for number in range(40)]
    write_run(record.store, notes)
    report = written(tmp_path, "--template", "incident", "--range", "all")
    assert "The last 30 of 41, written by people and scripts" in report


def test_a_figure_by_its_name_and_what_there_is_where_it_is_none(
    record: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figure.svg"
    given = ["report", "--template", "production", "--range", "all", "-o", str(file)]
    assert main([*given, "--figure", "percentiles"]) == 0
    assert "<svg" in file.read_text(encoding="utf-8")
    before = file.read_bytes()
    assert main([*given, "--figure", "none"]) == 2
    assert "there are: strip, smoke, percentiles" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (["--template", "sumary"], "there is no template “sumary”"),
        (["--template", "comparison"], "--against"),
        (["--template", "tests"], "--tests"),
        (["-o", "report.docx"], "report.docx ends in none of .html, .pdf, .md, .png, .svg"),
        (["--template", "tests", "--tests", "/nowhere.xml"], "nowhere.xml"),
        (["--template", "incident", "--incident", "9999"], "no incident 9999"),
    ],
)
def test_what_is_missing_is_told(
    record: Paths, capsys: pytest.CaptureFixture[str], given: list[str], word: str
) -> None:
    assert main(["report", *given]) == 2
    assert word in capsys.readouterr().err


def test_templates_of_the_user_are_listed_and_written(
    record: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = record.data / "report-templates"
    folder.mkdir()
    text = (
        "# Ours\n{{ beats }} of {{ missed }}\n{% for each in incidents %}\n- {{ each.cause }}\n{% endfor %}\n"
    )
    (folder / "ours.jinja").write_text(text + "{{ section('machine') }}\n", encoding="utf-8")
    (folder / "broken.jinja").write_text("\n{% for", encoding="utf-8")
    assert main(["report", "--list", "--json"]) == 0
    answer = capsys.readouterr()
    listed = {each["name"]: each for each in json.loads(answer.out)}
    assert list(listed) == [*TEMPLATES, "ours"]
    assert (listed["ours"]["title"], listed["ours"]["own"]) == ("Ours", True)
    assert "broken.jinja, line 2" in answer.err
    file = tmp_path / "ours.html"
    assert main(["report", "--template", "ours", "--range", "all", "-o", str(file)]) == 0
    assert "<h1>Ours</h1>" in file.read_text(encoding="utf-8")
    assert main(["report", "--template", "broken", "-o", str(file)]) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_name_of_a_template_moves_nothing_in_the_terminal(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = paths.data / "report-templates"
    folder.mkdir(parents=True)
    (folder / "ours\x1b[2J.jinja").write_text("# Ours {{ beats }}\n", encoding="utf-8")
    assert main(["report", "--list"]) == 0
    assert main(["report", "--template", "none"]) == 2
    answer = capsys.readouterr()
    assert "ours" in answer.out
    assert "\x1b" not in answer.out + answer.err


def test_the_figures_are_those_that_the_history_gives(record: Paths, tmp_path: Path) -> None:
    file, span = tmp_path / "report.md", TimeRange(WALL, WALL + BEATS * S)
    given = f"{iso_time(span.start_ns)}..{iso_time(span.end_ns)}"
    assert main(["report", "--template", "month", "--range", given, "-o", str(file)]) == 0
    rows = [
        line.split(" | ") for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    told = {
        row[0].removeprefix("| "): row[1].removeprefix("● ").removeprefix("■ ")
        for row in rows
        if len(row) == 3
    }
    with RecordReader(record.store) as reader:
        history = History(reader)
        coverage, times = history.coverage(span), history.distribution(span)
    assert told["beats"] == told["made"] == figures.count(coverage.made) == "250"
    assert told["due"] == figures.count(coverage.due)
    assert told["duration, P99"] == figures.duration(times.duration.raw.at(0.99))
    assert told["lateness, P99"] == figures.duration(times.lateness.raw.at(0.99)) == "60 µs"
    assert told["recorded"] == figures.availability(coverage.share)
    assert told["hiccups"] == "1"


def test_of_a_slice_the_machine_that_it_tells_of_is_told_and_not_this_one(
    paths: Paths, tmp_path: Path
) -> None:
    file = tmp_path / "slice.aiosrec"
    write_run(
        file, map(recorded_beat, range(9)), interval_ns=S,
        version="0.0.7", python="3.11.0", system="linux", release="6.1.0", cores=96,
    )  # fmt: skip
    told = written(tmp_path, "--slice", str(file), "--template", "warmup").replace("\\", "")
    assert "| cores | 96 |" in told
    assert "| system | linux-6.1.0 |" in told
    assert "| program | AIOS Heartbeat 0.0.7 |" in told
    assert "While this report was made" not in told
    other = written(tmp_path, "--slice", str(file), "--template", "optimization")
    assert "not measured on this machine" not in other


@pytest.mark.parametrize("span", ["7d", "all"])
def test_the_instance_that_runs_is_asked_where_the_span_reaches_up_to_now(
    record: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str], span: str
) -> None:
    lock, server = InstanceLock(record), ChannelServer(record, lambda _request: b"{}")
    lock.take()
    server.start()
    lock.announce(InstanceInfo(os.getpid(), Mode.SERVICE, server.address))
    try:
        given = ["report", "--template", "week", "--range", span, "-o", str(tmp_path / "report.md")]
        assert main(given) == 0
    finally:
        server.stop()
        lock.release()
    assert "cannot be asked for the targets" in capsys.readouterr().err


def test_the_list_is_in_the_language_of_the_reader(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--list", "--json", "--language", "zh_CN"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["title"] == "性能总结"


def test_progress_ends_with_what_was_written(
    record: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "nice", lambda by: 0, raising=False)
    file = tmp_path / "report.html"
    assert main(["report", "--range", "all", "-o", str(file), "--progress", "json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["file"], result["format"], result["template"]) == (str(file), "html", "summary")
    assert result["size_bytes"] == file.stat().st_size


def test_the_page_on_templates_names_every_section_variable_and_template(
    record: Paths, tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`\.?([a-z0-9_-]+)`", page))
    assert set(SECTIONS) <= named
    assert set(TEMPLATES) <= named
    folder = record.data / "report-templates"
    folder.mkdir()
    # Each variable that the page names is there, or the template would be refused.
    rows = re.findall(r"^\| (`.*?) \|", page.partition("| variable | is |")[2], re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row)]
    assert len(names) > 10
    fields = "{{ duration.p99_9 }} {% for each in days %}{{ each.lateness_p99 }}{% endfor %}"
    text = "".join(f"{{% if {name} is defined %}}- {name}\n{{% endif %}}" for name in names) + fields
    (folder / "every.jinja").write_text(text, encoding="utf-8")
    file = tmp_path / "every.md"
    assert main(["report", "--template", "every", "--range", "all", "-o", str(file)]) == 0
    told = file.read_text(encoding="utf-8").replace("\\", "")
    assert [name for name in names if f"- {name}\n" not in told] == []

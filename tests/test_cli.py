"""The command line as a function: every way to end is a status and a sentence, and the log has the rest."""

import io
import json
import re
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from aios_gui import app, cli
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.sampling import Choice
from aios_gui.system.paths import find_paths
from aios_gui.text.catalogue import current_language, use_language
from aios_gui.text.terminal.output import tolerate_any_text
from tests.fakes import write_run


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def run(_arguments: object) -> int:
        raise error

    monkeypatch.setattr("aios_gui.selfcheck.doctor.cli.run", run)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LookupError("odd\nthing"), "something went wrong inside the program (LookupError: odd thing)"),
        (PermissionError(13, "Permission denied", "/etc/x"), "/etc/x: Permission denied"),
    ],
)
def test_unexpected_error_is_a_sentence_and_its_trace_is_logged(
    error: Exception,
    words: str,
    aios_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    failing(monkeypatch, error)
    assert cli.main(["doctor"]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert told.startswith(f"aios-heartbeat: {words}")
    assert told.count("\n") == 1
    assert "Traceback" in (aios_home / "logs" / "aios-heartbeat.log").read_text()


JSON = [
    ("settings", "list"),
    ("settings", "get", "beat.interval_s"),
    ("settings", "path"),
    ("record",),
    ("record", "--move", "."),
    ("record", "--move", "/dev/null"),
    ("forget",),
    ("autostart", "status"),
    ("autostart", "plan"),
    ("incidents", "--range", "all"),
    ("incidents", "--show", "7"),
    ("incidents", "--replay", "cpu"),
    ("targets",),
    ("bench", "--list"),
    ("doctor",),
    ("about",),
    ("quit",),
]


@pytest.mark.parametrize("command", JSON, ids=" ".join)
def test_json_has_no_translated_words(
    command: tuple[str, ...],
    aios_home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One of the commands moves the record into the folder where it was started.
    monkeypatch.chdir(tmp_path)
    (aios_home / "settings.toml").write_text('[window]\nlanguage = "zh_CN"\n')
    now_ns = time.time_ns()
    finding = Finding(FindingKind.MANY_SMALL, {"share": 0.9}, (Culprit("make", 1, 320.0),))
    incident = Incident(7, "cpu", "cpu_percent", Level.CRITICAL, now_ns, 95.0, 80.0, finding=finding)
    write_run(find_paths().store, [incident], now_ns)
    cli.main([*command, "--json"])
    out, told = capsys.readouterr()
    json.loads(out)
    assert not re.findall("[\u4e00-\u9fff]", out + told)
    assert current_language() == "en"
    cli.main(["incidents", "--show", "7"])
    assert re.findall("[\u4e00-\u9fff]", capsys.readouterr().out), "the user reads Chinese all the same"


def _written(monkeypatch: pytest.MonkeyPatch, encoding: str, call: Callable[[], int]) -> tuple[int, str]:
    """The status, and what a terminal with this encoding is given."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding, newline="\n", write_through=True) for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    status = call()
    return status, "".join(stream.detach().getvalue().decode(encoding) for stream in streams)


WORDS = [
    ["--help"],
    ["bea"],
    ["no-such-command"],
    ["export", "--range", "yesterday"],
    ["about"],
    *([name, "--help"] for name in cli.COMMANDS),
]


@pytest.mark.parametrize("arguments", WORDS, ids=" ".join)
def test_where_chinese_cannot_be_shown_english_is_spoken(
    arguments: list[str], aios_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (aios_home / "settings.toml").write_text('[window]\nlanguage = "zh_CN"\n')
    status, chinese = _written(monkeypatch, "gbk", lambda: cli.main(arguments))
    assert re.findall("[\u4e00-\u9fff]", chinese)
    told, english = _written(monkeypatch, "ascii", lambda: cli.main(arguments))
    assert told == status
    assert len(english.split()) > 5
    assert "?" not in english.removesuffix("?\n")


def test_wrong_usage_is_told_in_the_users_language(aios_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (aios_home / "settings.toml").write_text('[window]\nlanguage = "zh_CN"\n')
    for arguments in (
        ["who", "--at"],
        ["beat", "--nonsense"],
        ["service", "--interval", "x"],
        ["service", "--after", "x"],
    ):
        _status, said = _written(monkeypatch, "utf-8", partial(cli.main, arguments))
        assert not re.search("[a-z]{4,} [a-z]{4,}", said.partition(": ")[2].replace("aios-heartbeat", "")), (
            said
        )
    _status, said = _written(monkeypatch, "utf-8", lambda: cli.main(["beat", "--help"]))
    assert "usage" not in said
    assert "show this" not in said


def test_characters_of_english_texts_have_something_alike_in_ascii(
    aios_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> int:
        tolerate_any_text()
        print("“a” ‘b’ 1–2 −3… 5 µs 2× 4÷2 ≤ ≥ a→b · 5\u00a0% 心")
        return 0

    _status, written = _written(monkeypatch, "ascii", write)
    assert written == "\"a\" 'b' 1-2 -3... 5 us 2x 4/2 <= >= a->b . 5 % ?\n"


def test_all_of_the_help_is_in_the_language_of_the_user() -> None:
    use_language("zh_CN")
    helps = [parser().format_help() for parser in (cli.program_parser, app.window_parser)]
    assert all("显示程序版本并退出" in each and "version number" not in each for each in helps)


HELP = [
    *([name, "--help"] for name in cli.COMMANDS),
    ["--help"],
    [],
    ["--version"],
    ["about"],
    ["targets"],
    ["settings", "list"],
]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a device of Linux")
@pytest.mark.parametrize(
    ("program", "arguments"),
    [*(("aios-heartbeat", each) for each in HELP), ("aios-gui", ["--help"]), ("aios-gui", ["--version"])],
)
def test_an_output_that_cannot_be_written_is_told_in_one_line(
    program: str,
    arguments: list[str],
    aios_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main = cli.main if program == "aios-heartbeat" else app.main
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert _status_of(lambda: main(arguments)) == 2
    assert capsys.readouterr().err == f"{program}: the output could not be written: No space left on device\n"


def _status_of(call: Callable[[], int]) -> object:
    try:
        return call()
    except SystemExit as leaving:
        return leaving.code


def test_interrupted_command_is_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert cli.main(["doctor"]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bea", "there is no command “bea”; did you mean “beat”?\n"),
        ("incident", "there is no command “incident”; did you mean “incidents”?\n"),
        ("xyz", "there is no command “xyz”; see aios-heartbeat --help\n"),
    ],
)
def test_unknown_command_is_refused_with_a_suggestion(
    name: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name]) == 2
    assert capsys.readouterr() == ("", f"aios-heartbeat: {words}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--duration", "9e9"], "“9e9” is not a number of minutes from 0.0001 to 5,256,000"),
        (["--duration", "nan"], "“nan” is not a number of minutes from "),
        (["--after", "soon"], "“soon” is not a number of seconds from 0 to 3,600"),
    ],
)
def test_a_length_that_is_none_is_refused_with_what_may_be(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli.main(["service", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_every_module_that_is_a_command_is_registered() -> None:
    package = Path(cli.__file__).parent
    found = {
        file.relative_to(package).with_suffix("").as_posix().replace("/", ".")
        for file in package.rglob("*.py")
        if "\ndef add_arguments(" in file.read_text(encoding="utf-8")
    }
    assert found == {module for module, _description in cli.COMMANDS.values()}


def test_nothing_asked_for_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in cli.COMMANDS)


def test_a_beat_that_cannot_be_measured_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_sampler() -> Choice:
        raise OSError("no counters\nhere")

    handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("aios_gui.heartbeat.sampling.choose_sampler", no_sampler)
    assert cli.main(["profile", "--runs", "10"]) == 2
    out, told = capsys.readouterr()
    assert (out, told.count("\n")) == ("", 1)
    assert told.startswith("aios-heartbeat: the beat cannot be measured: OSError: no counters here;")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == handlers

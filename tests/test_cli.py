"""The command line as a function: every way to end is a status and a sentence, and the log has the rest."""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui import cli
from aios_gui.heartbeat.sampling import Choice
from aios_gui.system.logs import stop_logging


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    stop_logging()
    logging.getLogger().setLevel(level)


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

"""Manual pages and completion: each names every command and every option that the program takes, and no other."""

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from building.completion import completions
from building.manual import manuals

from aios_gui.app import window_parser
from aios_gui.cli import COMMANDS, command_parser

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
TIME_S = 1_700_000_000
PAGES = manuals("1.2.3", TIME_S)
SHELLS = completions()


def options(parser: argparse.ArgumentParser) -> set[str]:
    told = [action for action in parser._actions if action.help is not argparse.SUPPRESS]
    return {each for action in told for each in action.option_strings if each.startswith("--")}


def plain(page: str) -> str:
    return page.replace("\\-", "-")


def test_the_manual_has_every_command_with_every_option() -> None:
    page = plain(PAGES["aios-heartbeat.1"])
    sections = re.split(r"^\.SS aios-heartbeat (\S+)", page, flags=re.MULTILINE)
    assert sections[1::2] == list(COMMANDS)
    for name, text in zip(sections[1::2], sections[2::2], strict=True):
        listed = set(OPTION.findall("\n".join(line for line in text.splitlines() if line.startswith(".B "))))
        assert options(command_parser(name)) <= listed, name


def test_the_manual_of_the_window_has_its_options_and_the_version() -> None:
    page = plain(PAGES["aios-gui.1"])
    assert options(window_parser()) == set(OPTION.findall(page))
    assert page.startswith('.TH AIOS-GUI 1 "2023-11-14" "AIOS Heartbeat 1.2.3"')


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("name", list(PAGES))
def test_roff_has_nothing_to_say_against_it(name: str) -> None:
    command = ["groff", "-ww", "-man", "-Tutf8", "-Kutf8", "-z"]
    done = subprocess.run(command, input=PAGES[name].encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


@pytest.mark.parametrize("place", [place for place in SHELLS if "heartbeat" in place])
def test_a_shell_is_told_every_command_and_option(place: str) -> None:
    text = SHELLS[place]
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", text), name
        for option in options(command_parser(name)) - {"--help"}:
            assert option in text or re.search(rf"-l ['\"]?{option[2:]}\b", text), (name, option)


def test_a_shell_can_read_it() -> None:
    for place in list(SHELLS):
        shell = next(each for each in ("bash", "zsh", "fish") if place.startswith(each))
        if not shutil.which(shell):
            pytest.skip(f"{shell} is not installed")
        done = subprocess.run([shell, "-n"], input=SHELLS[place].encode(), capture_output=True, check=False)
        assert (done.returncode, done.stderr.decode()) == (0, "")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("aios-heartbeat be", "beat bench"),
        ("aios-heartbeat doc", "doctor"),
        ("aios-heartbeat report --tests our", "our-tests.xml"),
        ("aios-heartbeat analyze --slice our", "our-tests.xml"),
        ("aios-heartbeat import our", "our-tests.xml"),
        ("aios-heartbeat record --move ou", "out"),
        ("aios-gui our", "our-tests.xml"),
    ],
)
def test_bash_completes_what_is_typed(typed: str, offered: str, tmp_path: Path) -> None:
    (tmp_path / "our-tests.xml").touch()
    (tmp_path / "out").mkdir()
    words = typed.split()
    script = SHELLS[f"bash-completion/completions/{words[0]}"]
    ask = (
        f"\nCOMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}\n"
        f"_shtab_{words[0].replace('-', '_')} {words[0]} {words[-1]} {words[-2]}\necho ${{COMPREPLY[@]}}\n"
    )
    done = subprocess.run(
        ["bash"], input=script + ask, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout.strip() == offered, done.stderr


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"), [("be", ["beat", "bench"]), ("doc", ["doctor"]), ("autostart rep", ["repair"])]
)
def test_fish_completes_a_command(typed: str, offered: list[str], tmp_path: Path) -> None:
    script = tmp_path / "aios-heartbeat.fish"
    script.write_text(SHELLS["fish/vendor_completions.d/aios-heartbeat.fish"])
    ask = f"source '{script}'; complete -C 'aios-heartbeat {typed}'"
    command = ["fish", "--no-config", "--command", ask]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == offered, done.stderr

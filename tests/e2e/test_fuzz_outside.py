"""Garbage from outside; `python -m tests.e2e.fuzz_outside` tries hundreds of each kind."""

import contextlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.fuzz_outside import changes, every
from tests.processes import COMMAND, ROOT

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_little_garbage_gets_words(aios_home: Path, tmp_path: Path) -> None:
    every(25, 1, tmp_path)


@pytest.mark.long
def test_much_garbage_gets_words(aios_home: Path, tmp_path: Path) -> None:
    every(1_000, 2, tmp_path)


def run_with(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The real program in this environment alone."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    usable = {name: value for name, value in environ.items() if "\0" not in value}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env={**kept, **usable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "number", [0, 1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 60))]
)
def test_the_program_starts_in_an_odd_environment_or_says_why_not(number: int, tmp_path: Path) -> None:
    environ = changes(random.Random(number), tmp_path)
    for arguments in (["beat"], ["doctor", "--json"]):
        done = run_with(environ, *arguments)
        assert done.returncode in (0, 1, 2), done.stderr
        assert b"Traceback" not in done.stderr, done.stderr
        assert b"went wrong inside" not in done.stderr, done.stderr
        assert done.returncode != 2 or done.stderr


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the variables are those of Linux")
@pytest.mark.parametrize("number", range(30))
def test_the_window_starts_with_odd_variables_of_qt_or_says_why_not(number: int, tmp_path: Path) -> None:
    chance = random.Random(number)
    environ = changes(chance, tmp_path) | {
        "AIOS_HOME": str(tmp_path / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    for name in chance.sample(["QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "DISPLAY"], 2):
        environ[name] = chance.choice(
            ["", "nothing", "-1", "1e999", "nan", "x" * 5_000, "minimal", ":99", "\x1b[2J"]
        )
    with contextlib.suppress(
        subprocess.TimeoutExpired
    ):  # the view in the terminal goes on until it is stopped
        done = run_with(environ, "--quit-after", "1")
        assert done.returncode in (0, 1, 2), done.stderr
        assert b"Traceback" not in done.stderr, done.stderr

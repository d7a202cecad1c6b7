"""Mutated settings files: whatever became of one, the program says what is wrong, and beats go on.

`python -m tests.e2e.fuzz_settings COUNT [SEED]` tries COUNT of them with every reader of settings in this process,
and every hundredth with the real service. It ends with status 1 at the first that breaks something, which is kept.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.doctor_checks import actions
from aios_gui.instance.settings import DECLARED
from aios_gui.settings import doctor_checks
from aios_gui.settings.file import SettingsError, SettingsFile
from aios_gui.settings.model import Settings
from aios_gui.settings.text import compose
from aios_gui.settings.transfer import ImportRefused, import_settings
from aios_gui.settings.watch import SettingsWatch
from aios_gui.settings.words import fault_sentence, kept_sentence, problem_sentence, remedy
from aios_gui.system.paths import find_paths
from aios_gui.text.check import CheckState
from tests.processes import beats_of, run_command, service, wait_until

MOST_S = 20.0
"""No file of a megabyte may take longer, on a machine that does other things too."""
_REAL_EVERY = 100
_TOKENS = (
    *(
        "[[rules]]\n",
        "[rules]\n",
        "[beat]\n",
        "[a.b.c]\n",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        '"""',
        "=",
        ".",
        ",",
        "\n",
        "#",
    ),
    *(
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-0.0",
        "0x" + "f" * 5_000,
        "9" * 400,
        "9" * 9_000,
        "true",
        "1979-05-27T07:32:00Z",
    ),
    *(
        "\ufeff",
        "\0",
        "\u202e",
        "\ud7ff",
        "\u2028",
        "\x1b[2J",
        "\\u0000",
        "\\ud800",
        "\r",
        "\r\n",
        "\t",
        " " * 9_000,
    ),
    *(
        "a." * 3_000 + "a = 1\n",
        "[" * 3_000,
        "{a=" * 2_000,
        "x = 1\n" * 2_000,
        "version = 99\n",
        "version = 0\n",
    ),
    *(
        'actions = ["run:false"]\n',
        'actions = ["run:"]\n',
        'measure = "custom:x"\n',
        'allow = "x"\n',
        "limit = -1\n",
    ),
    *(
        "interval_s = 0.5\n",
        "interval_s = []\n",
        'theme = "odd"\n',
        'language = "zh_CN"\n',
        'quit = "Ctrl+"\n',
    ),
)
_RULES = """
[[rules]]
name = "hot"
measure = "cpu_percent"
limit = 90.0
clear = 80.0
quiet_from = "22:00"
quiet_to = "06:00"
allow = ["make", "cc1"]
actions = ["notify", "run:false", "renice:cargo", "confine:make"]
[[rules]]
name = "queue"
measure = "custom:queue"
limit = 5
"""


def seeds() -> tuple[bytes, ...]:
    """Sound files: with and without rules, of this version and of the first, empty."""
    defaults = Settings(DECLARED)
    full = compose(defaults.with_value("beat.interval_s", 0.5), {"odd": {"kept": [1, 2]}})
    old = "version = 1\n[thresholds]\ncpu_percent = 70\n[autostart]\nway = 'auto'\n"
    plain = "".join(
        line.removeprefix("# ") + "\n" for line in full.splitlines() if not line.startswith("# A")
    )
    return tuple(each.encode() for each in (full, full + _RULES, plain, old, _RULES, ""))


def mutated(chance: random.Random) -> bytes:
    """A sound file after one to six changes of any kind."""
    content = bytearray(chance.choice(seeds()))
    for _change in range(chance.randint(1, 6)):
        place = chance.randint(0, len(content))
        end = min(len(content), place + chance.choice((1, 8, 80, 800)))
        match chance.randint(0, 6):
            case 0:
                content[place:place] = chance.choice(_TOKENS).encode()
            case 1:
                content[place:end] = chance.choice(_TOKENS).encode()
            case 2:
                del content[place:end]
            case 3:
                content[place:place] = content[place:end] * chance.choice((1, 2, 50))
            case 4:
                content[place:end] = chance.randbytes(end - place)
            case 5 if place < len(content):
                content[place] ^= 1 << chance.randint(0, 7)
            case _:
                del content[place:]
    return bytes(content[:1_200_000])


def read_everywhere(path: Path, content: bytes) -> list[str]:
    """All that is said of a file by every reader of settings; any error but the declared ones comes through."""
    said: list[str] = []
    began = time.monotonic()
    path.write_bytes(content)
    file = SettingsFile(path, DECLARED)
    loaded = file.load(set_aside=False)
    for problem in loaded.problems:
        said += [problem_sentence(problem), fault_sentence(problem), kept_sentence(problem), remedy(problem)]
    taken = SettingsWatch(file).take_over(Settings(DECLARED))
    assert {each.name for each in DECLARED if taken.settings[each.name] is None} == set()
    check = doctor_checks.settings(file)
    assert (check.state is CheckState.OK) == (not loaded.problems)
    said += [check.detail, actions(find_paths(), loaded.settings).detail]
    try:
        assert import_settings(path, DECLARED) == loaded.settings
    except ImportRefused as refused:
        said += [fault_sentence(each) for each in refused.problems]
    try:
        file.save(loaded.settings.with_value("beat.interval_s", 0.25))
        assert file.load().settings["beat.interval_s"] == 0.25
    except SettingsError as error:
        said.append(problem_sentence(error.problem))
    Confirmations(path).read()
    took_s = time.monotonic() - began
    assert took_s < MOST_S, f"{took_s:.1f} s"
    assert all(each and each.isprintable() for text in said for each in text.split("\n")), said
    return said


def live_through(content: bytes) -> None:
    """The real service starts with the file and beats, as it does where the file changes while it runs."""
    paths = find_paths()
    paths.config.mkdir(parents=True, exist_ok=True)
    paths.settings.write_bytes(content)
    said = run_command("beat")
    assert said.returncode in (0, 1), said.stderr
    assert "Traceback" not in said.stderr
    assert "went wrong inside" not in said.stderr
    before = len(beats_of(paths)) if paths.store.exists() else 0
    with service(paths, "--interval", "0.1"):
        wait_until(lambda: paths.store.exists() and len(beats_of(paths)) > before + 5, "it beats")
        paths.settings.write_bytes(content[: len(content) // 2])
        run_command("settings", "confirm")  # has it look at once
        now = len(beats_of(paths))
        wait_until(lambda: len(beats_of(paths)) > now + 5, "beats go on")


def fuzz(
    count: int, seed: int, path: Path, tell: Callable[[str], object] = print, real_every: int = 0
) -> None:
    """Try ``count`` of them; the first that breaks something is kept beside ``path`` and its error comes through."""
    words = 0
    for number in range(count):
        content = mutated(random.Random(f"{seed}-{number}"))
        try:
            words += bool(read_everywhere(path, content))
            if real_every and number % real_every == 0:
                live_through(content)
        except BaseException:
            kept = path.with_name(f"broke-{seed}-{number}.toml")
            kept.write_bytes(content)
            tell(f"file {number} of seed {seed} broke it: {kept}")
            raise
        for each in path.parent.glob("settings*"):
            each.unlink()
    tell(f"{count} files of seed {seed}: words each time")


if __name__ == "__main__":
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AIOS_HOME"] = str(Path(folder) / "home")
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
        kept_in = Path(tempfile.mkdtemp(prefix="aios-fuzz-"))
        began_s = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
        fuzz(wanted, began_s, kept_in / "settings.toml", real_every=_REAL_EVERY)

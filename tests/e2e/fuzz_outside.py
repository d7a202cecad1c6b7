"""Garbage from outside, for every other reader: arguments, environment, channel, /proc, catalogue.

`python -m tests.e2e.fuzz_outside COUNT [SEED]` tries COUNT of each in this process.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from aios_gui import cli
from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.sampling.procfs_sampler import ProcfsSampler
from aios_gui.instance import commands
from aios_gui.instance.channel import AnotherVersion, CommandRefused, exchange
from aios_gui.instance.resident import Resident
from aios_gui.instance.settings import DECLARED
from aios_gui.instance.words import event_sentence
from aios_gui.settings.model import Settings
from aios_gui.system.paths import find_paths
from aios_gui.system.resources import resource
from aios_gui.text import catalogue
from tests.instance.test_channel import Served

RUNS = ("incidents", "hiccups", "changes", "who", "analyze", "compare", "settings", "targets", "about")
"""Commands that only tell; of the others it is only tried how they read their arguments."""
_WORDS = (
    *(
        "",
        "-",
        "--",
        "---",
        "-h",
        "--json",
        "--",
        "=",
        "--=",
        "a",
        "0",
        "-1",
        "1e999",
        "nan",
        "9" * 400,
        "x" * 70_000,
    ),
    *(
        "\udcff",
        "\x1b[2J",
        "\u202e",
        "日本",
        "'",
        '"',
        "$(id)",
        "%s%n",
        "{0.__class__}",
        "../..",
        "/dev/full",
    ),
    *(
        "24h",
        "all",
        "7d",
        "..",
        "2020-01-01..",
        "..2020",
        "9999-12-31T23:59:59Z..all",
        "-5h",
        "5x",
        "@/etc/passwd",
        "*",
    ),
)
_VARIABLES = (
    *(
        "LANG",
        "LC_ALL",
        "LANGUAGE",
        "LC_MESSAGES",
        "TZ",
        "COLUMNS",
        "TERM",
        "NO_COLOR",
        "DISPLAY",
        "WAYLAND_DISPLAY",
    ),
    *(
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_RUNTIME_DIR",
        "XDG_CURRENT_DESKTOP",
        "USER",
        "HOME",
    ),
    *("QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME", "NOTIFY_SOCKET"),
    *("AIOS_HOME", "DBUS_SESSION_BUS_ADDRESS", "PATH", "TMPDIR", "SOURCE_DATE_EPOCH", "PYTHONIOENCODING"),
)
_VALUES = (
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "/dev/null",
        "/proc/1",
        "relative",
        "~",
        "~nobody",
        "x" * 9_000,
        "a/" * 300,
        "\udcff",
    ),
    *(
        "\x1b[2J",
        "zh_CN.UTF-8",
        "zh_TW",
        "xx",
        "C:en:zh",
        "::",
        "-1",
        "0",
        "1e999",
        "nan",
        "offscreen",
        "nothing",
        ":99",
    ),
)


def _said(*arguments: str) -> str:
    """What a command says; it ends with one of its statuses and without a traceback."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        status = cli.main(list(arguments))
    said = error.getvalue()
    assert status in (0, 1, 2), (arguments, status)
    assert "Traceback" not in said, (arguments, said)
    assert "went wrong inside" not in said, (arguments, said)
    assert status != 2 or said, arguments
    return said


def _options(name: str) -> list[str]:
    parser = cli.command_parser(name)
    return [option for action in parser._actions for option in action.option_strings]


def arguments(chance: random.Random, _folder: Path) -> None:
    """A command line of a known or unknown command."""
    name = chance.choice((*cli.COMMANDS, *cli.COMMANDS, chance.choice(_WORDS)))
    pool = (*_WORDS, *_WORDS[:8], *(_options(name) if name in cli.COMMANDS else ()))
    given = [chance.choice(pool) for _word in range(chance.randint(0, 5))]
    if chance.random() < 0.3:
        given = [chance.choice(pool) + "=" + chance.choice(_WORDS), *given]
    given = [word for word in given if "--follow" not in word]
    if name in RUNS or name not in cli.COMMANDS:
        _said(name, *given)
        return
    status: object = 0
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as error:
        try:
            cli.command_parser(name).parse_args(given)
        except SystemExit as leaving:
            status = leaving.code
    assert status in (0, 2), given
    assert status == 0 or error.getvalue(), given


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        if sys.platform != "win32":  # where a time zone cannot be set by a variable
            time.tzset()


def changes(chance: random.Random, folder: Path) -> dict[str, str]:
    """An odd environment, whose folders lie in ``folder`` where they can be made."""
    found = {}
    for name in chance.sample(_VARIABLES, chance.randint(1, 6)):
        value = chance.choice(_VALUES)
        if name in ("HOME", "AIOS_HOME") or name.startswith("XDG_"):
            value = value if value in ("", "/dev/null", "/proc/1") else f"{folder}/{value}"
        found[name] = value
    return {"AIOS_HOME": "", "HOME": str(folder), **found}


def environment(chance: random.Random, folder: Path) -> None:
    """What a command makes of odd variables."""
    with _environment(changes(chance, folder)):
        catalogue.system_language()
        find_paths()
        _said(chance.choice(RUNS))
    catalogue.use_language("en")


def _mutated(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _change in range(chance.randint(1, 4)):
        place = chance.randint(0, len(found))
        end = min(len(found), place + chance.choice((0, 1, 8, 80)))
        match chance.randint(0, 4):
            case 0:
                del found[place:]
            case 1:
                del found[place:end]
            case 2:
                found[place:end] = chance.randbytes(end - place)
            case 3:
                found[place:place] = chance.choice(
                    (b"\0", b"\xff", b"-1", b"9" * 400, b" ", b"\n", b"(", b")", b"[" * 999)
                )
            case _ if place < len(found):
                found[place] ^= 1 << chance.randrange(8)
    return bytes(found)


def proc(chance: random.Random, folder: Path) -> None:
    """A tree of /proc in which something is garbage."""
    real = Path("/proc")
    for name in ("stat", "meminfo", "vmstat", "pressure/cpu", "pressure/io", "pressure/memory"):
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        with contextlib.suppress(OSError):
            target.write_bytes(_mutated((real / name).read_bytes(), chance))
    own = real / "self"
    for pid in ("1", "77", "٣", "9" * 400, "0"):
        with contextlib.suppress(OSError):
            (folder / pid).mkdir(exist_ok=True)
            for name in ("stat", "io", "cmdline"):
                (folder / pid / name).write_bytes(_mutated((own / name).read_bytes(), chance))
    processes = ProcProcesses(folder)
    for _look in range(2):
        table = processes.table(2**62)
        assert len(table.rows) <= 5
        processes.refreshed(table, set(table.rows))
    SystemEvidence(folder).counters()
    with contextlib.suppress(OSError, ValueError):
        sampler = ProcfsSampler(str(folder))
        try:
            sampler.read_cpu()
            sampler.read_memory()
        finally:
            sampler.close()


def translations(chance: random.Random, folder: Path, content: bytes) -> None:
    """A catalogue that was damaged: either it is spoken, and every sentence holds, or English is."""
    import aios_gui.system.resources as resources

    target = folder / "zh_CN" / "LC_MESSAGES" / "aios.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_mutated(content, chance))
    before = resources.resource
    resources.resource = lambda *_parts: folder
    try:
        catalogue.use_language("zh_CN")
        facts: dict[str, int | float | str] = {
            "lateness_ns": 10**8,
            "missed": 2,
            "beats": 3,
            "unrecorded_beats": 4,
        }
        for kind in EventKind:
            assert event_sentence(Event(kind, 1, 1, facts))
    finally:
        resources.resource = before
        catalogue.use_language("en")


def _refuse(_command: object) -> Any:
    raise ValueError("not here")


def spoken_to() -> Served:
    """A channel that refuses in words whatever is asked."""
    paths = find_paths()
    paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Served(paths, lambda raw: commands.answer(raw, _refuse))


def channel(chance: random.Random, spoken: Served) -> None:
    """Bytes before and after the handshake; another caller is answered all the same."""
    if chance.random() < 0.3:
        with spoken.raw() as caller, contextlib.suppress(OSError):
            caller.sendall(chance.randbytes(chance.choice((1, 4, 20, 70_000))))
    request = _mutated(msgspec.json.encode(commands.GetSnapshot()), chance)
    assert msgspec.json.decode(commands.answer(request, lambda _command: commands.Done()))
    commands_of = [b"null", b"[]", b'{"type":[]}', b'{"type":"move_record","folder":"\\u0000"}', request]
    with spoken.authenticated() as connection, contextlib.suppress(OSError, EOFError):
        connection.send_bytes(chance.choice(commands_of))
        assert connection.poll(10), "no answer"
        assert b"error" in connection.recv_bytes()
    assert b"error" in exchange(spoken.paths, b"{}", 10.0)


def answers(chance: random.Random, snapshot: bytes) -> None:
    """What the other end says, in a client."""
    with contextlib.suppress(AnotherVersion, CommandRefused):
        commands.read_answer(commands.GetSnapshot(), _mutated(snapshot, chance))


def fuzz(what: Callable[[random.Random, Path], object], count: int, seed: int, folder: Path) -> None:
    """Try ``count`` of them; AssertionError or what escaped names the seed."""
    for number in range(count):
        place = folder / f"{what.__name__}-{number}"
        place.mkdir(mode=0o700)
        try:
            with _environment({}), contextlib.chdir(place):
                what(random.Random(f"{what.__name__}-{seed}-{number}"), place)
        except BaseException as error:
            error.add_note(f"{what.__name__} {number} of seed {seed}")
            raise


def every(count: int, seed: int, folder: Path, tell: Callable[[str], object] = print) -> None:
    """All of them."""
    content = resource("translations", "zh_CN", "LC_MESSAGES", "aios.mo").read_bytes()

    def damaged_translations(chance: random.Random, place: Path) -> None:
        translations(chance, place, content)

    resident = Resident(find_paths(), Settings(DECLARED), Mode.SERVICE)
    snapshot = commands.answer(msgspec.json.encode(commands.GetSnapshot()), resident.execute)
    assert commands.read_answer(commands.GetSnapshot(), snapshot).snapshot.made == 0

    def damaged_answers(chance: random.Random, _place: Path) -> None:
        answers(chance, snapshot)

    readers: list[Callable[[random.Random, Path], object]] = [
        arguments,
        environment,
        damaged_translations,
        damaged_answers,
    ]
    if sys.platform == "linux":
        readers.append(proc)
    if sys.platform != "win32":
        spoken = spoken_to()

        def spoken_channel(chance: random.Random, _place: Path) -> None:
            channel(chance, spoken)

        readers.append(spoken_channel)
    try:
        for reader in readers:
            began = time.monotonic()
            fuzz(reader, count, seed, folder)
            tell(f"{reader.__name__}: {count} of seed {seed}, {time.monotonic() - began:.1f} s")
    finally:
        if sys.platform != "win32":
            spoken.stop()


if __name__ == "__main__":
    logging.disable()
    with tempfile.TemporaryDirectory() as home:
        os.environ["AIOS_HOME"] = home
        Path(home).chmod(0o700)
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 300
        every(wanted, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()), Path(tempfile.mkdtemp()))

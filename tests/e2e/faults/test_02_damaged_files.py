"""Bytes flipped, cut off, nothing or garbage in each file that it owns: it starts all the same, and again."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import EVER, at_once, complete, heartbeat, home_at, nothing_escaped, window

SMALL = (
    "settings.toml",
    "window.ini",
    "confirmed.json",
    "data/instance.json",
    "data/instance.lock",
    "data/channel.key",
    "data/login.json",
    "logs/aios-heartbeat.log",
)
"""All that it owns but the record."""
NOTES = ("data/record-folder.json", "data/record-move.json")
"""Where the record is, and where it is moved to."""
RECORD = ("data/heartbeat.sqlite3", "data/heartbeat.sqlite3-wal")
Damage = Callable[[bytes, random.Random], bytes]
Survives = Callable[[Path, Path, Damage, int], None]


def flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _each in range(min(5, len(changed))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut_off(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def nothing(_content: bytes, _chance: random.Random) -> bytes:
    return b""


def garbage(content: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((3, len(content), 70_000)))


DAMAGES: tuple[Damage, ...] = (flipped, cut_off, nothing, garbage)


def lived_in(paths: Paths) -> None:
    """Every file that it owns, as a run that was killed has left it."""
    paths.settings.write_text("[beat]\ninterval_s = 0.05\n[record]\nraw_days = 3\n")
    paths.window_state.write_text("[window]\ngeometry=@ByteArray(\\x1\\xd9\\xd0\\xcb)\npanel=live\n")
    paths.confirmations.write_text('{"confirmed": ["0123456789abcdef"]}')
    with heartbeat(paths, "service", "--at-login", "--interval", "0.05") as running:
        running.wait_until_it_beats()
        running.wait_for_beats(5)
        running.kill()
        running.process.communicate()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was lived in."""
    folder = tmp_path_factory.mktemp("lived-in") / "home"
    lived_in(home_at(folder))
    return folder


def copy_of(home: Path, folder: Path) -> Paths:
    paths = home_at(folder)
    shutil.copytree(home, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
    return paths


def damage(paths: Paths, names: Iterable[str], how: Damage, chance: random.Random) -> None:
    for name in names:
        file = paths.config / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(how(file.read_bytes() if file.exists() else b"{}", chance))


def starts_twice(paths: Paths) -> None:
    """It beats and records whatever it finds, with a sentence for what it cannot use; so it does the next time."""
    for says in (r"settings could not be understood|set aside|settings\.toml", ""):
        with heartbeat(paths) as running:
            running.wait_until_it_beats()
            running.beats_on()
            complete(paths, running.quit(says))


def survives_in_small_files(home: Path, folder: Path, how: Damage, seed: int) -> None:
    paths = copy_of(home, folder)
    names: tuple[str, ...] = SMALL
    if how is not flipped:  # a path with a bit flipped would be another place of this machine
        paths.record_note.write_text(json.dumps({"folder": str(paths.data)}))
        paths.move_note.write_text(json.dumps({"from": str(paths.data), "to": str(folder)}))
        names += NOTES
    damage(paths, names, how, random.Random(seed))
    starts_twice(paths)
    nothing_escaped(paths)


def survives_in_the_record(home: Path, folder: Path, how: Damage, seed: int) -> None:
    paths = copy_of(home, folder)
    chance = random.Random(seed)
    damage(paths, [chance.choice(RECORD)], how, chance)
    starts_twice(paths)
    put_aside = list(paths.data.glob("*.damaged-*.sqlite3"))
    assert len(put_aside) <= 1, "set aside once, not with each start"
    with RecordReader(paths.store) as reader:
        told = reader.events(*EVER, EventKind.STORE_SET_ASIDE)
    assert [Path(str(event.facts["moved_to"])) for event in told] == put_aside


@pytest.mark.parametrize("among", [0, pytest.param(1, marks=pytest.mark.long)])
def test_whatever_stands_in_its_files_it_beats_and_records(home: Path, tmp_path: Path, among: int) -> None:
    """Half of the damages to its small files, and the other half to the record."""
    at_once(
        *(
            partial(survives, home, tmp_path / f"{survives.__name__}-{how.__name__}", how, seed)
            for place, survives in enumerate((survives_in_small_files, survives_in_the_record))
            for seed, how in enumerate(DAMAGES)
            if (seed + place) % 2 == among
        )
    )


@pytest.mark.long
@pytest.mark.parametrize("survives", [survives_in_small_files, survives_in_the_record])
def test_a_hundred_damages(home: Path, tmp_path: Path, survives: Survives) -> None:
    for seed in range(100, 200):
        survives(home, tmp_path / str(seed), DAMAGES[seed % len(DAMAGES)], seed)
        with window(home_at(tmp_path / str(seed))) as running:
            running.wait_until_it_beats()
            running.quit()
        shutil.rmtree(tmp_path / str(seed))

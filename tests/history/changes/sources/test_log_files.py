"""Logs and their rotated files: each line is read once, whatever becomes of the files between two looks."""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aios_gui.history.changes.model import Problem
from aios_gui.history.changes.sources import log_files
from aios_gui.history.changes.sources.log_files import LogFiles
from tests.privileges import as_ordinary_user, has_permissions
from tests.systems import has_a_shell

NAME = "dpkg.log"


def read(folder: Path, place: dict[str, object]) -> tuple[list[str], dict[str, object], Problem | None]:
    logs = LogFiles(folder, NAME)
    return list(logs.lines(place)), logs.place, logs.problem


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    (".gz", gzip.compress),
    (".xz", lzma.compress),
    (".bz2", bz2.compress),
]


@pytest.mark.parametrize(("suffix", "pack"), PACKERS, ids=["plain", "gz", "xz", "bz2"])
def test_a_log_that_is_rotated_between_two_looks_is_read_on(
    suffix: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / f"{NAME}.2.gz").write_bytes(gzip.compress(b"one\n"))
    (tmp_path / f"{NAME}.1").write_bytes(b"two\n")
    (tmp_path / NAME).write_bytes(b"three\nfour\nto")
    (tmp_path / "dpkg.log.old").write_bytes(b"no\n")
    lines, place, problem = read(tmp_path, {})
    assert (lines, problem) == (["one", "two", "three", "four"], None)
    assert read(tmp_path, place) == ([], place, None)
    content = (tmp_path / NAME).read_bytes() + b"rn\nfive\n"
    (tmp_path / f"{NAME}.1{suffix}").unlink(missing_ok=True)
    (tmp_path / f"{NAME}.1{suffix}").write_bytes(pack(content))
    (tmp_path / NAME).write_bytes(b"")
    lines, place, _problem = read(tmp_path, place)
    assert lines == ["torn", "five"]
    (tmp_path / NAME).write_bytes(b"six\n")
    assert read(tmp_path, place)[0] == ["six"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["write", "torn", "rotate", "look", "look"]), max_size=40))
def test_every_line_is_read_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    place: dict[str, object] = {}
    seen: list[str] = []
    written = 0
    current = folder / NAME
    current.touch()
    for step in [*steps, "write", "look"]:
        if step in ("write", "torn"):
            written += 1
            with current.open("a") as stream:
                stream.write(f"line {written}\n" if step == "write" else f"line {written}")
            if step == "torn":
                with current.open("a") as stream:
                    lines, place, _problem = read(folder, place)
                    seen += lines
                    stream.write("\n")
        elif step == "rotate":
            for number in range(20, 0, -1):
                older = folder / f"{NAME}.{number}"
                if older.exists():
                    older.rename(folder / f"{NAME}.{number + 1}")
            if current.stat().st_size:
                current.rename(folder / f"{NAME}.1")
                current.touch()
        else:
            lines, place, _problem = read(folder, place)
            seen += lines
    assert seen == [f"line {number}" for number in range(1, written + 1)]


def test_files_that_are_named_by_date_come_in_order(tmp_path: Path) -> None:
    for name, text in ((f"{NAME}-20260101.gz", "one"), (f"{NAME}-20260201.gz", "two"), (NAME, "three")):
        packed = gzip.compress(f"{text}\n".encode()) if name.endswith("gz") else f"{text}\n".encode()
        (tmp_path / name).write_bytes(packed)
    assert read(tmp_path, {})[0] == ["one", "two", "three"]


def test_of_a_huge_log_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "MOST_BYTES", 1000)
    (tmp_path / NAME).write_bytes(b"".join(b"line %d\n" % number for number in range(10_000)))
    lines, place, problem = read(tmp_path, {})
    assert problem is Problem.TOO_MUCH
    assert 90 < len(lines) < 110
    assert lines[-1] == "line 9999"
    assert read(tmp_path, place) == ([], place, None)


def test_a_bomb_is_read_up_to_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "MOST_BYTES", 100_000)
    (tmp_path / f"{NAME}.1.gz").write_bytes(gzip.compress(b"x\n" * 10_000_000))
    lines, _place, problem = read(tmp_path, {})
    assert problem is Problem.TOO_MUCH
    assert len(lines) < 60_000


def test_a_line_that_is_no_line_of_a_log_is_left_out(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"one\n" + b"x" * (3 << 20) + b"\n\xff\xfe two\0\n" + b"y" * (2 << 20))
    assert read(tmp_path, {})[0] == ["one", "\ufffd\ufffd two\0"]


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b\x08 damaged", gzip.compress(b"one\n" * 1000)[:30], b""],
    ids=["damaged", "cut", "empty"],
)
def test_a_damaged_file_is_told_and_the_others_are_read(content: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.1.gz").write_bytes(content)
    (tmp_path / NAME).write_bytes(b"two\n")
    lines, _place, problem = read(tmp_path, {})
    assert lines[-1:] == ["two"]
    assert problem is (Problem.UNREADABLE if content else None)


@has_a_shell
def test_a_pipe_in_place_of_a_log_holds_up_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert read(tmp_path, {}) == ([], {}, Problem.UNREADABLE)


@has_permissions
def test_a_log_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    def refused() -> tuple[list[str], Problem | None]:
        import tempfile

        with tempfile.TemporaryDirectory() as made:
            (Path(made) / NAME).write_bytes(b"one\n")
            (Path(made) / NAME).chmod(0)
            lines, _place, problem = read(Path(made), {})
            return lines, problem

    assert as_ordinary_user(refused) == ([], Problem.DENIED)


def test_a_log_that_was_replaced_is_read_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"one\ntwo\n")
    place = read(tmp_path, {})[1]
    (tmp_path / NAME).write_bytes(b"other\n")
    assert read(tmp_path, place)[0] == ["other"]


def test_what_takes_too_long_goes_on_from_there(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"".join(b"line %d\n" % number for number in range(5_000)))
    logs = LogFiles(tmp_path, NAME, lambda: True)
    first = list(logs.lines({}))
    assert logs.problem is Problem.TOOK_TOO_LONG
    assert first + read(tmp_path, logs.place)[0] == [f"line {number}" for number in range(5_000)]

"""The record moves to another folder: beats go on, a kill at any moment leaves it whole, a refusal changes nothing."""

import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.relocation import job as record_move
from aios_gui.record.relocation import journal as record_place
from aios_gui.record.relocation.job import RecordMove
from aios_gui.record.relocation.journal import (
    COPY_NAME,
    former_folders,
    move_under_way,
    point_to,
    settle,
)
from aios_gui.record.relocation.model import MovePhase, MoveProblem
from aios_gui.record.relocation.words import move_sentence
from aios_gui.record.resilient_store import ResilientStore, SessionFacts
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths, find_paths
from tests.fakes import WALL, Kept, S, recorded_beat
from tests.privileges import as_ordinary_user, has_permissions, open_folder
from tests.systems import follows_links, removes_open_files

MANY = 6_000


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "other disk"


@pytest.fixture(scope="session")
def earlier_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with the beats of an earlier run, to be copied."""
    file = tmp_path_factory.mktemp("earlier") / "heartbeat.sqlite3"
    writer = SqliteWriter(file, RECORD_SCHEMA)
    writer.open()
    writer.write([recorded_beat(seq, WALL - (MANY - seq) * S, session=9) for seq in range(MANY)], 9)
    writer.close()
    return file


@pytest.fixture
def kept(paths: Paths, earlier_record: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """A store with a record that is copied in many steps."""
    monkeypatch.setattr(record_move, "_PAGES_AT_ONCE", 3)
    make_private(paths.data)
    shutil.copyfile(earlier_record, paths.store)
    paths.store.chmod(0o600)
    kept = Kept(paths.store)
    kept.beat(3)
    yield kept
    kept.crash()


def seqs(paths: Paths) -> list[int]:
    """The beats of the run, without those of the earlier one."""
    with RecordReader(paths.store) as reader:
        assert reader.check() == "ok"
        return [beat.seq for beat in reader.beats(WALL, 2**62) if beat.session != 9]


def count(paths: Paths) -> int:
    with RecordReader(paths.store) as reader:
        return reader.count(0, WALL)


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.glob("heartbeat*"))


def move(kept: Kept, paths: Paths, target: Path, between: Callable[[], None] | None = None) -> RecordMove:
    made = RecordMove(paths, target)
    made.run(kept.store, between or kept.beat)
    return made


def test_beats_go_on_and_none_is_lost(kept: Kept, paths: Paths, target: Path) -> None:
    made = move(kept, paths, target)
    assert made.status.phase is MovePhase.DONE
    assert made.status.share == 1.0
    made_meanwhile = kept.second
    assert made_meanwhile > 10
    kept.beat(2)
    kept.close()
    assert paths.store == target / "heartbeat.sqlite3"
    assert files(paths.data) == []
    assert files(target) == ["heartbeat.sqlite3"]
    assert seqs(paths) == list(range(made_meanwhile + 2))
    assert count(paths) == MANY
    assert move_under_way(paths) is None
    with closing(sqlite3.connect(paths.store)) as connection:
        assert connection.execute("SELECT count(*), max(ended_us) IS NOT NULL FROM session").fetchone() == (
            1,
            1,
        )


def test_it_moves_on_and_back(kept: Kept, paths: Paths, target: Path, tmp_path: Path) -> None:
    move(kept, paths, target)
    kept.beat()
    move(kept, paths, tmp_path / "third")
    kept.beat()
    assert files(target) == []
    assert move(kept, paths, paths.data).status.phase is MovePhase.DONE
    kept.beat()
    kept.close()
    assert seqs(paths) == list(range(kept.second))
    assert files(tmp_path / "third") == []
    assert not paths.record_note.exists()


def test_what_is_written_while_the_copy_is_read_through_is_in_it(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, written = threading.Event(), threading.Event()

    def slowly(_connection: sqlite3.Connection) -> str:
        begun.set()
        assert written.wait(20)
        return ""

    def between() -> None:
        kept.beat()
        if begun.is_set():
            kept.beat(5)
            written.set()

    monkeypatch.setattr(record_move, "find_damage", slowly)
    made = RecordMove(paths, target)
    made.run(kept.store, between)
    assert made.status.phase is MovePhase.DONE
    kept.beat()
    kept.close()
    assert seqs(paths) == list(range(kept.second))


STEPS = ("note_move", "point_to", "name_copy", "remove", "forget_move")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_one_place_is_whole_and_the_next_start_tidies_up(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    real: Callable[..., Any] = getattr(record_place, step)

    def killing(*args: Any) -> None:
        # Stale copies are looked for before anything begins; that is not the step meant.
        if step == "remove" and not args[0]:
            return
        if when == "after":
            real(*args)
        raise Killed

    monkeypatch.setattr(record_place, step, killing)
    with pytest.raises(Killed):
        move(kept, paths, target)
    monkeypatch.setattr(record_place, step, real)
    whole_after_a_kill(kept, paths, target)


@pytest.mark.parametrize("phase", [MovePhase.COPYING, MovePhase.CHECKING])
def test_killed_in_the_midst_of_copying_or_checking(
    kept: Kept, paths: Paths, target: Path, phase: MovePhase
) -> None:
    made = RecordMove(paths, target)

    def between() -> None:
        kept.beat()
        if made.status.phase is phase:
            raise Killed

    with pytest.raises(Killed):
        made.run(kept.store, between)
    assert (target / COPY_NAME).exists()
    whole_after_a_kill(kept, paths, target)


@pytest.mark.parametrize("number", [0, pytest.param(1, marks=removes_open_files)])
def test_killed_while_the_former_record_is_being_removed(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    unlink = Path.unlink
    removed: list[Path] = []

    def killing(self: Path, missing_ok: bool = False) -> None:
        if self.parent == paths.data and self.name.startswith("heartbeat"):
            if len(removed) == number:
                raise Killed
            removed.append(self)
        unlink(self, missing_ok)

    keep_log = sqlite3.connect(paths.store)
    keep_log.execute("SELECT count(*) FROM session").fetchall()  # so that the log stays beside the record
    monkeypatch.setattr(Path, "unlink", killing)
    with pytest.raises(Killed):
        move(kept, paths, target)
    keep_log.close()
    monkeypatch.setattr(Path, "unlink", unlink)
    whole_after_a_kill(kept, paths, target)


def whole_after_a_kill(kept: Kept, paths: Paths, target: Path) -> None:
    """What the next start finds: every beat that was committed, in one place, and nothing in the other."""
    kept.crash()
    committed = kept.second
    assert settle(paths)
    here, there = (target, paths.data) if paths.record_folder == target else (paths.data, target)
    assert files(here) == ["heartbeat.sqlite3"]
    assert files(there) == []
    assert move_under_way(paths) is None
    assert seqs(paths) == list(range(committed))
    assert count(paths) == MANY
    kept.path = paths.store
    kept.begin_again(WALL + kept.second * S)
    kept.beat(2)
    kept.close()
    assert seqs(paths)[-2:] == [committed, committed + 1]


def test_cancelled_while_it_copies_nothing_has_changed(kept: Kept, paths: Paths, target: Path) -> None:
    made = RecordMove(paths, target)

    def between() -> None:
        kept.beat()
        made.cancel()

    made.run(kept.store, between)
    unchanged(made, MovePhase.CANCELLED, kept, paths, target)


def unchanged(made: RecordMove, phase: MovePhase, kept: Kept, paths: Paths, target: Path) -> None:
    assert made.status.phase is phase
    kept.beat(2)
    kept.close()
    assert paths.record_folder == paths.data
    assert seqs(paths) == list(range(kept.second))
    assert files(target) == []
    assert move_under_way(paths) is None


def test_disk_full_in_the_midst_of_it(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def cramped(path: Path, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(path, **options)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    monkeypatch.setattr(sqlite3, "connect", cramped)
    made = move(kept, paths, target)
    monkeypatch.undo()
    assert made.status.problem is MoveProblem.COPY_FAILED
    assert "full" in made.status.reason
    unchanged(made, MovePhase.FAILED, kept, paths, target)


def test_a_copy_that_is_not_sound_is_dropped(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_move, "find_damage", lambda connection: "page 7 is never used")
    made = move(kept, paths, target)
    assert made.status.problem is MoveProblem.COPY_DAMAGED
    unchanged(made, MovePhase.FAILED, kept, paths, target)


@pytest.mark.parametrize("step", ["point_to", "name_copy"])
def test_a_note_that_cannot_be_written_leaves_the_record_where_it_is(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = getattr(record_place, step)

    def refused(*args: Any) -> None:
        if target in args:
            raise OSError(30, "Read-only file system")
        real(*args)

    monkeypatch.setattr(record_place, step, refused)
    made = move(kept, paths, target)
    monkeypatch.setattr(record_place, step, real)
    assert made.status.problem is MoveProblem.NOT_SWITCHED
    assert "Read-only" in made.status.reason
    unchanged(made, MovePhase.FAILED, kept, paths, target)


def test_a_former_record_that_is_still_read_goes_with_the_next_start(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = paths.store
    unlink = Path.unlink

    def busy(self: Path, missing_ok: bool = False) -> None:
        if self == former:
            raise PermissionError(13, "in use", str(self))
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", busy)
    made = move(kept, paths, target)
    assert (made.status.phase, made.status.left_behind) == (MovePhase.DONE, str(former))
    assert not settle(paths)
    monkeypatch.setattr(Path, "unlink", unlink)
    assert settle(paths)
    assert files(paths.data) == []
    kept.close()


def refusal(paths: Paths, target: Path, kept: Kept) -> RecordMove:
    made = move(kept, paths, target)
    assert made.status.phase is MovePhase.FAILED
    kept.beat()
    kept.close()
    assert paths.record_folder == paths.data
    assert seqs(paths) == list(range(kept.second))
    return made


def test_where_it_cannot_go(kept: Kept, paths: Paths, target: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    held = tmp_path / "held"
    holder = SqliteWriter(held / "heartbeat.sqlite3", RECORD_SCHEMA)
    holder.open()
    holder.close()
    before = (held / "heartbeat.sqlite3").read_bytes()
    for folder, problem in (
        (Path("relative"), MoveProblem.NOT_ABSOLUTE),
        (paths.data, MoveProblem.SAME_FOLDER),
        (tmp_path / "file", MoveProblem.NOT_A_FOLDER),
        (tmp_path / "file" / "within", MoveProblem.NOT_WRITABLE),
        (held, MoveProblem.HOLDS_RECORD),
    ):
        assert move(kept, paths, folder).status.problem is problem, folder
    assert (held / "heartbeat.sqlite3").read_bytes() == before
    refusal(paths, held, kept)


@has_permissions
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_folder_where_others_could_put_another_record(
    kept: Kept, paths: Paths, target: Path, mode: int
) -> None:
    target.mkdir(parents=True)
    target.chmod(mode)
    status = refusal(paths, target, kept).status
    assert (status.problem, status.reason) == (MoveProblem.OPEN_TO_OTHERS, str(target))
    assert "Name a folder of your own" in move_sentence(status)
    assert files(target) == []


@has_permissions
def test_a_folder_below_one_that_others_may_write(kept: Kept, paths: Paths, target: Path) -> None:
    target.mkdir(parents=True)
    target.chmod(0o777)
    assert refusal(paths, target / "own", kept).status.reason == str(target)


@follows_links
def test_a_link_to_where_it_is_is_the_same_folder(kept: Kept, paths: Paths, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(paths.data, target_is_directory=True)
    assert refusal(paths, link, kept).status.problem is MoveProblem.SAME_FOLDER


@has_permissions
def test_a_folder_that_is_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_folder() as folder:
        monkeypatch.setenv("AIOS_HOME", str(folder / "home"))

        def refused() -> MoveProblem | None:
            paths, target = find_paths(), folder / "other disk"
            kept = Kept(paths.store)
            kept.beat(3)
            target.mkdir(mode=0o500)
            return refusal(paths, target, kept).status.problem

        assert as_ordinary_user(refused) is MoveProblem.NOT_WRITABLE


@has_permissions
def test_a_folder_in_one_that_may_not_be_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_folder() as folder:
        monkeypatch.setenv("AIOS_HOME", str(folder / "home"))

        def refused() -> MoveProblem | None:
            paths, closed = find_paths(), folder / "closed"
            kept = Kept(paths.store)
            kept.beat(3)
            closed.mkdir(mode=0)
            return move(kept, paths, closed / "other disk").status.problem

        assert as_ordinary_user(refused) is MoveProblem.NOT_WRITABLE


@pytest.mark.skipif(sys.platform != "linux", reason="a file system of Linux that nobody can write")
def test_a_file_system_that_cannot_be_written(kept: Kept, paths: Paths) -> None:
    for folder in (Path("/sys/kernel"), Path("/sys/kernel/aios")):
        assert move(kept, paths, folder).status.problem is MoveProblem.NOT_WRITABLE
    refusal(paths, Path("/sys/kernel"), kept)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="another file system")
def test_to_another_file_system_and_back(kept: Kept, paths: Paths) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        assert Path(folder).stat().st_dev != paths.data.stat().st_dev
        assert move(kept, paths, Path(folder)).status.phase is MovePhase.DONE
        kept.beat(2)
        assert move(kept, paths, paths.data).status.phase is MovePhase.DONE
        assert list(Path(folder).iterdir()) == []
    kept.beat(2)
    kept.close()
    assert seqs(paths) == list(range(kept.second))


def test_too_little_room_is_told_in_figures(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10**9, 10**9, 1_000_000)
    )
    status = refusal(paths, target, kept).status
    assert status.problem is MoveProblem.NO_ROOM
    assert (status.free_bytes, status.needed_bytes > 1_000_000) == (1_000_000, True)


def test_a_record_that_cannot_be_written_is_not_moved(kept: Kept, paths: Paths, target: Path) -> None:
    made = RecordMove(paths, target)

    def between() -> None:
        kept.crash()

    made.run(kept.store, between)
    assert made.status.problem is MoveProblem.NOT_RECORDING
    unchanged(made, MovePhase.FAILED, kept, paths, target)


def test_a_disk_that_is_not_there_is_waited_for(
    kept: Kept, paths: Paths, target: Path, tmp_path: Path
) -> None:
    move(kept, paths, target)
    kept.beat()
    kept.close()
    target.rename(tmp_path / "unplugged")
    kept.store = ResilientStore(
        paths.store, RECORD_SCHEMA, SessionFacts(WALL, "service", {}), 8, 10**9, own_folder=False
    )
    before = kept.second
    kept.beat(3)
    assert not kept.store.health.recording
    assert not target.exists()
    (tmp_path / "unplugged").rename(target)
    kept.beat(5)
    kept.close()
    assert seqs(paths) == list(range(before + 8))


def test_a_copy_on_a_disk_that_is_gone_keeps_the_former_record(paths: Paths, tmp_path: Path) -> None:
    holder = SqliteWriter(paths.store, RECORD_SCHEMA)
    holder.open()
    holder.close()
    record_place.note_move(paths, record_place.Move(paths.data, tmp_path / "gone"))
    point_to(paths, tmp_path / "gone")
    assert not settle(paths)
    assert files(paths.data)[0] == "heartbeat.sqlite3"


def test_folders_with_damaged_records_are_remembered(paths: Paths, tmp_path: Path) -> None:
    paths.data.mkdir()
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    point_to(paths, one)
    (one / "heartbeat.damaged-20250101-000000.sqlite3").touch()
    point_to(paths, two)
    assert former_folders(paths) == [one]
    point_to(paths, paths.data)
    assert (paths.record_folder, former_folders(paths)) == (paths.data, [one])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"folder": 3}',
        b'{"folder": "relative"}',
        b'{"folder": "/a\\u0000b"}',
        b"[" * 100_000,
    ],
)
def test_a_note_that_makes_no_sense_means_the_data_folder(paths: Paths, content: bytes) -> None:
    paths.data.mkdir()
    paths.record_note.write_bytes(content)
    paths.move_note.write_bytes(content)
    assert paths.record_folder == paths.data
    assert settle(paths)


FAILING = {
    "settle": (record_place, "settle"),
    "check": (record_move, "check_target"),
    "note_move": (record_place, "note_move"),
    "copy": (RecordMove, "_copy_record"),
    "remember": (ResilientStore, "remember_writes"),
    "find_damage": (RecordMove, "_check_copy"),
    "leave": (ResilientStore, "leave"),
    "complete": (ResilientStore, "complete"),
    "point_to": (record_place, "point_to"),
    "name_copy": (record_place, "name_copy"),
    "settle_in": (ResilientStore, "settle_in"),
}


@pytest.mark.parametrize("error", [RuntimeError("injected"), SystemExit(3), OSError(5, "injected")], ids=repr)
@pytest.mark.parametrize("step", FAILING)
def test_whatever_a_step_raises_the_record_stays_and_the_writer_goes_on(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    owner, name = FAILING[step]
    real = getattr(owner, name)
    calls: list[int] = []

    def failing(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise error
        return real(*args)

    monkeypatch.setattr(owner, name, failing)
    made = move(kept, paths, target)
    assert made.status.phase is MovePhase.FAILED
    assert made.status.reason
    assert kept.store._remembered is None, "what is written is no longer remembered"
    unchanged(made, MovePhase.FAILED, kept, paths, target)


@pytest.mark.parametrize("named", [True, False], ids=["the copy has its name", "it has not"])
def test_a_note_that_cannot_be_written_back_is_followed_once_the_copy_has_its_name(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """The disk of the note turns read-only between two writes: the next start opens the record where the note says."""
    point, name_copy = record_place.point_to, record_place.name_copy

    def once(paths: Paths, folder: Path) -> None:
        if folder != target:
            raise OSError(30, "Read-only file system")
        point(paths, folder)

    def refuse(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(record_place, "point_to", once)
    monkeypatch.setattr(ResilientStore, "settle_in", refuse)
    if not named:
        monkeypatch.setattr(record_place, "name_copy", refuse)
    made = move(kept, paths, target)
    monkeypatch.setattr(record_place, "name_copy", name_copy)
    assert kept.store._remembered is None
    kept.beat(3)
    kept.close()
    assert paths.record_folder == target
    monkeypatch.setattr(record_place, "point_to", point)
    if named:
        assert (made.status.phase, made.status.left_behind) == (
            MovePhase.DONE,
            str(paths.data / "heartbeat.sqlite3"),
        )
        assert not made.is_half_undone
    else:
        assert made.status.problem is MoveProblem.NOT_SWITCHED
        assert made.is_half_undone
    assert settle(paths)
    assert seqs(paths) == list(range(kept.second)), "the next start finds where it went on"
    went_on, other = (target, paths.data) if named else (paths.data, target)
    assert paths.record_folder == went_on
    assert files(other) == []


def test_what_could_not_be_undone_is_undone_as_soon_as_it_can_be(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = record_place.point_to

    def refuse(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(
            record_place, "point_to", lambda *args: point(*args) if args[1] == target else refuse()
        )
        failing.setattr(record_place, "name_copy", refuse)
        made = move(kept, paths, target)
        assert not made.undo()
        assert paths.record_folder == target
    assert made.undo()
    assert paths.record_folder == paths.data
    assert (files(target), paths.move_note.exists()) == ([], False)
    kept.beat(2)
    kept.close()
    assert seqs(paths) == list(range(kept.second))


def test_a_log_that_goes_while_it_is_measured_is_no_refusal(
    kept: Kept, paths: Paths, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = record_place.files_of

    def with_gone(record: Path) -> list[Path]:
        found = real(record)
        return [*found, record.with_name("gone")] if record == paths.data / "heartbeat.sqlite3" else found

    monkeypatch.setattr(record_place, "files_of", with_gone)
    record_move.check_target(paths, target)


@has_permissions
@pytest.mark.parametrize("place", ["", "deeper"])
def test_a_folder_under_one_that_may_not_be_searched(place: str) -> None:
    with open_folder() as folder:
        shut = folder / "shut"
        shut.mkdir()
        home = Paths(folder / "data", folder / "config", folder / "logs", folder / "data")
        kept = Kept(folder / "data" / "heartbeat.sqlite3")

        def refused() -> tuple[MovePhase, MoveProblem | None, str]:
            kept.beat(3)
            made = move(kept, home, shut / "within" / place)
            kept.beat(3)
            kept.close()
            return made.status.phase, made.status.problem, made.status.reason

        shut.chmod(0o000)
        phase, problem, reason = as_ordinary_user(refused)
        assert (phase, problem) == (MovePhase.FAILED, MoveProblem.NOT_WRITABLE)
        assert "ermission" in reason
        shut.chmod(0o700)
        assert kept.path.exists()

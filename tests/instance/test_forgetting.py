"""Forgetting everything leaves nothing in any folder, and touches nothing that is not the program's own."""

from pathlib import Path

import pytest

from aios_gui.instance.forget_words import belonging_lines, forgotten_sentence, left_lines
from aios_gui.instance.forgetting import Kind, belongings, forget
from aios_gui.instance.lock import AlreadyRunning, InstanceLock
from aios_gui.instance.resident import Resident
from aios_gui.instance.settings import settings_file
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.relocation import journal as record_place
from aios_gui.record.relocation.journal import point_to
from aios_gui.reports.past import note_written
from aios_gui.system.logs import start_logging, stop_logging
from aios_gui.system.paths import Paths, find_paths
from tests.autostart.fake_mechanisms import PROGRAM, FakeMechanism
from tests.defaults import DEFAULTS
from tests.fakes import Kept


def registered() -> FakeMechanism:
    """A mechanism by which the program is started at log-in."""
    return FakeMechanism(command=(*PROGRAM.window, "--minimized"))


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def used(paths: Paths, tmp_path: Path) -> Paths:
    """A home after much use: a record that was moved twice, damaged files, a log, a window, a crash."""
    start_logging(paths)
    resident = Resident(paths, DEFAULTS)
    resident.start()
    resident.shutdown()
    stop_logging()
    paths.logs.mkdir(exist_ok=True)
    report = tmp_path / "report.html"
    report.touch()
    note_written(paths, report, "week", "html", "en", TimeRange(0, 1), 2)
    for name in ("aios-heartbeat.log", "aios-heartbeat.log.1", "aios-heartbeat.log.3"):
        (paths.logs / name).touch()
    file = settings_file(paths)
    file.save(DEFAULTS)
    file.save(DEFAULTS)
    (paths.config / "settings.damaged-20250101-000000.toml").touch()
    (paths.config / ".settings.toml.4021.tmp").touch()
    paths.window_state.write_text("[window]\nmaximized=false\nnormal=@Rect(0 0 9 9)\npanel=live\n")
    (paths.data / f".aios-heartbeat-{0:016x}.tmp").touch()
    paths.login_start.touch()
    for name in ("instance.json", "instance.json.4021.new", "heartbeat.damaged-20250102-000000.sqlite3-wal"):
        (paths.data / name).touch()
    (paths.data / "aios-heartbeat-profile-4021-abc").mkdir()
    kept = Kept(paths.store)
    kept.beat()
    kept.close()
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        paths.store.rename(folder / "heartbeat.sqlite3")
        point_to(paths, folder)
        (folder / "heartbeat.damaged-20250101-000000.sqlite3").touch()
    record_place.note_move(paths, record_place.Move(tmp_path / "one", tmp_path / "two"))
    return paths


def left_in(*folders: Path) -> list[Path]:
    return [each for folder in folders for each in folder.rglob("*")]


def test_nothing_is_left_in_any_folder(used: Paths, aios_home: Path, tmp_path: Path) -> None:
    entry = registered()
    listed = belongings(used, [entry])
    assert {each.kind for each in listed} == set(Kind)
    forgotten = forget(used, [entry])
    assert forgotten.left == ()
    assert left_in(aios_home, tmp_path / "one", tmp_path / "two") == []
    assert (tmp_path / "report.html").exists()
    assert entry.command == ()
    assert {each.where for each in listed} - {each.where for each in forgotten.gone} <= {
        str(used.move_note)  # put in order before anything is removed
    }
    assert belongings(used, [entry]) == []


def test_it_is_listed_in_words(used: Paths) -> None:
    lines = belonging_lines(belongings(used, [registered()]))
    assert "The record of all beats:" in lines
    assert "  list desktop_file" in lines
    assert any(str(used.settings) in line for line in lines)


def test_what_is_not_the_programs_own_stays(used: Paths, aios_home: Path, tmp_path: Path) -> None:
    (aios_home / "mine.txt").touch()
    (tmp_path / "two" / "photo.jpg").touch()
    forget(used, [])
    assert left_in(aios_home, tmp_path / "two") == [aios_home / "mine.txt", tmp_path / "two" / "photo.jpg"]


OTHERS = {
    "settings.toml": "[window]\nwidth = 3\n",
    "window.ini": "[window]\nwidth=3\n",
    "settings.damaged-notes.txt": "mine",
    "settings.toml.orig": "mine",
    "data/heartbeat.damaged-mine/photo.jpg": "mine",
    "data/heartbeat.damaged-20250101-000000.sqlite3/photo.jpg": "mine",
    "data/instance.jsonl": "mine",
    "data/channel.keys": "mine",
    "data/aios-heartbeat-profile-1-a/photo.jpg": "mine",
    "logs/aios-heartbeat.log.old": "mine",
}
"""What other programs have in a folder that was named as home."""


def test_files_and_folders_of_other_programs_stay(paths: Paths, aios_home: Path) -> None:
    for name, text in OTHERS.items():
        file = aios_home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert belongings(paths, []) == []
    forgotten = forget(paths, [])
    assert [each.where for each in forgotten.gone] == [str(paths.instance_lock)]
    assert {each.relative_to(aios_home).as_posix() for each in left_in(aios_home) if each.is_file()} == set(
        OTHERS
    )


def test_empty_folders_of_another_program_stay(paths: Paths, aios_home: Path) -> None:
    aios_home.mkdir(exist_ok=True)
    paths.data.mkdir()
    paths.logs.mkdir()
    forget(paths, [])
    assert paths.logs.is_dir()
    assert paths.data.is_dir()


def test_nothing_goes_while_an_instance_runs(used: Paths) -> None:
    before = left_in(used.config)
    lock = InstanceLock(used)
    lock.take()
    entry = registered()
    with pytest.raises(AlreadyRunning):
        forget(used, [entry])
    lock.release()
    assert set(before) - set(left_in(used.config)) <= {used.instance_file}
    assert entry.command


def test_an_entry_for_another_home_is_left_alone(used: Paths, aios_home: Path) -> None:
    others, own = registered(), registered()
    own.command = (*PROGRAM.window, "--home", str(aios_home))
    forget(used, [others, own], str(aios_home))
    assert (bool(others.command), own.command) == (True, ())


@pytest.mark.parametrize("ending", ["2", "/inner"])
def test_an_entry_for_a_home_of_a_longer_name_is_left_alone(
    used: Paths, aios_home: Path, ending: str
) -> None:
    longer = registered()
    longer.command = (*PROGRAM.window, "--home", f"{aios_home}{ending}")
    assert belongings(used, [longer], str(aios_home))[-1].kind is not Kind.AUTOSTART
    forget(used, [longer], str(aios_home))
    assert longer.command


def test_without_a_home_of_its_own_the_entry_for_one_is_left_alone(used: Paths, aios_home: Path) -> None:
    for_a_home = registered()
    for_a_home.command = (*PROGRAM.window, "--home", str(aios_home))
    forget(used, [for_a_home])
    assert for_a_home.command


def test_what_cannot_be_removed_is_told_and_the_rest_goes(
    used: Paths, aios_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refused(self: Path, missing_ok: bool = False) -> None:
        if self == used.settings:
            raise PermissionError(13, "Permission denied")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    entry = registered()
    entry.refusal = "the system said no"
    forgotten = forget(used, [entry])
    assert forgotten.left == ((entry.where, "the system said no"), (str(used.settings), "Permission denied"))
    assert left_in(aios_home) == [used.settings]
    assert len(left_lines(forgotten)) == 2


def test_a_home_that_was_never_used_has_nothing_to_forget(paths: Paths, aios_home: Path) -> None:
    assert belongings(paths, []) == []
    forgotten = forget(paths, [])
    assert [each.kind for each in forgotten.gone] == [Kind.RUNNING]  # the lock, made for the occasion
    assert left_in(aios_home) == []
    assert "removed" in forgotten_sentence(forgotten)

"""The settings of the window: saved as they change, never on its thread; changes of their file are taken over."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from aios_gui.instance.settings import DECLARED
from aios_gui.settings.file import ProblemKind, SettingsFile
from aios_gui.settings.model import Settings
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.settings_store import LATE_MS, SettingsStore
from tests.defaults import DEFAULTS
from tests.ui.fakes import FakeResident

TWO, THREE = (DEFAULTS.with_value("beat.interval_s", seconds) for seconds in (2, 3))


class Disk(SettingsFile):
    """A file on a disk that answers only while it is let; ``writers`` are the threads that wrote, in their order."""

    def __init__(self, path: Path) -> None:
        self.answers = threading.Event()
        self.answers.set()
        super().__init__(path, DECLARED)
        self.begun = threading.Event()
        self.writers: list[threading.Thread] = []
        self.wrote: list[Settings] = []

    def identity(self) -> tuple[int, ...] | None:
        self.answers.wait()
        return super().identity()

    def save(self, settings: Settings) -> Path | None:
        self.begun.set()
        self.answers.wait()
        self.writers.append(threading.current_thread())
        self.wrote.append(settings)
        return super().save(settings)


class Run:
    """A store over a file, and what it told."""

    def __init__(self, file: Disk, qtbot: QtBot, late_ms: int = LATE_MS) -> None:
        self.owner = QObject()
        self.file, self._qtbot = file, qtbot
        loaded = file.load()
        self.store = SettingsStore(file, loaded.settings, loaded.problems, self.owner, late_ms)
        self.changed: list[tuple[str, ...]] = []
        self.saves = 0
        self.notices: dict[str, str] = {}
        self.locks = 0
        self.store.changed.connect(self.changed.append)
        self.store.saved.connect(self._save)
        self.store.notice_raised.connect(self._tell)
        self.store.over.connect(lambda key: self.notices.pop(key, None))
        self.store.lock_changed.connect(self._lock)

    def change(self, settings: Settings) -> None:
        """Change the settings, and wait until that is answered."""
        self.store.change(settings)
        self.wait()

    def look(self) -> None:
        """Look at the file, and wait until what it says is in force."""
        self.store.look()
        self.wait()

    def wait(self) -> None:
        self._qtbot.waitUntil(lambda: not self.store.is_saving and not self.store.is_looking)

    def end(self) -> None:
        self.file.answers.set()
        self.store.close(20.0)
        self.owner.deleteLater()

    def _save(self) -> None:
        self.saves += 1

    def _tell(self, notice: Notice) -> None:
        self.notices[notice.key] = notice.text()

    def _lock(self) -> None:
        self.locks += 1


@pytest.fixture
def run(tmp_path: Path, qtbot: QtBot) -> Iterator[Run]:
    made = Run(Disk(tmp_path / "settings.toml"), qtbot)
    yield made
    made.end()


def test_what_changes_together_is_told_together_and_saved(run: Run) -> None:
    wanted = TWO.with_value("window.theme", "dark")
    run.store.change(wanted)
    run.store.change(wanted)
    assert run.changed == [("beat.interval_s", "window.theme")]
    run.wait()
    assert run.file.load().settings == wanted
    assert (run.saves, len(run.file.wrote)) == (1, 1)


def test_nothing_is_written_on_the_thread_of_the_window(run: Run) -> None:
    run.change(TWO)
    run.change(THREE)
    assert len(run.file.writers) == 2
    assert threading.current_thread() not in run.file.writers


def test_a_disk_that_does_not_answer_holds_nothing_up_and_the_latest_is_saved_last(run: Run) -> None:
    run.file.answers.clear()
    run.store.change(TWO)
    assert run.file.begun.wait(20)
    for seconds in range(4, 9):
        run.store.change(DEFAULTS.with_value("beat.interval_s", seconds))
    run.store.change(THREE)
    assert run.store.settings == THREE
    assert run.store.is_saving
    assert len(run.changed) == 7
    assert run.file.wrote == []
    run.file.answers.set()
    run.wait()
    assert run.file.wrote == [TWO, THREE]
    assert run.file.load().settings == THREE
    assert run.saves == 1


def test_its_own_writing_is_not_taken_for_a_change_outside(run: Run) -> None:
    run.file.answers.clear()
    run.store.change(TWO)
    run.store.change(THREE)
    run.store.look()
    run.file.answers.set()
    run.wait()
    run.look()
    run.store.look_again()
    run.wait()
    assert run.notices == {}
    assert run.store.settings == THREE
    assert len(run.changed) == 2
    run.file.path.write_text("[beat]\ninterval_s = 5\n")
    run.look()
    assert run.store.settings["beat.interval_s"] == 5.0


def test_a_disk_that_does_not_answer_is_told_of_until_it_does(tmp_path: Path, qtbot: QtBot) -> None:
    run = Run(Disk(tmp_path / "settings.toml"), qtbot, late_ms=1)
    run.file.answers.clear()
    run.store.change(TWO)
    qtbot.waitUntil(lambda: "settings" in run.notices)
    assert "not saved yet" in run.notices["settings"]
    run.file.answers.set()
    run.wait()
    assert run.notices == {}
    run.end()


def test_the_end_waits_for_what_is_being_saved(run: Run) -> None:
    run.store.change(TWO)
    assert run.store.close(20.0) == ()
    assert run.file.load().settings == TWO


def test_the_end_comes_in_time_and_says_what_was_not_saved(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    run.change(TWO)
    run.file.answers.clear()
    run.store.change(THREE.with_value("window.theme", "dark"))
    assert run.store.close(0.01) == ("beat.interval_s", "window.theme")
    assert "could not be saved before the end: beat.interval_s, window.theme" in caplog.text
    assert run.file.load().settings == TWO


def test_what_could_not_be_written_is_said_at_the_end(run: Run) -> None:
    run.file.path.mkdir()
    run.change(TWO)
    assert run.store.close(20.0) == ("beat.interval_s",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_place_of_the_file_is_told_and_holds_nothing_up(run: Run) -> None:
    os.mkfifo(run.file.path)
    run.look()
    assert "not a regular file" in run.notices["settings-outside-0"]
    run.change(TWO)
    assert run.store.settings == TWO
    assert "not a regular file" in run.notices["settings"]


def test_a_disk_that_does_not_answer_when_it_is_looked_at_holds_nothing_up(run: Run) -> None:
    run.file.path.write_text("[beat]\ninterval_s = 5\n")
    run.file.answers.clear()
    for _ in range(5):
        run.store.look()
    assert run.store.is_looking
    run.store.change(DEFAULTS.with_value("record.raw_days", 9))
    assert run.store.settings["record.raw_days"] == 9
    run.file.answers.set()
    run.wait()
    run.look()
    assert run.store.settings["record.raw_days"] == 9, "what was changed here in the meantime stays"
    assert run.file.load().settings == run.store.settings


def test_undone_before_it_was_saved_it_is_saved_as_it_was(run: Run) -> None:
    run.file.answers.clear()
    run.store.change(TWO)
    run.store.change(DEFAULTS)
    run.file.answers.set()
    run.wait()
    assert run.file.load().settings == DEFAULTS


def test_a_file_broken_outside_is_told_kept_and_set_aside_when_the_next_change_is_saved(run: Run) -> None:
    run.change(TWO)
    run.file.path.write_text("[beat\n")
    run.look()
    (told,) = run.notices.values()
    assert "what was set before stays in force" in told
    assert run.store.settings["beat.interval_s"] == 2.0
    assert run.file.path.read_text() == "[beat\n"
    run.change(run.store.settings.with_value("record.raw_days", 9))
    (told,) = run.notices.values()
    assert "kept as settings.damaged-" in told
    (aside,) = run.file.path.parent.glob("settings.damaged-*")
    assert aside.read_text() == "[beat\n"
    assert run.file.load().settings["beat.interval_s"] == 2.0


def test_what_is_mended_outside_is_told_no_more(run: Run) -> None:
    run.file.path.write_text("[beat]\ninterval_s = 'x'\nodd = 1\n")
    run.look()
    assert len(run.notices) == 2
    run.file.path.write_text("[beat]\ninterval_s = 3\n")
    run.look()
    assert list(run.notices) == ["settings-outside"]
    assert run.store.settings["beat.interval_s"] == 3.0


def test_a_newer_file_locks_until_it_is_gone(run: Run) -> None:
    run.file.path.write_text(f"version = {DECLARED.version + 1}\n")
    run.look()
    assert run.store.locked is not None
    assert run.store.locked.kind is ProblemKind.NEWER_VERSION
    run.file.path.write_text("")
    run.look()
    assert run.store.locked is None
    assert run.locks == 2


def test_found_newer_at_the_start_it_is_locked_from_the_start(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"version = {DECLARED.version + 1}\n")
    made = Run(Disk(path), qtbot)
    assert made.store.locked is not None
    made.end()


def test_a_file_that_cannot_be_written_is_told_and_the_change_holds(run: Run) -> None:
    run.file.path.mkdir()
    run.change(DEFAULTS.with_value("beat.interval_s", 2))
    assert run.store.settings["beat.interval_s"] == 2.0
    assert list(run.notices) == ["settings"]
    run.file.path.rmdir()
    run.change(run.store.settings.with_value("beat.interval_s", 3))
    assert run.notices == {}


def test_many_changes_outside_are_told_in_short(run: Run) -> None:
    run.file.path.write_text(
        "[beat]\ninterval_s = 2\nrehearsal = 'off'\nwarm_up = false\n[thresholds]\nhiccup_ms = 9\n"
        "[record]\nraw_days = 9\nsize_limit_mb = 90\n[window]\ntheme = 'dark'\nrefresh_hz = 1\n"
    )
    run.look()
    assert run.notices["settings-outside"].endswith(", …")


def test_asked_to_look_by_another_program_it_does_so_at_once(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    controller.paths.settings.write_text("[beat]\ninterval_s = 4\n")
    assert resident.on_reload is not None
    with qtbot.waitSignal(controller.settings_changed):
        resident.on_reload()  # as on the channel's thread
    assert resident.applied[-1]["beat.interval_s"] == 4.0


def test_a_look_that_has_no_thread_is_not_waited_for(run: Run) -> None:
    run.store._looker.finish(0)  # as where the system gives none
    run.store.look()
    assert not run.store.is_looking, "the next look asks again"

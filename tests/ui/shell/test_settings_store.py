"""The settings of the window: saved as they change, and taken over where somebody else changed their file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from aios_gui.settings.file import VERSION, ProblemKind, SettingsFile
from aios_gui.settings.model import Settings
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.shell.settings_store import SettingsStore
from tests.ui.fakes import FakeResident


class Desk:
    """A desk over a file, and what it told."""

    def __init__(self, file: SettingsFile) -> None:
        self.owner = QObject()
        self.file = file
        loaded = file.load()
        self.desk = SettingsStore(file, loaded.settings, loaded.problems, self.owner)
        self.changed: list[tuple[str, ...]] = []
        self.notices: dict[str, str] = {}
        self.locks = 0
        self.desk.changed.connect(self.changed.append)
        self.desk.notice_raised.connect(self._tell)
        self.desk.over.connect(lambda key: self.notices.pop(key, None))
        self.desk.lock_changed.connect(self._lock)

    def _tell(self, notice: Notice) -> None:
        self.notices[notice.key] = notice.text()

    def _lock(self) -> None:
        self.locks += 1


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(SettingsFile(tmp_path / "settings.toml"))
    yield made
    made.owner.deleteLater()


def test_what_changes_together_is_told_together_and_saved_before(desk: Desk) -> None:
    wanted = Settings().with_value("beat.interval_s", 2).with_value("window.theme", "dark")
    desk.desk.changed.connect(lambda _names: found.append(desk.file.load().settings))
    found: list[Settings] = []
    desk.desk.change(wanted)
    desk.desk.change(wanted)
    assert desk.changed == [("beat.interval_s", "window.theme")]
    assert found == [wanted]
    desk.desk.look()
    assert desk.notices == {}


def test_a_file_broken_outside_is_told_kept_and_set_aside_when_the_next_change_is_saved(desk: Desk) -> None:
    desk.desk.change(Settings().with_value("beat.interval_s", 2))
    desk.file.path.write_text("[beat\n")
    desk.desk.look()
    (told,) = desk.notices.values()
    assert "what was set before stays in force" in told
    assert desk.desk.settings["beat.interval_s"] == 2.0
    assert desk.file.path.read_text() == "[beat\n"
    desk.desk.change(desk.desk.settings.with_value("record.raw_days", 9))
    (told,) = desk.notices.values()
    assert "kept as settings.damaged-" in told
    (aside,) = desk.file.path.parent.glob("settings.damaged-*")
    assert aside.read_text() == "[beat\n"
    assert desk.file.load().settings["beat.interval_s"] == 2.0


def test_what_is_mended_outside_is_told_no_more(desk: Desk) -> None:
    desk.file.path.write_text("[beat]\ninterval_s = 'x'\nodd = 1\n")
    desk.desk.look()
    assert len(desk.notices) == 2
    desk.file.path.write_text("[beat]\ninterval_s = 3\n")
    desk.desk.look()
    assert list(desk.notices) == ["settings-outside"]
    assert desk.desk.settings["beat.interval_s"] == 3.0


def test_a_newer_file_locks_until_it_is_gone(desk: Desk) -> None:
    desk.file.path.write_text(f"version = {VERSION + 1}\n")
    desk.desk.look()
    assert desk.desk.locked is not None
    assert desk.desk.locked.kind is ProblemKind.NEWER_VERSION
    desk.file.path.write_text("")
    desk.desk.look()
    assert desk.desk.locked is None
    assert desk.locks == 2


def test_found_newer_at_the_start_it_is_locked_from_the_start(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"version = {VERSION + 1}\n")
    made = Desk(SettingsFile(path))
    assert made.desk.locked is not None
    made.owner.deleteLater()


def test_a_file_that_cannot_be_written_is_told_and_the_change_holds(desk: Desk) -> None:
    desk.file.path.mkdir()
    desk.desk.change(Settings().with_value("beat.interval_s", 2))
    assert desk.desk.settings["beat.interval_s"] == 2.0
    assert list(desk.notices) == ["settings"]
    desk.file.path.rmdir()
    desk.desk.change(desk.desk.settings.with_value("beat.interval_s", 3))
    assert desk.notices == {}


def test_many_changes_outside_are_told_in_short(desk: Desk) -> None:
    desk.file.path.write_text(
        "[beat]\ninterval_s = 2\nrehearsal = 'off'\nwarm_up = false\n[thresholds]\nhiccup_ms = 9\n"
        "[record]\nraw_days = 9\nsize_limit_mb = 90\n[window]\ntheme = 'dark'\nrefresh_hz = 1\n"
    )
    desk.desk.look()
    assert desk.notices["settings-outside"].endswith(", …")


def test_asked_to_look_by_another_program_it_does_so_at_once(
    controller: Controller, resident: FakeResident, qtbot: QtBot
) -> None:
    controller.paths.settings.write_text("[beat]\ninterval_s = 4\n")
    assert resident.on_reload is not None
    with qtbot.waitSignal(controller.settings_changed):
        resident.on_reload()  # as on the channel's thread
    assert resident.applied[-1]["beat.interval_s"] == 4.0

"""Settings out to a file and in from one, and the record moved from the panel."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aios_gui.instance.settings import DECLARED
from aios_gui.ui.settings.panel import SettingsPanel
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.own_process import Ended
from tests.defaults import DEFAULTS
from tests.systems import WINDOWS
from tests.ui.children import PATIENCE_MS
from tests.ui.settings.conftest import MakePanel


def import_from(panel: SettingsPanel, source: Path, qtbot: QtBot) -> None:
    panel.file.ask_which = lambda: source
    with qtbot.waitSignal(panel.file.import_ended):
        panel.file.take.click()


def export(panel: SettingsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel._controller.store.exported):
        panel.file.export.click()


def test_what_is_exported_is_imported(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    controller.set_value("beat.interval_s", 0.125)
    controller.set_value("window.theme", "dark")
    wanted = controller.settings
    panel.file.ask_where = lambda: tmp_path / "settings.toml"
    export(panel, qtbot)
    assert panel.file.message.text() == f"Saved {tmp_path / 'settings.toml'}"
    panel.file.reset.click()
    assert controller.settings == DEFAULTS
    import_from(panel, tmp_path / "settings.toml", qtbot)
    assert all(controller.settings[each.name] == wanted[each.name] for each in DECLARED)
    assert "Ctrl+Z" in panel.file.message.text()
    panel.undo.click()
    assert controller.settings == DEFAULTS


@pytest.mark.skipif(WINDOWS, reason="no name on Windows has such letters")
def test_paths_are_no_markup(
    panel: SettingsPanel,
    controller: Controller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    source = tmp_path / "<b>bold<b>.toml"
    source.write_text("[beat")
    import_from(panel, source, qtbot)
    assert str(source) in panel.file.message.text()
    assert panel.file.message.textFormat() is Qt.TextFormat.PlainText
    monkeypatch.setattr(Controller, "paths", controller.paths._replace(data=tmp_path / "<img src=x>"))
    panel.record.retranslate()
    assert "&lt;img" in panel.record.back.toolTip()
    assert "<img src=x>" in panel.record.back.accessibleDescription()


HOSTILE = {
    "[beat]\ninterval_s = " + "9" * 400: "but must be a number from 0.02 to 3600 s",
    "[beat]\ninterval_s = nan": "“beat.interval_s” is nan, but must be a number from 0.02 to 3600 s",
    "[beat]\ninterval_s = 'x'\n[record]\nraw_days = 1.5": "“record.raw_days” is 1.5",
    "[beat]\nodd = 1": "there is no setting “beat.odd”",
    f"version = {DECLARED.version + 1}\n[beat]\ninterval_s = 2": "a newer version of this program",
    "[beat": "cannot be understood",
    "\0\0": "cannot be understood",
    "<script>alert(1)</script>": "cannot be understood",
    "[keyboard]\nquit = 'Q'": "keys such as Ctrl+P",
}


def test_a_bad_file_is_told_and_changes_nothing(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    controller.set_value("beat.interval_s", 7)
    before = controller.settings
    source = tmp_path / "bad.toml"
    for content, words in HOSTILE.items():
        source.write_text(content)
        import_from(panel, source, qtbot)
        assert controller.settings == before, content
        assert source.read_text() == content
        told = panel.file.message.text().replace("\u00a0", " ")
        assert told.startswith("Nothing was changed"), content
        assert words in told, content
        assert len(told) < 2000
        assert [each.name for each in tmp_path.iterdir()] == ["bad.toml"]


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_whatever_a_file_holds_it_is_all_or_nothing(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot, content: bytes
) -> None:
    before = controller.settings
    source = tmp_path / "any.toml"
    source.write_bytes(content)
    import_from(panel, source, qtbot)
    refused = panel.file.message.text().startswith("Nothing was changed")
    assert controller.settings == (before if refused else controller.settings)
    assert all(
        each.check(controller.settings[each.name]) == controller.settings[each.name] for each in DECLARED
    )


def test_what_cannot_be_read_or_written_is_told_and_nothing_chosen_is_nothing_done(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    panel.file.ask_which = panel.file.ask_where = lambda: None
    panel.file.take.click()
    panel.file.export.click()
    assert not panel.file.message.isVisible()
    assert controller.settings == DEFAULTS
    for source in (tmp_path / "none.toml", tmp_path):
        import_from(panel, source, qtbot)
        assert panel.file.message.text().startswith("Nothing was changed")
    assert controller.settings == DEFAULTS
    (tmp_path / "file").touch()
    panel.file.ask_where = lambda: tmp_path / "file" / "settings.toml"
    export(panel, qtbot)
    assert "could not be written" in panel.file.message.text()


def test_a_dialog_begins_where_the_last_file_was_and_the_settings_file_is_opened_as_text(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    opened: list[Path] = []

    def open_file(path: Path) -> bool:
        opened.append(path)
        return True

    panel.file.open_file = open_file
    with qtbot.waitSignal(controller.store.exported):
        panel.file.open.click()
    assert opened == [controller.paths.settings]
    assert controller.paths.settings.exists()
    panel.file.open_file = lambda path: False
    panel.file.open.click()
    assert "No program opens" in panel.file.message.text()
    assert panel.file._start_folder().is_dir()
    (tmp_path / "there").mkdir()
    panel.file.ask_where = lambda: tmp_path / "there" / "mine.toml"
    export(panel, qtbot)
    assert panel.file._start_folder() == tmp_path / "there"


# The record


def test_a_move_shows_how_far_it_is_and_how_it_ended(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(
        panel.record.child, "start", lambda words, tells_progress: started.append(list(words))
    )
    panel.record.ask_where = lambda: tmp_path
    panel.record.elsewhere.click()
    assert started == [["record", "--progress", "--move", str(tmp_path)]]
    assert panel.record.run.running
    panel.record.child.progressed.emit({"progress": 0.5, "text": "Copying: 1 MB of 2 MB"})
    assert panel.record.run.bar.value() == 500
    controller.paths.data.mkdir()
    controller.paths.record_note.write_text(json.dumps({"folder": str(tmp_path)}))
    done = {"state": "done", "text": f"The record now lies in {tmp_path}."}
    panel.record.child.ended.emit(Ended(True, "", "", done))
    assert not panel.record.run.running
    assert panel.record.row.help.text() == str(tmp_path)
    assert panel.record.message.text() == done["text"]
    assert panel.record.back.isVisible()
    panel.record.back.click()
    assert started[-1][-1] == str(controller.paths.data)


def test_a_move_that_was_refused_says_why_and_one_is_cancelled_from_the_panel(
    panel: SettingsPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.record.child.ended.emit(
        Ended(False, "aios-heartbeat: no", "", {"text": "There is too little room."})
    )
    assert panel.record.message.text() == "There is too little room."
    panel.record.child.ended.emit(Ended(False, "aios-heartbeat: it is gone"))
    assert "it is gone" in panel.record.message.text()
    cancelled: list[bool] = []
    monkeypatch.setattr(panel.record.child, "start", lambda words, tells_progress: None)
    monkeypatch.setattr(panel.record.child, "cancel", lambda: cancelled.append(True))
    panel.record.start(tmp_path)
    panel.record.run.cancel.click()
    assert cancelled
    assert not panel.record.run.running
    assert "nothing is lost" in panel.record.message.text()


def test_a_real_child_moves_the_record(
    make_panel: MakePanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    from tests.fakes import Kept

    kept = Kept(controller.paths.store)
    kept.beat(3)
    kept.close()
    panel = make_panel()
    with qtbot.waitSignal(panel.record.child.ended, timeout=PATIENCE_MS):
        panel.record.start(tmp_path / "new")
    assert controller.paths.record_folder == tmp_path / "new"
    assert panel.record.message.text() == f"The record now lies in {tmp_path / 'new'}."
    assert controller.open_record().path == tmp_path / "new" / "heartbeat.sqlite3"


def test_an_import_that_would_run_something_asks_and_runs_nothing(
    panel: SettingsPanel, controller: Controller, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "theirs.toml"
    source.write_text('[[rules]]\nname = "hot"\nmeasure = "custom:queue"\nlimit = 1\nactions = ["run:x"]\n')
    with qtbot.waitSignal(controller.confirming.asked):
        import_from(panel, source, qtbot)
    assert [each.text for each in controller.confirming.waiting] == ["custom:queue", "run:x"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_refused_and_a_large_file_is_read_beside_the_window(
    panel: SettingsPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    os.mkfifo(tmp_path / "pipe")
    import_from(panel, tmp_path / "pipe", qtbot)
    assert "not a regular file" in panel.file.message.text()
    (tmp_path / "large.toml").write_text("".join(f"nope{number} = 1\n" for number in range(70_000)))
    threads: list[str] = []
    panel.file.ask_which = lambda: tmp_path / "large.toml"
    with qtbot.waitSignal(panel.file.import_ended):
        panel.file.take.click()
        threads = [each.name for each in threading.enumerate()]
    assert "settings import" in threads
    assert panel.file.message.text().endswith("…")

"""Where files lie: one variable moves all of them, and nothing of a user is anyone else's to read."""

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import APP_NAME, find_paths


def test_home_variable_moves_everything(tmp_path: Path) -> None:
    paths = find_paths({"AIOS_HOME": str(tmp_path / "a b")})
    files = [
        paths.store,
        paths.settings,
        paths.log,
        paths.instance_lock,
        paths.instance_file,
        paths.channel_key,
    ]
    assert all(tmp_path / "a b" in file.parents for file in [*files, paths.window_state])
    assert len(set(files)) == len(files)


def test_relative_home_does_not_follow_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_paths({"AIOS_HOME": "h"}).data == tmp_path / "h" / "data"


@pytest.mark.parametrize(
    "environ",
    [{}, {"XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}, {"XDG_DATA_HOME": " "}],
)
def test_without_it_files_lie_where_the_system_has_them(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    paths = find_paths(environ)
    assert str(paths.data) == platformdirs.user_data_dir(APP_NAME, False)
    assert str(paths.config) == platformdirs.user_config_dir(APP_NAME, False)
    assert str(paths.logs) == platformdirs.user_log_dir(APP_NAME, False)


def test_runtime_folder_is_used_only_where_it_is_ours(tmp_path: Path) -> None:
    home = {"AIOS_HOME": str(tmp_path)}
    mine = tmp_path / "run"
    mine.mkdir()
    assert find_paths({**home, "XDG_RUNTIME_DIR": str(mine)}).runtime == mine
    for useless in ("", "relative", str(tmp_path / "gone")):
        assert find_paths({**home, "XDG_RUNTIME_DIR": useless}).runtime == tmp_path / "data"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps profiles private by itself")
def test_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "data"
    make_private(folder)
    make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.access(folder, os.W_OK)

"""No other user may write to the program's folders: what is open is closed, what is foreign is refused."""

import os
import stat
from pathlib import Path

import pytest

from aios_gui.instance.home_words import closed_sentence, unsafe_home_sentence
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths, find_paths
from aios_gui.system.private_home import HomeFault, UnsafeHome, secure_home
from tests.privileges import NOBODY, as_ordinary_user, has_permissions, open_folder
from tests.processes import run_command

pytestmark = has_permissions
ONLY_ROOT = pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can give a folder away"
)


def mode_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def fault_of(paths: Paths) -> HomeFault | None:
    try:
        secure_home(paths)
    except UnsafeHome as error:
        return error.fault
    return None


def test_what_is_private_or_is_not_there_yet_is_left_as_it_is(paths: Paths) -> None:
    assert secure_home(paths) == []
    for folder in (paths.data, paths.logs):
        folder.rmdir()
    assert secure_home(paths) == []
    assert list(paths.config.iterdir()) == []


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757])
def test_what_others_could_write_is_closed_to_them(paths: Paths, mode: int) -> None:
    paths.data.chmod(mode)
    assert secure_home(paths) == [paths.data]
    assert mode_of(paths.data) == mode & 0o755
    assert secure_home(paths) == []
    assert str(paths.data) in closed_sentence(paths.data)


def test_the_home_that_an_ordinary_user_has_named_is_closed(tmp_path: Path) -> None:
    with open_folder() as folder:
        home = find_paths({"AIOS_HOME": str(folder / "mine")})

        def attempt() -> tuple[list[Path], int]:
            make_private(home.config)
            home.config.chmod(0o777)
            return secure_home(home), mode_of(home.config)

        assert as_ordinary_user(attempt) == ([home.config], 0o755)


def test_a_folder_that_all_share_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    assert fault_of(find_paths({"AIOS_HOME": str(shared)})) is HomeFault.SHARED
    assert mode_of(shared) == 0o777 or shared.stat().st_mode & stat.S_ISVTX


@ONLY_ROOT
def test_root_changes_no_folder_of_the_system(tmp_path: Path) -> None:
    folder = tmp_path / "srv"
    folder.mkdir()
    folder.chmod(0o775)
    assert fault_of(find_paths({"AIOS_HOME": str(folder)})) is HomeFault.SHARED
    assert mode_of(folder) == 0o775


@ONLY_ROOT
def test_a_folder_of_another_user_is_refused(paths: Paths) -> None:
    with open_folder() as folder:
        home = find_paths({"AIOS_HOME": str(folder / "other")})
        home.config.mkdir()
        os.chown(home.config, 4711, 4711)
        assert as_ordinary_user(lambda: fault_of(home)) is HomeFault.FOREIGN
        assert fault_of(home) is HomeFault.FOREIGN_TO_ROOT
        os.chown(home.config, 0, 0)
        home.config.chmod(0o755)
        assert as_ordinary_user(lambda: fault_of(home)) is None
        home.config.chmod(0o777)
        assert as_ordinary_user(lambda: fault_of(home)) is HomeFault.SHARED


def test_folders_on_the_way_that_were_made_open_are_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an umask of 000 had the first version make them."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / ".config"
    config.mkdir()
    config.chmod(0o777)
    (config / "aios-heartbeat").mkdir(mode=0o700)
    paths = Paths(tmp_path / "d", config / "aios-heartbeat", tmp_path / "l", tmp_path)
    assert secure_home(paths) == [config]
    assert mode_of(config) == 0o755


def test_a_way_there_that_anyone_can_redirect_is_refused_and_one_through_a_folder_as_tmp_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    paths = find_paths({"AIOS_HOME": str(shared / "mine" / "home")})
    make_private(paths.data)
    assert secure_home(paths) == []
    shared.chmod(0o777)
    assert fault_of(paths) is HomeFault.SHARED
    with pytest.raises(UnsafeHome, match=f"{shared}:"):
        secure_home(paths)
    link = tmp_path / "link"
    link.symlink_to(shared / "mine" / "home")
    assert fault_of(find_paths({"AIOS_HOME": str(link)})) is HomeFault.SHARED, "where the link leads"
    shared.chmod(0o1777)
    assert fault_of(paths) is fault_of(find_paths({"AIOS_HOME": str(link)})) is None
    monkeypatch.setenv("HOME", str(tmp_path))
    shared.chmod(0o777)
    assert secure_home(paths) == [shared], "the user's own, in the user's home, is closed"


def test_the_program_refuses_a_way_that_anyone_can_redirect_in_words(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    for command in (("beat",), ("--minimized",)):
        done = run_command(*command, AIOS_HOME=str(tmp_path / "shared" / "home"))
        assert done.returncode == 2
        assert f"other users may write to {tmp_path / 'shared'}" in done.stderr
        assert list((tmp_path / "shared").iterdir()) == []


def test_each_fault_has_its_sentence() -> None:
    for fault in HomeFault:
        sentence = unsafe_home_sentence(UnsafeHome(Path("/odd\x1b[31m"), fault, NOBODY))
        assert "/odd" in sentence
        assert sentence.isprintable()


@ONLY_ROOT
@pytest.mark.parametrize("command", [("beat",), ("service", "--duration", "0.01"), ("settings",), ()])
def test_the_program_refuses_the_home_of_another_user_in_words(
    aios_home: Path, command: tuple[str, ...]
) -> None:
    os.chown(aios_home, 4711, 4711)
    done = run_command(*command or ("--minimized",))
    assert done.returncode == 2
    assert "belongs to 4711" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(aios_home.iterdir()) == []


def test_a_command_tells_what_it_closed_and_goes_on(paths: Paths) -> None:
    paths.data.chmod(0o777)
    done = run_command("beat", "--json")
    assert done.returncode in (0, 1)
    assert "that right was taken from them" in done.stderr
    assert mode_of(paths.data) == 0o755
    assert run_command("beat", "--json").stderr == ""

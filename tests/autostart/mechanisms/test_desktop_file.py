"""The autostart folder: by the rules of the specification, and true to what desktops do with it."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from aios_gui.autostart.mechanisms import desktop_file
from aios_gui.autostart.mechanisms.desktop_file import AutostartFolders, DesktopFile, command_of
from aios_gui.autostart.model import AutostartOptions, AutostartReason, AutostartState
from aios_gui.heartbeat.model.states import LaunchMode
from tests.autostart.mechanisms.faults import ODD, program_in, tool
from tests.systems import WINDOWS, has_a_shell, has_modes

OPTIONS = AutostartOptions()


@pytest.fixture
def folders(tmp_path: Path) -> AutostartFolders:
    return AutostartFolders(tmp_path / "own", (tmp_path / "all", tmp_path / "more"), ("GNOME", "ubuntu"))


@pytest.fixture
def mechanism(folders: AutostartFolders, tmp_path: Path) -> DesktopFile:
    return DesktopFile(program_in(tmp_path / "program"), folders)


def entry_of(folders: AutostartFolders) -> Path:
    return folders.own / "aios-heartbeat.desktop"


def add(folders: AutostartFolders, *lines: str) -> None:
    file = entry_of(folders)
    file.write_text(file.read_text() + "".join(f"{line}\n" for line in lines))


def put_for_all(folders: AutostartFolders, mechanism: DesktopFile) -> Path:
    folder = folders.for_all[0]
    folder.mkdir()
    file = folder / "aios-heartbeat.desktop"
    file.write_text(mechanism.plan(OPTIONS).text)
    return file


@has_modes
def test_file_is_for_this_user_alone_and_holds_what_was_planned(
    mechanism: DesktopFile, folders: AutostartFolders
) -> None:
    mechanism.enable(OPTIONS)
    file = entry_of(folders)
    assert file.read_text() == mechanism.plan(OPTIONS).text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(folders.own.iterdir()) == [file]


@pytest.mark.parametrize(
    ("lines", "reason", "detail"),
    [
        (["Hidden=true"], AutostartReason.SWITCHED_OFF, "Hidden=true"),
        (["OnlyShowIn=KDE;XFCE;"], AutostartReason.SWITCHED_OFF, "OnlyShowIn=KDE;XFCE;"),
        (["OnlyShowIn=KDE;ubuntu;"], AutostartReason.NONE, ""),
        (["NotShowIn=GNOME;"], AutostartReason.SWITCHED_OFF, "NotShowIn=GNOME;"),
        (["NotShowIn=KDE;"], AutostartReason.NONE, ""),
        (
            ["X-Unknown=x", "Name[de]=Herzschlag", "[Desktop Action x]", "Exec=other"],
            AutostartReason.NONE,
            "",
        ),
        (["# a remark", "", "Hidden=false"], AutostartReason.NONE, ""),
        (["Exec=/nowhere/twice"], AutostartReason.PROGRAM_GONE, ""),
        (["no entry at all"], AutostartReason.UNREADABLE, "“no entry at all” is no entry"),
    ],
)
def test_what_others_add_is_told_and_mended(
    mechanism: DesktopFile,
    folders: AutostartFolders,
    lines: list[str],
    reason: AutostartReason,
    detail: str,
) -> None:
    mechanism.enable(OPTIONS)
    add(folders, *lines)
    status = mechanism.status(OPTIONS)
    assert (status.reason, str(status.detail)) == (reason, detail)
    assert (status.state is AutostartState.ON) is (reason is AutostartReason.NONE)
    assert mechanism.enable(OPTIONS).state is AutostartState.ON


@pytest.mark.parametrize(
    ("pattern", "replacement", "reason"),
    [
        (r"TryExec=.*", "TryExec=/nowhere/aios-gui", AutostartReason.PROGRAM_GONE),
        (r"Exec=.*", "Exec=/nowhere/aios-gui --minimized", AutostartReason.PROGRAM_GONE),
        pytest.param(r"Exec=.*", "Exec=sh -c true", AutostartReason.OTHER_PROGRAM, marks=has_a_shell),
        (r" --minimized", "", AutostartReason.EDITED),
        (r"Terminal=false", "Terminal=true", AutostartReason.EDITED),
        (r"Type=Application", "Type=Link", AutostartReason.EDITED),
        (r"Exec=.*", "Exec=", AutostartReason.UNREADABLE),
        (r"Exec=.*", 'Exec="open', AutostartReason.UNREADABLE),
        (r"Exec=.*", "Exec=$HOME/aios-gui", AutostartReason.PROGRAM_GONE),  # no desktop fills it in
        (r"Name=AIOS Heartbeat", "Name=My heartbeat", AutostartReason.NONE),
        (r"Icon=.*\n", "", AutostartReason.NONE),
    ],
)
def test_what_others_change_is_told_and_mended(
    mechanism: DesktopFile, folders: AutostartFolders, pattern: str, replacement: str, reason: AutostartReason
) -> None:
    mechanism.enable(OPTIONS)
    file = entry_of(folders)
    pattern = rf"^{pattern}" if "=" in pattern else pattern
    file.write_text(re.sub(pattern, replacement, file.read_text(), flags=re.MULTILINE))
    status = mechanism.status(OPTIONS)
    assert (status.state is AutostartState.ON, status.reason) == (reason is AutostartReason.NONE, reason)
    assert mechanism.enable(OPTIONS).state is AutostartState.ON


def test_folder_in_its_place_is_told(mechanism: DesktopFile, folders: AutostartFolders) -> None:
    entry_of(folders).mkdir(parents=True)
    status = mechanism.status(OPTIONS)
    assert (status.reason, status.where) == (AutostartReason.UNREADABLE, str(entry_of(folders)))
    assert status.detail


def test_without_a_known_desktop_an_entry_for_some_counts_as_one_for_all(tmp_path: Path) -> None:
    folders = AutostartFolders(tmp_path / "own")
    mechanism = DesktopFile(program_in(tmp_path / "program"), folders)
    mechanism.enable(OPTIONS)
    add(folders, "OnlyShowIn=KDE;")
    assert mechanism.status(OPTIONS).state is AutostartState.ON


def test_what_was_put_back_at_once_is_blocked(
    mechanism: DesktopFile, folders: AutostartFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_file, "write_text", lambda path, text: None)
    status = mechanism.enable(OPTIONS)
    assert (status.reason, status.reason) == (AutostartReason.BLOCKED, AutostartReason.BLOCKED)


def test_entry_for_all_users_starts_it_until_the_own_one_hides_it(
    mechanism: DesktopFile, folders: AutostartFolders
) -> None:
    file = put_for_all(folders, mechanism)
    status = mechanism.status(OPTIONS)
    assert (status.state, status.reason, status.where) == (
        AutostartState.ON,
        AutostartReason.FOR_ALL_USERS,
        str(file),
    )
    off = mechanism.disable()
    assert (off.reason, off.where) == (AutostartReason.SWITCHED_OFF, str(entry_of(folders)))
    assert mechanism.enable(OPTIONS).state is AutostartState.ON


def test_own_entry_overrides_the_one_for_all_users(mechanism: DesktopFile, folders: AutostartFolders) -> None:
    put_for_all(folders, mechanism)
    status = mechanism.enable(AutostartOptions(LaunchMode.WINDOW))
    assert (status.state, status.where) == (AutostartState.ON, str(entry_of(folders)))


@pytest.mark.skipif(WINDOWS, reason="Windows has another variable for the home")
def test_folders_are_those_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    program = program_in(tmp_path / "program")
    places = {
        "": tmp_path / ".config" / "autostart",
        "relative": tmp_path / ".config" / "autostart",
        str(tmp_path / "x"): tmp_path / "x" / "autostart",
    }
    for value, folder in places.items():
        made = desktop_file.of_system(
            program, {"XDG_CONFIG_HOME": value, "XDG_CONFIG_DIRS": str(tmp_path / "none")}
        )
        assert made.status(OPTIONS).where == str(folder / "aios-heartbeat.desktop")


def test_program_whose_path_has_a_percent_sign_is_started_by_another(tmp_path: Path) -> None:
    mechanism = DesktopFile(program_in(tmp_path / "100%"), AutostartFolders(tmp_path / "own"))
    assert mechanism.plan(OPTIONS).command[:3] == ("nice", "-n", "0")
    assert mechanism.enable(OPTIONS).state is AutostartState.ON
    assert re.search(r"^TryExec=.*100%[/\\]", mechanism.plan(OPTIONS).text, re.MULTILINE)


@pytest.mark.parametrize("name", ODD)
def test_other_readers_find_nothing_wrong(name: str, tmp_path: Path) -> None:
    validate = tool("desktop-file-validate")
    folders = AutostartFolders(tmp_path / "own")
    mechanism = DesktopFile(program_in(tmp_path / ODD[name], home=ODD[name]), folders)
    mechanism.enable(OPTIONS)
    if validate is None:
        pytest.skip("the reader of the rig holds the rules as well")
    done = subprocess.run([validate, entry_of(folders)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_command_is_taken_apart() -> None:
    cases: list[tuple[str, tuple[str, ...]]] = [
        ("prog", ("prog",)),
        ("prog  --a   b ", ("prog", "--a", "b")),
        ('"a b" ""', ("a b", "")),
        (r'"\\"\\`\\$\\\\"', ('"`$\\',)),
        ("100%% %% x%%y", ("100%", "%", "x%y")),
        ("prog %U %f", ("prog",)),
    ]
    for line, arguments in cases:
        assert command_of(line) == arguments

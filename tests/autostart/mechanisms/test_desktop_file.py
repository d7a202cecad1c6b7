"""The autostart folder: by the rules of the specification, and true to what desktops do with it."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from aios_gui.autostart.mechanisms import desktop_file
from aios_gui.autostart.mechanisms.desktop_entry import Entry, EntryError, exec_line, split_exec
from aios_gui.autostart.mechanisms.desktop_file import AutostartFolders, DesktopFile
from aios_gui.autostart.model.autostart import Reason, State, Wish
from aios_gui.heartbeat.model.states import LaunchMode
from tests.autostart.mechanisms.faults import ODD, program_in, tool
from tests.systems import WINDOWS, has_a_shell, has_modes

WISH = Wish()


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
    file.write_text(mechanism.plan(WISH).text)
    return file


@has_modes
def test_file_is_for_this_user_alone_and_holds_what_was_planned(
    mechanism: DesktopFile, folders: AutostartFolders
) -> None:
    mechanism.enable(WISH)
    file = entry_of(folders)
    assert file.read_text() == mechanism.plan(WISH).text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(folders.own.iterdir()) == [file]


@pytest.mark.parametrize(
    ("lines", "state", "reason"),
    [
        (["Hidden=true"], State.DISABLED, Reason.HIDDEN),
        (["OnlyShowIn=KDE;XFCE;"], State.DISABLED, Reason.OTHER_DESKTOP),
        (["OnlyShowIn=KDE;ubuntu;"], State.ON, Reason.NONE),
        (["NotShowIn=GNOME;"], State.DISABLED, Reason.OTHER_DESKTOP),
        (["NotShowIn=KDE;"], State.ON, Reason.NONE),
        (
            ["X-Unknown=whatever", "Name[de]=Herzschlag", "[Desktop Action x]", "Exec=other"],
            State.ON,
            Reason.NONE,
        ),
        (["# a remark", "", "Hidden=false"], State.ON, Reason.NONE),
        (["Hidden=perhaps"], State.UNREADABLE, Reason.NONE),
        (["Exec=twice"], State.UNREADABLE, Reason.NONE),
        (["no entry at all"], State.UNREADABLE, Reason.NONE),
    ],
)
def test_what_others_add_is_told(
    mechanism: DesktopFile, folders: AutostartFolders, lines: list[str], state: State, reason: Reason
) -> None:
    mechanism.enable(WISH)
    add(folders, *lines)
    status = mechanism.status(WISH)
    assert (status.state, status.reason) == (state, reason)
    assert mechanism.allow().state is state if state is State.ON else True


@pytest.mark.parametrize(
    ("pattern", "replacement", "state"),
    [
        (r"TryExec=.*", "TryExec=/nowhere/aios-gui", State.PROGRAM_GONE),
        (r"Exec=.*", "Exec=/nowhere/aios-gui --minimized", State.PROGRAM_GONE),
        pytest.param(r"Exec=.*", "Exec=sh -c true", State.OTHER_PROGRAM, marks=has_a_shell),
        (r" --minimized", "", State.CHANGED),
        (r"Terminal=false", "Terminal=true", State.CHANGED),
        (r"Type=Application", "Type=Link", State.UNREADABLE),
        (r"Exec=.*", "Exec=", State.UNREADABLE),
        (r"Exec=.*", "Exec=$HOME/aios-gui", State.UNREADABLE),
        (r"Name=AIOS Heartbeat", "Name=My heartbeat", State.ON),
        (r"Icon=.*\n", "", State.ON),
    ],
)
def test_what_others_change_is_told(
    mechanism: DesktopFile, folders: AutostartFolders, pattern: str, replacement: str, state: State
) -> None:
    mechanism.enable(WISH)
    file = entry_of(folders)
    file.write_text(
        re.sub(
            rf"^{pattern}" if "=" in pattern else pattern, replacement, file.read_text(), flags=re.MULTILINE
        )
    )
    assert mechanism.status(WISH).state is state
    assert mechanism.enable(WISH).state is State.ON


def test_folder_in_its_place_is_told(mechanism: DesktopFile, folders: AutostartFolders) -> None:
    entry_of(folders).mkdir(parents=True)
    status = mechanism.status(WISH)
    assert (status.state, status.where) == (State.UNREADABLE, str(entry_of(folders)))
    assert status.detail


def test_without_a_known_desktop_an_entry_for_some_counts_as_one_for_all(tmp_path: Path) -> None:
    folders = AutostartFolders(tmp_path / "own")
    mechanism = DesktopFile(program_in(tmp_path / "program"), folders)
    mechanism.enable(WISH)
    add(folders, "OnlyShowIn=KDE;")
    assert mechanism.status(WISH).state is State.ON


def test_what_was_put_back_at_once_is_blocked(
    mechanism: DesktopFile, folders: AutostartFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop_file, "write_text", lambda path, text: None)
    status = mechanism.enable(WISH)
    assert (status.state, status.reason) == (State.BLOCKED, Reason.PUT_BACK)


def test_entry_for_all_users_starts_it_until_the_own_one_hides_it(
    mechanism: DesktopFile, folders: AutostartFolders
) -> None:
    file = put_for_all(folders, mechanism)
    status = mechanism.status(WISH)
    assert (status.state, status.reason, status.where) == (State.ON, Reason.FOR_ALL_USERS, str(file))
    off = mechanism.disable()
    assert (off.state, off.reason, off.where) == (State.DISABLED, Reason.HIDDEN, str(entry_of(folders)))
    assert mechanism.allow().where == str(file)
    assert not entry_of(folders).exists()


def test_own_entry_overrides_the_one_for_all_users(mechanism: DesktopFile, folders: AutostartFolders) -> None:
    put_for_all(folders, mechanism)
    status = mechanism.enable(Wish(LaunchMode.WINDOW))
    assert (status.state, status.where) == (State.ON, str(entry_of(folders)))


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
        assert made.status(WISH).where == str(folder / "aios-heartbeat.desktop")


def test_program_whose_path_has_a_percent_sign_is_started_by_another(tmp_path: Path) -> None:
    mechanism = DesktopFile(program_in(tmp_path / "100%"), AutostartFolders(tmp_path / "own"))
    assert mechanism.plan(WISH).command[:3] == ("nice", "-n", "0")
    assert mechanism.enable(WISH).state is State.ON
    assert "%" in str(Entry(mechanism.plan(WISH).text).string("TryExec"))


@pytest.mark.parametrize("name", ODD)
def test_other_readers_find_nothing_wrong(name: str, tmp_path: Path) -> None:
    validate = tool("desktop-file-validate")
    folders = AutostartFolders(tmp_path / "own")
    mechanism = DesktopFile(program_in(tmp_path / ODD[name], home=ODD[name]), folders)
    mechanism.enable(WISH)
    if validate is None:
        return  # what the rules ask for is held by the reader of the rig as well
    done = subprocess.run([validate, entry_of(folders)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


# The reader


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("prog", ["prog"]),
        ("prog  --a   b ", ["prog", "--a", "b"]),
        ('"a b" ""', ["a b", ""]),
        (r'"\"\`\$\\"', ['"`$\\']),
        ("100%% %% x%%y", ["100%", "%", "x%y"]),
        ("prog %U %f", ["prog"]),
        ("prog --x=%u", ["prog", "--x="]),
        ('"100%%"', ["100%"]),
    ],
)
def test_command_is_taken_apart(line: str, arguments: list[str]) -> None:
    assert split_exec(line) == arguments


@pytest.mark.parametrize(
    "line", ['"open', r'"\n"', '"$HOME"', "$HOME", "a'b", "~/x", "100%", "%q", '"a"b', "a>b", "x;y", r"a\ b"]
)
def test_what_the_rules_leave_undefined_is_refused(line: str) -> None:
    with pytest.raises(EntryError):
        split_exec(line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Exec=x\n",
        "[Other]\n[Desktop Entry]\n",
        "[Desktop Entry]\n[Desktop Entry]\n",
        "[Desktop Entry\nExec=x\n",
        "[Desktop Entry]\nExec=a\nExec=b\n",
        "[Desktop Entry]\nwords\n",
        "[Desktop Entry]\nK_ey=x\n",
    ],
)
def test_text_that_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(EntryError):
        Entry(text)


def test_strings_are_unescaped_and_unknown_escapes_refused() -> None:
    entry = Entry("# first\n[Desktop Entry]\r\nA = \\sx\\\\y\\t\r\nB=\\q\n")
    assert entry.string("A") == " x\\y\t"
    assert entry.string("C") is None
    with pytest.raises(EntryError):
        entry.string("B")


def test_line_break_is_refused() -> None:
    with pytest.raises(EntryError):
        exec_line(["a\nb"])

"""Shortcuts: read back as they were written, also by a reader that is not ours, and never trusted."""

import dataclasses
import io

import LnkParse3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aios_gui.autostart.mechanisms.shell_link import (
    LONGEST_TARGET,
    MINIMIZED,
    NORMAL,
    Link,
    LinkError,
    read,
    write,
)

NAMES = st.text(
    st.sampled_from(" %&'心äZ.") | st.characters(exclude_characters='\\/:*?"<>|\0'), min_size=1, max_size=30
)
TARGETS = st.builds(
    lambda drive, names: f"{drive}:\\" + "\\".join(names),
    st.sampled_from("CDz"),
    st.lists(NAMES, min_size=1, max_size=5),
)
TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=60)
LINKS = st.builds(
    Link,
    target=TARGETS,
    arguments=TEXTS,
    working_folder=TEXTS,
    description=TEXTS,
    icon=TEXTS,
    icon_index=st.integers(-(2**31), 2**31 - 1),
    show=st.sampled_from([NORMAL, MINIMIZED]),
)
LINK = Link(
    r"C:\Program Files\AIOS Hérz 心跳\aios-gui.exe",
    r'--minimized --home "D:\x y"',
    r"C:\Users\Zoë",
    "AIOS Heartbeat",
    r"C:\Program Files\AIOS Hérz 心跳\aios-gui.exe",
    3,
    MINIMIZED,
)


@given(LINKS)
def test_a_shortcut_is_read_as_it_was_written(link: Link) -> None:
    assert read(write(link)) == link


@given(LINKS.filter(lambda link: all(str(text).isprintable() for text in dataclasses.astuple(link))))
@example(LINK)
def test_another_reader_finds_the_same(link: Link) -> None:
    found = LnkParse3.lnk_file(io.BytesIO(write(link))).get_json()
    assert found["link_info"]["local_base_path_unicode"] == link.target
    data = found["data"]
    assert data.get("command_line_arguments", "") == link.arguments
    assert data.get("working_directory", "") == link.working_folder
    assert found["header"]["icon_index"] == link.icon_index
    assert (
        found["header"]["windowstyle"]
        == {NORMAL: "SW_SHOWNORMAL", MINIMIZED: "SW_SHOWMINNOACTIVE"}[link.show]
    )


def test_the_list_of_the_target_names_the_computer_the_drive_and_every_folder() -> None:
    plain = Link(r"C:\Program Files\AIOS Heartbeat\aios-gui.exe")
    items = LnkParse3.lnk_file(io.BytesIO(write(plain))).get_json()["target"]["items"]
    assert [item["class"] for item in items] == ["Root Folder", "Volume Item", *["File entry"] * 3]
    assert items[0]["sort_index"] == "My Computer"
    assert [item["primary_name"] for item in items[2:]] == ["Program Files", "AIOS Heartbeat", "aios-gui.exe"]
    assert [item["flags"] for item in items[2:]] == ["Is directory", "Is directory", "Is file"]


def test_windows_is_told_not_to_look_for_another_program_where_this_one_is_gone() -> None:
    flags = LnkParse3.lnk_file(io.BytesIO(write(LINK))).get_json()["header"]["link_flags"]
    assert {"ForceNoLinkTrack", "IsUnicode", "HasTargetIDList", "HasLinkInfo"} <= set(flags)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "x.exe",
        r"\\server\share\x.exe",
        "C:\\",
        "C:\\x\\",
        r"C:x.exe",
        "C:\\x\0.exe",
        "C:\\" + "x" * LONGEST_TARGET,
    ],
)
def test_what_a_shortcut_cannot_point_at_is_refused(target: str) -> None:
    with pytest.raises(LinkError):
        write(Link(target))


def test_texts_beyond_what_the_format_can_count_are_refused() -> None:
    with pytest.raises(LinkError, match="longer"):
        write(Link(LINK.target, "x" * 65_536))


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_a_shortcut_or_refused(data: bytes) -> None:
    try:
        read(data)
    except LinkError:
        return
    assert data[:4] == b"\x4c\0\0\0"


@given(st.integers(0, 10_000), st.integers(0, 255), st.integers(0, 10_000))
def test_a_damaged_shortcut_is_read_or_refused_and_nothing_else(place: int, byte: int, length: int) -> None:
    data = bytearray(write(LINK))
    data[place % len(data)] = byte
    try:
        read(bytes(data[: length % (len(data) + 1)]))
        read(bytes(data))
    except LinkError:
        return


def test_a_path_with_variables_goes_before_the_other() -> None:
    data = write(Link(r"C:\old\x.exe"))
    flags = int.from_bytes(data[0x14:0x18], "little") | 1 << 9
    wide = r"%ProgramFiles%\x.exe".encode("utf-16-le").ljust(520, b"\0")
    block = (788).to_bytes(4, "little") + (0xA0000001).to_bytes(4, "little") + bytes(260) + wide
    found = read(data[:0x14] + flags.to_bytes(4, "little") + data[0x18:-4] + block + bytes(4))
    assert (found.target, found.has_variables) == (r"%ProgramFiles%\x.exe", True)


def test_a_shortcut_without_unicode_is_read_as_windows_once_wrote_it() -> None:
    header = bytearray(write(Link(r"C:\x"))[:0x4C])
    header[0x14:0x18] = (0b100010).to_bytes(4, "little")  # a LinkInfo and arguments, none of it Unicode
    base = b"C:\\old folder\\\0"
    info = b"".join(
        number.to_bytes(4, "little") for number in (28 + len(base) + 6, 28, 1, 0, 28, 0, 28 + len(base))
    )
    found = read(bytes(header) + info + base + b"x.exe\0" + b"\x02\0-m" + bytes(4))
    assert (found.target, found.arguments) == (r"C:\old folder\x.exe", "-m")

"""Windows' shortcuts (.lnk), written and read without Windows.

Source: [MS-SHLLINK] Shell Link Binary File Format, https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink:
2.1 ShellLinkHeader, 2.2 LinkTargetIDList, 2.3 LinkInfo, 2.4 StringData, 2.5 ExtraData. That document leaves the items
of the target's list open; they are written as Explorer does: this computer, a drive, then folders and the file, each
with its long name in an extension block 0xBEEF0004.
"""

from __future__ import annotations

import re
import struct
import sys
from dataclasses import dataclass

from aios_gui.system.windows.command_line import too_long
from aios_gui.text.catalogue import gettext as _

NORMAL, MINIMIZED = 1, 7  # SW_SHOWNORMAL, SW_SHOWMINNOACTIVE
LONGEST_TARGET = 259
"""Characters of a path that the shell takes from a link: MAX_PATH without its end."""
LONGEST_ARGUMENTS = 1023
"""Characters of arguments that the shell's own dialogue and its interface for programs hand on (INFOTIPSIZE)."""
_LONGEST_STRING = 0xFFFF

_HEADER = struct.Struct("<I16sII8s8s8sIiIHHII")
_HEADER_BYTES = 0x4C
_CLASS = bytes.fromhex("0114020000000000c000000000000046")
_HAS_ID_LIST, _HAS_LINK_INFO = 1 << 0, 1 << 1
_HAS_NAME, _HAS_RELATIVE_PATH, _HAS_WORKING_DIR, _HAS_ARGUMENTS, _HAS_ICON = (1 << bit for bit in range(2, 7))
_IS_UNICODE = 1 << 7
_HAS_VARIABLES = 1 << 9
_FORCE_NO_TRACKING = 1 << 18
"""Without it Windows looks for a file like the target where that is gone, and might start another program."""
_STRINGS = (_HAS_NAME, _HAS_RELATIVE_PATH, _HAS_WORKING_DIR, _HAS_ARGUMENTS, _HAS_ICON)
_ATTRIBUTE_DIRECTORY, _ATTRIBUTE_ARCHIVE = 0x10, 0x20
_LINK_INFO = struct.Struct("<IIIIIIIII")
_LINK_INFO_BEFORE_UNICODE = 28
_VOLUME_ID = struct.Struct("<IIII")
_DRIVE_FIXED = 3
_VOLUME_AND_LOCAL_PATH = 1
_COMPUTER = bytes.fromhex("1f50e04fd020ea3a6910a2d808002b30309d")
_DRIVE_ITEM_BYTES = 25
_FOLDER_ITEM, _FILE_ITEM = 0x31, 0x32
_LONG_NAME = struct.Struct("<HHIIIHH")
_LONG_NAME_VERSION, _LONG_NAME_SIGNATURE, _WINDOWS_XP = 3, 0xBEEF0004, 0x14
_SMALLEST_BLOCK_BYTES, _VARIABLES_SIGNATURE, _ANSI_PATH_BYTES = 8, 0xA0000001, 260
_ANSI = "mbcs" if sys.platform == "win32" else "cp1252"
_DRIVE_PATH = re.compile(r"[A-Za-z]:\\[^\\]")


class LinkError(ValueError):
    """What cannot be written as a link, or bytes that are none."""


@dataclass(frozen=True, slots=True)
class Link:
    """A shortcut: ``target`` is the full path of a file on a drive; ``show`` how its first window opens.

    ``has_variables`` tells that the target, as read, may hold %NAME% for the shell to replace.
    """

    target: str
    arguments: str = ""
    working_folder: str = ""
    description: str = ""
    icon: str = ""
    icon_index: int = 0
    show: int = NORMAL
    has_variables: bool = False


def write(link: Link) -> bytes:
    """``link`` as a file; LinkError where the target is no path on a drive, or a text is too long."""
    if not _DRIVE_PATH.match(link.target) or link.target.endswith("\\"):
        raise LinkError(_("not a file on a drive of this computer: {path}").format(path=link.target))
    if len(_utf16(link.target)) // 2 > LONGEST_TARGET:
        raise LinkError(too_long(link.target, LONGEST_TARGET))
    texts = (link.description, "", link.working_folder, link.arguments, link.icon)
    flags = _HAS_ID_LIST | _HAS_LINK_INFO | _IS_UNICODE | _FORCE_NO_TRACKING
    for flag, text in zip(_STRINGS, texts, strict=True):
        flags |= flag if text else 0
    never = bytes(8)
    header = _HEADER.pack(
        _HEADER_BYTES,
        _CLASS,
        flags,
        _ATTRIBUTE_ARCHIVE,
        never,
        never,
        never,
        0,
        link.icon_index,
        link.show,
        0,
        0,
        0,
        0,
    )
    strings = b"".join(_string(text) for text in texts if text)
    return header + _id_list(link.target) + _link_info(link.target) + strings + bytes(4)


def _utf16(text: str) -> bytes:
    if "\0" in text:
        raise LinkError(_("a zero character in {text}").format(text=repr(text)))
    return text.encode("utf-16-le", "surrogatepass")


def _string(text: str) -> bytes:
    data = _utf16(text)
    if len(data) // 2 > _LONGEST_STRING:
        raise LinkError(too_long(text, _LONGEST_STRING))
    return struct.pack("<H", len(data) // 2) + data


def _ansi(text: str) -> bytes:
    """For readers that know no Unicode; Windows reads the Unicode form that goes with each."""
    return text.encode(_ANSI, "replace") + b"\0"


def _id_list(target: str) -> bytes:
    drive, *folders, file = target.split("\\")
    items = [_item(_COMPUTER), _item(b"\x2f" + _ansi(drive + "\\"), _DRIVE_ITEM_BYTES)]
    items += [_item(_named(_FOLDER_ITEM, folder, _ATTRIBUTE_DIRECTORY)) for folder in folders]
    items.append(_item(_named(_FILE_ITEM, file, _ATTRIBUTE_ARCHIVE)))
    data = b"".join(items) + bytes(2)
    return struct.pack("<H", len(data)) + data


def _item(data: bytes, size: int = 0) -> bytes:
    size = size or len(data) + 2
    return struct.pack("<H", size) + data.ljust(size - 2, b"\0")


def _named(kind: int, name: str, attributes: int) -> bytes:
    """A folder or file: no size, no time, a short name, and the long one in its block."""
    short = _ansi(name)
    short += bytes(len(short) % 2)
    fixed = struct.pack("<BBIIH", kind, 0, 0, 0, attributes)
    long_name = _utf16(name) + bytes(2)
    block = _LONG_NAME.pack(
        _LONG_NAME.size + len(long_name) + 2, _LONG_NAME_VERSION, _LONG_NAME_SIGNATURE, 0, 0, _WINDOWS_XP, 0
    )
    block_at = 2 + len(fixed) + len(short)
    return fixed + short + block + long_name + struct.pack("<H", block_at)


def _link_info(target: str) -> bytes:
    volume = _VOLUME_ID.pack(_VOLUME_ID.size + 1, _DRIVE_FIXED, 0, _VOLUME_ID.size) + b"\0"
    base, suffix, base_unicode, suffix_unicode = _ansi(target), b"\0", _utf16(target) + bytes(2), bytes(2)
    base_at = _LINK_INFO.size + len(volume)
    suffix_at = base_at + len(base)
    base_unicode_at = suffix_at + len(suffix)
    suffix_unicode_at = base_unicode_at + len(base_unicode)
    size = suffix_unicode_at + len(suffix_unicode)
    info = _LINK_INFO.pack(
        size,
        _LINK_INFO.size,
        _VOLUME_AND_LOCAL_PATH,
        _LINK_INFO.size,
        base_at,
        0,
        suffix_at,
        base_unicode_at,
        suffix_unicode_at,
    )
    return info + volume + base + suffix + base_unicode + suffix_unicode


# ---- Reading ------------------------------------------------------------------------------------------------


def read(data: bytes) -> Link:
    """The shortcut in ``data``; LinkError for anything else, and for one that does not point at a file."""
    try:
        return _read(data)
    except LinkError:
        raise
    except (struct.error, ValueError) as error:
        raise LinkError(_damaged(error)) from error


def _damaged(how: object) -> str:
    return _("the shortcut is damaged ({how})").format(how=how)


def _read(data: bytes) -> Link:
    size, link_class, flags, _attributes, *_times, _file_size, icon_index, show, _key, _1, _2, _3 = (
        _HEADER.unpack_from(data)
    )
    if size != _HEADER_BYTES or link_class != _CLASS:
        raise LinkError(_("not a shortcut of Windows"))
    place, target = size, ""
    if flags & _HAS_ID_LIST:
        place += 2 + int(struct.unpack_from("<H", data, place)[0])
    if flags & _HAS_LINK_INFO:
        (info_size,) = struct.unpack_from("<I", data, place)
        target = _local_path(data[place : place + info_size])
        place += max(info_size, 4)
    texts = []
    for flag in _STRINGS:
        text = ""
        if flags & flag:
            text, place = _read_string(data, place, bool(flags & _IS_UNICODE))
        texts.append(text)
    with_variables = _path_with_variables(data, place) if flags & _HAS_VARIABLES else ""
    target = with_variables or target
    if not target:
        raise LinkError(_("the shortcut does not lead to a file"))
    description, _relative, folder, arguments, icon = texts
    return Link(target, arguments, folder, description, icon, icon_index, show, bool(with_variables))


def _local_path(info: bytes) -> str:
    """The target's path in a LinkInfo; "" where it is not on a drive of this machine."""
    fields = struct.unpack_from("<IIIIIII", info)
    if not fields[2] & _VOLUME_AND_LOCAL_PATH:
        return ""
    if fields[1] >= _LINK_INFO.size:
        base_at, suffix_at = struct.unpack_from("<II", info, _LINK_INFO_BEFORE_UNICODE)
        return _unicode_at(info, base_at) + _unicode_at(info, suffix_at)
    return _ansi_at(info, fields[4]) + _ansi_at(info, fields[6])


def _path_with_variables(data: bytes, place: int) -> str:
    """The target of an EnvironmentVariableDataBlock among the blocks from ``place`` on; "" where there is none."""
    while True:
        (size,) = struct.unpack_from("<I", data, place)
        if size < _SMALLEST_BLOCK_BYTES:
            return ""
        (signature,) = struct.unpack_from("<I", data, place + 4)
        if signature == _VARIABLES_SIGNATURE:
            return _unicode_at(data[: place + size], place + 8 + _ANSI_PATH_BYTES)
        place += size


def _unicode_at(data: bytes, place: int) -> str:
    end = place
    while data[end : end + 2] != b"\0\0":
        if end >= len(data):
            raise LinkError(_damaged("no end"))
        end += 2
    return data[place:end].decode("utf-16-le", "surrogatepass")


def _ansi_at(data: bytes, place: int) -> str:
    return data[place : data.index(b"\0", place)].decode(_ANSI, "replace")


def _read_string(data: bytes, place: int, is_unicode: bool) -> tuple[str, int]:
    (count,) = struct.unpack_from("<H", data, place)
    begin, end = place + 2, place + 2 + count * (2 if is_unicode else 1)
    if end > len(data):
        raise LinkError(_damaged("no end"))
    raw = data[begin:end]
    text = raw.decode("utf-16-le", "surrogatepass") if is_unicode else raw.decode(_ANSI, "replace")
    return text.rstrip("\0"), end  # Wine counts the zero that ends a text

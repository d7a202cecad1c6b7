"""Each source of changes, on what such logs and files hold, and on whatever else may stand there."""

import plistlib
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources import SOURCES, apt, dpkg, drivers, kernel, macos_installs, pacman, rpm
from aios_gui.history.changes.sources import __file__ as folder
from aios_gui.history.changes.sources.log_files import Parse
from aios_gui.history.changes.sources.source import Found, Past, look_at_values
from aios_gui.history.changes.sources.windows_programs import compare
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.local_time import LocalTimes
from tests.fakes import WALL

DPKG = """\
2026-11-20 06:12:01 startup archives unpack
2026-11-20 06:12:02 install rt-tests:amd64 <none> 2.4-1
2026-11-20 06:12:02 status half-installed rt-tests:amd64 2.4-1
2026-11-20 06:12:05 upgrade libc6:amd64 2.36-9+deb12u13 2.36-9+deb12u14
2026-11-20 06:12:07 remove nano:amd64 7.2-1 <none>
2026-11-20 06:12:07 purge nano:amd64 7.2-1 <none>
2026-11-20 06:12:09 install mc:all 4.8-1 4.9-1
2026-11-20 06:12:09 status installed mc:all 4.9-1
2026-11-20 06:1
"""
APT = """\

Start-Date: 2026-11-20  06:12:01
Commandline: apt-get upgrade
Requested-By: me (1000)
Install: rt-tests:amd64 (2.4-1), libnuma1:amd64 (2.0.16-1, automatic)
Upgrade: libc6:amd64 (2.36-9, 2.36-10), libc-bin:amd64 (2.36-9, 2.36-10)
Remove: nano:amd64 (7.2-1)
End-Date: 2026-11-20  06:12:09
"""
PACMAN = """\
[2018-03-01 10:00] [ALPM] installed linux (4.15-1)
[2026-11-20T06:12:01+0000] [PACMAN] Running 'pacman -Syu'
[2026-11-20T06:12:02+0000] [ALPM] upgraded linux (6.1.1-1 -> 6.2.0-1)
[2026-11-20T06:12:03+0000] [ALPM] removed nano (7.2-1)
[2026-11-20T06:12:04+0000] [ALPM] reinstalled mc (4.9-1)
[2026-11-20T06:12:05+0000] [ALPM-SCRIPTLET] upgraded in words (but no package)
"""
RPM = "1795000000\tkernel.x86_64\t6.1-1\n1795100000\tkernel.x86_64\t6.2-1\n5\tgpg-pubkey.(none)\tx\nx\ty\tz\n"


def told(changes: list[Change]) -> list[tuple[str, str | None, str | None]]:
    return [(each.subject, each.before, each.after) for each in changes]


def parsed(parse: Parse, text: str) -> list[Change]:
    return list(parse(iter(text.splitlines()), LocalTimes(), {}))


def past(state: dict[str, object] | None, root: Path = Path("/nowhere"), now_ns: int = WALL) -> Past:
    return Past(now_ns, state, RecordReader(root / "no.sqlite3"), root=root)


def test_the_log_of_dpkg() -> None:
    found = parsed(dpkg.parse, DPKG)
    assert told(found) == [
        ("rt-tests:amd64", None, "2.4-1"),
        ("libc6:amd64", "2.36-9+deb12u13", "2.36-9+deb12u14"),
        ("nano:amd64", "7.2-1", None),
        ("mc:all", None, "4.9-1"),
    ]
    assert found[0].at_ns == int(datetime(2026, 11, 20, 6, 12, 2).astimezone().timestamp()) * 10**9


def test_the_history_of_apt() -> None:
    assert told(parsed(apt.parse, APT)) == [
        ("rt-tests:amd64", None, "2.4-1"),
        ("libnuma1:amd64", None, "2.0.16-1"),
        ("libc6:amd64", "2.36-9", "2.36-10"),
        ("libc-bin:amd64", "2.36-9", "2.36-10"),
        ("nano:amd64", "7.2-1", None),
    ]


def test_a_paragraph_of_apt_that_ends_in_the_next_look() -> None:
    carry: dict[str, str] = {}
    lines = APT.splitlines()
    assert not list(apt.parse(iter(lines[:4]), LocalTimes(), carry))
    assert len(list(apt.parse(iter(lines[4:]), LocalTimes(), dict(carry)))) == 5


def test_the_log_of_pacman_in_its_old_and_its_new_form() -> None:
    assert told(parsed(pacman.parse, PACMAN)) == [
        ("linux", None, "4.15-1"),
        ("linux", "6.1.1-1", "6.2.0-1"),
        ("nano", "7.2-1", None),
        ("mc", "4.9-1", "4.9-1"),
    ]


def test_the_list_of_rpm_backwards_and_then_what_differs() -> None:
    first = rpm.compare(RPM.splitlines(), past(None), "1")
    assert told(first.changes) == [("gpg-pubkey", None, "x"), ("kernel.x86_64", None, "6.1-1, 6.2-1")]
    again = rpm.compare(RPM.splitlines(), past(first.state), "2")
    assert not again.changes
    later = rpm.compare(["1795200000\tkernel.x86_64\t6.3-1"], past(again.state), "3")
    assert told(later.changes) == [
        ("gpg-pubkey", "x", None),
        ("kernel.x86_64", "6.1-1, 6.2-1", "6.3-1"),
    ]
    assert [each.at_ns for each in later.changes] == [WALL, 1_795_200_000 * 10**9]


ANY_LINES = st.lists(
    st.text(st.characters(exclude_characters="\n\r"), max_size=80)
    | st.sampled_from([line for text in (DPKG, APT, PACMAN, RPM) for line in text.splitlines()]).flatmap(
        lambda line: st.integers(0, len(line)).map(lambda at: line[:at] + "\0" + line[at + 1 :])
    ),
    max_size=30,
)


@given(ANY_LINES)
@pytest.mark.parametrize("parse", [dpkg.parse, apt.parse, pacman.parse], ids=["dpkg", "apt", "pacman"])
def test_no_line_makes_a_parser_fail(parse: Parse, lines: list[str]) -> None:
    for change in parse(iter(lines), LocalTimes(), {}):
        assert 0 <= change.at_ns < 2**63
        assert max(map(len, (change.subject, change.before or "", change.after or ""))) <= 300


@given(ANY_LINES)
def test_no_list_makes_rpm_fail(lines: list[str]) -> None:
    assert all(0 <= each.at_ns < 2**63 for each in rpm.compare(lines, past(None), "1").changes)


NAMES = st.from_regex(r"[a-z0-9][a-z0-9+.-]{1,20}:(amd64|all)", fullmatch=True)
VERSIONS = st.from_regex(r"([0-9]:)?[0-9][0-9A-Za-z.+~-]{0,20}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, st.none() | VERSIONS, VERSIONS, st.booleans()), max_size=20))
def test_what_dpkg_writes_is_read(changes: list[tuple[str, str | None, str, bool]]) -> None:
    def lines() -> Iterator[tuple[str, tuple[str, str | None, str | None]]]:
        for name, before, after, removed in changes:
            if removed:
                yield f"remove {name} {after} <none>", (name, after, None)
            elif before is None:
                yield f"install {name} <none> {after}", (name, None, after)
            else:
                yield f"upgrade {name} {before} {after}", (name, before, after)

    written = list(lines())
    found = parsed(dpkg.parse, "\n".join(f"2026-11-20 06:12:01 {line}" for line, _expected in written))
    assert told(found) == [expected for _line, expected in written]


def test_the_options_of_a_kernel_without_what_may_be_a_secret() -> None:
    found = kernel.options(
        "BOOT_IMAGE=/vmlinuz root=UUID=x quiet console=tty0 console=ttyS0 luks.key=abc ksm=1"
    )
    assert found == {"root": "UUID=x", "quiet": "", "console": "tty0 ttyS0", "luks.key": "…", "ksm": "1"}


def test_earlier_starts_as_wtmp_has_them() -> None:
    def entry(kind: int, user: bytes, release: bytes, seconds: int) -> bytes:
        return struct.pack("<hxxi32s4s32s256s4xiii36x", kind, 0, b"~", b"~~", user, release, 0, seconds, 5)

    content = entry(2, b"reboot", b"6.1.0-18-amd64", 1_700_000_000) + entry(7, b"me", b"", 1_700_000_100)
    content += entry(2, b"reboot", b"6.1.0-20-amd64", 1_710_000_000) + b"torn"
    assert [(each.at_ns // 10**9, each.after) for each in kernel.boots(content)] == [
        (1_700_000_000, "6.1.0-18-amd64"),
        (1_710_000_000, "6.1.0-20-amd64"),
    ]


@given(st.binary(max_size=2000))
def test_no_bytes_make_the_list_of_starts_fail(content: bytes) -> None:
    assert all(0 < each.at_ns < 2**63 for each in kernel.boots(content))


def machine(root: Path, version: str) -> Path:
    for name, text in {
        "proc/cmdline": "quiet mitigations=off\n",
        "proc/sys/kernel/random/boot_id": "abc\n",
        "proc/cpuinfo": "processor\t: 0\nmicrocode\t: 0x2f\n",
        "sys/module/nvidia/version": f"{version}\n",
        "sys/module/e1000e/version": "3.8\n",
        "sys/class/dmi/id/bios_version": "F20\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "sys/module/plain").mkdir(exist_ok=True)
    return root


def test_drivers_are_compared_and_one_that_is_unloaded_is_remembered(tmp_path: Path) -> None:
    first = drivers.look(past(None, machine(tmp_path, "550")))
    assert not first.changes
    (tmp_path / "sys/module/nvidia/version").unlink()
    unloaded = drivers.look(past(first.state, tmp_path))
    assert not unloaded.changes
    newer = drivers.look(past(unloaded.state, machine(tmp_path, "560")))
    assert told(newer.changes) == [("nvidia", "550", "560")]
    assert newer.state["values"]["firmware"] == {"BIOS": "F20", "microcode": "0x2f"}


def test_a_start_is_told_once(tmp_path: Path) -> None:
    first = kernel.look(past(None, machine(tmp_path, "1")))
    assert [each.kind for each in first.changes] == [ChangeKind.BOOT]
    assert not kernel.look(past(first.state, tmp_path)).changes
    (tmp_path / "proc/sys/kernel/random/boot_id").write_text("def\n")
    (tmp_path / "proc/cmdline").write_text("quiet\n")
    again = kernel.look(past(first.state, tmp_path))
    assert [(each.kind, each.subject, each.before) for each in again.changes] == [
        (ChangeKind.BOOT_OPTION, "mitigations", "off"),
        (ChangeKind.BOOT, "", None),
    ]


PROGRAMS = {
    "a": {"DisplayName": "7-Zip", "DisplayVersion": "24.08", "InstallDate": "20261120"},
    "b": {"DisplayName": "Part", "ParentKeyName": "7-Zip", "InstallDate": "20261120"},
    "c": {"DisplayName": "Odd", "InstallDate": "soon"},
    "d": {"DisplayName": "Firefox", "DisplayVersion": "140", "InstallDate": "11/21/2026"},
    "e": {"NoName": "x"},
}


def test_programs_of_windows_backwards_and_then_what_differs() -> None:
    first = compare(past(None), PROGRAMS, {}, {"CurrentBuild": "26100", "UBR": "1"})
    assert told(first.changes) == [("7-Zip", None, "24.08"), ("Firefox", None, "140")]
    assert {each.facts["precision_s"] for each in first.changes} == {86_400}
    newer = {**PROGRAMS, "d": {**PROGRAMS["d"], "DisplayVersion": "141"}}
    del newer["a"]
    later = compare(past(first.state), newer, {}, {"CurrentBuild": "26100", "UBR": "2"})
    assert told(later.changes) == [
        ("7-Zip", "24.08", None),
        ("Firefox", "140", "141"),
        ("Windows", "26100.1", "26100.2"),
    ]


def test_the_list_of_the_installer_of_macos() -> None:
    entries = [
        {
            "date": datetime.fromisoformat("2026-11-20T06:12:01"),
            "displayName": "macOS 16.1",
            "displayVersion": "16.1",
        },
        {"date": "no date", "displayName": "x"},
        {"displayName": "y"},
        "none",
    ]
    assert told(list(macos_installs.parse(plistlib.dumps(entries)))) == [("macOS 16.1", None, "16.1")]


@pytest.mark.parametrize("content", [b"", b"<plist>", plistlib.dumps({}), b"bplist00" + b"\xff" * 40])
def test_any_other_list_is_told_and_no_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "Library/Receipts").mkdir(parents=True)
    (tmp_path / "Library/Receipts/InstallHistory.plist").write_bytes(content)
    assert not macos_installs.look(past(None, tmp_path)).changes


def test_the_registry_names_every_module_once() -> None:
    modules = {each.stem for each in Path(folder).parent.glob("*.py")} - {"__init__", "source", "log_files"}
    assert len(SOURCES) == len(modules)
    names = [each.name for each in SOURCES]
    assert len(set(names)) == len(names)
    for number, source in enumerate(SOURCES):
        assert not source.in_for or source.in_for in names[:number]


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=6),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=6),
)
def test_only_what_differs_is_a_change_and_looking_again_finds_none(
    before: dict[str, str], after: dict[str, str]
) -> None:
    def look(state: dict[str, object] | None, values: dict[str, str]) -> Found:
        return look_at_values("x", past(state), {ChangeKind.DRIVER: values})

    first = look(None, before)
    second = look(first.state, after)
    assert {each.subject for each in second.changes} == {
        name for name in {*before, *after} if before.get(name) != after.get(name)
    }
    assert not first.changes
    assert not look(second.state, after).changes

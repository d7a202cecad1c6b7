"""Command lines: taken apart to what they were put together from, by Windows' own rules."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.system.windows.command_line import (
    expanded,
    join,
    join_arguments,
    program_and_arguments,
    same_path,
    split,
    split_arguments,
)

ARGUMENTS = st.lists(
    st.text(st.sampled_from('ab \\"\t%&^|;心') | st.characters(exclude_categories=["Cs", "Cc"]))
)
PROGRAMS = st.text(st.sampled_from("ab \\:%&'心"), min_size=1)


@given(PROGRAMS, ARGUMENTS)
def test_a_line_is_taken_apart_to_the_command_it_was_made_of(program: str, arguments: list[str]) -> None:
    line = join([program, *arguments])
    assert split(line) == (program, *arguments)
    assert line.startswith(f'"{program}"')
    assert split_arguments(join_arguments(arguments)) == tuple(arguments)


@given(ARGUMENTS)
def test_arguments_are_quoted_as_python_quotes_them(arguments: list[str]) -> None:
    ours = join_arguments(arguments)
    assert split_arguments(ours) == split_arguments(subprocess.list2cmdline(arguments)) == tuple(arguments)


def test_lines_that_others_wrote() -> None:
    cases: list[tuple[str, tuple[str, ...]]] = [
        ("", ()),
        ("  \t ", ()),
        (r'"C:\a b\x.exe"', (r"C:\a b\x.exe",)),
        (r'  "C:\a b\x.exe" --m "c d"', (r"C:\a b\x.exe", "--m", "c d")),
        (r"C:\a\x.exe a\\b  c\ ", ("C:\\a\\x.exe", "a\\\\b", "c\\")),
        (r'x "e\\" "f\"g" ""', ("x", "e\\", 'f"g', "")),
        ('x """c""" "a""b" c', ("x", '"c"', 'a"b c')),
        ('x "open to the end', ("x", "open to the end")),
        (r'"C:\x\"rest', ("C:\\x\\", "rest")),
    ]
    for line, command in cases:
        assert split(line) == command


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows itself")
@given(st.text(st.sampled_from('ab \\"\t'), min_size=1, max_size=12))
def test_windows_takes_a_line_apart_the_same_way(line: str) -> None:
    import ctypes

    windll: Any = vars(ctypes)["windll"]  # where the types know it depends on the system
    if not line.strip(" \t"):
        return
    take_apart = windll.shell32.CommandLineToArgvW
    take_apart.argtypes = [ctypes.c_wchar_p, ctypes.POINTER(ctypes.c_int)]
    take_apart.restype = ctypes.POINTER(ctypes.c_wchar_p)
    count = ctypes.c_int()
    parts = take_apart(line.lstrip(" \t"), ctypes.byref(count))
    assert split(line) == tuple(parts[: count.value])


@pytest.mark.parametrize("program", ["", 'C:\\a"b.exe', "C:\\a\0.exe", "C:\\a\n.exe"])
def test_what_no_path_can_be_is_refused(program: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        join([program, "--minimized"])


def test_an_unquoted_path_with_spaces_is_the_shortest_that_is_there() -> None:
    line = r"C:\Program Files\AIOS Heartbeat\aios-gui.exe --home C:\x"
    right = (r"C:\Program Files\AIOS Heartbeat\aios-gui.exe", "--home", r"C:\x")
    assert program_and_arguments(line, lambda path: path == right[0]) == right
    assert program_and_arguments(line, lambda path: path in {right[0], r"C:\Program"})[0] == r"C:\Program"
    assert program_and_arguments(line, lambda path: False)[0] == r"C:\Program"
    assert program_and_arguments(f'"{right[0]}" -x', lambda path: False) == (right[0], "-x")


def test_paths_are_the_same_in_any_case_and_with_either_slash() -> None:
    assert same_path(r"C:\Program Files\Ä\x.EXE", "c:/program files/ä/X.exe")
    assert same_path(r"C:\a\..\b\x.exe", r"C:\b\x.exe")
    assert not same_path(r"C:\a\x.exe", r"C:\b\x.exe")


def test_only_variables_that_are_set_are_replaced() -> None:
    environ = {"Temp": r"C:\T", "USERNAME": "Zoë"}
    assert expanded(r"%TEMP%\%username%\%NOPE% 100% 5%%", environ) == r"C:\T\Zoë\%NOPE% 100% 5%%"

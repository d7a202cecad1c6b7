"""Command lines as Windows has them: one text, which the started program takes apart by known rules.

The rules are those of CommandLineToArgvW and of Microsoft's C runtime, "Parsing C command-line arguments".
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Callable, Mapping, Sequence

_NEEDS_QUOTES = re.compile(r'[\s"]')
_BEFORE_A_QUOTE = re.compile(r'(\\*)"')
_AT_THE_END = re.compile(r"(\\+)\Z")
_THIRD = 3
_VARIABLE = re.compile(r"%([^%]+)%")


def join(command: Sequence[str]) -> str:
    """One text that is taken apart to ``command`` again. The program is quoted always, so that no space in it parts it.

    ValueError for a program whose name Windows cannot have.
    """
    program, *arguments = command
    if not program or any(character in program for character in '"\0\r\n'):
        raise ValueError(f"not a path that Windows can have: {program!r}")
    return " ".join([f'"{program}"', *map(_quoted, arguments)])


def join_arguments(arguments: Sequence[str]) -> str:
    """The same for arguments alone, where the program has a place of its own."""
    return " ".join(map(_quoted, arguments))


def _quoted(argument: str) -> str:
    if argument and not _NEEDS_QUOTES.search(argument):
        return argument
    # Backslashes are themselves, but in front of a quote two stand for one.
    escaped = _BEFORE_A_QUOTE.sub(r'\1\1\\"', argument)
    return '"' + _AT_THE_END.sub(r"\1\1", escaped) + '"'


def split(line: str) -> tuple[str, ...]:
    """``line`` taken apart, the program first; empty where there is nothing in it."""
    line = line.lstrip(" \t")
    if not line:
        return ()
    if line.startswith('"'):
        program, _quote, rest = line[1:].partition('"')
    else:
        end = next((place for place, character in enumerate(line) if character in " \t"), len(line))
        program, rest = line[:end], line[end:]
    return (program, *split_arguments(rest))


def split_arguments(rest: str) -> tuple[str, ...]:
    """What follows the program, taken apart."""
    found: list[str] = []
    place = 0
    while True:
        while place < len(rest) and rest[place] in " \t":
            place += 1
        if place >= len(rest):
            return tuple(found)
        argument, place = _next_argument(rest, place)
        found.append(argument)


def _next_argument(rest: str, place: int) -> tuple[str, int]:
    """The argument that begins at ``place``, and where it ends."""
    argument, quotes = "", 0
    while place < len(rest) and (quotes or rest[place] not in " \t"):
        begin = place
        while rest.startswith("\\", place):
            place += 1
        backslashes = place - begin
        if not rest.startswith('"', place):
            argument += rest[begin : max(place, begin + 1)]
            place = max(place, begin + 1)
            continue
        argument += "\\" * (backslashes // 2)
        place += 1
        if backslashes % 2:
            argument += '"'
        else:
            quotes += 1
        while rest.startswith('"', place):  # a third quote in a row stands for itself
            quotes, place = quotes + 1, place + 1
            if quotes == _THIRD:
                argument, quotes = argument + '"', 0
        quotes %= 2
    return argument, place


def program_and_arguments(line: str, is_file: Callable[[str], bool]) -> tuple[str, ...]:
    """``line`` taken apart as CreateProcess does: an unquoted path with spaces is the shortest that is there."""
    parts = split(line)
    if not parts or line.lstrip(" \t").startswith('"') or is_file(parts[0]):
        return parts
    words = line.strip(" \t").split(" ")
    for count in range(2, len(words) + 1):
        program = " ".join(words[:count])
        if is_file(program):
            return (program, *split_arguments(" ".join(words[count:])))
    return parts


def same_path(one: str, other: str) -> bool:
    """Whether both name the same file, as Windows compares them: without regard to case and to which slash."""
    return ntpath.normcase(ntpath.normpath(one)) == ntpath.normcase(ntpath.normpath(other))


def same_arguments(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both are the same command, the program first."""
    return bool(one and other) and same_path(one[0], other[0]) and list(one[1:]) == list(other[1:])


def expanded(text: str, environ: Mapping[str, str]) -> str:
    """``text`` with every %NAME% that the environment knows replaced."""
    known = {name.upper(): value for name, value in environ.items()}
    return _VARIABLE.sub(lambda match: known.get(match.group(1).upper(), match.group(0)), text)

"""Unit files of systemd: written and read by the rules of systemd.syntax and systemd.service, for one service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aios_gui.text.catalogue import gettext as _

_HEADER = re.compile(r"\[([^\[\]]+)\]")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@,+=-]+")
_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " ",
    "\\": "\\", '"': '"', "'": "'", ";": ";",
}  # fmt: skip
_NUMBERED = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}
UNFIT_FOR_A_PROGRAM = frozenset("'\"\\$\t")
"""What the path of the program cannot hold; an argument can."""
_PREFIXES = frozenset("-@:+!|")
_VARIABLE = re.compile(r"\$(?:\{[A-Za-z0-9_]+\}|[A-Za-z_][A-Za-z0-9_]*)")


class UnitError(ValueError):
    """The file, or one value in it, is not as systemd has it; the message says what is wrong."""


# Writing


def compose(sections: Mapping[str, Mapping[str, str]]) -> str:
    """A file with these sections; the values stand there as they are."""
    parts = []
    for section, entries in sections.items():
        parts.append("\n".join([f"[{section}]", *(f"{key}={value}" for key, value in entries.items())]))
    return "\n\n".join(parts) + "\n"


def command_line(command: Sequence[str]) -> str:
    """The value of `ExecStart` that starts ``command``; UnitError for what systemd does not start.

    The program is looked for as it stands, so nothing in its path can be escaped but a percent sign.
    """
    if any(letter in UNFIT_FOR_A_PROGRAM for letter in command[0]):
        raise UnitError(
            _("systemd does not start a program of this name: {text}").format(text=repr(command[0]))
        )
    for argument in command:
        if any(ord(letter) < 0x20 and letter != "\t" for letter in argument):
            raise UnitError(_("a command cannot hold a line break: {text}").format(text=repr(argument)))
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise UnitError(_("a unit cannot hold {text}").format(text=repr(argument))) from error
    return " ".join(map(_quoted, command))


def _quoted(argument: str) -> str:
    text = argument.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    text = text.replace("%", "%%").replace("$", "$$")
    return text if _PLAIN.fullmatch(argument) else f'"{text}"'


# Reading


class Unit:
    """Every setting of a unit; the last one of a name counts, as for all that a service of one command has."""

    def __init__(self, text: str) -> None:
        self._values: dict[tuple[str, str], str] = {}
        section = ""
        for number, line in _logical_lines(text):
            header = _HEADER.fullmatch(line)
            if header:
                section = header[1]
                continue
            key, sign, value = line.partition("=")
            if not section or not sign:
                raise UnitError(_("line {number} is no entry").format(number=number))
            self._values[section, key.strip()] = value.strip()

    def value(self, section: str, key: str) -> str | None:
        """A setting as it stands there; None where it is not set."""
        return self._values.get((section, key))

    @property
    def command(self) -> tuple[str, ...]:
        """What would be started, taken apart."""
        line = self.value("Service", "ExecStart")
        if not line:
            raise UnitError(_("it has no {key}").format(key="ExecStart"))
        return tuple(split_command(line))


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with what goes on after a backslash joined by a space, without comments, each with its number."""
    lines: list[tuple[int, str]] = []
    open_line, began = "", 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line.startswith(("#", ";")) or (not line and not open_line):
            continue
        began = began if open_line else number
        goes_on = line.endswith("\\")
        open_line += line[:-1] + " " if goes_on else line
        if not goes_on:
            lines.append((began, open_line))
            open_line = ""
    if open_line:
        lines.append((began, open_line.rstrip()))
    return lines


def split_command(line: str) -> list[str]:
    """The arguments of an `ExecStart` line; UnitError for variables, of which nobody knows what they will hold."""
    bare = line.lstrip("".join(_PREFIXES))
    prefixes = line[: len(line) - len(bare)]
    if "@" in prefixes:
        raise UnitError(_("it starts its program under another name"))
    arguments: list[str] = []
    rest = bare.strip()
    while rest:
        if rest.split(maxsplit=1)[0] == ";":
            raise UnitError(_("it starts more than one program"))
        word, rest = _word(rest)
        word = _without_specifiers(word)
        if arguments and ":" not in prefixes:
            word = _without_variables(word)
        arguments.append(word)
        rest = rest.lstrip()
    return arguments


def _word(text: str) -> tuple[str, str]:
    """The first word, quotes and escapes undone, and what comes after it."""
    found: list[str] = []
    quote = ""
    place = 0
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            taken, place = _escape(text, place + 1)
            found.append(taken)
            continue
        if quote and letter == quote:
            quote = ""
        elif not quote and letter in "\"'":
            quote = letter
        elif not quote and letter.isspace():
            break
        else:
            found.append(letter)
        place += 1
    if quote:
        raise UnitError(_("a quote is not closed"))
    return "".join(found), text[place:]


def _escape(text: str, place: int) -> tuple[str, int]:
    code = text[place : place + 1]
    if code in _ESCAPES and code:
        return _ESCAPES[code], place + 1
    size, base = _NUMBERED.get(code, (3, 8))
    start = place + (code in _NUMBERED)
    digits = text[start : start + size]
    try:
        return chr(int(digits, base)), start + size
    except (ValueError, OverflowError):
        raise UnitError(_("{text} means nothing there").format(text="\\" + text[place : place + 4])) from None


def _without_specifiers(word: str) -> str:
    parts = word.split("%%")
    if any("%" in part for part in parts):
        raise UnitError(_("it has a specifier, which only systemd can fill in"))
    return "%".join(parts)


def _without_variables(word: str) -> str:
    parts = word.split("$$")
    if any(_VARIABLE.search(part) for part in parts):
        raise UnitError(_("it has a variable, which only systemd can fill in"))
    return "$".join(parts)

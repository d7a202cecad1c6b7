"""Desktop Entry files: written and read by the rules of the specification, for what an autostart entry needs of them.

A command is escaped twice: first each argument as `Exec` has it, then the whole line as the file has any string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from aios_gui.text.catalogue import gettext as _

GROUP = "Desktop Entry"
_HEADER = re.compile(r"\[([^\[\]\x00-\x1f\x7f]+)\]")
_ENTRY = re.compile(r"([A-Za-z0-9-]+)(\[[^\[\]]+\])?\s*=\s*(.*)")
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
_ESCAPED_IN_QUOTES = frozenset('"`$\\')
_PLAIN = re.compile(r"[A-Za-z0-9_./:@,+-]+")
_NOTHING_WITHOUT_FILES = frozenset("fFuUdDnNvmickK")
"""Field codes that stand for files, of which there are none at log-in, or for the entry itself."""
_BOOLEANS = {"true": True, "false": False}


class EntryError(ValueError):
    """The file, or one value in it, is not as the specification has it; the message says what is wrong."""


# Writing


def compose(entries: Mapping[str, str]) -> str:
    """A file with these keys; the values are escaped as strings."""
    lines = [f"[{GROUP}]", *(f"{key}={escape(value)}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def escape(value: str) -> str:
    """A string as the file has it; ValueError for what it cannot hold."""
    if "\0" in value or not _is_unicode(value):
        raise EntryError(_("a desktop entry cannot hold {text}").format(text=repr(value)))
    text = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return "\\s" + text[1:] if text.startswith(" ") else text


def exec_line(command: Sequence[str]) -> str:
    """The value of `Exec` that starts ``command``, before it is escaped as a string."""
    return " ".join(map(_quoted, command))


def _quoted(argument: str) -> str:
    if any(letter in argument for letter in "\n\r\0"):
        raise EntryError(_("a command cannot hold a line break: {text}").format(text=repr(argument)))
    text = "".join("\\" + letter if letter in _ESCAPED_IN_QUOTES else letter for letter in argument)
    text = text.replace("%", "%%")
    return text if _PLAIN.fullmatch(argument) else f'"{text}"'


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


# Reading


class Entry:
    """The main group of a desktop entry; EntryError where the text is none.

    Keys that nobody asks for, those of other groups and those in other languages may be whatever they are.
    """

    def __init__(self, text: str) -> None:
        self._raw = dict(_entries(text))

    def string(self, key: str) -> str | None:
        """A string, None where there is no such key."""
        raw = self._raw.get(key)
        return None if raw is None else unescape(raw)

    def boolean(self, key: str, default: bool) -> bool:
        """True or false."""
        raw = self._raw.get(key)
        if raw is None:
            return default
        if raw not in _BOOLEANS:
            raise EntryError(_("{key} is neither true nor false but {text}").format(key=key, text=repr(raw)))
        return _BOOLEANS[raw]

    def names(self, key: str) -> list[str] | None:
        """A list of names, None where there is no such key."""
        raw = self._raw.get(key)
        return None if raw is None else [name for name in raw.split(";") if name]

    @property
    def command(self) -> tuple[str, ...]:
        """What would be started, taken apart."""
        line = self.string("Exec")
        if not line:
            raise EntryError(_("it has no {key}").format(key="Exec"))
        return tuple(split_exec(line))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    seen_groups: set[str] = set()
    seen_keys: set[str] = set()
    group = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")  # noqa: PLW2901 - some editors end lines as Windows does
        if not line.strip() or line.startswith("#"):
            continue
        header = _HEADER.fullmatch(line.rstrip())
        if header:
            group = header[1]
            if group in seen_groups or (not seen_groups and group != GROUP):
                raise EntryError(
                    _("line {number}: the group [{group}] does not belong here").format(
                        number=number, group=group
                    )
                )
            seen_groups.add(group)
            continue
        entry = _ENTRY.fullmatch(line.strip())
        if not entry or not group:
            raise EntryError(_("line {number} is no entry").format(number=number))
        if group != GROUP or entry[2]:
            continue
        if entry[1] in seen_keys:
            raise EntryError(_("line {number}: {key} stands there twice").format(number=number, key=entry[1]))
        seen_keys.add(entry[1])
        yield entry[1], entry[3]
    if GROUP not in seen_groups:
        raise EntryError(_("it has no {key}").format(key=f"[{GROUP}]"))


def unescape(raw: str) -> str:
    """The string that the file means."""
    letters = iter(raw)
    found = []
    for letter in letters:
        if letter == "\\":
            code = next(letters, "")
            if code not in _ESCAPES:
                raise EntryError(_("{text} means nothing there").format(text="\\" + code))
            letter = _ESCAPES[code]  # noqa: PLW2901
        found.append(letter)
    return "".join(found)


def split_exec(line: str) -> list[str]:
    """The arguments of an `Exec` line, its string escapes undone already; field codes give nothing but a percent sign.

    EntryError for what the specification leaves undefined.
    """
    arguments = []
    rest = line.strip(" ")
    while rest:
        argument, rest = _quoted_argument(rest) if rest[0] == '"' else _plain_argument(rest)
        if rest and rest[0] != " ":
            raise EntryError(_("a quoted argument is followed by something else than a space"))
        rest = rest.lstrip(" ")
        if argument is not None:
            arguments.append(argument)
    return arguments


def _quoted_argument(text: str) -> tuple[str, str]:
    found: list[str] = []
    place = 1
    while place < len(text):
        letter = text[place]
        if letter == '"':
            return _without_codes("".join(found)) or "", text[place + 1 :]
        if letter == "\\":
            place += 1
            letter = text[place : place + 1]
            if letter not in _ESCAPED_IN_QUOTES:
                raise EntryError(_("{text} means nothing there").format(text="\\" + letter))
        elif letter in "`$":
            raise EntryError(_("{text} is not escaped").format(text=letter))
        found.append(letter)
        place += 1
    raise EntryError(_("a quote is not closed"))


def _plain_argument(text: str) -> tuple[str | None, str]:
    word, space, rest = text.partition(" ")
    odd = next((letter for letter in word if letter in _RESERVED), None)
    if odd is not None:
        raise EntryError(_("{text} is not quoted").format(text=odd))
    return _without_codes(word), space + rest


def _without_codes(argument: str) -> str | None:
    """The argument with its field codes filled in; None for one that was nothing else."""
    parts = re.split("%(.?)", argument)
    # Every second part is the letter of a code.
    for place in range(1, len(parts), 2):
        code = parts[place]
        if not code or (code != "%" and code not in _NOTHING_WITHOUT_FILES):
            raise EntryError(_("{text} means nothing there").format(text="%" + code))
        parts[place] = "%" if code == "%" else ""
    return "".join(parts) if any(parts) or not argument else None

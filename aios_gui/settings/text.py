"""The text of the settings file: composed with the defaults as comments, searched for the line of a key."""

from __future__ import annotations

import re
from typing import Any

from aios_gui.settings.model import Declarations, Setting, Settings, Table

_HEADING = (
    "# AIOS Heartbeat: settings.\n"
    "# A line that begins with # shows a default; take the # away and change the value to choose another.\n"
)
_SECTION = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_LONGEST_KEY = 300
_AT_LINE = re.compile(r"\(at line (\d+),")


def compose(settings: Settings, before: dict[str, Any]) -> str:
    """The whole file: every declared setting and table, and whatever ``before`` holds that is not known here."""
    import tomli_w

    declared = settings.declared
    unknown = _unknown(before, declared)
    # Bare values may not follow the first section.
    loose = {key: value for key, value in unknown.items() if not isinstance(value, dict)}
    arrays = []
    for table in declared.tables:
        blocks, are_default = _entries(table, settings.table(table.name), before.get(table.name))
        if not blocks:
            loose[table.name] = []
        if not are_default:
            unknown.pop(table.name, None)  # written as [rules] by mistake, it cannot stand beside [[rules]]
        arrays.append("\n".join([table.introduction, *(map(_commented, blocks) if are_default else blocks)]))
    parts = [_HEADING + tomli_w.dumps({"version": declared.version, **loose})]
    tables = {key: value for key, value in unknown.items() if isinstance(value, dict)}
    for section in declared.sections:
        shown = [setting for setting in section.settings if setting.alias is None]
        if not shown:
            continue
        header = f"[{section.key}]\n"
        lines = "".join(_line(setting, settings) for setting in shown)
        extra = tables.pop(section.key, {})
        text = tomli_w.dumps({section.key: extra}) if extra else header
        # Tables within the section come after its values, under headers of their own.
        parts.append(header + lines + (text[len(header) :] if text.startswith(header) else "\n" + text))
    parts += [tomli_w.dumps({name: table}) for name, table in tables.items()]
    return "\n".join([*parts, *arrays])


def _entries(table: Table, entries: tuple[Any, ...], before: Any) -> tuple[list[str], bool]:
    """The text of every entry of a table, and whether they are the default ones.

    Faulty ones in ``before`` stay as they are: the person who wrote them is to mend them.
    """
    import tomli_w

    kept = table.unread(entries, before)
    # Given the whole list, tomli_w would write short entries in one line, which may not follow a section.
    blocks = [f"[[{table.name}]]\n{tomli_w.dumps(each)}" for each in (*map(table.write, entries), *kept)]
    return blocks, entries == table.default and not kept


def _commented(block: str) -> str:
    return "".join(f"# {line}\n" for line in block.splitlines())


def _line(setting: Setting, settings: Settings) -> str:
    import tomli_w

    key = setting.name.partition(".")[2]
    value = settings[setting.name]
    line = tomli_w.dumps({key: value}).rstrip("\n")
    return f"{'# ' if value == setting.default else ''}{line}  # {allowed(setting)}\n"


def allowed(setting: Setting) -> str:
    """What a value may be, in the language of the file, which is English."""
    if setting.choices:
        return ", ".join(setting.choices)
    if setting.kind is bool:
        return "true or false"
    if setting.keys:
        return 'keys such as "Ctrl+P", or "" for none'
    if setting.kind is str:
        return "a text"
    return f"{setting.minimum:g} to {setting.maximum:g} {setting.unit}".rstrip()


def _unknown(before: dict[str, Any], declared: Declarations) -> dict[str, Any]:
    """``before`` without the version and without whatever is declared."""
    sections = {section.key for section in declared.sections}
    known = {"version", *sections, *(table.name for table in declared.tables)}
    rest: dict[str, Any] = {}
    for name, value in before.items():
        if not isinstance(value, dict):
            # Also what is known by a whole name in quotation marks: it has its line in its section.
            if name not in known and name not in declared.by_name:
                rest[name] = value
            continue
        inner = {key: kept for key, kept in value.items() if f"{name}.{key}" not in declared.by_name}
        if inner or name not in sections:
            rest[name] = inner
    return rest


class Lines:
    """Finds the lines, counted from 1, on which things stand in ``text``, which is read once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[str, int] | None = None
        self._inner: dict[str, int] = {}
        self._entries: dict[str, list[tuple[int, dict[str, int]]]] = {}

    def of_key(self, key: str) -> int | None:
        """Where ``section.name`` is set; None where it cannot be told."""
        if self._keys is None:
            self._keys = self._read()
        # The key may itself be a table that begins on a line or is written with dots.
        return self._keys.get(key) or self._inner.get(key)

    def of_field(self, table: str, number: int, field: str) -> int | None:
        """A field of an entry of that number in ``[[table]]``, or where the entry begins; None where there is none."""
        if self._keys is None:
            self._keys = self._read()
        entries = self._entries.get(table, [])
        if not 0 < number <= len(entries):
            return None
        began, fields = entries[number - 1]
        return fields.get(field, began)

    def _read(self) -> dict[str, int]:
        keys: dict[str, int] = {}
        section = ""
        fields: dict[str, int] = {}
        for number, whole in enumerate(self._text.split("\n"), 1):
            line = whole[:_LONGEST_KEY]  # the patterns take ages for a long line that they do not match
            heading = _SECTION.match(line)
            if heading:
                section, fields = _bare(heading.group(1)), {}
                self._note(section, number, keys)
                if line.lstrip().startswith("[["):
                    self._entries.setdefault(section, []).append((number, fields))
                continue
            match = _KEY.match(line)
            if match:
                name = _bare(match.group(1))
                fields.setdefault(name, number)
                self._note(f"{section}.{name}" if section else name, number, keys)
        return keys

    def _note(self, key: str, number: int, keys: dict[str, int]) -> None:
        keys.setdefault(key, number)
        for place, letter in enumerate(key):
            if letter == ".":
                self._inner.setdefault(key[:place], number)


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def error_line(error: Exception) -> int | None:
    """The line that a TOML parser complains of."""
    match = _AT_LINE.search(str(error))
    return int(match.group(1)) if match else None

"""What a setting, a section and a table of the file are, how a feature declares them, and the settings themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from aios_gui.settings.keys import normalised

SettingValue = float | int | str | bool
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Effect(StrEnum):
    """When a changed setting takes effect."""

    AT_ONCE = "at_once"
    ON_SETUP = "on_setup"
    """When autostart is set up again, since it is the system that keeps it."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Says that a setting is a view on the entries of a table and stands nowhere else in the file."""

    table: str
    read: Callable[[tuple[Any, ...]], SettingValue]
    write: Callable[[tuple[Any, ...], Any], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``section.key`` is its name in the file; ``choices`` maps what a word may be to what it means.

    ``keys`` tells that a text names keys that call something up, or none. ``search`` holds further words by which
    people look for it. ``shown_in`` is the key of the section of the panel, "" for that of the file. ``title``,
    ``help``, ``search`` and the meanings are marked for translation where they stand and translated when shown.
    """

    name: str
    default: SettingValue
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    keys: bool = False
    effect: Effect = Effect.AT_ONCE
    title: str = ""
    help: str = ""
    search: str = ""
    shown_in: str = ""
    alias: Alias | None = None

    @property
    def section(self) -> str:
        """What it belongs to, as ``beat``."""
        return self.name.partition(".")[0]

    @property
    def kind(self) -> type:
        """The type a value must have; whole numbers are taken for decimal ones."""
        return type(self.default)

    def check(self, value: Any) -> SettingValue:
        """``value`` in its right type; ValueError that says what would be right."""
        if self.kind is bool or self.kind is str:
            return self._check_word(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, not {value!r}")
        if not (self.minimum is None or value >= self.minimum) or not (
            self.maximum is None or value <= self.maximum
        ):
            raise ValueError(f"must lie between {self.minimum:g} and {self.maximum:g}")
        if self.kind is int and int(value) != value:
            raise ValueError(f"must be a whole number, not {value:g}")
        return int(value) if self.kind is int else float(value)

    def read(self, text: str) -> SettingValue:
        """The value that a person wrote as ``text``; ValueError where it is none that is allowed."""
        text = text.strip()
        if self.kind is str:
            return self.check(text)
        if self.kind is bool:
            if text.lower() not in (*_YES, *_NO):
                raise ValueError(f"must be true or false, not {text!r}")
            return text.lower() in _YES
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"must be a number, not {text!r}")
        return self.check(int(text) if _WHOLE.fullmatch(text) else float(text))

    def written(self, value: SettingValue) -> str:
        """``value`` as a person would write it; ``read`` gives it back."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() else repr(value)
        return str(value)

    def _check_word(self, value: Any) -> SettingValue:
        if not isinstance(value, bool if self.kind is bool else str):
            raise ValueError(f"must be {'true or false' if self.kind is bool else 'a word'}, not {value!r}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}, not {value!r}")
        return normalised(str(value)) if self.keys else value


@dataclass(frozen=True, slots=True)
class Section:
    """The settings of one part of the program, which stand together under ``[key]``; ``shown_in`` as of a setting."""

    key: str
    title: str
    settings: tuple[Setting, ...]
    shown_in: str = ""

    def __getitem__(self, key: str) -> Setting:
        """The setting that the file calls ``key`` in this section; KeyError for any other name."""
        name = f"{self.key}.{key}"
        for setting in self.settings:
            if setting.name == name:
                return setting
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What is wrong with an entry of a table: its number from 1 (0: the whole table), and the field ("": all of it).

    ``fault`` is a word of the feature that brings the table, ``found`` what stands there, and ``used`` names the
    default entry that holds instead, if any.
    """

    number: int
    field: str
    fault: str
    found: Any = None
    used: str = ""


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a table that can be used, in their order, and what is wrong with the others."""

    values: tuple[Any, ...]
    faults: tuple[EntryFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """An array of tables in the file, whose fields only the feature knows that brings it.

    ``read`` takes whatever stands in the file and never raises; ``write`` gives one entry as ``read`` takes it;
    ``unread`` picks from what stands in the file the tables to keep although they cannot be read, beside the
    entries in force. ``describe`` says what is wrong with the entry ``key``, of which ``found`` stands in the file,
    and with ``tells_used`` also what holds instead. ``introduction`` stands above them in the file.
    """

    name: str
    introduction: str
    default: tuple[Any, ...]
    read: Callable[[Any], Entries]
    write: Callable[[Any], dict[str, Any]]
    unread: Callable[[tuple[Any, ...], Any], list[dict[str, Any]]]
    describe: Callable[[str, str, EntryFault, bool], str]


Migration = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Declarations:
    """All that a settings file may hold, collected from the features. Iterating gives the settings in their order.

    Each migration turns the content of a file of version 1, 2, … into that of the next version.
    """

    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()
    migrations: tuple[Migration, ...] = ()
    by_name: Mapping[str, Setting] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {setting.name: setting for setting in self})

    def __iter__(self) -> Iterator[Setting]:
        """Every setting, in the order of the file."""
        return (setting for section in self.sections for setting in section.settings)

    def __getitem__(self, name: str) -> Setting:
        """The setting of that name; KeyError for any other."""
        return self.by_name[name]

    @property
    def version(self) -> int:
        """The version of the files that are written."""
        return len(self.migrations) + 1


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, each valid. Read one as ``settings["beat.interval_s"]``; only what is no default is kept."""

    declared: Declarations = field(repr=False, compare=False)
    changed: tuple[tuple[str, SettingValue], ...] = ()
    changed_tables: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    def __getitem__(self, name: str) -> Any:
        """The value of a declared setting; KeyError for any other name."""
        setting = self.declared[name]
        if setting.alias is not None:
            return setting.alias.read(self.table(setting.alias.table))
        return next((value for known, value in self.changed if known == name), setting.default)

    def table(self, name: str) -> tuple[Any, ...]:
        """The entries of a declared table."""
        for known, entries in self.changed_tables:
            if known == name:
                return entries
        return self._declared_table(name).default

    def with_value(self, name: str, value: Any) -> Settings:
        """A copy with one setting changed; ValueError where the value is not allowed."""
        setting = self.declared[name]
        checked = setting.check(value)
        if setting.alias is not None:
            entries = setting.alias.write(self.table(setting.alias.table), checked)
            return self.with_table(setting.alias.table, entries)
        others = [pair for pair in self.changed if pair[0] != name]
        if checked != setting.default:
            others.append((name, checked))
        return replace(self, changed=tuple(sorted(others)))

    def with_table(self, name: str, entries: tuple[Any, ...]) -> Settings:
        """A copy with other entries in a table; they are taken for valid ones."""
        others = [pair for pair in self.changed_tables if pair[0] != name]
        if entries != self._declared_table(name).default:
            others.append((name, entries))
        return replace(self, changed_tables=tuple(others))

    def _declared_table(self, name: str) -> Table:
        return next(table for table in self.declared.tables if table.name == name)

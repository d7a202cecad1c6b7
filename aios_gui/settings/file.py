"""The settings on disk: read with every fault named, written whole or not at all."""

from __future__ import annotations

import logging
import math
import os
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from aios_gui.settings.model import Declarations, EntryFault, Setting, Settings, SettingValue, Table
from aios_gui.settings.text import Lines, compose, error_line
from aios_gui.system.atomic_file import make_private, replace_patiently, write_atomically
from aios_gui.system.regular_file import NotRegular, read_regular

_log = logging.getLogger(__name__)

MAXIMUM_BYTES = 1_000_000
MOST_PROBLEMS = 20
"""Unknown keys and faulty entries after these are not told."""
_DEEPEST = 20
_LARGEST_BITS = 14_000
_MOST_KEY_PARTS = 2_000_000
"""What the parser takes for a key grows with the square of its parts: the sum of these squares."""


class ProblemKind(StrEnum):
    """What is wrong with the settings file or with one key in it."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    NEWER_VERSION = "newer_version"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One fault: where it is, what was found, and what is used instead.

    ``key`` is ``section.name``, or empty where the whole file is at fault; ``line`` counts from 1.
    ``set_aside`` is the new place of a damaged file, None where it stays. ``declared`` is what the key belongs to,
    if that is known. Of an entry of a table, ``key`` is as ``rules[2].limit``, counted from 1, and ``entry`` says
    what is wrong with it.
    """

    kind: ProblemKind
    path: Path
    key: str = ""
    line: int | None = None
    found: str = ""
    used: str = ""
    set_aside: Path | None = None
    declared: Setting | Table | None = field(default=None, repr=False)
    entry: EntryFault | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that are valid whatever the file holds, and what was wrong with it."""

    settings: Settings
    problems: tuple[SettingsProblem, ...] = ()


class SettingsError(Exception):
    """The settings could not be saved; ``problem`` says why in a sentence's worth of facts."""

    def __init__(self, problem: SettingsProblem) -> None:
        super().__init__(f"{problem.kind}: {problem.path}: {problem.found}")
        self.problem = problem


class _FileFaultError(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, kind: ProblemKind, found: str, line: int | None = None) -> None:
        super().__init__(found)
        self.kind, self.found, self.line = kind, found, line


class SettingsFile:
    """Reads and writes the ``declared`` settings at ``path``; used from one thread at a time."""

    def __init__(self, path: Path, declared: Declarations) -> None:
        self._path = path
        self.declared = declared
        self.defaults = Settings(declared)

    @property
    def backup(self) -> Path:
        """What the file was before it was last saved."""
        return self._path.with_name(self._path.name + ".bak")

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path

    def identity(self) -> tuple[int, ...] | None:
        """What changes whenever the file or its rights change; None where there is no file."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns

    @property
    def is_readable(self) -> bool:
        """Whether it can be read, whatever stands in it; or there is none."""
        try:
            self._text()
        except _FileFaultError as fault:
            return fault.kind is not ProblemKind.UNREADABLE
        return True

    def load(self, set_aside: bool = True) -> Loaded:
        """The settings, with the default for whatever is wrong. Never raises, except where memory runs out.

        Faults go to the log, and a file that cannot be parsed is moved aside under a dated name; with
        ``set_aside`` False this only looks.
        """
        try:
            text = self._text()
            if text is None:
                return Loaded(self.defaults)
            content = self._parse(text)
        except _FileFaultError as fault:
            moved = self._set_aside() if set_aside and fault.kind is ProblemKind.DAMAGED else None
            problem = SettingsProblem(
                fault.kind, self._path, line=fault.line, found=fault.found, set_aside=moved
            )
            if set_aside:
                _log.error("settings: %s", problem)
            return Loaded(self.defaults, (problem,))
        loaded = self._checked(content, text)
        if set_aside:
            for problem in loaded.problems:
                _log.warning("settings: %s", problem)
        return loaded

    def save(self, settings: Settings) -> Path | None:
        """Write all of ``settings`` at once; what the file was is kept as a backup, and so are unknown keys.

        Returns where the file was set aside to, if it was damaged meanwhile. SettingsError where it cannot be
        written, or where a newer program wrote the file.
        """
        try:
            before, moved = self._before()
            # Behind a symbolic link, so that the link survives.
            target = Path(os.path.realpath(self._path))
            text = compose(settings, before or {})
            make_private(target.parent)
            if before is not None:
                write_atomically(self.backup, target.read_bytes())
            write_atomically(target, text.encode())
        except _FileFaultError as fault:
            raise SettingsError(SettingsProblem(fault.kind, self._path, found=fault.found)) from fault
        except OSError as error:
            _log.error("cannot save the settings to %s: %s", self._path, error)
            found = error.strerror or str(error)
            raise SettingsError(SettingsProblem(ProblemKind.UNREADABLE, self._path, found=found)) from error
        return moved

    def _before(self) -> tuple[dict[str, Any] | None, Path | None]:
        """What the file holds now; one that was damaged since it was loaded is set aside, and its new place told."""
        try:
            text = self._text()
            return None if text is None else self._parse(text), None
        except _FileFaultError as fault:
            if fault.kind is not ProblemKind.DAMAGED:
                raise
            return None, self._set_aside()

    def _text(self) -> str | None:
        try:
            content = read_regular(self._path, MAXIMUM_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except NotRegular as error:
            raise _FileFaultError(ProblemKind.UNREADABLE, "not a regular file") from error
        except OSError as error:
            raise _FileFaultError(ProblemKind.UNREADABLE, error.strerror or str(error)) from error
        if len(content) > MAXIMUM_BYTES:
            raise _FileFaultError(ProblemKind.DAMAGED, f"over {MAXIMUM_BYTES} bytes")
        try:
            return content.decode("utf-8-sig")  # Windows' Notepad begins a file with a byte order mark
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise _FileFaultError(ProblemKind.DAMAGED, "not UTF-8", line) from error

    def _set_aside(self) -> Path | None:
        stem = f"{self._path.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        for number in range(100):
            aside = self._path.with_name(f"{stem}{f'-{number}' if number else ''}{self._path.suffix}")
            if aside.exists():
                continue
            try:
                replace_patiently(self._path, aside)
            except OSError as error:
                _log.warning("cannot set %s aside: %s", self._path, error)
                return None
            return aside
        return None

    def _parse(self, text: str) -> dict[str, Any]:
        """What stands in ``text``, migrated to this version."""
        import tomllib

        if sum(line.count(".") ** 2 for line in text.split("\n")) > _MOST_KEY_PARTS:
            raise _FileFaultError(ProblemKind.DAMAGED, "too many dots in a line")
        try:
            content = tomllib.loads(text)
        except (
            ValueError,
            RecursionError,
        ) as error:  # a syntax error is a ValueError, and so is a giant number
            raise _FileFaultError(ProblemKind.DAMAGED, str(error), error_line(error)) from error
        _refuse_excess(content)
        newest = self.declared.version
        version = content.get("version", newest)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise _FileFaultError(
                ProblemKind.DAMAGED, f"version = {_shown(version)}", Lines(text).of_key("version")
            )
        if version > newest:
            raise _FileFaultError(ProblemKind.NEWER_VERSION, _shown(version), Lines(text).of_key("version"))
        for migrate in self.declared.migrations[version - 1 :]:
            content = migrate(content)
        return content

    def _checked(self, content: dict[str, Any], text: str) -> Loaded:
        settings, problems = self.defaults, []
        lines = Lines(text)
        tables = {table.name: table for table in self.declared.tables if table.name in content}
        # Before the values, of which some are views on a table.
        for table in tables.values():
            found = table.read(content[table.name])
            settings = settings.with_table(table.name, found.values)
            problems += [self._entry_problem(table, fault, lines) for fault in found.faults[:MOST_PROBLEMS]]
        for key, value in _flattened(content):
            if key == "version" or key in tables:
                continue
            setting = self.declared.by_name.get(key)
            try:
                if setting is not None:
                    settings = settings.with_value(key, value)
                    continue
                kind, used = ProblemKind.UNKNOWN_KEY, ""
            except (ValueError, OverflowError):
                assert setting is not None
                kind, used = _why(setting, value), str(setting.default)
            if len(problems) >= MOST_PROBLEMS and setting is None:
                continue
            line, found_text = lines.of_key(key), _shown(value)
            problems.append(SettingsProblem(kind, self._path, key, line, found_text, used, declared=setting))
        return Loaded(settings, tuple(problems))

    def _entry_problem(self, table: Table, fault: EntryFault, lines: Lines) -> SettingsProblem:
        key = f"{table.name}[{fault.number}].{fault.field}".rstrip(".") if fault.number else table.name
        line = lines.of_field(table.name, fault.number, fault.field) or lines.of_key(table.name)
        return SettingsProblem(
            ProblemKind.ENTRY, self._path, key, line, _shown(fault.found), fault.used, None, table, fault
        )


def _refuse_excess(content: dict[str, Any]) -> None:
    """_FileFaultError for depths and numbers that no one writes, and that could not be written again."""
    level: list[Any] = [content]
    for _depth in range(_DEEPEST):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict | list):
                inner += each.values() if isinstance(each, dict) else each
            elif isinstance(each, int) and each.bit_length() > _LARGEST_BITS:
                raise _FileFaultError(ProblemKind.DAMAGED, "a number of thousands of digits")
        if not inner:
            return
        level = inner
    raise _FileFaultError(ProblemKind.DAMAGED, "tables nested too deeply")


def _flattened(content: dict[str, Any]) -> list[tuple[str, Any]]:
    """Every key with its section; a table within a section counts as one key."""
    pairs: list[tuple[str, Any]] = []
    for name, value in content.items():
        if isinstance(value, dict):
            pairs += [(f"{name}.{key}", inner) for key, inner in value.items()]
        else:
            pairs.append((name, value))
    return pairs


def _why(setting: Setting, value: Any) -> ProblemKind:
    number = setting.kind in (int, float)
    if number and isinstance(value, int | float) and not isinstance(value, bool):
        broken = setting.kind is int and isinstance(value, float) and not value.is_integer()
        return ProblemKind.WRONG_TYPE if broken and math.isfinite(value) else ProblemKind.OUT_OF_RANGE
    if setting.choices and isinstance(value, str):
        return ProblemKind.NOT_A_CHOICE
    return ProblemKind.WRONG_TYPE


def _shown(value: SettingValue | Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        text = type(value).__name__
    return text if len(text) <= 60 else text[:59] + "…"

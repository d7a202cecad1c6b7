"""The settings on disk: read with every fault named, written whole or not at all."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from aios_gui.alerts.model.rule_fields import RuleFault
from aios_gui.alerts.rules_text import field_line, limits_into_rules, read_rules
from aios_gui.settings.model import BY_NAME, Setting, Settings, SettingValue
from aios_gui.settings.text import compose, error_line, line_of
from aios_gui.system.atomic_file import replace_patiently, write_atomically

_log = logging.getLogger(__name__)

Table = dict[str, Any]
MIGRATIONS: tuple[Callable[[Table], Table], ...] = (limits_into_rules,)
"""Each turns a file of version 1, 2, … into one of the next version."""
VERSION = len(MIGRATIONS) + 1
MAXIMUM_BYTES = 1_000_000


class ProblemKind(StrEnum):
    """What is wrong with the settings file or with one key in it."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    NEWER_VERSION = "newer_version"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One fault: where it is, what was found, and what is used instead.

    ``key`` is ``section.name``, or empty where the whole file is at fault; ``line`` counts from 1.
    ``set_aside`` is the new place of a damaged file, None where it stays. Of a rule, ``key`` is as
    ``rules[2].limit``, counted from 1, ``fault`` says what is wrong, and ``used`` names the default rule that holds
    instead, if any.
    """

    kind: ProblemKind
    path: Path
    key: str = ""
    line: int | None = None
    found: str = ""
    used: str = ""
    set_aside: Path | None = None
    fault: RuleFault | None = None


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
    """Reads and writes the settings at ``path``; used from one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def backup(self) -> Path:
        """What the file was before it was last saved."""
        return self._path.with_name(self._path.name + ".bak")

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path

    def identity(self) -> tuple[int, int, int] | None:
        """What changes whenever somebody writes the file; None where there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def load(self, set_aside: bool = True) -> Loaded:
        """The settings, with the default for whatever is wrong. Never raises, save for want of memory.

        Faults go to the log, and a file that cannot be parsed is moved aside under a dated name; with
        ``set_aside`` False this only looks.
        """
        try:
            text = self._text()
            if text is None:
                return Loaded(Settings())
            table = _parse(text)
        except _FileFaultError as fault:
            moved = self._set_aside() if set_aside and fault.kind is ProblemKind.DAMAGED else None
            problem = SettingsProblem(
                fault.kind, self._path, line=fault.line, found=fault.found, set_aside=moved
            )
            if set_aside:
                _log.error("settings: %s", problem)
            return Loaded(Settings(), (problem,))
        loaded = self._checked(table, text)
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
            text = compose(settings, before or {}, VERSION)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if before is not None:
                write_atomically(self.backup, target.read_bytes())
            write_atomically(target, text.encode())
        except _FileFaultError as fault:
            raise SettingsError(SettingsProblem(fault.kind, self._path, found=fault.found)) from fault
        except OSError as error:
            _log.exception("cannot save the settings to %s", self._path)
            found = error.strerror or str(error)
            raise SettingsError(SettingsProblem(ProblemKind.UNREADABLE, self._path, found=found)) from error
        return moved

    def _before(self) -> tuple[Table | None, Path | None]:
        """What the file holds now; one that was damaged since it was loaded is set aside, and its new place told."""
        try:
            text = self._text()
            return None if text is None else _parse(text), None
        except _FileFaultError as fault:
            if fault.kind is not ProblemKind.DAMAGED:
                raise
            return None, self._set_aside()

    def _text(self) -> str | None:
        try:
            with self._path.open("rb") as stream:
                content = stream.read(MAXIMUM_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
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

    def _checked(self, table: Table, text: str) -> Loaded:
        settings, problems = self._with_rules(table, text)
        for key, value in _flattened(table):
            if key in ("version", "rules"):
                continue
            setting = BY_NAME.get(key)
            try:
                if setting is not None:
                    settings = settings.with_value(key, value)
                    continue
                kind, used = ProblemKind.UNKNOWN_KEY, ""
            except (ValueError, OverflowError):
                assert setting is not None
                kind, used = _why(setting, value), str(setting.default)
            found = _shown(value)
            problems.append(SettingsProblem(kind, self._path, key, line_of(text, key), found, used))
        return Loaded(settings, tuple(problems))

    def _with_rules(self, table: Table, text: str) -> tuple[Settings, list[SettingsProblem]]:
        """Settings with the rules of ``table``, the default ones where it has none, and what is wrong with them."""
        if "rules" not in table:
            return Settings(), []
        found = read_rules(table["rules"])
        problems = [
            SettingsProblem(
                ProblemKind.RULE,
                self._path,
                f"rules[{each.number}].{each.fault.field}".rstrip(".") if each.number else "rules",
                field_line(text, each.number, each.fault.field) or line_of(text, "rules"),
                _shown(each.fault.found),
                each.instead,
                fault=each.fault.fault,
            )
            for each in found.problems
        ]
        return Settings(rules=found.rules), problems


def _parse(text: str) -> Table:
    """The table in ``text``, migrated to this version."""
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a syntax error is a ValueError, and so is a giant number
        raise _FileFaultError(ProblemKind.DAMAGED, str(error), error_line(error)) from error
    version = table.get("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _FileFaultError(ProblemKind.DAMAGED, f"version = {_shown(version)}", line_of(text, "version"))
    if version > VERSION:
        raise _FileFaultError(ProblemKind.NEWER_VERSION, _shown(version), line_of(text, "version"))
    for migrate in MIGRATIONS[version - 1 :]:
        table = migrate(table)
    return table


def _flattened(table: Table) -> list[tuple[str, Any]]:
    """Every key with its section; a table within a section counts as one key."""
    pairs: list[tuple[str, Any]] = []
    for name, value in table.items():
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

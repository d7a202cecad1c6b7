"""The text of the settings file: composed with the defaults as comments, searched for the line of a key."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from aios_gui.alerts.rules_text import RULE_HEADER, compose_rules
from aios_gui.settings.model import DECLARED, LIMITS, Setting, Settings

_HEADING = (
    "# AIOS Heartbeat: settings.\n"
    "# A line that begins with # shows a default; take the # away and change the value to choose another.\n"
)
_SECTION = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+),")


def compose(settings: Settings, before: dict[str, Any], version: int) -> str:
    """The whole file: every declared setting, whatever ``before`` holds that is not known here, and the rules."""
    import tomli_w

    unknown = _unknown(before)
    # Bare values may not follow the first section.
    loose = {key: value for key, value in unknown.items() if not isinstance(value, dict)}
    rules = compose_rules(settings.rules, before.get("rules"))
    if RULE_HEADER not in rules:
        loose["rules"] = []
    blocks = [_HEADING + tomli_w.dumps({"version": version, **loose})]
    tables = {key: value for key, value in unknown.items() if isinstance(value, dict)}
    shown = [setting for setting in DECLARED if setting.name not in LIMITS]
    for section, group in groupby(shown, key=lambda setting: setting.name.partition(".")[0]):
        header = f"[{section}]\n"
        lines = "".join(_line(setting, settings) for setting in group)
        extra = tables.pop(section, {})
        text = tomli_w.dumps({section: extra}) if extra else header
        # Tables within the section come after its values, under headers of their own.
        blocks.append(header + lines + (text[len(header) :] if text.startswith(header) else "\n" + text))
    blocks += [tomli_w.dumps({name: table}) for name, table in tables.items()]
    return "\n".join([*blocks, rules])


def _line(setting: Setting, settings: Settings) -> str:
    import tomli_w

    key = setting.name.partition(".")[2]
    value = settings[setting.name]
    line = tomli_w.dumps({key: value}).rstrip("\n")
    if setting.choices:
        allowed = ", ".join(setting.choices)
    elif setting.kind is bool:
        allowed = "true or false"
    elif setting.keys:
        allowed = 'keys such as "Ctrl+P", or "" for none'
    else:
        allowed = f"{setting.minimum:g} to {setting.maximum:g} {setting.unit}".rstrip()
    return f"{'# ' if value == setting.default else ''}{line}  # {allowed}\n"


def _unknown(before: dict[str, Any]) -> dict[str, Any]:
    """``before`` without the version and without every declared setting."""
    declared = {setting.name for setting in DECLARED}
    sections = {name.partition(".")[0] for name in declared}
    rest: dict[str, Any] = {}
    for name, value in before.items():
        if not isinstance(value, dict):
            if name not in ("version", "rules") and name not in sections:
                rest[name] = value
            continue
        inner = {key: kept for key, kept in value.items() if f"{name}.{key}" not in declared}
        if inner or name not in sections:
            rest[name] = inner
    return rest


def line_of(text: str, key: str) -> int | None:
    """The line, counted from 1, on which ``section.name`` is set; None where it cannot be told."""
    section = ""
    found: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        heading = _SECTION.match(line)
        if heading:
            section = _bare(heading.group(1))
            if section == key:
                found = number
            continue
        match = _KEY.match(line)
        if match:
            name = _bare(match.group(1))
            full = f"{section}.{name}" if section else name
            if full == key:
                return number
            # The key may itself be a table that begins here or is written with dots.
            if found is None and full.startswith(key + "."):
                found = number
    return found


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def error_line(error: Exception) -> int | None:
    """The line that a TOML parser complains of."""
    match = _AT_LINE.search(str(error))
    return int(match.group(1)) if match else None

"""What a person sends along with a report: log, settings, versions and the doctor's answers, in one file."""

from __future__ import annotations

import io
import json
import platform
import re
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aios_gui import __version__
from aios_gui.selfcheck.doctor.blanking import Blanks, without_commands
from aios_gui.selfcheck.doctor.files import GRAVE
from aios_gui.settings.model import Settings
from aios_gui.settings.text import compose
from aios_gui.system.logs import MAXIMUM_BYTES, OLD_FILES
from aios_gui.system.paths import Paths
from aios_gui.system.regular_file import read_regular
from aios_gui.system.tools import system_text
from aios_gui.text.catalogue import N_

_MOST_ERRORS = 20
_BEGINS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_OLD_LOGS = 1
"""How many of the older log files go along."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the bundle; ``about`` says what it is, to be translated when it is shown."""

    name: str
    about: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One of the program's files, as it is listed."""

    path: str
    kind: str
    size_bytes: int


def parts_of(
    paths: Paths,
    settings: Settings,
    answers: Mapping[str, Any],
    own_files: Iterable[OwnFile],
    blanks: Blanks | None,
) -> list[Part]:
    """All that goes into the bundle; with ``blanks`` None, commands, paths and names are left as they are."""
    shown = settings if blanks is None else without_commands(settings)
    cleaned = blanks or Blanks({}, {})
    logs = _logs(paths)
    listed = [{"path": each.path, "kind": each.kind, "size_bytes": each.size_bytes} for each in own_files]
    return [
        _json(
            "versions.json",
            N_("versions of the program, of Python and of the system"),
            _versions(),
            cleaned,
        ),
        _json(
            "doctor.json",
            N_("what doctor finds of each part: packages, record, autostart …"),
            answers,
            cleaned,
        ),
        _text("settings.toml", N_("the settings as they are in force"), compose(shown, {}), cleaned),
        _text("errors.txt", N_("the last errors"), _errors("\n".join(logs.values())), cleaned),
        _json("files.json", N_("the files that the program keeps, with their sizes"), listed, cleaned),
        *(_text(f"log/{name}", N_("the log"), text, cleaned) for name, text in logs.items()),
    ]


def as_zip(parts: Sequence[Part]) -> bytes:
    """The file itself."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part.name, part.content)
    return whole.getvalue()


def _text(name: str, about: str, text: str, blanks: Blanks) -> Part:
    return Part(name, about, blanks.text(text).encode("utf-8", "backslashreplace"))


def _json(name: str, about: str, facts: Any, blanks: Blanks) -> Part:
    text = json.dumps(blanks.facts(facts), indent=2, ensure_ascii=False)
    return Part(name, about, text.encode("utf-8", "backslashreplace"))


def _versions() -> dict[str, Any]:
    return {
        "program": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "system": system_text(),
        "made_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def _logs(paths: Paths) -> dict[str, str]:
    """The text of each log file that there is, the oldest first."""
    names = [f"{paths.log.name}.{number}" for number in range(min(_OLD_LOGS, OLD_FILES), 0, -1)]
    found = {}
    for name in (*names, paths.log.name):
        try:
            content = read_regular(Path(paths.logs, name), MAXIMUM_BYTES, from_end=True)
        except OSError:
            continue
        found[name] = content.decode("utf-8", "backslashreplace")
    return found


def _errors(text: str) -> str:
    """The last grave lines of a log, each with what belongs to it."""
    entries: list[list[str]] = []
    for line in text.splitlines():
        if _BEGINS.match(line) or not entries:
            entries.append([line])
        else:
            entries[-1].append(line)
    grave = [entry for entry in entries if any(word in entry[0][:40] for word in GRAVE)]
    return "\n".join(line for entry in grave[-_MOST_ERRORS:] for line in entry) + "\n" * bool(grave)

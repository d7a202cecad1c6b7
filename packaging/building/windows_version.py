"""What the properties of the programs say on Windows: name, version, who made it."""

from __future__ import annotations

import re
from typing import Any

PUBLISHER = "The AIOS Heartbeat authors"
PRODUCT = "AIOS Heartbeat"
_ENGLISH_UNICODE = ("040904B0", [0x0409, 0x04B0])


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """``version`` as Windows counts it: of 0.2.0rc1 it is 0.2.0.0."""
    release = re.match(r"[0-9.]*", version)
    numbers = [int(part) for part in (release[0] if release else "").split(".") if part]
    first, second, third, fourth = [*numbers, 0, 0, 0, 0][:4]
    return first, second, third, fourth


def version_resource(program: str, description: str, version: str) -> Any:
    """The version resource of ``program``.exe; Task Manager shows ``description`` as its name."""
    from PyInstaller.utils.win32 import versioninfo as v

    numbers = four_numbers(version)
    language, translation = _ENGLISH_UNICODE
    texts = {
        "CompanyName": PUBLISHER,
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": f"© {PUBLISHER}, MIT licence",
        "OriginalFilename": f"{program}.exe",
        "ProductName": PRODUCT,
        "ProductVersion": version,
    }
    return v.VSVersionInfo(
        ffi=v.FixedFileInfo(filevers=numbers, prodvers=numbers, mask=0x3F, OS=0x40004, fileType=1),
        kids=[
            v.StringFileInfo([v.StringTable(language, [v.StringStruct(*text) for text in texts.items()])]),
            v.VarFileInfo([v.VarStruct("Translation", translation)]),
        ],
    )

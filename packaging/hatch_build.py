"""Build hook: compiles the translations and places the resources inside the wheel."""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Pictures for the README, which the program never opens, and the sources of the catalogues.
NOT_SHIPPED = {"screenshots", ".po"}


def compile_catalogues(translations: Path) -> list[Path]:
    """Write the `.mo` beside every `.po` under `translations`; returns the files written.

    Entries marked fuzzy are left out, so that the program shows English rather than a guess.
    """
    written = []
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
        target = source.with_suffix(".mo")
        compiled = io.BytesIO()
        write_mo(compiled, catalogue, use_fuzzy=False)
        content = compiled.getvalue()
        # As `aios_gui.text.catalogue` reads it; what reads catalogues does not look at what follows their texts.
        target.write_bytes(content + b"AIOS" + struct.pack("<I", zlib.crc32(content)))
        written.append(target)
    return written


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """What hatchling runs before it collects files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues; place the resources in the package, except in an editable wheel."""
        resources = Path(self.root) / "resources"
        compile_catalogues(resources / "translations")
        if self.target_name != "wheel" or version == "editable" or not resources.is_dir():
            return
        page = os.environ.get("AIOS_RELEASES_PAGE", "")
        if page:
            told = Path(self.root) / "build" / "about" / "releases.txt"
            told.parent.mkdir(parents=True, exist_ok=True)
            told.write_text(page + "\n", encoding="utf-8")
            build_data["force_include"][str(told)] = "aios_gui/resources/about/releases.txt"
        for file in sorted(each for each in resources.rglob("*") if each.is_file()):
            name = file.relative_to(resources)
            if not NOT_SHIPPED & {name.parts[0], name.suffix}:
                build_data["force_include"][str(file)] = f"aios_gui/resources/{name.as_posix()}"

"""SHA256SUMS: what `sha256sum --check` compares downloads with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

NAME = "SHA256SUMS"


def sha256(file: Path) -> str:
    """The checksum of a file in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_checksums(files: Iterable[Path], folder: Path) -> Path:
    """Add ``files`` of ``folder`` to its list, which drops those that are no longer there."""
    target = folder / NAME
    known = read_checksums(target) if target.exists() else {}
    known |= {file.name: sha256(file) for file in files}
    lines = [f"{known[name]}  {name}\n" for name in sorted(known) if (folder / name).is_file()]
    target.write_bytes("".join(lines).encode())
    return target


def read_checksums(file: Path) -> dict[str, str]:
    """Checksums by name."""
    rows = (line.split("  ", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in rows}

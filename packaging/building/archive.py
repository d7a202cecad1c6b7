"""Archives that are the same whenever the same files are put into them."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path


def write_tar_gz(folder: Path, target: Path, name: str, epoch_s: int) -> None:
    """Pack ``folder`` into ``target`` as a folder ``name``: sorted, owned by root, of one time, readable by all."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = epoch_s
        entry.mode = mode(entry)
        return entry

    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=epoch_s) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file in [folder, *sorted(folder.rglob("*"))]:
            archive.add(file, str(Path(name) / file.relative_to(folder)), recursive=False, filter=plain)


def mode(entry: tarfile.TarInfo) -> int:
    """What anybody may do with it, whatever the umask of who built it was."""
    return 0o777 if entry.issym() else 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644

"""The target linux: a folder for any Linux as .tar.gz, and a package for Debian."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from building.archive import write_tar_gz
from building.clean_root import try_in_clean_root
from building.deb import frozen_in, write_deb
from building.elf import drop_foreign_paths
from building.freezing import freeze, program, size_bytes
from building.materials import materials, write_materials
from building.needs import bring
from building.order import APP, ROOT, Order
from building.share import check_share, write_share
from building.smoke import try_console
from building.smoke_window import try_window
from building.steps import run_tool, say, step

_READ_ME = """\
AIOS Heartbeat {version}

  ./aios-gui                  the window
  ./aios-heartbeat --help     the command line

The folder may lie anywhere and be moved; set up the start at log-in again after that (aios-heartbeat autostart repair).
share holds the manual pages, completion for bash, zsh and fish, icons and a menu entry. To have them all for yourself:

  mkdir -p ~/.local/bin && ln -s "$PWD/aios-gui" "$PWD/aios-heartbeat" ~/.local/bin/
  cp -r share/. ~/.local/share/

zsh finds its completion once ~/.zshrc has, before compinit: fpath=(~/.local/share/zsh/site-functions $fpath)

`./aios-heartbeat doctor` says which libraries of the system the window lacks, if any, and what brings them.
"""


def build(order: Order) -> list[Path]:
    """Make, try and describe everything for Linux; returns the files for users."""
    bring()
    folder = freeze(order)
    if order.one_file:
        try_console(program(folder, APP), order.version)
        try_window(program(folder, "aios-gui"), program(folder, APP), order.work)
        return [Path(shutil.copy2(each, order.dist)) for each in (folder / APP, folder / "aios-gui")]
    _tidy(order, folder)
    say(f"The folder holds {size_bytes(folder) / 1e6:.0f} MB.")
    try_console(program(folder, APP), order.version)
    try_window(program(folder, "aios-gui"), program(folder, APP), order.work)
    archive = _archive(order, folder)
    package = write_deb(order, folder)
    if order.clean_root is not None:
        try_in_clean_root(package, order.clean_root, order.work)
    bills = [
        write_materials(order, product, product.with_name(f"{product.name}.cdx.json"), materials(inside))
        for product, inside in ((archive, folder), (package, frozen_in(order)))
    ]
    return [archive, package, *bills]


def _tidy(order: Order, folder: Path) -> None:
    """Take out of the libraries what is of use, or would be found, on this machine alone."""
    shared = folder / "_internal"
    with step("Taking debugging symbols and folders of this machine out of the libraries"):
        for library in sorted(shared.glob("libpython*.so*")):
            command = ["strip", "--strip-unneeded", str(library)]
            run_tool(command, order.work / "strip.log", advice="Install the package binutils.")
        files = [file for file in sorted(shared.rglob("*.so*")) if file.is_file() and not file.is_symlink()]
        for path in sorted({drop_foreign_paths(file) for file in files} - {""}):
            say(f"They looked for libraries in {path}.")


def _archive(order: Order, folder: Path) -> Path:
    name = f"{APP}-{order.version}-linux-{platform.machine()}"
    with step("Packing the folder"):
        whole = order.work / "archive"
        shutil.rmtree(whole, ignore_errors=True)
        shutil.copytree(folder, whole, symlinks=True)
        write_share(order, whole / "share")
        check_share(whole / "share", order.work / "share.log")
        shutil.copyfile(ROOT / "LICENSE", whole / "LICENSE")
        (whole / "README.txt").write_text(_READ_ME.format(version=order.version), encoding="utf-8")
        target = order.dist / f"{name}.tar.gz"
        write_tar_gz(whole, target, name, order.epoch_s)
    return target

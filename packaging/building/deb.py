"""The package for Debian and what descends from it, made by dpkg's own tools."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from building.freezing import size_bytes
from building.inside import libraries, origin
from building.order import APP, Order
from building.share import unit_text, write_share
from building.steps import BuildError, run_tool, step

_HOME = Path("usr/lib") / APP
_OVERRIDES = """\
# Python, Qt, numpy and what they need come from their own wheels as those build them, in a folder of the program's own
# that its boot loader names. They are loaded by no other program, and no wheel that is changed can be compared with its
# source any more.
{app}: embedded-library
{app}: hardening-no-bindnow
{app}: hardening-no-fortify-functions
{app}: hardening-no-pie
{app}: library-not-linked-against-libc
{app}: shared-library-lacks-prerequisites
{app}: unstripped-binary-or-object
# The licences of all that is in that folder lie in it.
{app}: extra-license-file
{app}: package-contains-documentation-outside-usr-share-doc
"""
_MAINTAINER = "The AIOS Heartbeat authors <maintainers@aios-heartbeat.invalid>"
_CONTROL = """\
Package: {app}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: fonts-dejavu-core | fonts-noto-core
Suggests: fonts-noto-cjk
Section: utils
Priority: optional
Description: shows when this computer stuttered, for how long, and why
 Once a second it checks the machine, measures how late the check woke and how
 long it took, and records it for good, so that a stall is found afterwards even
 if you were not looking.
 .
 It has a window and a tray icon, aios-gui, and a command line, aios-heartbeat.
 Nothing is started at log-in unless the user sets that up, and nothing leaves
 the machine.
"""
_DPKG = "Build on Debian or Ubuntu, with the package dpkg-dev installed."


def frozen_in(order: Order) -> Path:
    """Where the frozen folder is that `write_deb` packed."""
    return order.work / "deb" / _HOME


def debian_version(version: str) -> str:
    """A version as Debian sorts it: what comes before a release is before it there, too."""
    return re.sub(r"(a|b|rc|\.dev)(\d+)", r"~\1\2", version).replace("~.dev", "~dev")


def write_deb(order: Order, folder: Path) -> Path:
    """Pack the frozen ``folder`` into a package; BuildError where dpkg's tools are missing or refuse."""
    root = order.work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    with step("Filling the Debian package"):
        _fill(order, folder, root)
        (root / "DEBIAN").mkdir()  # by it, dpkg-shlibdeps knows which libraries are the package's own
    architecture = run_tool(["dpkg", "--print-architecture"], order.work / "dpkg.log", advice=_DPKG).strip()
    with step("Finding what it depends on"):
        depends = _depends(order, root)
    control = root / "DEBIAN" / "control"
    told = _CONTROL.format(
        app=APP,
        maintainer=_MAINTAINER,
        version=debian_version(order.version),
        architecture=architecture,
        kilobytes=size_bytes(root) // 1024,
        depends=depends,
    )
    control.write_text(told, encoding="utf-8")
    _write_md5sums(root)
    # Named by the version as it is: where releases are published, a tilde in a name may become something else.
    target = order.dist / f"{APP}_{order.version}_{architecture}.deb"
    with step("Packing the Debian package"):
        _same_modes_and_times(root, order.epoch_s)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        run_tool(command, order.work / "dpkg-deb.log", order.environ, advice=_DPKG)
    return target


def _fill(order: Order, folder: Path, root: Path) -> None:
    shutil.copytree(folder, root / _HOME, symlinks=True)
    for library in libraries(root / _HOME):
        if origin(library) is not None:  # the package depends on that of the system, which is kept up to date
            library.unlink()
    commands = root / "usr" / "bin"
    commands.mkdir()
    for name in ("aios-gui", APP):
        (commands / name).symlink_to(Path("..") / "lib" / APP / name)
    write_share(order, root / "usr" / "share")
    zsh = root / "usr" / "share" / "zsh"
    (zsh / "site-functions").rename(zsh / "vendor-completions")  # where Debian's zsh looks
    _write_changelog(order, root / "usr" / "share" / "doc" / APP)
    overrides = root / "usr" / "share" / "lintian" / "overrides" / APP
    overrides.parent.mkdir(parents=True)
    overrides.write_text(_OVERRIDES.format(app=APP), encoding="utf-8")
    unit = root / "usr" / "lib" / "systemd" / "user" / f"{APP}.service"
    unit.parent.mkdir(parents=True)
    unit.write_text(unit_text(f"/{_HOME.as_posix()}/{APP}"), encoding="utf-8")


def _write_changelog(order: Order, folder: Path) -> None:
    """The list of changes, and what Debian's tools read in its place."""
    (folder / "changelog.gz").rename(folder / "CHANGELOG.md.gz")
    version, day = debian_version(order.version), format_datetime(datetime.fromtimestamp(order.epoch_s, UTC))
    text = f"{APP} ({version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- {_MAINTAINER}  {day}\n"
    (folder / "changelog.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _write_md5sums(root: Path) -> None:
    """What `dpkg --verify` compares the files with."""
    files = [each for each in sorted((root / "usr").rglob("*")) if each.is_file() and not each.is_symlink()]
    rows = [
        f"{hashlib.md5(each.read_bytes(), usedforsecurity=False).hexdigest()}  {each.relative_to(root)}\n"
        for each in files
    ]
    (root / "DEBIAN" / "md5sums").write_text("".join(rows), encoding="utf-8")


def _depends(order: Order, root: Path) -> str:
    """What dpkg-shlibdeps finds that the programs and libraries need of the system."""
    folder = order.work / "shlibdeps"
    (folder / "debian").mkdir(parents=True, exist_ok=True)
    (folder / "debian" / "control").write_text(
        f"Source: {APP}\n\nPackage: {APP}\nArchitecture: any\n", encoding="utf-8"
    )
    home = (root / _HOME).resolve()
    internal = home / "_internal"
    places = [internal, internal / "PySide6" / "Qt" / "lib", internal / "numpy.libs", internal / "shiboken6"]
    files = [home / APP, home / "aios-gui", *sorted(internal.rglob("*.so*"))]
    # GTK's look is taken on where the desktop has it, and needs no package.
    binaries = [str(file) for file in files if not file.is_symlink() and "libqgtk3" not in file.name]
    said = run_tool(
        [
            "dpkg-shlibdeps",
            "-O",
            "--ignore-missing-info",
            "--warnings=0",
            f"-S{root}",
            *(f"-l{place}" for place in places),
            *binaries,
        ],
        order.work / "shlibdeps.log",
        order.environ,
        folder,
        _DPKG,
    )
    found = re.search(r"^shlibs:Depends=(.*)$", said, re.MULTILINE)
    if found is None:
        raise BuildError(
            f"dpkg-shlibdeps named no packages. All it said is in {order.work / 'shlibdeps.log'}."
        )
    return found[1]


def _same_modes_and_times(root: Path, epoch_s: int) -> None:
    for file in sorted(root.rglob("*"), reverse=True):
        if not file.is_symlink():
            is_program = file.stat().st_mode & 0o100 and ".so" not in file.name
            file.chmod(0o755 if file.is_dir() or is_program else 0o644)
        os.utime(file, (epoch_s, epoch_s), follow_symlinks=False)

"""Tries the Debian package where nothing else is installed: in a Debian of its own, made by debootstrap."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from building.order import ROOT
from building.steps import BuildError, run_tool, say, step

_TRIAL = ROOT / "packaging" / "linux" / "try_package.sh"
_ADVICE = "Install the package debootstrap."


def try_in_clean_root(package: Path, root: Path, work: Path) -> None:
    """Install, start, start at log-in and remove ``package`` in ``root``, which is made where it is not there yet.

    Raises:
        BuildError: not by root, no debootstrap, or something of it failed; the message holds its last lines.
    """
    if os.geteuid() != 0:
        raise BuildError(
            "--clean-root needs root: only root may make a Debian of its own. Run the build with sudo."
        )
    if not (root / "usr" / "bin" / "dpkg").exists():
        with step(f"Making a Debian in {root}"):
            _make(root, work)
    inside = root / "root" / package.name
    shutil.copyfile(package, inside)
    shutil.copyfile(_TRIAL, root / "root" / _TRIAL.name)
    # Mounts and processes of its own, which end with it.
    command = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={root / 'proc'}", "chroot", str(root)]
    environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
    environ |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    with step("Trying the package in a clean Debian"):
        said = run_tool(
            [*command, "sh", f"/root/{_TRIAL.name}", f"/root/{package.name}"],
            work / "clean-root.log",
            environ,
        )
    for line in said.splitlines():
        if line.startswith("== "):
            say(line.removeprefix("== "))


def _make(root: Path, work: Path) -> None:
    """The least Debian, of the release and from the mirror that this machine has."""
    asked = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI) $(CODENAME) $(COMPONENT)",
        "Created-By: Packages",
    ]
    sources = [line.split() for line in run_tool(asked, work / "sources.log", advice=_ADVICE).splitlines()]
    main = next((each for each in sources if len(each) == 3 and "-" not in each[1]), None)
    if main is None:
        raise BuildError("apt knows no mirror of the release. Run `apt-get update`, then this again.")
    release, mirror = main[1], mirror_address(main[0])
    here = [each[2] for each in sources if each[:2] == main[:2] and each[2] in ("main", "universe")]
    command = [
        "debootstrap",
        "--variant=minbase",
        f"--components={','.join(here)}",
        release,
        str(root),
        mirror,
    ]
    run_tool(command, work / "debootstrap.log", advice=_ADVICE)
    for each in ("apt.conf", "apt.conf.d"):
        source, target = Path("/etc/apt") / each, root / "etc" / "apt" / each
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            shutil.copyfile(source, target)


def mirror_address(told: str) -> str:
    """The address behind what apt's sources name, which may be a list of mirrors in a file, the best one first.

    Raises:
        BuildError: the list cannot be read or holds none.
    """
    if not told.startswith("mirror+file:"):
        return told
    listed = Path(told.removeprefix("mirror+file:"))
    try:
        lines = [line.split() for line in listed.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise BuildError(f"{listed}, apt's list of mirrors, cannot be read: {error.strerror}.") from error
    found = next((words[0] for words in lines if words and not words[0].startswith("#")), None)
    if found is None:
        raise BuildError(f"{listed}, apt's list of mirrors, names none.")
    return found

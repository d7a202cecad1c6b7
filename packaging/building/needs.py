"""What a build for Linux needs of the machine: brought where that may be done, else named before anything is built."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import system_packages

from building.steps import BuildError, say

TOOLS = {"Xvfb": "xvfb", "strip": "binutils", "dpkg-shlibdeps": "dpkg-dev", "dpkg-deb": "dpkg"}
"""The package of each program that a build for Linux starts, for apt."""
_PLUGINS = ("xcb", "wayland")
_APT = 0


def bring(environment: Path = Path(sys.prefix), tools: Mapping[str, str] = TOOLS) -> None:
    """See to it that the tools are here, and every library that the window is linked with.

    What dpkg is to name has to be installed: a library that is missing here would be missing among what the package
    depends on, too.

    Raises:
        BuildError: something is missing and may not or cannot be installed; the message holds the command.
    """
    libraries = missing_libraries(environment)
    lacking = [tool for tool in tools if not shutil.which(tool)]
    if not libraries and not lacking:
        return
    packages = sorted({*system_packages.packages_for(libraries, _APT), *(tools[each] for each in lacking)})
    if system_packages.may_apt_install():
        say(f"Installing with apt-get: {' '.join(packages)}")
        if system_packages.apt_install(packages):
            return
        raise BuildError(f"apt-get could not install {' '.join(packages)}; its last lines above say why.")
    raise BuildError(
        f"The build needs {', '.join([*lacking, *libraries])} on this machine. "
        f"Run `sudo apt install {' '.join(packages)}`, then this again."
    )


def missing_libraries(environment: Path) -> list[str]:
    """What the windows of the PySide6 in ``environment`` miss of the system, on either kind of desktop."""
    return sorted({each for plugin in _PLUGINS for each in system_packages.missing(environment, plugin)})

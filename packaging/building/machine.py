"""A Windows to build and to try on: this very machine, or one under Wine on a Debian."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from building.order import ROOT
from building.steps import BuildError, say

SET_UP = ROOT / "packaging" / "windows" / "setup_wine.sh"
_FIRST_USER = "root"
"""Who logs in on a machine that the lab made."""


class Windows:
    """This machine, which is Windows."""

    is_wine = False

    @property
    def python(self) -> list[str]:
        """The Python that builds."""
        return [sys.executable]

    def name_of(self, path: Path) -> str:
        """``path`` as Windows writes it."""
        return str(path)

    def run(
        self,
        command: Sequence[str | Path],
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
        timeout_s: float = 900,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; what it printed comes back. BuildError where it takes longer than ``timeout_s``."""
        child = self.start(command, environ, folder)
        try:
            out, err = child.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise BuildError(f"{command[0]} did not end within {timeout_s:.0f} s.") from None
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)

    def start(
        self,
        command: Sequence[str | Path],
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> subprocess.Popen[str]:
        """Start a program; what it prints is read as UTF-8."""
        return subprocess.Popen(
            [str(word) for word in self._command(command)],
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **self._environ(), **(environ or {})},
            cwd=folder or ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )

    def _command(self, command: Sequence[str | Path]) -> Sequence[str | Path]:
        return command

    def _environ(self) -> dict[str, str]:
        return {}


class Wine(Windows):
    """A Windows machine under Wine in the folder ``prefix``, by the lab in ``lab``, with one ``user`` logged in."""

    is_wine = True

    def __init__(
        self, lab: Path, prefix: Path | None = None, display: str = "", user: str = _FIRST_USER
    ) -> None:
        self.lab = lab
        self.prefix = prefix or lab / "prefix"
        self.user = user
        self._display = display or os.environ.get("WINLAB_DISPLAY", "")

    @property
    def python(self) -> list[str]:
        """The lab's Python for Windows."""
        return ["python"]

    @property
    def drive(self) -> Path:
        """Where its drive C: lies."""
        return self.prefix / "drive_c"

    def name_of(self, path: Path) -> str:
        """``path`` as Windows writes it: on its own drive, or on that of the whole Linux."""
        if path.is_relative_to(self.drive):
            return "C:\\" + str(path.relative_to(self.drive)).replace("/", "\\")
        return "Z:" + str(path.absolute()).replace("/", "\\")

    def control(self, *arguments: str) -> None:
        """Ask the lab itself for something, as ``--boot``, ``--logoff``, ``--stop``, ``--shot FILE``."""
        self.run(arguments, timeout_s=120)

    def new(self, prefix: Path, user: str = _FIRST_USER) -> Wine:
        """A bare machine of ``user``, without Python, in the folder ``prefix``, which must not exist."""
        self.run(["--new", str(prefix)])
        made = Wine(self.lab, prefix, self._display, user)
        if user != _FIRST_USER:
            made.run(["wineboot", "-u"])
            folder = f"C:\\users\\{user}\\AppData\\Local\\Temp"
            (made.drive / "users" / user / "AppData" / "Local" / "Temp").mkdir(parents=True, exist_ok=True)
            for name in ("TEMP", "TMP"):
                made.run(["reg", "add", r"HKCU\Environment", "/v", name, "/d", folder, "/f"])
            made.control("--stop")
        return made

    def _command(self, command: Sequence[str | Path]) -> Sequence[str | Path]:
        first, *rest = command
        program = self.name_of(first) if isinstance(first, Path) else first
        return [self.lab / "winrun", program, *rest]

    def _environ(self) -> dict[str, str]:
        names = {"WINLAB": str(self.lab), "WINEPREFIX": str(self.prefix)}
        names |= {"USER": self.user, "WINLAB_ENV": "SOURCE_DATE_EPOCH USER"}
        return {**names, **({"WINLAB_DISPLAY": self._display} if self._display else {})}


def windows_machine() -> Windows:
    """Windows itself, or the Wine lab, made or brought up to date.

    Raises:
        BuildError: there is neither, and the message says what to do.
    """
    if sys.platform == "win32":
        return Windows()
    if not sys.platform.startswith("linux"):
        raise BuildError("The program for Windows is built on Windows, or under Wine on a Debian.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    lab = Path(os.environ.get("WINLAB") or cache / "aios-heartbeat" / "wine-lab").absolute()
    say(f"Windows under Wine is in {lab}; WINLAB names another folder.")
    if subprocess.run([SET_UP, lab], env={**os.environ, "PYTHON": sys.executable}, check=False).returncode:
        raise BuildError(
            f"The Wine lab could not be made, for the reason above. {SET_UP} {lab} tries again; on Windows itself "
            "none is needed."
        )
    return Wine(lab)

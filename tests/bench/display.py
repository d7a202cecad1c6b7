"""A screen of its own for the measured window: Xvfb, with a tray and a window manager where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from types import TracebackType
from typing import Self

_SCREEN = "1280x800x24"
_TRAYS = (["trayer", "--expand", "true", "--width", "20"], ["stalonetray"], ["tint2"])
_END_TIMEOUT_S = 10.0


class Display:
    """Starts what a window needs, ends it all when left; RuntimeError where there is no Xvfb."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        self.name = ""
        self.has_tray = False

    def __enter__(self) -> Self:
        if not sys.platform.startswith("linux"):
            return self  # elsewhere there is a desktop to be measured on
        if shutil.which("Xvfb") is None:
            raise RuntimeError("Xvfb is not installed; it comes with the package xvfb")
        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
        self._start(command, {**os.environ}, (write_end,))
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            number = numbers.readline().strip()
        if not number:
            self._end_all()
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        if shutil.which("openbox"):
            self._start(["openbox"], self._environ())
        for tray in _TRAYS:
            if shutil.which(tray[0]):
                self._start(tray, self._environ())
                self.has_tray = True
                break
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_all()

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs in order to appear here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""} if self.name else {}

    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.environ}

    def _start(self, command: list[str], environ: dict[str, str], kept: tuple[int, ...] = ()) -> None:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            command, env=environ, pass_fds=kept, stdin=quiet, stdout=quiet, stderr=quiet
        )
        self._processes.append(process)

    def _end_all(self) -> None:
        while self._processes:
            process = self._processes.pop()
            process.terminate()
            try:
                process.wait(_END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

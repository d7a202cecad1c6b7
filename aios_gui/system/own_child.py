"""Runs this program's own command line as a child without Qt: heavy work that takes nothing from the beat."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from aios_gui.system.own_program import own_command, own_folder, running_children
from aios_gui.system.paths import HOME_VARIABLE, home_of


class OwnChild:
    """One child at a time; ``stop`` ends it, and lets none be started again.

    A child cannot outlive the program for long: its standard input closes whatever happens.
    """

    def __init__(self) -> None:
        self.is_stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a child is at work."""
        return self._process is not None

    def run(self, arguments: list[str], take: Callable[[IO[bytes]], object]) -> int:
        """Run the command line with these arguments and have ``take`` read what it prints; returns its status.

        Output and errors come together. OSError where it cannot be started. What ``take`` raises ends the child.
        """
        flags, environment = 0, {**os.environ, "PYTHONIOENCODING": "utf-8"}
        if home := home_of():
            environment[HOME_VARIABLE] = home  # it may be named from the folder that this process works in
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.IDLE_PRIORITY_CLASS
        process = subprocess.Popen(
            own_command(*arguments),
            stdin=subprocess.PIPE,  # it ends when this is closed
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=own_folder(),
            env=environment,
            creationflags=flags,
        )
        running_children.add(process.pid)
        with process:
            self._process = process
            try:
                if self.is_stopped:
                    process.kill()
                assert process.stdout is not None
                take(process.stdout)
            except BaseException:
                process.kill()
                raise
            finally:
                self._process = None
                running_children.discard(process.pid)
        return process.returncode

    def kill(self) -> None:
        """End the child that runs; again is harmless."""
        process = self._process
        if process is not None:
            with suppress(OSError):
                process.kill()

    def stop(self) -> None:
        """Let no child go on, and none begin."""
        self.is_stopped = True
        self.kill()

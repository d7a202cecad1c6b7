"""Has a child look for what changed on this machine: minutes after the start, then every hour."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from aios_gui.history.changes.model import Look
from aios_gui.system.own_program import own_command, own_folder, running_children
from aios_gui.system.paths import HOME_VARIABLE, home_of
from aios_gui.system.threads import Thread, begin

log = logging.getLogger(__name__)
FIRST_NS, EVERY_NS = 150_000_000_000, 3_600_000_000_000
LIMIT_NS = 180_000_000_000
_LONGEST_LINE = 1 << 20
_FULL_S = 0.5


class ChangeLooks:
    """``keep`` puts what was found into the record, and tells whether there was room for it.

    Reading logs would hold the interpreter, so that a child does it, behind all else that the machine has to do. Its
    answer comes by its output: over the channel, this process would have to load what answers callers.
    """

    def __init__(self, keep: Callable[[Look], bool]) -> None:
        self._keep = keep
        self._due_ns: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._kill_at_ns = 0
        self._stopped = False

    def look_if_due(self, now_ns: int) -> None:
        """Called every second or so, with monotonic ns."""
        if self._due_ns is None:
            self._due_ns = now_ns + FIRST_NS
        if self._process is not None and now_ns >= self._kill_at_ns:
            self._end()
        elif now_ns >= self._due_ns and not self._stopped:
            self._due_ns = now_ns + EVERY_NS
            self._kill_at_ns = now_ns + LIMIT_NS
            begin(Thread(target=self._look, name="change-look", daemon=True))

    def stop(self) -> None:
        """Let no child go on."""
        self._stopped = True
        self._end()

    def _end(self) -> None:
        process = self._process
        if process is not None:
            with suppress(OSError):
                process.kill()

    def _look(self) -> None:
        flags, environment = 0, {**os.environ, "PYTHONIOENCODING": "utf-8"}
        if home := home_of():
            environment[HOME_VARIABLE] = home  # it may be named from the folder that this process works in
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.IDLE_PRIORITY_CLASS
        try:
            process = subprocess.Popen(
                own_command("changes", "--look", "--lines"),
                stdin=subprocess.PIPE,  # it ends when this is closed
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=own_folder(),
                env=environment,
                creationflags=flags,
            )
        except (OSError, ValueError) as error:
            log.warning("changes cannot be looked for: %s", error)
            return
        running_children.add(process.pid)
        with process:
            self._process = process
            try:
                if self._stopped:
                    process.kill()
                self._take(process)
            except Exception:
                log.exception("what was found to have changed cannot be kept")
                process.kill()
            finally:
                self._process = None
                running_children.discard(process.pid)
        if process.returncode and not self._stopped:
            log.warning("looking for changes ended with status %d", process.returncode)

    def _take(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        while line := process.stdout.readline(_LONGEST_LINE):
            try:
                look = Look.of(json.loads(line))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                log.warning("a line about changes is not understood: %s", error)
                continue
            while not self._keep(look):
                if self._stopped:
                    return
                time.sleep(_FULL_S)

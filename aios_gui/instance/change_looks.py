"""Has a child look for what changed on this machine: minutes after the start, then every hour."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import IO

from aios_gui.history.changes.model import Look
from aios_gui.system.own_child import OwnChild
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
        self._child = OwnChild()
        self._kill_at_ns = 0

    def look_if_due(self, now_ns: int) -> None:
        """Called every second or so, with monotonic ns."""
        if self._due_ns is None:
            self._due_ns = now_ns + FIRST_NS
        if self._child.is_running and now_ns >= self._kill_at_ns:
            self._child.kill()
        elif now_ns >= self._due_ns and not self._child.is_stopped:
            self._due_ns = now_ns + EVERY_NS
            self._kill_at_ns = now_ns + LIMIT_NS
            begin(Thread(target=self._look, name="change-look", daemon=True))

    def stop(self) -> None:
        """Let no child go on."""
        self._child.stop()

    def _look(self) -> None:
        try:
            status = self._child.run(["changes", "--look", "--lines"], self._take)
        except (OSError, ValueError) as error:
            log.warning("changes cannot be looked for: %s", error)
        except Exception:
            log.exception("what was found to have changed cannot be kept")
        else:
            if status and not self._child.is_stopped:
                log.warning("looking for changes ended with status %d", status)

    def _take(self, output: IO[bytes]) -> None:
        while line := output.readline(_LONGEST_LINE):
            try:
                look = Look.of(json.loads(line))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                log.warning("a line about changes is not understood: %s", error)
                continue
            while not self._keep(look):
                if self._child.is_stopped:
                    return
                time.sleep(_FULL_S)
